"""Addresses: her application, and taking it back."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.applications import becoming, views

urlpatterns = [
    path("become-mentor/", becoming.become, name="become_mentor"),
    path("applications/<uuid:application_id>/", views.application, name="application"),
    path("applications/<uuid:application_id>/withdraw/", views.withdraw, name="application_withdraw"),
]
