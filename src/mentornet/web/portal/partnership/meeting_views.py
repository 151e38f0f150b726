"""Meetings: told of in one tap, planned, and taken into one's own calendar."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.moments import when_words
from mentornet.partnerships import services
from mentornet.partnerships.enums import MeetingWay
from mentornet.partnerships.models import Account, Meeting, Partnership, PlannedMeeting
from mentornet.partnerships.queries import last_planned, next_planned, planned_meetings, told_meetings
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.calendar.shown import appointment_of
from mentornet.web.portal.partnership import shown
from mentornet.web.portal.partnership.forms import MeetingForm, PlanForm
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two, ours, page_of, partner_of
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.ui.calendars import calendar_file
from mentornet.web.ui.toasts import say


def _form(request: PortalRequest, usual: shown.Usual, own: Account | None = None) -> MeetingForm:
    days = list(usual.days)
    data = posted(request)
    if data is not None:
        # The suggestion may have moved on since the page was opened, past midnight or by the other's word.
        days += [(day, "") for day in _posted_day(str(data.get("when", ""))) if day not in dict(days)]
    form = MeetingForm(data, days=days, usual=(usual.minutes, usual.way), suggests=usual.noted is None)
    return form.for_account(own) if own is not None else form


def _usual(request: PortalRequest, pair: Partnership, side: Role, told: list[Meeting]) -> shown.Usual:
    return shown.usual_of(request.participant, pair, side, told, dict(MeetingWay.choices))


def _posted_day(when: str) -> list[date]:
    try:
        return [date.fromisoformat(when)]
    except ValueError:
        return []


@of_the_two
def meetings(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show their meetings, and note one: as it stands, the form is the usual meeting."""
    pair, side = mine(request, partnership_id)
    by, told = request.participant, list(told_meetings(pair))
    usual = _usual(request, pair, side, told)
    form = _form(request, usual)
    if request.method == "POST" and form.is_valid():
        account = attempt(request, lambda: services.tell_meeting(by=by, partnership=pair, **form.facts), form)
        if account is not None:
            undo = reverse("portal:meeting_undo", args=[pair.pk, account.meeting_id])
            say(request, _("Noted: you have met. Thank you for telling us."), undo=undo)
            return back_to("meetings", pair, noted="yes")
    partner = partner_of(pair, side)
    missed = last_planned(pair, by.at)
    if missed is not None and any(one.on >= timezone.localtime(missed.at).date() for one in told):
        missed = None
    # She has told of the one that was likely: then it is her meetings that she sees, and the form waits folded.
    noted = request.method == "GET" and ("noted" in request.GET or usual.noted is not None)
    return page_of(
        request,
        "meetings",
        pair,
        side,
        form=form,
        noted=noted,
        meetings_words=shown.meetings_words(pair) if noted else "",
        rows=shown.meeting_rows(by, side, partner, told, runs=pair.is_together),
        missed=missed,
        missed_words=when_words(missed.at) if missed else "",
    )


@of_the_two
def meeting_edit(request: PortalRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Change what she has told of a meeting, or confirm what the other has told."""
    pair, side = mine(request, partnership_id)
    by, told = request.participant, list(told_meetings(pair))
    meeting = get_object_or_404(told_meetings(pair), pk=meeting_id)
    own = next((one for one in meeting.accounts.all() if one.side == side), None)
    if own is None:
        return back_to("meetings", pair)
    form = _form(request, _usual(request, pair, side, told), own)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: services.change_account(by=by, partnership=pair, meeting=meeting, **form.facts),
            form,
        )
        if done is not None:
            say(request, _("Changed."))
            return back_to("meetings", pair)
    return page_of(request, "meeting_edit", pair, side, form=form, meeting=meeting)


@of_the_two
@require_POST
def meeting_confirm(request: PortalRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Say the same of a meeting as the other has told."""
    pair, _side = mine(request, partnership_id)
    meeting = get_object_or_404(told_meetings(pair), pk=meeting_id)

    def act() -> object:
        return services.tell_meeting(
            by=request.participant,
            partnership=pair,
            on=meeting.on,
            minutes=meeting.minutes,
            way=meeting.way,
            topics=meeting.topics or (),
        )

    if attempt(request, act) is not None:
        undo = reverse("portal:meeting_undo", args=[pair.pk, meeting.pk])
        say(request, _("Noted: you have met. Thank you for telling us."), undo=undo)
        return back_to("meetings", pair, noted="yes")
    return back_to("meetings", pair)


@of_the_two
@require_POST
def meeting_undo(request: PortalRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Take back what she has told of a meeting."""
    pair, _side = mine(request, partnership_id)
    meeting = get_object_or_404(told_meetings(pair), pk=meeting_id)

    def act() -> bool:
        services.take_account_back(by=request.participant, partnership=pair, meeting=meeting)
        return True

    if attempt(request, act) is not None:
        say(request, _("Taken back."), tone="info")
    return back_to("meetings", pair)


# The next meeting -----------------------------------------------------------------------------------------------------


@of_the_two
def plan(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Plan the next meeting, or move it."""
    pair, side = ours(request, partnership_id)
    planned = next_planned(pair, request.participant.at)
    form = PlanForm(posted(request), initial=_planned_facts(planned))
    if pair.mentee.person.is_protected or pair.mentor.person.is_protected:
        # Told by telephone, and written nowhere.
        del form.fields["place"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> PlannedMeeting:
            return services.plan_meeting(
                by=request.participant,
                partnership=pair,
                at=form.moment,
                minutes=data["minutes"],
                place=data.get("place", ""),
            )

        if attempt(request, act, form) is not None:
            say(request, _("Planned. You both see it on your pages."))
            return back_to("partnership", pair)
    return page_of(request, "plan", pair, side, form=form, planned=planned)


def _planned_facts(planned: PlannedMeeting | None) -> dict[str, object]:
    if planned is None:
        return {}
    local = timezone.localtime(planned.at)
    return {"on": local.date(), "at": local.time(), "minutes": planned.minutes, "place": planned.place}


@of_the_two
@require_POST
def plan_off(request: PortalRequest, partnership_id: UUID, planned_id: UUID) -> HttpResponse:
    """Call a planned meeting off."""
    pair, _side = mine(request, partnership_id)
    planned = get_object_or_404(planned_meetings(pair), pk=planned_id)

    def act() -> bool:
        services.call_off_meeting(by=request.participant, partnership=pair, planned=planned)
        return True

    if attempt(request, act) is not None:
        say(request, _("Called off. Tell the other too, so that she does not wait for you."), tone="info")
    return back_to("partnership", pair)


@of_the_two
def plan_file(request: PortalRequest, partnership_id: UUID, planned_id: UUID) -> HttpResponse:
    """Hand out a planned meeting for her calendar."""
    pair, _side = ours(request, partnership_id)
    planned = get_object_or_404(planned_meetings(pair), pk=planned_id)
    return calendar_file([appointment_of(planned)], name="meeting.ics")
