"""Addresses: likely doubles, two rows beside each other, and what was merged."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.doubles import views

urlpatterns = [
    path("people/doubles/", views.doubles, name="doubles"),
    path("people/<uuid:person_id>/double/", views.find, name="double_find"),
    path("people/<uuid:person_id>/double/<uuid:double_id>/", views.compare, name="double"),
    path("people/<uuid:person_id>/double/<uuid:double_id>/two/", views.two_women, name="double_two"),
    path("people/<uuid:person_id>/double/<uuid:double_id>/maybe/", views.maybe_one, name="double_maybe"),
    path("merges/<uuid:merge_id>/", views.merge, name="merge"),
    path("merges/<uuid:merge_id>/undo/", views.undo, name="merge_undo"),
]
