"""Addresses: who lacks training, one mentor’s or mentee’s training, and taking a note back."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.training import views

urlpatterns = [
    path("training/", views.untrained, name="untrained"),
    path("training/<uuid:enrolment_id>/", views.training, name="training"),
    path("training/<uuid:enrolment_id>/<slug:module>/back/", views.take_back, name="training_back"),
]
