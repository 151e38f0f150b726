"""Addresses: the planner, adding times, taking one out, sending them, giving one, and one's own calendar file."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.interviews import views

urlpatterns = [
    path("interviews/", views.planner, name="interviews"),
    path("interviews/add/", views.add, name="interviews_add"),
    path("interviews/mine.ics", views.calendar, name="interviews_calendar"),
    path("interviews/times/<uuid:slot_id>/out/", views.take_out, name="interview_slot_out"),
    path("interviews/times/<uuid:slot_id>/back/", views.put_back, name="interview_slot_back"),
    path("interviews/times/<uuid:slot_id>/give/<uuid:application_id>/", views.give, name="interview_slot_give"),
    path("interviews/send/<uuid:application_id>/", views.send, name="interview_send"),
]
