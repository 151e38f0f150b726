"""Addresses: a copy of what is kept of somebody, and her erasure."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.rights import views

urlpatterns = [
    path("people/<uuid:person_id>/copy/", views.copy, name="person_copy"),
    path("people/<uuid:person_id>/erase/", views.erase_person, name="person_erase"),
]
