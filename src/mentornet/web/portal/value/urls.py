"""Addresses: thoughts of her own, letters to the mentor, certificates."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.value import certificate_views, letter_views, thought_views

_HERE = "partnerships/<uuid:partnership_id>/"

urlpatterns = [
    path(f"{_HERE}thoughts/", thought_views.thoughts, name="thoughts"),
    path(f"{_HERE}thoughts/<uuid:reflection_id>/", thought_views.thought, name="thought"),
    path(f"{_HERE}letters/", letter_views.letters, name="impact_letters"),
    path(f"{_HERE}letters/wishes/", letter_views.wishes, name="impact_wishes"),
    path(f"{_HERE}letters/<uuid:letter_id>/", letter_views.letter, name="impact_letter"),
    path(f"{_HERE}letters/<uuid:letter_id>/choose/", letter_views.choose, name="impact_choose"),
    path(f"{_HERE}letters/<uuid:letter_id>/answer/", letter_views.answer, name="impact_answer"),
    path(f"{_HERE}letters/<uuid:letter_id>/paper/", letter_views.paper, name="impact_paper"),
    path("certificates/", certificate_views.certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/withdraw/", certificate_views.withdraw, name="certificate_withdraw"),
]
