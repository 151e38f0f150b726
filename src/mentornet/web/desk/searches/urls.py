"""Addresses: searches, one of them, and what is done with it."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.searches import views

urlpatterns = [
    path("searches/", views.searches, name="searches"),
    path("searches/new/", views.new, name="search_new"),
    path("searches/<uuid:sought_id>/", views.search, name="search"),
    path("searches/<uuid:sought_id>/send/", views.send, name="search_send"),
    path("searches/<uuid:sought_id>/widen/", views.widen, name="search_widen"),
    path("searches/<uuid:sought_id>/day/", views.day, name="search_day"),
    path("searches/<uuid:sought_id>/close/", views.close, name="search_close"),
    path("searches/<uuid:sought_id>/reopen/", views.reopen, name="search_reopen"),
    path("searches/<uuid:sought_id>/discard/", views.discard, name="search_discard"),
]
