"""Addresses: experts, one of them, and bringing in a list."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.prospects import lists, views

urlpatterns = [
    path("experts/", views.prospects, name="prospects"),
    path("experts/invite/", views.invite_ticked, name="prospects_invite"),
    path("experts/bring-in/", lists.bring_in, name="prospect_import"),
    path("experts/bring-in/template.csv", lists.template, name="prospect_template"),
    path("experts/bring-in/<uuid:prospect_list_id>/", lists.preview, name="prospect_list"),
    path("experts/bring-in/<uuid:prospect_list_id>/take/", lists.take, name="prospect_list_take"),
    path("experts/bring-in/<uuid:prospect_list_id>/discard/", lists.discard, name="prospect_list_discard"),
    path("experts/<uuid:prospect_id>/", views.prospect, name="prospect"),
    path("experts/<uuid:prospect_id>/invite/", views.invite, name="prospect_invite"),
    path("experts/<uuid:prospect_id>/no/", views.said_no, name="prospect_no"),
]
