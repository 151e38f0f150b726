"""Addresses: proposals and their answers."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.proposals import views

urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/send/", views.send, name="proposal_send"),
    path("proposals/<uuid:proposal_id>/answer/", views.answer, name="proposal_answer"),
    path("proposals/<uuid:proposal_id>/answers/<uuid:answer_id>/back/", views.answer_back, name="proposal_answer_back"),
    path(
        "proposals/<uuid:proposal_id>/questions/<uuid:question_id>/answered/",
        views.answered,
        name="proposal_answered",
    ),
    path(
        "proposals/<uuid:proposal_id>/questions/<uuid:question_id>/back/",
        views.question_back,
        name="proposal_question_back",
    ),
    path("proposals/<uuid:proposal_id>/meeting/", views.plan, name="proposal_plan"),
    path("proposals/<uuid:proposal_id>/met/", views.met, name="proposal_met"),
    path("proposals/<uuid:proposal_id>/met/back/", views.met_back, name="proposal_met_back"),
    path("proposals/<uuid:proposal_id>/withdraw/", views.withdraw, name="proposal_withdraw"),
    path("proposals/<uuid:proposal_id>/withdraw/back/", views.withdrawal_back, name="proposal_withdrawal_back"),
]
