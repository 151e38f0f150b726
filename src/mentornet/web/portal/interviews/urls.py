"""Addresses: the talk, its calendar file, saying that no time suits, cancelling."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.interviews import views

urlpatterns = [
    path("interviews/<uuid:application_id>/", views.interview, name="interview"),
    path("interviews/<uuid:application_id>/none/", views.none_suits, name="interview_none"),
    path("interviews/<uuid:application_id>/cancel/", views.cancel, name="interview_cancel"),
    path("interviews/<uuid:application_id>/appointment.ics", views.calendar, name="interview_calendar"),
]
