"""Addresses: partnerships and their timelines."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.partnerships import views

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
    path("partnerships/<uuid:partnership_id>/close/", views.close, name="partnership_close"),
]
