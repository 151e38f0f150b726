"""Addresses: her data."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.data import request_views, views

urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/ask/<slug:right>/", request_views.ask_about, name="data_ask"),
    path("data/asked/<uuid:request_id>/", request_views.own_request, name="data_request"),
    path("data/asked/<uuid:request_id>/back/", request_views.request_back, name="data_request_back"),
    path("data/uses/", request_views.uses, name="data_uses"),
    path("data/told/", request_views.told, name="data_told"),
]
