"""Addresses: the words of letters."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.texts import views

urlpatterns = [
    path("setup/texts/", views.texts, name="texts"),
    path("setup/texts/<slug:event>/<slug:language>/", views.text, name="text"),
    path("setup/texts/<slug:event>/<slug:language>/<int:number>/again/", views.again, name="text_again"),
]
