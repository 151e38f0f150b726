"""Addresses: talks with a pair."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.talks import views

urlpatterns = [
    path("partnerships/<uuid:partnership_id>/talks/new/", views.talk, name="partnership_talk"),
    path("talks/<uuid:talk_id>/thought/", views.thought, name="talk_thought"),
    path("talks/<uuid:talk_id>/back/", views.take_back, name="talk_take_back"),
]
