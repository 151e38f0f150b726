"""Addresses: questionnaires in the set-up, and what was answered."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.surveys import results_views, views

urlpatterns = [
    path("setup/questionnaires/", views.questionnaires, name="questionnaires"),
    path("setup/questionnaires/new/", views.questionnaire_new, name="questionnaire_new"),
    path("setup/questionnaires/<uuid:questionnaire_id>/", views.questionnaire, name="questionnaire"),
    path("setup/questionnaires/<uuid:questionnaire_id>/add/", views.question_add, name="question_add"),
    path("setup/questionnaires/<uuid:questionnaire_id>/questions/<slug:asked>/", views.question, name="question_edit"),
    path("setup/questionnaires/<uuid:questionnaire_id>/move/", views.question_move, name="question_move"),
    path("setup/questionnaires/<uuid:questionnaire_id>/title/", views.questionnaire_title, name="questionnaire_title"),
    path("setup/questionnaires/<uuid:questionnaire_id>/due/", views.questionnaire_due, name="questionnaire_due"),
    path("setup/questionnaires/<uuid:questionnaire_id>/publish/", views.publish, name="questionnaire_publish"),
    path("setup/questionnaires/<uuid:questionnaire_id>/discard/", views.discard, name="questionnaire_discard"),
    path("setup/questionnaires/<uuid:questionnaire_id>/close/", views.close, name="questionnaire_close"),
    path("setup/questionnaires/<uuid:questionnaire_id>/ask/", views.ask_now, name="questionnaire_ask"),
    path("setup/questionnaires/<uuid:questionnaire_id>/asking/", views.asking, name="questionnaire_asking"),
    path(
        "setup/questionnaires/<uuid:questionnaire_id>/preview/<slug:language>/<slug:side>/",
        views.preview,
        name="questionnaire_preview",
    ),
    path("answers/<uuid:questionnaire_id>/", results_views.results, name="survey_results"),
    path("answers/<uuid:questionnaire_id>/table.csv", results_views.results_table, name="survey_table"),
]
