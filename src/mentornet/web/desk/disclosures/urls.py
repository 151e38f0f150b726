"""Addresses: who outside was told something, and who wanted a list."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.disclosures import views

urlpatterns = [
    path("disclosures/", views.disclosures, name="disclosures"),
    path("disclosures/demand/", views.demand, name="demand"),
    path("disclosures/<uuid:disclosure_id>/", views.disclosure, name="disclosure"),
    path("disclosures/<uuid:disclosure_id>/let-read/", views.let_read, name="disclosure_let_read"),
    path("people/<uuid:person_id>/disclosures/", views.of_person, name="person_disclosures"),
]
