"""Addresses: her profile, her times, her breaks, and what she asks her coordinator for."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.profile import asking_views, consent_views, edit_views, readers_views, rest_views, views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/seen/", views.seen, name="seen"),
    path("profile/readers/", readers_views.who_reads, name="who_reads"),
    path("profile/consents/", consent_views.consents, name="consents"),
    path("profile/consents/<str:purpose>/", consent_views.consent, name="consent"),
    path("profile/you/<str:part>/", edit_views.details, name="details"),
    path("profile/<str:role>/<str:name>/", edit_views.fact, name="profile_fact"),
    path("times/", edit_views.availability, name="availability"),
    path("rest/<uuid:enrolment_id>/", rest_views.rest, name="rest"),
    path("rest/<uuid:enrolment_id>/end/", rest_views.end, name="rest_end"),
    path("return/<uuid:enrolment_id>/", rest_views.come_back, name="return"),
    path("places/<uuid:enrolment_id>/", rest_views.places, name="places"),
    path("ask/<str:kind>/", asking_views.ask, name="ask"),
    path("leaving/", asking_views.leaving, name="leaving"),
]
