"""Addresses: how long women will wait."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.forecast import views

urlpatterns = [
    path("forecast/", views.forecast, name="forecast"),
    path("forecast/compute/", views.compute, name="forecast_compute"),
    path("forecast/progress/", views.progress, name="forecast_progress"),
    path("forecast/five-more/", views.ask_five_more, name="forecast_five_more"),
    path("forecast/five-more/progress/", views.five_more_progress, name="forecast_five_more_progress"),
    path("forecast/table.csv", views.table, name="forecast_table"),
]
