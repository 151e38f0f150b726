"""Choosing by hand, where somebody objects to being put in an order by the program."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank, visible_enrolments
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.queries import not_objecting, who_objects
from mentornet.web.access import DeskRequest, Policy, open_to

PAGE: Final = 20


def by_hand_page(request: DeskRequest, mentee: Enrolment) -> HttpResponse | None:
    """Show the bank to choose from by hand, unordered but by who has waited longest; ``None`` if she may be ranked."""
    if mentee.active or mentee.ended_on or not who_objects([mentee.person_id], ObjectionPurpose.RANKING):
        return None
    return _page(request, mentee, everybody=True)


@open_to(Policy.CASEWORK)
def not_ranked(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Show the mentors whom no list puts in an order, for one mentee: each is looked at by herself."""
    mentee = get_object_or_404(visible_enrolments(request.actor), pk=mentee_id, role=Role.MENTEE)
    objects = bool(who_objects([mentee.person_id], ObjectionPurpose.RANKING))
    return _page(request, mentee, everybody=objects)


def _page(request: DeskRequest, mentee: Enrolment, *, everybody: bool) -> HttpResponse:
    by = request.actor
    mentors = mentor_bank(by.casework, by.today).filter(programme_id=mentee.programme_id)
    if not everybody:
        mentors = mentors.exclude(not_objecting("person", ObjectionPurpose.RANKING))
    page = Paginator(mentors, PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/match/by_hand.html", {"mentee": mentee, "page": page, "everybody": everybody})
