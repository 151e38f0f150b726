"""Addresses: contact persons."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.contacts import views

urlpatterns = [
    path("contact-persons/", views.contact_persons, name="contact_persons"),
    path("contact-persons/<uuid:contact_id>/", views.contact_person, name="contact_person"),
    path("contact-persons/<uuid:contact_id>/confirm/", views.confirm, name="contact_person_confirm"),
    path("contact-persons/<uuid:contact_id>/end/", views.end, name="contact_person_end"),
]
