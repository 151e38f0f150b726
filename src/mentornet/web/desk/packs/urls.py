"""Addresses: handover packs."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.packs import views

urlpatterns = [
    path("partnerships/<uuid:partnership_id>/pack/", views.of_pair, name="pack_pair"),
    path("enrolments/<uuid:enrolment_id>/pack/", views.of_place, name="pack_place"),
    path("packs/of/<uuid:user_id>/in/<uuid:division_id>/", views.of_everything, name="pack_all"),
]
