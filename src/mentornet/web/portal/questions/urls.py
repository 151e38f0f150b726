"""Addresses: what she is asked, one question of it, and the end."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.questions import views

urlpatterns = [
    path("questions/<uuid:ask_id>/", views.survey, name="survey"),
    path("questions/<uuid:ask_id>/question/<slug:asked>/", views.survey_question, name="survey_question"),
    path("questions/<uuid:ask_id>/done/", views.survey_done, name="survey_done"),
]
