"""Addresses: a proposal, and what she does with it."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.proposals import views

urlpatterns = [
    path("proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/yes/", views.yes, name="proposal_yes"),
    path("proposals/<uuid:proposal_id>/no/", views.no, name="proposal_no"),
    path("proposals/<uuid:proposal_id>/ask/", views.ask, name="proposal_ask"),
    path("proposals/<uuid:proposal_id>/times/", views.times, name="proposal_times"),
    path("proposals/<uuid:proposal_id>/met/", views.met, name="proposal_met"),
    path("proposals/<uuid:proposal_id>/appointment.ics", views.calendar, name="proposal_calendar"),
]
