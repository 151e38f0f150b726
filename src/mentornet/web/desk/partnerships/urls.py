"""Addresses: partnerships and their timelines."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.partnerships import afterwards_views, ending_views, views

urlpatterns = [
    path("partnerships/", views.partnerships, name="partnerships"),
    path("partnerships/<uuid:partnership_id>/", views.partnership, name="partnership"),
    path("partnerships/<uuid:partnership_id>/meetings/", views.meet, name="partnership_meet"),
    path("partnerships/<uuid:partnership_id>/notes/", views.note, name="partnership_note"),
    path("partnerships/<uuid:partnership_id>/agreement/", views.sign, name="partnership_sign"),
    path(
        "partnerships/<uuid:partnership_id>/agreement/mentee/paper/",
        views.paper,
        {"side": "mentee"},
        name="partnership_paper_mentee",
    ),
    path(
        "partnerships/<uuid:partnership_id>/agreement/mentor/paper/",
        views.paper,
        {"side": "mentor"},
        name="partnership_paper_mentor",
    ),
    path("partnerships/<uuid:partnership_id>/pause/", views.pause, name="partnership_pause"),
    path("partnerships/<uuid:partnership_id>/resume/", views.resume, name="partnership_resume"),
    path("partnerships/<uuid:partnership_id>/extend/", ending_views.extend, name="partnership_extend"),
    path("partnerships/<uuid:partnership_id>/close/", ending_views.close, name="partnership_close"),
    path("partnerships/<uuid:partnership_id>/close/off/", ending_views.call_off, name="partnership_close_off"),
    path("partnerships/<uuid:partnership_id>/close/<slug:page>/", ending_views.ending, name="partnership_close_step"),
    path("partnerships/<uuid:partnership_id>/reopen/", ending_views.reopen, name="partnership_reopen"),
    path("afterwards/", afterwards_views.afterwards, name="afterwards"),
    path("afterwards/<uuid:afterwards_id>/", afterwards_views.question, name="afterwards_question"),
]
