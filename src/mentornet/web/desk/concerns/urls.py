"""Addresses: quiet words."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.concerns import raising, views

urlpatterns = [
    path("words/", views.concerns, name="concerns"),
    path("words/for/<uuid:person_id>/", raising.raise_for, name="concern_new"),
    path("words/<uuid:concern_id>/", views.concern, name="concern"),
    path("words/<uuid:concern_id>/take/", views.take, name="concern_take"),
    path("words/<uuid:concern_id>/notes/", views.note, name="concern_note"),
    path("words/<uuid:concern_id>/done/", views.resolve, name="concern_resolve"),
    path("words/<uuid:concern_id>/back/", views.give_back, name="concern_back"),
    path("words/<uuid:concern_id>/close/", views.close, name="concern_close"),
]
