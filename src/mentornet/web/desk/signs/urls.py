"""Addresses: early signs."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.signs import views

urlpatterns = [
    path("early-signs/", views.early_signs, name="early_signs"),
    path("partnerships/<uuid:partnership_id>/early-signs/<str:sign>/aside/", views.aside, name="sign_aside"),
    path("partnerships/<uuid:partnership_id>/early-signs/<str:sign>/again/", views.again, name="sign_again"),
]
