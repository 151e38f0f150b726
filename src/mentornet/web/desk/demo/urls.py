"""Addresses: the one-click sign-in of a demonstration, and its letter box."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("<uuid:user_id>/", views.enter, name="enter"),
    path("letters/", views.letter_box, name="letters"),
]
