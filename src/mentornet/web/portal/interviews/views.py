"""The talk with the office, behind her personal link: neutral words, for whoever else holds the telephone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mentornet.accounts.enums import Purpose
from mentornet.common.appointments import Appointment, edition_at
from mentornet.intake.applicants import application_of
from mentornet.intake.models import Application, Interview, InterviewSlot
from mentornet.intake.planner import offer_to, time_of, times_for
from mentornet.intake.queries import booked_interview
from mentornet.intake.rules import may_change_time
from mentornet.intake.services.interviews import cancel_interview
from mentornet.intake.services.slots import refuse_times, take_slot
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.interviews import shown
from mentornet.web.portal.interviews.forms import ChooseForm, NoneForm
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page, posted
from mentornet.web.ui.calendars import calendar_file
from mentornet.web.ui.toasts import say

_hers = by_link(Purpose.INTERVIEW, "application_id")


def _application(request: PortalRequest, application_id: UUID) -> Application:
    """Return her application; whatever is not hers does not exist."""
    participant = getattr(request, "participant", None)
    found = application_of(participant, application_id) if participant is not None else None
    if found is None:
        raise Http404
    return found


def _page(request: PortalRequest, template: str, found: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    return portal_page(request, template, status=status, office=found.division, application=found, **more)


@open_to(Policy.PERSONAL)
@_hers
def interview(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Show what is booked, or the times to choose from; choosing one books it, or moves what is booked."""
    by = request.participant
    found = _application(request, application_id)
    form = ChooseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        slot = time_of(found, form.cleaned_data["slot"])
        if slot is None:
            form.add_error("slot", _("This time has just been taken. Please choose another one."))
        elif _is_taken(request, found, slot, form):
            say(request, _("It is booked. You also get a message with the day, the time and the place."))
            return redirect("portal:interview", found.pk)
        found = _application(request, application_id)
    booked = booked_interview(found)
    may_move = bool(may_change_time(by, booked))
    slots = list(times_for(by, found)[: shown.MOST_TIMES]) if may_move else []
    return _page(
        request,
        "portal/interviews/interview.html",
        found,
        status=422 if form.errors else 200,
        form=form,
        stand=shown.stand_of(found, booked, offer_to(found), len(slots)),
        booked=shown.booked_words(booked) if booked is not None else None,
        days=shown.days_of(slots),
        may_move=may_move,
    )


def _is_taken(request: PortalRequest, found: Application, slot: InterviewSlot, form: ChooseForm) -> bool:
    def act() -> Interview:
        return take_slot(by=request.participant, application=found, slot=slot, seen=form.cleaned_data["seen"])

    return attempt(request, act, form) is not None


@open_to(Policy.PERSONAL)
@_hers
def none_suits(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Let her say that none of the times suits her, and what would."""
    found = _application(request, application_id)
    form = NoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        act = attempt(request, lambda: refuse_times(by=request.participant, application=found, words=words), form)
        if act is not None:
            say(request, _("Thank you. We read it, and write to you or call you."))
            return redirect("portal:interview", found.pk)
    return _page(request, "portal/interviews/none.html", found, status=422 if form.errors else 200, form=form)


@open_to(Policy.PERSONAL)
@_hers
def cancel(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Let her cancel what is booked; she can choose another time at once."""
    found = _application(request, application_id)
    booked = booked_interview(found)
    if request.method == "POST":
        if attempt(request, lambda: cancel_interview(by=request.participant, application=found)) is not None:
            say(request, _("Your appointment is cancelled. You can choose another time."))
        return redirect("portal:interview", found.pk)
    if booked is None or not may_change_time(request.participant, booked):
        return redirect("portal:interview", found.pk)
    return _page(request, "portal/interviews/cancel.html", found, booked=shown.booked_words(booked))


@open_to(Policy.PERSONAL)
@_hers
@require_GET
def calendar(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Give what is booked as a calendar file, which says no more than when and where."""
    booked = booked_interview(_application(request, application_id))
    if booked is None:
        raise Http404
    at = request.participant.at
    appointment = Appointment(
        key=f"interview-{booked.pk}",
        begins=booked.at,
        lasts=timedelta(minutes=booked.minutes),
        place=shown.where(booked),
        told_at=at,
        edition=edition_at(at),
    )
    return calendar_file([appointment])
