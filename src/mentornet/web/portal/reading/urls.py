"""Addresses: her handbook, and one chapter of it."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.reading import views

urlpatterns = [
    path("handbook/", views.reading, name="reading"),
    path("handbook/<slug:role>/<slug:slug>/", views.chapter, name="reading_chapter"),
]
