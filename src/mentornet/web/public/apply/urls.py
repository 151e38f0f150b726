"""Addresses: writing to the network."""

from __future__ import annotations

from django.urls import path

from mentornet.web.public.apply import asking, beginning, found, leaving, resuming, sending

urlpatterns = [
    path("from/<slug:code>/", beginning.sent_by, name="sent_by"),
    path("known/<slug:code>/", found.found_by, name="found_by"),
    path("apply/work/", asking.occupations, name="apply_occupations"),
    path("apply/continue/<uuid:draft_id>/", resuming.resume, name="apply_resume"),
    path("apply/<slug:role>/", beginning.start, name="apply"),
    path("apply/<slug:role>/later/", leaving.later, name="apply_later"),
    path("apply/<slug:role>/sent/", sending.sent, name="apply_sent"),
    path("apply/<slug:role>/<slug:step>/", asking.step, name="apply_step"),
]
