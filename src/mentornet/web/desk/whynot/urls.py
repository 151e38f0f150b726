"""Addresses: why nobody yet."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.whynot import views

urlpatterns = [
    path("matching/<uuid:mentee_id>/why/", views.why_mentee, name="why_nobody"),
    path("bank/<uuid:mentor_id>/why/", views.why_mentor, name="why_idle"),
]
