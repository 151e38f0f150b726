"""Addresses: where she is signed in."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.sessions import views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end-all/", views.end_all, name="sessions_end_all"),
    path("sessions/<uuid:sign_in_id>/end/", views.end_one, name="session_end"),
    path("reading/", views.reading, name="reading"),
    path("staff/<uuid:user_id>/let-on/", views.let_reader_on, name="reader_let_on"),
]
