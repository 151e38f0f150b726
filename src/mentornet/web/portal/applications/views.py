"""Where her application is, when she hears from us, and the way out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.common.moments import dated_words, hour_words
from mentornet.intake.applicants import application_of, contact_of, enrolment_of, last_written_on, next_word_on
from mentornet.intake.approval import open_confirmation
from mentornet.intake.enums import ApplicationState, WaitReason
from mentornet.intake.models import ContactPerson, Enrolment
from mentornet.intake.queries import booked_interview
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.waiting import why_of
from mentornet.learning.queries import is_training_first
from mentornet.people.enums import Role
from mentornet.people.queries import who_is_restricted
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link, grant_for
from mentornet.web.portal.applications.contacts import contact_page, contact_stops
from mentornet.web.portal.applications.shown import role_words, steps_of, where_it_is
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page
from mentornet.web.portal.waiting import Wait, wait_of
from mentornet.web.ui.toasts import say


def _contact(request: PortalRequest, contact_id: UUID) -> ContactPerson:
    found = contact_of(request.participant, contact_id)
    if found is None:
        raise Http404
    return found


@open_to(Policy.PERSONAL)
@by_link(Purpose.STATUS, "application_id")
def application(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Say where her application is, when she was last written to, by when she hears again, and what she can do.

    What somebody has written who wants to be a contact person is looked at here too: it has the same links.
    """
    found = application_of(request.participant, application_id)
    if found is None:
        return contact_page(request, _contact(request, application_id))
    enrolment = enrolment_of(found)
    talk = booked_interview(found) if found.state == ApplicationState.BOOKED else None
    due = next_word_on(found) if talk is None else None
    if enrolment is not None and enrolment.ended_on is None:
        due = enrolment.word_due_on
    today = request.participant.today
    trains_first = enrolment is not None and is_training_first(enrolment)
    wait = _wait(enrolment, today) if enrolment is not None else None
    context: dict[str, Any] = {
        "application": found,
        "where": where_it_is(found.state, found.role, trains_first=trains_first),
        "trains_first": trains_first,
        "wait": wait,
        "waits_since": enrolment.since if enrolment is not None else None,
        "steps": steps_of(found.state),
        "wanted": role_words(found.role),
        "talk": talk,
        "talk_day": dated_words(timezone.localdate(talk.at)) if talk is not None else "",
        "talk_time": hour_words(talk.at) if talk is not None else "",
        "last_on": last_written_on(found),
        "due": due if due is not None and due >= today else None,
        "is_late": due is not None and due < today,
        "is_mentee": found.role == Role.MENTEE,
        "role_slug": found.role,
        "is_asked": open_confirmation(found) is not None,
        # In this browser her other letter's link is open too: that page asks for the code by itself.
        "opens_confirm": grant_for(request, f"{Purpose.CONFIRM.value}:{found.pk}") is not None,
    }
    return portal_page(request, "portal/applications/application.html", office=found.division, **context)


def _wait(enrolment: Enrolment, today: date) -> Wait | None:
    """Say how it stands with her while she waits; nothing where her data rest, as nobody looks for anybody then."""
    if wait_of(enrolment, WaitReason.MENTOR, today) is None or who_is_restricted([enrolment.person_id]):
        return None
    return wait_of(enrolment, why_of(enrolment, today), today)


@open_to(Policy.PERSONAL)
@by_link(Purpose.STATUS, "application_id")
def withdraw(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Ask once more, since it cannot be undone here; then take the application back."""
    found = application_of(request.participant, application_id)
    if found is None:
        return contact_stops(request, _contact(request, application_id))
    if request.method == "POST" and found.is_open:
        taken = attempt(request, lambda: withdraw_application(by=request.participant, application=found))
        if taken is not None:
            say(request, _("Your application is taken back. Nobody reads it any more."))
        return redirect("portal:application", application_id=found.pk)
    if not found.is_open:
        return redirect("portal:application", application_id=found.pk)
    return portal_page(request, "portal/applications/withdraw.html", office=found.division, application=found)
