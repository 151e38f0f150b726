"""A proposal: read, answered in private, asked about; the first meeting chosen, and told of."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mentornet.accounts.enums import Purpose
from mentornet.common.appointments import Appointment, edition_at
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.matching.queries import proposal_of, questions_of
from mentornet.matching.rules import side_of
from mentornet.matching.services import answer_for_herself, ask_coordinator, choose_times, say_met
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.proposals.forms import AnswerForm, AskForm, MetForm, NoForm, TimesForm
from mentornet.web.portal.proposals.opening import begun_for, open_partnership_here
from mentornet.web.portal.proposals.settled import settled_page
from mentornet.web.portal.proposals.shown import Page, Stand, page_of
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page, posted
from mentornet.web.ui.calendars import calendar_file

_hers = by_link(Purpose.PROPOSAL, "proposal_id", code=True, closed=partial(settled_page, status=404))
_MAY_SAY_NO = frozenset({Stand.ANSWER, Stand.SAID_YES, Stand.GO_ON, Stand.SAID_GO_ON})


def _proposal(request: PortalRequest, proposal_id: UUID) -> tuple[Proposal, Side]:
    """Return her proposal and her side of it; whatever is not hers does not exist."""
    # A link that was sent to nobody known opens nobody's life.
    participant = getattr(request, "participant", None)
    found = proposal_of(participant, proposal_id) if participant is not None else None
    side = side_of(participant, found) if participant is not None and found is not None else None
    if found is None or side is None:
        raise Http404
    return found, side


def _page(request: PortalRequest, proposal_id: UUID) -> Page:
    proposal, side = _proposal(request, proposal_id)
    return page_of(proposal, side, request.participant.at, request.participant.today)


def _portal_page(
    request: PortalRequest, template: str, page: Page, *, status: int = 200, **context: Any
) -> HttpResponse:
    office = page.proposal.division
    return portal_page(request, template, status=status, page=page, proposal=page.proposal, office=office, **context)


def _show(request: PortalRequest, page: Page, **bound: Any) -> HttpResponse:
    """Show where it stands for her, with a form that could not be stored as she filled it in."""
    times = bound.get("times")
    if times is None and page.stand in {Stand.CHOOSE, Stand.CHOSEN}:
        times = TimesForm(options=page.options, side=page.side, at=request.participant.at)
    wrong = next((form for form in bound.values() if form.errors), None)
    begun = begun_for(request, page.proposal) if page.stand == Stand.BEGUN else None
    return _portal_page(
        request,
        "portal/proposals/proposal.html",
        page,
        status=422 if wrong else 200,
        answer_form=AnswerForm(asked=page.asked),
        times_form=times,
        questions=[one for one in questions_of(page.proposal) if one.side == page.side] if page.is_open else [],
        wrong=wrong,
        begun=begun,
    )


@open_to(Policy.PERSONAL)
@_hers
@require_GET
def proposal(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Show what she learns, what the other learns about her, and what she can do now."""
    return _show(request, _page(request, proposal_id))


def _after(
    request: PortalRequest, proposal_id: UUID, done: object | None, form: forms.BaseForm, name: str
) -> HttpResponse:
    """Go back to the page, or show it with what was refused."""
    if done is not None:
        return redirect("portal:proposal", proposal_id)
    return _show(request, _page(request, proposal_id), **{name: form})


@open_to(Policy.PERSONAL)
@_hers
@require_POST
def yes(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Say yes."""
    one, _side = _proposal(request, proposal_id)
    form, done = AnswerForm(request.POST), None
    if form.is_valid():
        asked = form.cleaned_data["asked"]
        done = attempt(
            request,
            lambda: answer_for_herself(by=request.participant, proposal=one, reply=Reply.YES, asked=asked),
            form,
        )
        if done is not None and done.state == ProposalState.ACCEPTED and done.ended_at == request.participant.at:
            # By this very yes: one that was given before, pressed again on an old page, opens nothing.
            open_partnership_here(request, done)
    return _after(request, proposal_id, done, form, "answer")


@open_to(Policy.PERSONAL)
@_hers
def no(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Say no, with a reason that blames nobody."""
    page = _page(request, proposal_id)
    if request.method != "POST":
        if page.stand not in _MAY_SAY_NO:
            return redirect("portal:proposal", proposal_id)
        form = NoForm(side=page.side, asked=page.asked)
        return _portal_page(request, "portal/proposals/no.html", page, form=form)
    form = NoForm(request.POST, side=page.side)
    if form.is_valid():
        told = form.cleaned_data
        done = attempt(
            request,
            lambda: answer_for_herself(
                by=request.participant,
                proposal=page.proposal,
                reply=Reply.NO,
                decline_reason=told["decline_reason"],
                note=told["note"],
                asked=told["asked"],
            ),
            form,
        )
        if done is not None:
            return redirect("portal:proposal", proposal_id)
    return _portal_page(request, "portal/proposals/no.html", page, status=422, form=form)


@open_to(Policy.PERSONAL)
@_hers
def ask(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Ask the coordinator; the proposal stays open meanwhile."""
    page = _page(request, proposal_id)
    if not page.is_open:
        return redirect("portal:proposal", proposal_id)
    form = AskForm(posted(request))
    if form.is_valid():
        text = form.cleaned_data["text"]
        done = attempt(
            request, lambda: ask_coordinator(by=request.participant, proposal=page.proposal, text=text), form
        )
        if done is not None:
            return redirect("portal:proposal", proposal_id)
    return _portal_page(request, "portal/proposals/ask.html", page, status=422 if form.errors else 200, form=form)


@open_to(Policy.PERSONAL)
@_hers
@require_POST
def times(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Keep which times and places suit her."""
    page, done = _page(request, proposal_id), None
    form = TimesForm(request.POST, options=page.options, side=page.side, at=request.participant.at)
    is_none = "none" in request.POST
    if form.is_valid():
        suits = set() if is_none else form.chosen()
        if suits or is_none:
            done = attempt(
                request, lambda: choose_times(by=request.participant, proposal=page.proposal, suits=suits), form
            )
        else:
            form.add_error("times", _("Choose at least one time, or say that none suits you."))
    return _after(request, proposal_id, done, form, "times")


@open_to(Policy.PERSONAL)
@_hers
@require_POST
def met(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Tell whether they have met; who has not is asked what happened."""
    one, _side = _proposal(request, proposal_id)
    form, done = MetForm(request.POST), None
    if form.is_valid():
        have_met = form.cleaned_data["met"] == "yes"
        done = attempt(request, lambda: say_met(by=request.participant, proposal=one, met=have_met), form)
        if done is not None and not have_met:
            return redirect("portal:proposal_ask", proposal_id)
    return _after(request, proposal_id, done, form, "met")


@open_to(Policy.PERSONAL)
@_hers
@require_GET
def calendar(request: PortalRequest, proposal_id: UUID) -> HttpResponse:
    """Give the first meeting as a calendar file."""
    page = _page(request, proposal_id)
    one = page.proposal
    if page.stand not in {Stand.MEETING, Stand.WAS_MEETING} or one.meeting_on is None:
        return redirect("portal:proposal", proposal_id)
    on, hour, at = one.meeting_on, one.meeting_time, request.participant.at
    appointment = Appointment(
        key=f"first-{one.pk}",
        begins=on if hour is None else timezone.make_aware(datetime.combine(on, hour)),
        place=one.meeting_place,
        told_at=at,
        edition=edition_at(at),
    )
    return calendar_file([appointment])
