"""Where her application is, when she hears from us, and the way out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentornet.accounts.enums import Purpose
from mentornet.intake.applicants import application_of, enrolment_of, last_written_on, next_word_on
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application
from mentornet.intake.queries import booked_interview
from mentornet.intake.services.applications import withdraw_application
from mentornet.people.enums import Role
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.applications.shown import role_words, steps_of, where_it_is
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page
from mentornet.web.ui.toasts import say


def _application(request: PortalRequest, application_id: UUID) -> Application:
    found = application_of(request.participant, application_id)
    if found is None:
        raise Http404
    return found


@open_to(Policy.PERSONAL)
@by_link(Purpose.STATUS, "application_id")
def application(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Say where her application is, when she was last written to, by when she hears again, and what she can do."""
    found = _application(request, application_id)
    enrolment = enrolment_of(found)
    talk = booked_interview(found) if found.state == ApplicationState.BOOKED else None
    at = timezone.localtime(talk.at) if talk is not None else None
    due = next_word_on(found) if talk is None else None
    if enrolment is not None and enrolment.ended_on is None:
        due = enrolment.word_due_on
    today = request.participant.today
    context: dict[str, Any] = {
        "application": found,
        "where": where_it_is(found.state, found.role),
        "steps": steps_of(found.state),
        "wanted": role_words(found.role),
        "talk": talk,
        "talk_day": date_format(at, pgettext("a day in a letter", "l j F Y")) if at else "",
        "talk_time": time_format(at, "H:i") if at else "",
        "last_on": last_written_on(found),
        "due": due if due is not None and due >= today else None,
        "is_late": due is not None and due < today,
        "is_mentee": found.role == Role.MENTEE,
        "role_slug": found.role,
        "office_phone": found.division.phone,
    }
    return portal_page(request, "portal/applications/application.html", **context)


@open_to(Policy.PERSONAL)
@by_link(Purpose.STATUS, "application_id")
def withdraw(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Ask once more, since it cannot be undone here; then take the application back."""
    found = _application(request, application_id)
    if request.method == "POST" and found.is_open:
        taken = attempt(request, lambda: withdraw_application(by=request.participant, application=found))
        if taken is not None:
            say(request, _("Your application is taken back. Nobody reads it any more."))
        return redirect("portal:application", application_id=found.pk)
    if not found.is_open:
        return redirect("portal:application", application_id=found.pk)
    context: dict[str, Any] = {"application": found, "office_phone": found.division.phone}
    return portal_page(request, "portal/applications/withdraw.html", **context)
