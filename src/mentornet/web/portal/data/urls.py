"""Addresses: her data."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.data import views

urlpatterns = [
    path("data/", views.data, name="data"),
]
