"""Addresses: her training, and one part of it."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.training import views

urlpatterns = [
    path("training/", views.training, name="training"),
    path("training/<uuid:enrolment_id>/", views.training_here, name="training_here"),
    path("training/<uuid:enrolment_id>/<slug:module>/", views.module, name="module"),
]
