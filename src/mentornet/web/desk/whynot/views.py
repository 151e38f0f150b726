"""Why nobody yet: obstacle by obstacle, who would be next, and a sentence that can be said to her."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.matching.bank import Bank
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.loan_queries import mentors_named
from mentornet.matching.whynot import WhyNot, why_idle, why_nobody
from mentornet.matching.whynot_words import why_mentee as words_for_mentee
from mentornet.matching.whynot_words import why_mentor as words_for_mentor
from mentornet.people.enums import Role
from mentornet.programmes.queries import current_version
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.whynot import shown


def _bank(by: Staff, subject: Enrolment) -> Bank:
    return bank_with_lent(version=current_version(subject.programme_id), divisions=by.casework, today=by.today)


def _context(by: Staff, subject: Enrolment, why: WhyNot) -> dict[str, object]:
    named = shown.people_in(why)
    mentees = visible_enrolments(by).filter(pk__in=named)
    others = {one.pk: one for one in (mentees if subject.role == Role.MENTOR else mentors_named(by, named))}
    return {"subject": subject, "found": shown.shown(subject, why, others)}


@open_to(Policy.CASEWORK)
def why_mentee(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Show why a woman on the waiting list has nobody yet, and what would help most."""
    by = request.actor
    mentee = get_object_or_404(visible_enrolments(by), pk=mentee_id, role=Role.MENTEE)
    why = why_nobody(_bank(by, mentee), mentee.pk, divisions=by.casework)
    if why is None:
        # She has a mentor, has left, or does not want to be ranked: the match desk says which.
        return redirect("desk:match", mentee.pk)
    context = _context(by, mentee, why) | {"headline": words_for_mentee(why)}
    return render(request, "desk/whynot/mentee.html", context)


@open_to(Policy.CASEWORK)
def why_mentor(request: DeskRequest, mentor_id: UUID) -> HttpResponse:
    """Show why nobody is with a mentor, and what would help most."""
    by = request.actor
    mentor = get_object_or_404(visible_enrolments(by), pk=mentor_id, role=Role.MENTOR)
    why = why_idle(_bank(by, mentor), mentor.pk, divisions=by.casework)
    context: dict[str, object] = {"subject": mentor, "found": None}
    if why is not None:
        context = _context(by, mentor, why) | {"headline": words_for_mentor(why)}
    return render(request, "desk/whynot/mentor.html", context)
