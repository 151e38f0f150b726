"""Addresses: matching meetings."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.meetings import acts, minutes, views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/new/", views.meeting_new, name="meeting_new"),
    path("meetings/<uuid:sitting_id>/", views.meeting, name="meeting"),
    path("meetings/<uuid:sitting_id>/progress/", views.progress, name="meeting_progress"),
    path("meetings/<uuid:sitting_id>/pulse/", views.pulse, name="meeting_pulse"),
    path("meetings/<uuid:sitting_id>/runs/<int:number>/", views.run, name="meeting_run"),
    path("meetings/<uuid:sitting_id>/again/", acts.again, name="meeting_again"),
    path("meetings/<uuid:sitting_id>/solve/", acts.solve, name="meeting_solve"),
    path("meetings/<uuid:sitting_id>/tie/", acts.tie, name="meeting_tie"),
    path("meetings/<uuid:sitting_id>/ties/<uuid:tie_id>/lift/", acts.lift, name="meeting_lift"),
    path("meetings/<uuid:sitting_id>/settings/", acts.settings, name="meeting_settings"),
    path("meetings/<uuid:sitting_id>/decide/", acts.decide, name="meeting_decide"),
    path("meetings/<uuid:sitting_id>/rest/", acts.rest, name="meeting_rest"),
    path(
        "meetings/<uuid:sitting_id>/decisions/<uuid:decision_id>/back/<int:number>/",
        acts.decision_back,
        name="meeting_decision_back",
    ),
    path("meetings/<uuid:sitting_id>/send/", acts.send, name="meeting_send"),
    path("meetings/<uuid:sitting_id>/close/", acts.close, name="meeting_close"),
    path("meetings/<uuid:sitting_id>/reopen/", acts.reopen, name="meeting_reopen"),
    path("meetings/<uuid:sitting_id>/throw-away/", acts.throw_away, name="meeting_throw_away"),
    path("meetings/<uuid:sitting_id>/minutes/", minutes.minutes, name="meeting_minutes"),
]
