"""Addresses: people, applications, interviews, decisions, and what is done with an enrolment."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.people import (
    apart_views,
    application_views,
    approval_views,
    case_views,
    entry_views,
    interview_views,
    take_in_views,
    views,
    wish_views,
)

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("people/<uuid:person_id>/details/", views.details, name="person_details"),
    path("people/<uuid:person_id>/<str:role>/profile/", views.profile, name="person_profile"),
    path("people/<uuid:person_id>/apart/", apart_views.apart, name="person_apart"),
    path("people/<uuid:person_id>/apart/add/", apart_views.keep_apart, name="person_keep_apart"),
    path("people/<uuid:person_id>/apart/<int:avoidance_id>/", apart_views.let_meet, name="person_let_meet"),
    path("wishes/<uuid:wish_id>/", wish_views.wish, name="wish"),
    path("wishes/<uuid:wish_id>/words/", wish_views.words, name="wish_words"),
    path("wishes/<uuid:wish_id>/settle/", wish_views.settle, name="wish_settle"),
    path("interviews/<uuid:interview_id>/notes/", views.interview_notes, name="interview_notes"),
    path("applications/", application_views.applications, name="applications"),
    path("applications/new/", entry_views.new, name="application_new"),
    path("applications/<uuid:application_id>/", application_views.application, name="application"),
    path("applications/<uuid:application_id>/book/", application_views.book, name="application_book"),
    path("applications/<uuid:application_id>/interview/", interview_views.interview, name="application_interview"),
    path("applications/<uuid:application_id>/interview/draft/", interview_views.draft, name="interview_draft"),
    path("applications/<uuid:application_id>/interview/forget/", interview_views.forget, name="interview_forget"),
    path("applications/<uuid:application_id>/interview/paper/", interview_views.paper, name="interview_paper"),
    path("applications/<uuid:application_id>/references/", approval_views.add_reference, name="reference_add"),
    path("references/<uuid:reference_id>/", approval_views.settle_reference, name="reference"),
    path("references/<uuid:reference_id>/remove/", approval_views.remove_reference, name="reference_remove"),
    path("applications/<uuid:application_id>/confirm/", approval_views.ask_to_confirm, name="confirm_ask"),
    path("applications/<uuid:application_id>/confirmed/", approval_views.note_confirmed, name="confirm_told"),
    path("confirmations/<uuid:confirmation_id>/seen/", approval_views.note_seen, name="confirm_seen"),
    path("applications/<uuid:application_id>/decide/", application_views.decide, name="application_decide"),
    path("applications/<uuid:application_id>/take-in/", take_in_views.take_in, name="application_take_in"),
    path("applications/<uuid:application_id>/withdraw/", application_views.withdraw, name="application_withdraw"),
    path("waiting/<uuid:enrolment_id>/word/", case_views.word, name="give_word"),
    path("enrolments/<uuid:enrolment_id>/rest/", case_views.rest, name="enrolment_rest"),
    path("enrolments/<uuid:enrolment_id>/wake/", case_views.wake, name="enrolment_wake"),
    path("enrolments/<uuid:enrolment_id>/back/", case_views.back, name="enrolment_back"),
    path("enrolments/<uuid:enrolment_id>/brief/", case_views.brief, name="enrolment_brief"),
    path("enrolments/<uuid:enrolment_id>/capacity/", case_views.capacity, name="enrolment_capacity"),
    path("enrolments/<uuid:enrolment_id>/end/", case_views.end, name="enrolment_end"),
    path("enrolments/<uuid:enrolment_id>/resume/", case_views.resume, name="enrolment_resume"),
    path("enrolments/<uuid:enrolment_id>/hand-over/", case_views.hand_over, name="enrolment_hand_over"),
]
