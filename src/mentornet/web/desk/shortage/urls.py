"""Addresses: the shortage map."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.shortage import views

urlpatterns = [
    path("shortage-map/", views.shortage_map, name="shortage_map"),
    path("shortage-map/compute/", views.compute, name="shortage_compute"),
    path("shortage-map/progress/", views.progress, name="shortage_progress"),
    path("shortage-map/table/", views.table, name="shortage_table"),
    path("shortage-map/<uuid:map_id>/text/", views.text, name="shortage_text"),
]
