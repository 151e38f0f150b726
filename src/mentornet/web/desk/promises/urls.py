"""Addresses: why somebody waits, the letters that will be written, and who is taken before others."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.promises import letter_views, views

urlpatterns = [
    path("waiting/letters/", letter_views.letters, name="waiting_letters"),
    path("waiting/<uuid:enrolment_id>/letter/stop/", letter_views.stop, name="waiting_letter_stop"),
    path("waiting/<uuid:enrolment_id>/letter/write/", letter_views.write, name="waiting_letter_write"),
    path("waiting/taken-earlier/", views.taken_earlier, name="taken_earlier"),
    path("waiting/<uuid:enrolment_id>/why/", views.why, name="waiting_why"),
    path("waiting/<uuid:enrolment_id>/earlier/", views.earlier, name="waiting_earlier"),
    path("waiting/<uuid:enrolment_id>/in-order/", views.keep_in_order, name="waiting_in_order"),
]
