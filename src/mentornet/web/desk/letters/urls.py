"""Addresses: the outbox."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.letters import by_hand, views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/<uuid:letter_id>/", views.letter, name="letter"),
    path("letters/<uuid:letter_id>/take-back/", views.take_back, name="letter_take_back"),
    path("letters/<uuid:letter_id>/resend/", views.resend, name="letter_resend"),
    path("letters/<uuid:letter_id>/told/", views.told, name="letter_told"),
    path("letters/<uuid:letter_id>/arrived/", views.arrived, name="letter_arrived"),
    path("letters/<uuid:letter_id>/untold/", views.untold, name="letter_untold"),
    path("people/<uuid:person_id>/letter/", by_hand.write, name="letter_by_hand"),
]
