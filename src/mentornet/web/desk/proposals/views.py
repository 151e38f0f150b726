"""Proposals: the list, one proposal, and what is done with it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.matching.queries import (
    counts_by_state,
    found,
    latest_answer,
    letters_of,
    open_first,
    options_of,
    question_in,
    questions_of,
    visible_proposals,
)
from mentornet.matching.ranking import bars_read
from mentornet.matching.reasons import RULE_NAMES
from mentornet.matching.services import (
    mark_answered,
    mark_unanswered,
    plan_meeting,
    record_met,
    send_draft,
    take_back_answer,
    take_back_met,
    take_back_withdrawal,
    take_down_answer,
    withdraw_proposal,
)
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.letters.shown import rows_of as letter_rows
from mentornet.web.desk.match.bars import drawn
from mentornet.web.desk.proposals import by_themselves, corrections, ended, shown
from mentornet.web.desk.proposals.forms import AnswerForm, MetForm, PlanForm, WithdrawForm
from mentornet.web.desk.proposals.history import events_of
from mentornet.web.ui.toasts import say

PAGE: Final = 25


def _proposal(request: DeskRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(visible_proposals(request.actor), pk=proposal_id)


@open_to(Policy.CASEWORK)
def proposals(request: DeskRequest) -> HttpResponse:
    """List proposals by state; of all coordinators, or one's own."""
    by, text = request.actor, request.GET.get("q", "").strip()
    state = request.GET.get("state", "")
    state = state if state in shown.TABS else ""
    is_mine = request.GET.get("whose") == "mine"
    every = found(visible_proposals(by), text)
    if is_mine:
        every = every.filter(Q(mentee__coordinator_id=by.user_id) | Q(chosen_by=by.key))
    listed = open_first(every.filter(state__in=shown.TABS[state][1]))
    if state == "ended":
        listed = listed.order_by("-ended_at", "pk")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    others = {key: value for key, value in (("q", text), ("whose", "mine" if is_mine else "")) if value}
    context = {
        "rows": shown.rows_of(page.object_list, by.today),
        "page": page,
        "tabs": shown.tabs_of(counts_by_state(every), state, urlencode(others)),
        "q": text,
        "state": state,
        "is_mine": is_mine,
    }
    fragment = request.headers.get("HX-Target") == "proposals"
    return render(request, "desk/proposals/_list.html" if fragment else "desk/proposals/proposals.html", context)


@open_to(Policy.CASEWORK)
def proposal(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Show one proposal: where it stands, what comes next, both sides, why, and what has happened."""
    return _page(request, _proposal(request, proposal_id))


def _page(request: DeskRequest, one: Proposal, **bound: Any) -> HttpResponse:
    """Show the page, with a form that could not be stored as it was filled in."""
    by = request.actor
    answer_form = bound.get("answer")
    may_write = one.division_id in by.casework
    letters = list(letters_of(one)) if may_write else []
    options = options_of(one) if may_write and one.state == ProposalState.TO_MEET else []
    sides = shown.sides_of(by, one, answer_form, corrections.of_answers(by, one, letters))
    without_place = by_themselves.no_place(by, one, options) if may_write else None
    is_past = one.meeting_on is not None and one.meeting_on <= by.today
    context = {
        "proposal": one,
        "state": shown.state_of(one),
        "expiry": shown.expiry_of(one, by.today),
        "steps": shown.steps_of(one),
        "sides": sides,
        "next": shown.next_words(one, sides, has_options=bool(options) and without_place is None),
        "without_place": without_place,
        "may_write": may_write,
        "plan_form": bound.get("plan")
        or PlanForm(initial=by_themselves.plan_of(one, options, by.at), tells_place=_tells_place(one)),
        "options": by_themselves.options_shown(options),
        "questions": by_themselves.questions_shown(by, one, questions_of(one)) if may_write else [],
        "met_form": bound.get("met") or MetForm(on=one.meeting_on if is_past else by.today),
        "is_past": is_past,
        "withdraw_form": bound.get("withdraw") or WithdrawForm(is_sent=one.state != ProposalState.DRAFT),
        "wrong": next((form for form in bound.values() if form.is_bound), None),
        "lost_words": _lost_words(answer_form, sides),
        "bars": drawn(bars_read(one.bars, one.version.own)),
        "percent": round(one.score / 100),
        "reasons": one.sentences.get(reference_language(), []),
        "words_language": reference_language(),
        "rules_aside": [RULE_NAMES[rule] for rule in one.loosened or ()],
        "letters": letter_rows(letters),
        "met_back": corrections.of_meeting(by, one, letters),
        "withdrawal_back": corrections.of_withdrawal(by, one, letters),
        "events": events_of(one),
        "match_url": shown.match_url(one) if shown.is_waiting(one.mentee) else "",
    }
    return render(request, "desk/proposals/proposal.html", context)


def _lost_words(form: AnswerForm | None, sides: list[shown.SideShown]) -> str:
    """Return what was typed in a form that has no place on the page any more, so that it can be copied."""
    if form is None or any(side.form is form for side in sides):
        return ""
    return str(form["note"].value() or "")


def _say(request: DeskRequest, one: Proposal, text: str, without_letters: str, undo: str = "") -> None:
    """Say what was done; where no letter reaches somebody, whom to call instead."""
    missed = shown.letters_miss(one)
    say(request, without_letters if missed else text, undo=undo)
    if missed:
        say(request, missed, tone="warn")


def _say_ended(request: DeskRequest, one: Proposal, text: str, without_letters: str, undo: str) -> None:
    """Say that a proposal has ended; where one of the two had not heard of it, that she gets no letter."""
    unaware = ended.unaware_of_end(one, letters_of(one))
    if not unaware:
        _say(request, one, text, without_letters, undo)
        return
    say(request, without_letters, undo=undo)
    say(request, unaware.text, tone=unaware.tone)


@open_to(Policy.CASEWORK)
@require_POST
def send(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Send a draft to both."""
    one = _proposal(request, proposal_id)
    if one.state == ProposalState.SENT:
        say(request, _("This proposal has been sent already."), tone="info")
    elif attempt(request, lambda: send_draft(by=request.actor, proposal=one)) is not None:
        _say(
            request,
            one,
            _("Proposed to both. Their letters leave in a minute, with a link to the page where each can answer."),
            _("Proposed to both."),
        )
    return redirect("desk:proposal", proposal_id)


@open_to(Policy.CASEWORK)
@require_POST
def answer(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Take down what one side says."""
    one = _proposal(request, proposal_id)
    side = request.POST.get("side", "")
    if side not in Side.values:
        return redirect("desk:proposal", proposal_id)
    form = AnswerForm(request.POST, side=side)
    if form.is_valid():
        told = form.cleaned_data
        done = attempt(
            request,
            lambda: take_down_answer(
                by=request.actor,
                proposal=one,
                side=side,
                reply=told["reply"],
                channel=told["channel"],
                decline_reason=told["decline_reason"],
                note=told["note"],
                told_on=told["told_on"],
                asked=told["asked"] or None,
            ),
            form,
        )
        if done is not None:
            noted = latest_answer(done, side)
            undo = reverse("desk:proposal_answer_back", args=[one.pk, noted.pk]) if noted is not None else ""
            _say_answer(request, done, side, told["reply"], undo)
            return redirect("desk:proposal", proposal_id)
        one = _proposal(request, proposal_id)
    return _page(request, one, answer=form)


def _say_answer(request: DeskRequest, one: Proposal, side: str, reply: str, undo: str) -> None:
    names = {Side.MENTEE: one.mentee.person.first_name, Side.MENTOR: one.mentor.person.first_name}
    mine = names.pop(Side(side))
    (other,) = names.values()
    if reply == Reply.NO:
        words = {"mentee": one.mentee.person.first_name}
        _say_ended(
            request,
            one,
            _("Taken down. Both are free again and get a letter; %(mentee)s keeps her place in the queue.") % words,
            _("Taken down. Both are free again; %(mentee)s keeps her place in the queue.") % words,
            undo,
        )
    elif one.state == ProposalState.ACCEPTED:
        _say(
            request,
            one,
            _("Both say yes: the partnership has begun. Both get a letter."),
            _("Both say yes: the partnership has begun."),
            undo,
        )
    elif one.state == ProposalState.TO_MEET:
        say(request, _("Both say yes. Now plan their first meeting."), undo=undo)
    else:
        values = {"name": mine, "other": other}
        text = _("Taken down: %(name)s says yes. The answer of %(other)s is still to come.") % values
        say(request, text, undo=undo)


@open_to(Policy.CASEWORK)
@require_POST
def answer_back(request: DeskRequest, proposal_id: UUID, answer_id: UUID) -> HttpResponse:
    """Take back an answer that was taken down by mistake."""
    one = _proposal(request, proposal_id)
    knows = _knows_letters_left(request)
    done = attempt(
        request,
        lambda: take_back_answer(by=request.actor, proposal=one, answer_id=answer_id, knows_letters_left=knows),
    )
    if done is not None:
        _say_taken_back(request, done, _("Taken back. When you know the right answer, take it down here."))
    return redirect("desk:proposal", proposal_id)


def _knows_letters_left(request: DeskRequest) -> bool:
    """Tell whether the page has said, before the button was pressed, that letters have left and are corrected."""
    return request.POST.get("letters") == "left"


def _say_taken_back(request: DeskRequest, one: Proposal, text: str) -> None:
    say(request, text)
    if any(letter.event == "sent_by_mistake" and letter.created_at == request.actor.at for letter in letters_of(one)):
        say(request, _("Whoever got a letter gets another, that it was a mistake. Call her today."), tone="info")


@open_to(Policy.CASEWORK)
@require_POST
def answered(request: DeskRequest, proposal_id: UUID, question_id: UUID) -> HttpResponse:
    """Note that a question was answered."""
    question = question_in(_proposal(request, proposal_id), question_id)
    if question is None:
        say(request, _("This question stands nowhere here."), tone="info")
    elif attempt(request, lambda: mark_answered(by=request.actor, question=question)) is not None:
        undo = reverse("desk:proposal_question_back", args=[proposal_id, question_id])
        say(request, _("Noted. Her page says that you have talked about it."), undo=undo)
    return redirect("desk:proposal", proposal_id)


@open_to(Policy.CASEWORK)
@require_POST
def question_back(request: DeskRequest, proposal_id: UUID, question_id: UUID) -> HttpResponse:
    """Take back that a question was answered."""
    question = question_in(_proposal(request, proposal_id), question_id)
    if question is None:
        say(request, _("This question stands nowhere here."), tone="info")
    elif attempt(request, lambda: mark_unanswered(by=request.actor, question=question)) is not None:
        say(request, _("Her question is open again."))
    return redirect("desk:proposal", proposal_id)


def _tells_place(one: Proposal) -> bool:
    """Tell whether it is written down where the two meet: not where one of them is protected."""
    return not (one.mentee.person.is_protected or one.mentor.person.is_protected)


@open_to(Policy.CASEWORK)
@require_POST
def plan(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Set day and place of the first meeting."""
    one = _proposal(request, proposal_id)
    form = PlanForm(request.POST, tells_place=_tells_place(one))
    if form.is_valid():
        told = {"place": ""} | form.cleaned_data
        act = attempt(
            request,
            lambda: plan_meeting(by=request.actor, proposal=one, **told),
            form,
        )
        if act is not None:
            _say(request, one, _("Planned. Both get a letter with day and place."), _("Planned."))
            return redirect("desk:proposal", proposal_id)
        one = _proposal(request, proposal_id)
    return _page(request, one, plan=form)


@open_to(Policy.CASEWORK)
@require_POST
def met(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Note that the two have met."""
    one = _proposal(request, proposal_id)
    form = MetForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        if attempt(request, lambda: record_met(by=request.actor, proposal=one, on=told["on"]), form) is not None:
            say(
                request,
                _("Noted. Now ask each of them in private whether she wants to go on; both get a letter too."),
                undo=reverse("desk:proposal_met_back", args=[one.pk]),
            )
            return redirect("desk:proposal", proposal_id)
        one = _proposal(request, proposal_id)
    return _page(request, one, met=form)


@open_to(Policy.CASEWORK)
@require_POST
def met_back(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Take back that the two have met."""
    one = _proposal(request, proposal_id)
    knows = _knows_letters_left(request)
    done = attempt(request, lambda: take_back_met(by=request.actor, proposal=one, knows_letters_left=knows))
    if done is not None:
        _say_taken_back(request, done, _("Taken back. They are to meet, as before."))
    return redirect("desk:proposal", proposal_id)


@open_to(Policy.CASEWORK)
@require_POST
def withdraw(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Take a proposal back, or delete a draft."""
    one = _proposal(request, proposal_id)
    was_draft = one.state == ProposalState.DRAFT
    form = WithdrawForm(request.POST, is_sent=one.state != ProposalState.DRAFT)
    if form.is_valid():
        note = form.cleaned_data["note"]
        done = attempt(request, lambda: withdraw_proposal(by=request.actor, proposal=one, note=note), form)
        if done is not None:
            undo = reverse("desk:proposal_withdrawal_back", args=[one.pk])
            if was_draft:
                say(request, _("The draft is put aside. Nobody was told; choose somebody else here."), undo=undo)
                return redirect("desk:match", one.mentee_id)
            both, bare = _("Taken back. Both get a letter, and both are free again."), _("Taken back. Both are free.")
            _say_ended(request, done, both, bare, undo)
            return redirect("desk:proposal", proposal_id)
        one = _proposal(request, proposal_id)
    return _page(request, one, withdraw=form)


@open_to(Policy.CASEWORK)
@require_POST
def withdrawal_back(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Let a proposal stand again that was withdrawn by mistake."""
    one = _proposal(request, proposal_id)
    knows = _knows_letters_left(request)
    done = attempt(request, lambda: take_back_withdrawal(by=request.actor, proposal=one, knows_letters_left=knows))
    if done is not None:
        _say_taken_back(request, done, _("It stands again, as before."))
    return redirect("desk:proposal", proposal_id)
