"""Addresses: where she is signed in."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.sessions import views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end-all/", views.end_all, name="sessions_end_all"),
    path("sessions/<uuid:sign_in_id>/end/", views.end_one, name="session_end"),
]
