"""Addresses: the state of backups."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.backups import views

urlpatterns = [path("setup/backups/", views.backups, name="backups")]
