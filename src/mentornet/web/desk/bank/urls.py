"""Addresses: the mentor bank."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.bank import views

urlpatterns = [
    path("bank/", views.bank, name="bank"),
    path("bank/searches/", views.save, name="bank_search_save"),
    path("bank/searches/again/", views.restore, name="bank_search_restore"),
    path("bank/searches/<uuid:search_id>/forget/", views.forget, name="bank_search_forget"),
]
