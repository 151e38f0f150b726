"""Addresses: each list as a file."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.exports import views
from mentornet.web.desk.exports.listings import LISTINGS

urlpatterns = [
    path(f"{name.replace('_', '-')}/export/", views.export, {"name": name}, name=f"export_{name}") for name in LISTINGS
]
