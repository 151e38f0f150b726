"""Addresses: what somebody is asked, an expert's own page, and what a contact person's help has led to."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.searches import experts, views

urlpatterns = [
    path("searches/<uuid:asking_id>/", views.asked, name="search_asked"),
    path("searches/<uuid:asking_id>/never/", views.never, name="search_never"),
    path("helped/", views.helped, name="helped"),
    path("expert/<uuid:prospect_id>/", experts.expert, name="expert"),
    path("expert/<uuid:prospect_id>/never/", experts.never, name="expert_never"),
    path("expert/deleted/", experts.deleted, name="expert_deleted"),
]
