"""Addresses: a participant's first page."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.home import views

urlpatterns = [
    path("", views.home, name="home"),
]
