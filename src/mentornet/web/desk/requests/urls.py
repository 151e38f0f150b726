"""Addresses: requests about data, the rest of data, objections."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.requests import rest_views, views

urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:request_id>/", views.one_request, name="request"),
    path("requests/<uuid:request_id>/extend/", views.extend, name="request_extend"),
    path("requests/<uuid:request_id>/close/", views.close, name="request_close"),
    path("people/<uuid:person_id>/request/", views.take_down, name="person_request"),
    path("people/<uuid:person_id>/data-rest/", rest_views.rest, name="person_rest"),
    path("people/<uuid:person_id>/data-rest/begin/", rest_views.begin, name="person_rest_begin"),
    path("people/<uuid:person_id>/data-rest/ends/", rest_views.announce, name="person_rest_ends"),
    path("people/<uuid:person_id>/data-rest/lift/", rest_views.lift, name="person_rest_lift"),
    path("people/<uuid:person_id>/objections/", rest_views.objections, name="person_objections"),
]
