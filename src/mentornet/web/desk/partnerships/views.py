"""Partnerships: the list, the page of one pair with its timeline, and what is noted in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.actors import Actor
from mentornet.followup.queries import talks_of
from mentornet.followup.value_queries import value_of
from mentornet.matching.queries import visible_proposals
from mentornet.partnerships import services
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import (
    counts_by_state,
    current_agreement,
    found,
    not_met,
    visible_partnerships,
    with_last_meeting,
)
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.partnerships import shown
from mentornet.web.desk.partnerships.ended import ended_of
from mentornet.web.desk.partnerships.forms import (
    AgreementForm,
    MeetingForm,
    NoteForm,
    PaperForm,
    PauseForm,
)
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.surveys.shown import answers_over_time
from mentornet.web.desk.talks.shown import thoughts_of
from mentornet.web.ui.toasts import say

PAGE: Final = 25
NOT_MET: Final = "not-met"
RUNS: Final = tuple(state.value for state in RUNNING)


def _tabs(by: Actor, text: str, wanted: str, coordinator: str) -> list[dict[str, Any]]:
    every = shown.of_coordinator(found(visible_partnerships(by), text), coordinator)
    counts = counts_by_state(every)
    numbers = {"": sum(counts.get(state, 0) for state in RUNS), NOT_MET: not_met(every, _late(by)).count(), **counts}
    kept = (("q", text), ("coordinator", coordinator))
    return [
        {
            "label": words,
            "url": "?" + urlencode({key: value for key, value in (("state", name), *kept) if value}),
            "is_current": name == wanted,
            "count": numbers.get(str(name), 0),
        }
        for name, words in shown.TABS.items()
    ]


def _late(by: Actor) -> Any:
    return by.today - shown.MEET_WITHIN


@open_to(Policy.CASEWORK)
def partnerships(request: DeskRequest) -> HttpResponse:
    """Show pairs: what runs, the newest first, or one state; those who have not met, the longest matched first."""
    by = request.actor
    text = request.GET.get("q", "").strip()
    state = request.GET.get("state", "")
    state = state if state in shown.TABS else ""
    coordinator = shown.coordinator_in(request.GET.get("coordinator", ""))
    pairs = shown.of_coordinator(found(visible_partnerships(by), text), coordinator)
    if state == NOT_MET:
        pairs = not_met(pairs, _late(by)).order_by("matched_on", "created_at", "pk")
    elif state == PartnershipState.CLOSED:
        pairs = pairs.filter(state=state).order_by(F("closed_on").desc(nulls_last=True), "-created_at", "pk")
    else:
        pairs = pairs.filter(state__in=[state] if state else RUNS)
    # Keys first: the people and the last meeting are asked of this page's pairs alone.
    page = Paginator(pairs.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    order = list(page.object_list)
    listed = {pair.pk: pair for pair in with_last_meeting(visible_partnerships(by).filter(pk__in=order))}
    context = {
        "rows": shown.rows_of([listed[pk] for pk in order if pk in listed], by.today),
        "page": page,
        "tabs": _tabs(by, text, state, coordinator),
        "coordinator": coordinator,
        "several_divisions": len(request.actor.casework) > 1,
        "text": text,
        "state": state,
    }
    return render(request, "desk/partnerships/partnerships.html", context)


def _partnership(request: DeskRequest, partnership_id: UUID) -> Partnership:
    return get_object_or_404(with_last_meeting(visible_partnerships(request.actor)), pk=partnership_id)


def _show(request: DeskRequest, pair: Partnership, **forms_: forms.Form) -> HttpResponse:
    by = request.actor
    proposal = visible_proposals(by).filter(partnership=pair).first()
    talks = list(talks_of(pair))
    clock, clock_tone = shown.clock_of(pair, getattr(pair, "last_met_on", None), by.today)
    context = {
        "pair": pair,
        "sides": [
            (_("Mentee"), pair.mentee, pair.mentee.person),
            (_("Mentor"), pair.mentor, pair.mentor.person),
        ],
        "steps": shown.steps_of(pair),
        "step": shown.next_step(pair),
        "events": shown.timeline(by, pair, proposal, talks),
        "thoughts": thoughts_of(talks, pair),
        "together": shown.together(pair, by.at),
        "ended": ended_of(by, pair, request.GET.get("read", "")),
        "answers": answers_over_time(pair),
        "value": value_of(pair),
        "facts": shown.facts_of(pair, getattr(pair, "meeting_count", 0)),
        "proposal": proposal,
        "may": may_work_on(by, pair),
        "row": shown.row_of(pair, by.today),
        "clock": clock,
        "clock_tone": clock_tone,
        "is_closed": pair.state == PartnershipState.CLOSED,
        "meeting": forms_.get("meeting") or MeetingForm(today=by.today),
        "note": forms_.get("note") or NoteForm(),
        **shown.early_signs_of(by, pair),
    }
    return render(request, "desk/partnerships/partnership.html", context)


@open_to(Policy.CASEWORK)
def partnership(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Show one pair: who, how it stands, what has happened, and what can be noted."""
    return _show(request, _partnership(request, partnership_id))


def _back(pair: Partnership) -> HttpResponse:
    return redirect("desk:partnership", partnership_id=pair.pk)


@open_to(Policy.CASEWORK)
def meet(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Note that they have met."""
    by, pair = request.actor, _partnership(request, partnership_id)
    if request.method != "POST":
        return _back(pair)
    form = MeetingForm(request.POST, today=by.today)

    def act() -> object:
        data = form.cleaned_data
        return services.record_meeting(by=by, partnership=pair, on=data["on"], minutes=data["minutes"])

    # Where the page no longer has this form, the refusal stands above it.
    is_shown = pair.state != PartnershipState.CLOSED and bool(may_work_on(by, pair))
    if form.is_valid() and attempt(request, act, form if is_shown else None) is not None:
        first = pair.first_met_on is None
        say(request, _("Noted. The next step is their agreement.") if first else _("Noted: they have met."))
        return _back(pair)
    return _show(request, pair, meeting=form)


@open_to(Policy.CASEWORK)
def note(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Add an observation."""
    by, pair = request.actor, _partnership(request, partnership_id)
    if request.method != "POST":
        return _back(pair)
    form = NoteForm(request.POST)

    def act() -> object:
        return services.add_note(by=by, partnership=pair, text=form.cleaned_data["text"], author_name=by.name)

    is_shown = bool(may_work_on(by, pair))
    if form.is_valid() and attempt(request, act, form if is_shown else None) is not None:
        say(request, _("Noted. It stands in the timeline."))
        return _back(pair)
    return _show(request, pair, note=form)


def _act(
    request: DeskRequest,
    pair: Partnership,
    form: forms.Form,
    act: Callable[[], Partnership],
    *,
    template: str,
    done: Callable[[Partnership], tuple[str, str]],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        changed = attempt(request, act, form)
        if changed is not None:
            text, undo = done(changed)
            say(request, text, undo=undo)
            return _back(pair)
    elif request.method != "POST" and pair.state == PartnershipState.CLOSED:
        say(request, _("This partnership has been closed already."), tone="info")
        return _back(pair)
    return render(request, f"desk/partnerships/{template}.html", {"pair": pair, "form": form})


@open_to(Policy.CASEWORK)
def sign(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Note that both have signed their agreement."""
    by, pair = request.actor, _partnership(request, partnership_id)
    initial = {"on": pair.agreement_on, "until": pair.agreed_until} if pair.agreement_on else {}
    form = AgreementForm(posted(request), today=by.today, initial=initial)

    def done(changed: Partnership) -> tuple[str, str]:
        if changed.state == PartnershipState.ACTIVE:
            return _("Noted. The partnership is active."), ""
        return _("Noted. The partnership is active once they have met."), ""

    def act() -> Partnership:
        data = form.cleaned_data
        return services.sign_agreement(by=by, partnership=pair, on=data["on"], until=data["until"])

    return _act(request, pair, form, act, template="sign", done=done)


@open_to(Policy.CASEWORK)
def pause(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Let a partnership rest."""
    by, pair = request.actor, _partnership(request, partnership_id)
    form = PauseForm(request.POST if request.method == "POST" else None)

    def done(changed: Partnership) -> tuple[str, str]:
        undo = reverse("desk:partnership_resume", args=[changed.pk])
        if changed.paused_until is None:
            return _("It rests. Both keep their places."), undo
        return _("It rests until %(day)s. Both keep their places.") % {"day": day(changed.paused_until)}, undo

    return _act(
        request,
        pair,
        form,
        lambda: services.pause_partnership(by=by, partnership=pair, until=form.cleaned_data["until"]),
        template="pause",
        done=done,
    )


@open_to(Policy.CASEWORK)
@require_POST
def resume(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Go on after a pause."""
    by, pair = request.actor, _partnership(request, partnership_id)
    if attempt(request, lambda: services.resume_partnership(by=by, partnership=pair)) is not None:
        say(request, _("They go on."))
    return _back(pair)


@open_to(Policy.CASEWORK)
def paper(request: DeskRequest, partnership_id: UUID, side: str) -> HttpResponse:
    """Note that one of the two has signed the printed agreement."""
    by, pair = request.actor, _partnership(request, partnership_id)
    agreement = current_agreement(pair)
    if agreement is None:
        return _back(pair)
    person = pair.mentee.person if side == Role.MENTEE else pair.mentor.person
    form = PaperForm(posted(request), today=by.today, name=person.name, languages=sorted(agreement.texts))

    def act() -> Partnership:
        data = form.cleaned_data
        services.note_paper_signature(
            by=by, agreement=agreement, side=side, on=data["on"], name=data["name"], language=data["language"]
        )
        pair.refresh_from_db()
        return pair

    def done(changed: Partnership) -> tuple[str, str]:
        if changed.state == PartnershipState.ACTIVE:
            return _("Noted. The partnership is active."), ""
        return _("Noted. It counts as signed."), ""

    return _act(request, pair, form, act, template="paper", done=done)
