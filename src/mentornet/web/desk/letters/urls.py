"""Addresses: the outbox."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.letters import views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/<uuid:letter_id>/", views.letter, name="letter"),
    path("letters/<uuid:letter_id>/take-back/", views.take_back, name="letter_take_back"),
    path("letters/<uuid:letter_id>/resend/", views.resend, name="letter_resend"),
]
