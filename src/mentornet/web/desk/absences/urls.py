"""Addresses: who is away."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.absences import views

urlpatterns = [
    path("away/", views.absences, name="absences"),
    path("away/<uuid:absence_id>/end/", views.end, name="absence_end"),
]
