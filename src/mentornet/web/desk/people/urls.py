"""Addresses: people, applications, interviews, decisions, and what is done with an enrolment."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.people import apart_views, application_views, case_views, entry_views, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("people/<uuid:person_id>/details/", views.details, name="person_details"),
    path("people/<uuid:person_id>/<str:role>/profile/", views.profile, name="person_profile"),
    path("people/<uuid:person_id>/apart/", apart_views.apart, name="person_apart"),
    path("people/<uuid:person_id>/apart/add/", apart_views.keep_apart, name="person_keep_apart"),
    path("people/<uuid:person_id>/apart/<int:avoidance_id>/", apart_views.let_meet, name="person_let_meet"),
    path("interviews/<uuid:interview_id>/notes/", views.interview_notes, name="interview_notes"),
    path("applications/", application_views.applications, name="applications"),
    path("applications/new/", entry_views.new, name="application_new"),
    path("applications/<uuid:application_id>/", application_views.application, name="application"),
    path("applications/<uuid:application_id>/book/", application_views.book, name="application_book"),
    path("applications/<uuid:application_id>/interview/", application_views.interview, name="application_interview"),
    path("applications/<uuid:application_id>/decide/", application_views.decide, name="application_decide"),
    path("applications/<uuid:application_id>/withdraw/", application_views.withdraw, name="application_withdraw"),
    path("waiting/<uuid:enrolment_id>/word/", case_views.word, name="give_word"),
    path("enrolments/<uuid:enrolment_id>/rest/", case_views.rest, name="enrolment_rest"),
    path("enrolments/<uuid:enrolment_id>/wake/", case_views.wake, name="enrolment_wake"),
    path("enrolments/<uuid:enrolment_id>/brief/", case_views.brief, name="enrolment_brief"),
    path("enrolments/<uuid:enrolment_id>/capacity/", case_views.capacity, name="enrolment_capacity"),
    path("enrolments/<uuid:enrolment_id>/end/", case_views.end, name="enrolment_end"),
    path("enrolments/<uuid:enrolment_id>/resume/", case_views.resume, name="enrolment_resume"),
    path("enrolments/<uuid:enrolment_id>/hand-over/", case_views.hand_over, name="enrolment_hand_over"),
]
