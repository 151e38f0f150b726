"""Addresses: cases that pass from one coordinator to another."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.handovers import views

urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/from/<uuid:user_id>/in/<uuid:division_id>/", views.hand_over, name="handover_new"),
    path("handovers/<uuid:handover_id>/", views.handover, name="handover"),
    path("handovers/<uuid:handover_id>/back/", views.take_back, name="handover_back"),
]
