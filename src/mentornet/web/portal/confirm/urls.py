"""Addresses: what was written about her, and correcting one fact of it."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.confirm import views

urlpatterns = [
    path("confirm/<uuid:application_id>/", views.confirm, name="confirm"),
    path("confirm/<uuid:application_id>/<slug:name>/", views.fact, name="confirm_fact"),
]
