"""Addresses: the handbook’s and the training’s texts, their versions, and taking an old one again."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.handbook import views

_TEXT = "handbook/<slug:what>/<slug:role>/<slug:slug>/<slug:language>/"

urlpatterns = [
    path("handbook/", views.handbook, name="handbook"),
    path("handbook/readers/<slug:role>/<slug:slug>/", views.readers, name="handbook_readers"),
    path(_TEXT, views.text, name="handbook_text"),
    path(f"{_TEXT}versions/", views.versions, name="handbook_versions"),
    path(f"{_TEXT}versions/<int:number>/again/", views.again, name="handbook_again"),
]
