"""Addresses: the one-click sign-in of a demonstration, and its letter box."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("<uuid:user_id>/", views.enter, name="enter"),
    path("people/<uuid:person_id>/", views.enter_as_participant, name="enter_as_participant"),
    path("letters/", views.letter_box, name="letters"),
]
