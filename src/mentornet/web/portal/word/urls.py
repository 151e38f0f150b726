"""Addresses: a quiet word. Neutral, as they may be seen in the browser's history."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.word import views

urlpatterns = [
    path("word/", views.word, name="word"),
    path("word/sent/", views.word_sent, name="word_sent"),
    path("word/<uuid:partnership_id>/", views.word_here, name="word_here"),
    path("word/<uuid:partnership_id>/sent/", views.word_here_sent, name="word_here_sent"),
]
