"""The page of the two: who the other is, what comes next, and ways to everything else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.moments import when_words
from mentornet.partnerships import services
from mentornet.partnerships.enums import MeetingWay, PartnershipState
from mentornet.partnerships.queries import (
    call_about_an_end,
    current_agreement,
    goals_of,
    introductions_of,
    next_planned,
    own_notes_of,
    sides_of,
    standing_closure,
    told_meetings,
)
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership import shown
from mentornet.web.portal.partnership.forms import EndForm, PauseForm, ShareForm
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two, page_of, partner_of
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.ui.toasts import say


@of_the_two
def partnership(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the two to one of them."""
    pair, side = mine(request, partnership_id)
    by, partner = request.participant, partner_of(pair, side)
    agreement = current_agreement(pair)
    meetings = list(told_meetings(pair))
    planned = next_planned(pair, by.at)
    is_over = pair.state in {PartnershipState.CLOSING, PartnershipState.CLOSED}
    closure = standing_closure(pair) if is_over else None
    own_side = sides_of(closure).filter(side=side).first() if closure is not None else None
    return page_of(
        request,
        "partnership",
        pair,
        side,
        contact=shown.contact_of(pair, side, partner),
        has_chosen=bool(pair.mentee_shares if side == Role.MENTEE else pair.mentor_shares),
        state=shown.state_words(pair, partner),
        is_ending=closure is not None,
        own_side=own_side,
        later=shown.later_words(closure, pair, partner),
        asked_to_end="" if is_over else shown.asked_to_end_words(call_about_an_end(by, pair), by.today),
        going_on=shown.going_on_words(pair, by.today),
        is_paused=pair.state == PartnershipState.PAUSED,
        agreement=shown.agreement_state(agreement, pair, side, partner),
        has_agreement=agreement is not None,
        planned=planned,
        planned_words=when_words(planned.at) if planned else "",
        usual=shown.usual_of(by, pair, side, meetings, dict(MeetingWay.choices)),
        meetings_words=shown.meetings_words(pair),
        progress=shown.progress_words(list(goals_of(pair))),
        doors=introductions_of(pair).count(),
        notes=own_notes_of(by, pair).count(),
    )


@of_the_two
def share(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Choose what of her contact details the other sees."""
    pair, side = mine(request, partnership_id)
    person = pair.mentee.person if side == Role.MENTEE else pair.mentor.person
    form = ShareForm(
        posted(request),
        chosen=pair.mentee_shares if side == Role.MENTEE else pair.mentor_shares,
        has_phone=bool(person.phone),
        has_email=bool(person.email),
    )
    if request.method == "POST" and form.is_valid():
        what = form.cleaned_data["what"]
        act = attempt(
            request, lambda: services.share_contact(by=request.participant, partnership=pair, what=what), form
        )
        if act is not None:
            say(request, _("Saved. You can change it at any time."))
            return back_to("partnership", pair)
    return page_of(request, "share", pair, side, form=form, person=person)


@of_the_two
def pause(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Pause, with a day on which they go on."""
    pair, side = mine(request, partnership_id)
    form = PauseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        done = attempt(
            request,
            lambda: services.pause_partnership(by=request.participant, partnership=pair, until=until),
            form,
        )
        if done is not None:
            words = _("You have a pause until %(day)s. We write to the other, and your coordinator knows.")
            say(request, words % {"day": date_format(until, "DATE_FORMAT")})
            return back_to("partnership", pair)
    return page_of(request, "pause", pair, side, form=form)


@of_the_two
@require_POST
def go_on(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Go on after a pause."""
    pair, _side = mine(request, partnership_id)
    by = request.participant
    if attempt(request, lambda: services.resume_partnership(by=by, partnership=pair)) is not None:
        say(request, _("Welcome back. You can plan your next meeting now."))
    return back_to("partnership", pair)


@of_the_two
def end(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Tell the coordinator that she wants to end."""
    pair, side = mine(request, partnership_id)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]

        def act() -> bool:
            services.ask_to_end(by=request.participant, partnership=pair, words=words)
            return True

        if attempt(request, act, form) is not None:
            say(request, _("Your coordinator knows. She calls you within two days."))
            return back_to("partnership", pair)
    return page_of(request, "end", pair, side, form=form)
