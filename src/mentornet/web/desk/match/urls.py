"""Addresses: the match desk: one mentee beside the ranked bank."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.match import by_hand, views

urlpatterns = [
    path("matching/<uuid:mentee_id>/", views.match, name="match"),
    path("matching/<uuid:mentee_id>/by-hand/", by_hand.not_ranked, name="match_by_hand"),
    path("matching/<uuid:mentee_id>/compare/", views.compare, name="match_compare"),
    path("matching/<uuid:mentee_id>/<uuid:mentor_id>/", views.pair, name="match_pair"),
    path("matching/<uuid:mentee_id>/<uuid:mentor_id>/propose/", views.propose, name="propose"),
]
