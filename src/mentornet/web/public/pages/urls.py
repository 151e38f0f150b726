"""Addresses: what everybody may read."""

from __future__ import annotations

from django.urls import path

from mentornet.web.public.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("mentee/", views.mentee, name="mentee"),
    path("mentor/", views.mentor, name="mentor"),
    path("contact-person/", views.contact_person, name="contact_person"),
    path("divisions/", views.divisions, name="divisions"),
    path("divisions/<uuid:division_id>/", views.division, name="division"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
