"""Addresses: how long pairs last."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.lasting import views

urlpatterns = [
    path("how-long-pairs-last/", views.how_long_pairs_last, name="how_long_pairs_last"),
    path("how-long-pairs-last/compute/", views.compute, name="how_long_compute"),
    path("how-long-pairs-last/progress/", views.progress, name="how_long_progress"),
]
