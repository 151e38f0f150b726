"""Addresses: what a pair has shared, certificates made with her, and whom to thank."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.value import views

urlpatterns = [
    path("partnerships/<uuid:partnership_id>/shared/", views.shared, name="partnership_shared"),
    path(
        "partnerships/<uuid:partnership_id>/certificate/mentee/",
        views.certificate,
        {"side": "mentee"},
        name="certificate_mentee",
    ),
    path(
        "partnerships/<uuid:partnership_id>/certificate/mentor/",
        views.certificate,
        {"side": "mentor"},
        name="certificate_mentor",
    ),
    path("thanks/", views.thanks, name="thanks"),
    path("thanks/<uuid:thanks_id>/called/", views.thanked, name="thanked"),
]
