"""Addresses: her meetings in her own calendar."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.calendar import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<str:token>/appointments.ics", views.feed, name="feed"),
]
