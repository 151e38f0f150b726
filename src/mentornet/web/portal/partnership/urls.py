"""Addresses: what the two do together."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.partnership import (
    afterwards_views,
    agreement_views,
    ending_views,
    meeting_views,
    views,
    work_views,
)

_HERE = "partnerships/<uuid:partnership_id>/"

urlpatterns = [
    path(_HERE, views.partnership, name="partnership"),
    path(f"{_HERE}contact/", views.share, name="share"),
    path(f"{_HERE}pause/", views.pause, name="pause"),
    path(f"{_HERE}go-on/", views.go_on, name="go_on"),
    path(f"{_HERE}end/", views.end, name="end"),
    path(f"{_HERE}why/", ending_views.why, name="why"),
    path(f"{_HERE}longer/", ending_views.longer, name="longer"),
    path("afterwards/<uuid:afterwards_id>/", afterwards_views.afterwards, name="afterwards"),
    path(f"{_HERE}agreement/", agreement_views.agreement, name="agreement"),
    path(f"{_HERE}agreement/fill-in/", agreement_views.agreement_fill, name="agreement_fill"),
    path(f"{_HERE}agreement/sign/", agreement_views.agreement_sign, name="agreement_sign"),
    path(f"{_HERE}agreement/print/", agreement_views.agreement_print, name="agreement_print"),
    path(f"{_HERE}meetings/", meeting_views.meetings, name="meetings"),
    path(f"{_HERE}meetings/<uuid:meeting_id>/", meeting_views.meeting_edit, name="meeting_edit"),
    path(f"{_HERE}meetings/<uuid:meeting_id>/same/", meeting_views.meeting_confirm, name="meeting_confirm"),
    path(f"{_HERE}meetings/<uuid:meeting_id>/undo/", meeting_views.meeting_undo, name="meeting_undo"),
    path(f"{_HERE}plan/", meeting_views.plan, name="plan"),
    path(f"{_HERE}plan/<uuid:planned_id>/off/", meeting_views.plan_off, name="plan_off"),
    path(f"{_HERE}plan/<uuid:planned_id>/meeting.ics", meeting_views.plan_file, name="plan_file"),
    path(f"{_HERE}goals/", work_views.goals, name="goals"),
    path(f"{_HERE}goals/<uuid:goal_id>/", work_views.goal_edit, name="goal_edit"),
    path(f"{_HERE}goals/<uuid:goal_id>/reached/", work_views.goal_mark, name="goal_mark"),
    path(f"{_HERE}goals/<uuid:goal_id>/steps/", work_views.step_add, name="step_add"),
    path(f"{_HERE}steps/<uuid:step_id>/", work_views.step_mark, name="step_mark"),
    path(f"{_HERE}doors/", work_views.introductions, name="introductions"),
    path(f"{_HERE}doors/<uuid:introduction_id>/", work_views.introduction_edit, name="introduction_edit"),
    path(f"{_HERE}notes/", work_views.notes, name="own_notes"),
    path(f"{_HERE}notes/<uuid:note_id>/", work_views.note_edit, name="own_note_edit"),
]
