"""Endings: one thing on each page, kept as one goes; called off, taken back; and going on for longer instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from mentornet.common.answers import ChangedMeanwhileError
from mentornet.followup import services as following
from mentornet.partnerships import services
from mentornet.partnerships.ending import mark_of, mark_of_step, usual_next, without_blame
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.outcomes import MentorNext
from mentornet.partnerships.queries import sides_of, standing_closure, visible_partnerships
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role
from mentornet.programmes.queries import current_version
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.partnerships import ending_shown
from mentornet.web.desk.partnerships.ending_forms import (
    ContactForm,
    ExtendForm,
    NextForm,
    OutcomeForm,
    ReopenForm,
    ScenarioForm,
    SummaryForm,
    TalkForm,
    ThanksForm,
)
from mentornet.web.desk.people.standing import day
from mentornet.web.ui.toasts import say

SCENARIO: Final = "scenario"
SUMMARY: Final = "summary"


@dataclass
class Draft:
    """An ending on its way: the pair, and what has been filled in; none before the first step."""

    request: DeskRequest
    pair: Partnership
    closure: Closure | None
    sides: Mapping[str, ClosureSide]

    @property
    def filled(self) -> tuple[str, ...]:
        """The steps that are filled in."""
        return tuple(self.closure.filled or ()) if self.closure else ()

    @property
    def mark(self) -> str:
        """How it comes to the ending, as it stands now."""
        return mark_of(self.closure, self.sides.values())

    def stands(self, step: str) -> str:
        """How a step stands now, for its form to tell what its reader has seen."""
        return self.mark if step == SCENARIO else mark_of_step(self.begun, list(self.sides.values()), step)

    @property
    def begun(self) -> Closure:
        """The ending that has been begun."""
        assert self.closure is not None
        return self.closure


def _scenario_form(draft: Draft) -> forms.Form:
    initial: dict[str, Any] = {}
    if draft.closure is not None and "scenario" in draft.filled:
        led = next((side for side, row in draft.sides.items() if row.led_to_it), "")
        initial |= {"scenario": draft.closure.scenario, "who": led}
    return ScenarioForm(posted(draft.request), initial=initial)


def _save_scenario(draft: Draft, data: Mapping[str, Any]) -> object:
    return services.begin_ending(
        by=draft.request.actor,
        partnership=draft.pair,
        scenario=data["scenario"],
        who=data["who"],
        seen=data["seen"],
    )


def _talk_form(side: Role) -> Callable[[Draft], forms.Form]:
    def make(draft: Draft) -> forms.Form:
        row = draft.sides[side]
        initial = {"talk": row.talk, "on": row.talk_on, "said": row.said, "reason": row.reason or row.own_reason}
        return TalkForm(posted(draft.request), initial=initial)

    return make


def _save_talk(side: Role) -> Callable[[Draft, Mapping[str, Any]], object]:
    def save(draft: Draft, data: Mapping[str, Any]) -> object:
        return services.note_exit_talk(by=draft.request.actor, closure=draft.begun, side=side, **data)

    return save


def _outcome_form(draft: Draft) -> forms.Form:
    names = ("work", "hours", "own_level", "danish_step", "network")
    initial = {name: getattr(draft.begun, name) for name in names} | {"words": draft.begun.outcome_words}
    return OutcomeForm(posted(draft.request), initial=initial)


def _save_outcome(draft: Draft, data: Mapping[str, Any]) -> object:
    return services.note_outcome(by=draft.request.actor, closure=draft.begun, **data)


def _contact_form(draft: Draft) -> forms.Form:
    closure = draft.begun
    wants = {side: row.wants_contact or row.own_contact for side, row in draft.sides.items()}
    initial = {"rule": closure.later_contact, "keeps_apart": closure.keeps_apart, **wants}
    return ContactForm(posted(draft.request), initial=initial, is_safety=closure.is_safety)


def _save_contact(draft: Draft, data: Mapping[str, Any]) -> object:
    return services.settle_contact(
        by=draft.request.actor,
        closure=draft.begun,
        rule=data["rule"],
        wants={side: data[side] for side in Role.values},
        keeps_apart=data["keeps_apart"],
    )


def _next_form(draft: Draft) -> forms.Form:
    closure, by = draft.begun, draft.request.actor
    care = current_version(draft.pair.mentee.programme_id).care
    rests = by.today + timedelta(days=care.mentor_rest_days)
    usual = MentorNext.RESTS if care.mentor_rest_days else MentorNext.READY
    initial = {
        "mentee": closure.mentee_next or usual_next(closure, without_blame(closure, draft.sides.values())),
        "mentor": closure.mentor_next or usual,
        "mentor_rests_until": closure.mentor_rests_until or (rests if care.mentor_rest_days else None),
        "blame": closure.blame,
        "blame_words": closure.blame_words,
    }
    return NextForm(posted(draft.request), initial=initial)


def _save_next(draft: Draft, data: Mapping[str, Any]) -> object:
    return services.settle_next(by=draft.request.actor, closure=draft.begun, **data)


def _thanks_form(draft: Draft) -> forms.Form:
    people = {Role.MENTEE: draft.pair.mentee.person, Role.MENTOR: draft.pair.mentor.person}
    names = {str(side): person.first_name for side, person in people.items()}
    unthanked = [side for side, row in draft.sides.items() if draft.begun.is_safety and row.led_to_it]
    initial = {f"thanks_{side}": row.has_thanks for side, row in draft.sides.items()}
    initial |= {f"ask_{side}": row.may_be_asked for side, row in draft.sides.items()}
    return ThanksForm(posted(draft.request), names=names, unthanked=unthanked, initial=initial)


def _save_thanks(draft: Draft, data: Mapping[str, Any]) -> object:
    return services.choose_letters(
        by=draft.request.actor,
        closure=draft.begun,
        thanks={side: data.get(f"thanks_{side}", False) for side in Role.values},
        may_ask={side: data[f"ask_{side}"] for side in Role.values},
    )


def _summary_form(draft: Draft) -> forms.Form:
    by, closure = draft.request.actor, draft.begun
    said = {row.reason or row.own_reason for row in draft.sides.values()} - {""}
    initial: dict[str, Any] = {"reason": closure.reason or ("safety" if closure.is_safety else "")}
    if not initial["reason"] and len(said) == 1:
        initial["reason"] = said.pop()
    return SummaryForm(posted(draft.request), today=by.today, initial=initial)


def _save_summary(draft: Draft, data: Mapping[str, Any]) -> object:
    return following.close_partnership(by=draft.request.actor, closure=draft.begun, **data)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of an ending.

    Attributes:
        key: under which the service keeps that it is filled in.
        form, save: what is asked, and what keeps it.
    """

    key: str
    label: str | Promise
    title: str | Promise
    form: Callable[[Draft], forms.Form]
    save: Callable[[Draft, Mapping[str, Any]], object]


STEPS: Final[Mapping[str, Step]] = {
    SCENARIO: Step(
        "scenario", gettext_lazy("How it ends"), gettext_lazy("End the partnership"), _scenario_form, _save_scenario
    ),
    "talk-mentee": Step(
        "talk_mentee", gettext_lazy("The mentee’s talk"), gettext_lazy("The last talk with the mentee"),
        _talk_form(Role.MENTEE), _save_talk(Role.MENTEE),
    ),
    "talk-mentor": Step(
        "talk_mentor", gettext_lazy("The mentor’s talk"), gettext_lazy("The last talk with the mentor"),
        _talk_form(Role.MENTOR), _save_talk(Role.MENTOR),
    ),
    "outcome": Step(
        "outcome", gettext_lazy("What came of it"), gettext_lazy("What has come of it?"), _outcome_form, _save_outcome
    ),
    "contact": Step(
        "contact", gettext_lazy("Later contact"), gettext_lazy("May the two keep in touch?"), _contact_form,
        _save_contact,
    ),
    "next": Step(
        "next", gettext_lazy("What comes next"), gettext_lazy("What comes next for each?"), _next_form, _save_next
    ),
    "thanks": Step(
        "thanks", gettext_lazy("Thanks"), gettext_lazy("Thanks, and later questions"), _thanks_form, _save_thanks
    ),
    SUMMARY: Step(
        "summary", pgettext_lazy("an ending", "Close"), gettext_lazy("Look it through, and close"), _summary_form,
        _save_summary,
    ),
}  # fmt: skip
"""The pages of an ending, in their order."""


def _pair(request: DeskRequest, partnership_id: UUID) -> Partnership:
    return get_object_or_404(visible_partnerships(request.actor), pk=partnership_id)


def _back(pair: Partnership) -> HttpResponse:
    return redirect("desk:partnership", partnership_id=pair.pk)


def _to(pair: Partnership, step: str) -> HttpResponse:
    return redirect("desk:partnership_close_step", partnership_id=pair.pk, page=step)


def _draft(request: DeskRequest, pair: Partnership) -> Draft:
    closure = standing_closure(pair)
    if closure is not None:
        closure.partnership = pair
    return Draft(request, pair, closure, {row.side: row for row in sides_of(closure)} if closure else {})


def _is_over(request: DeskRequest, pair: Partnership) -> HttpResponse | None:
    """Lead back where nothing can be filled in: it is closed, or not hers to close."""
    if pair.state == PartnershipState.CLOSED:
        say(request, _("This partnership has been closed already."), tone="info")
        return _back(pair)
    if not may_work_on(request.actor, pair):
        # What each of the two has said stands on these pages: it is read where the pair is looked after.
        say(request, _("The division of the mentee looks after this pair, and ends it."), tone="info")
        return _back(pair)
    return None


@open_to(Policy.CASEWORK)
def close(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Lead to the first page of an ending that is not filled in."""
    pair = _pair(request, partnership_id)
    if (over := _is_over(request, pair)) is not None:
        return over
    draft = _draft(request, pair)
    return _to(pair, next((slug for slug, step in STEPS.items() if step.key not in draft.filled), SUMMARY))


@open_to(Policy.CASEWORK)
def ending(request: DeskRequest, partnership_id: UUID, page: str) -> HttpResponse:
    """Show one page of an ending, and keep what is answered on it."""
    pair, step = _pair(request, partnership_id), page
    if step not in STEPS:
        raise Http404
    if (over := _is_over(request, pair)) is not None:
        return over
    draft = _draft(request, pair)
    if draft.closure is None and step != SCENARIO:
        return _to(pair, SCENARIO)
    chosen = STEPS[step]
    form = chosen.form(draft)
    # How it stood as this page was opened.
    form.fields["seen"] = forms.CharField(
        required=False, max_length=40, widget=forms.HiddenInput, initial=draft.stands(chosen.key)
    )
    if request.method == "POST" and form.is_valid():
        answered = _answered(request, draft, step, form)
        if answered is not None:
            return answered
    context = {
        "pair": pair,
        "form": form,
        "step": step,
        "title": chosen.title,
        "steps": _stepper(draft, step),
        "before": _neighbour(step, -1),
        "is_last": step == SUMMARY,
        "closure": draft.closure,
        "may": may_work_on(request.actor, pair),
        **ending_shown.beside(draft.request.actor, pair, draft.closure, draft.sides, step, request.GET.get("read", "")),
    }
    return render(request, "desk/partnerships/ending.html", context)


def _answered(request: DeskRequest, draft: Draft, step: str, form: forms.Form) -> HttpResponse | None:
    """Keep what was answered, and lead on; ``None`` where the page is shown again with what was typed."""
    chosen, stands = STEPS[step], draft.stands(STEPS[step].key)
    data = dict(form.cleaned_data)
    # Whoever sends no word of what she has seen has not opened the page.
    seen = data.pop("seen") if "seen" in form.data else stands
    if step == SCENARIO:
        is_stale = seen != stands
        if attempt(request, lambda: chosen.save(draft, data | {"seen": seen}) or True, None if is_stale else form):
            return _after(request, draft.pair, step)
        # What a colleague has chosen meanwhile stands there now.
        return _to(draft.pair, step) if is_stale else None

    def fill() -> bool:
        try:
            services.fill_in_as_read(
                by=request.actor,
                closure=draft.begun,
                step=chosen.key,
                seen=seen,
                fill=lambda: chosen.save(draft, {name: value for name, value in data.items() if name != "seen"}),
            )
        except ChangedMeanwhileError:
            # She is told now: what she sends next is said knowing it.
            form.data = QueryDict(request.POST.urlencode(), mutable=True)
            form.data["seen"] = stands
            raise
        return True

    return _after(request, draft.pair, step) if attempt(request, fill, form) else None


def _after(request: DeskRequest, pair: Partnership, step: str) -> HttpResponse:
    if step == SUMMARY:
        names = {"mentee": pair.mentee.person.first_name, "mentor": pair.mentor.person.first_name}
        say(
            request,
            _("Closed. What you have chosen for %(mentee)s and %(mentor)s is done; nothing is deleted.") % names,
        )
        return _back(pair)
    if step == SCENARIO and _draft(request, pair).begun.is_safety:
        say(
            request,
            _("They no longer see how to reach each other, and nobody is written to. Take your time with the rest."),
        )
    return _to(pair, _neighbour(step, 1) or SUMMARY)


def _neighbour(step: str, by: int) -> str:
    slugs = list(STEPS)
    place = slugs.index(step) + by
    return slugs[place] if 0 <= place < len(slugs) else ""


def _stepper(draft: Draft, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "state": "current" if slug == current else "done" if one.key in draft.filled else "ahead",
            "url": ""
            if slug == current or draft.closure is None
            else reverse("desk:partnership_close_step", args=[draft.pair.pk, slug]),
        }
        for slug, one in STEPS.items()
    ]


@open_to(Policy.CASEWORK)
@require_POST
def call_off(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Go on after all."""
    pair = _pair(request, partnership_id)
    done = attempt(request, lambda: services.call_ending_off(by=request.actor, partnership=pair))
    if done is not None:
        say(request, _("They go on. What you had filled in is put aside."))
    return _back(pair)


@open_to(Policy.CASEWORK)
def reopen(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Take an ending back that was a mistake."""
    pair = _pair(request, partnership_id)
    if pair.state != PartnershipState.CLOSED and request.method != "POST":
        return _back(pair)
    form = ReopenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        by = request.actor
        done = attempt(request, lambda: following.reopen_partnership(by=by, partnership=pair, words=words), form)
        if done is not None:
            say(request, _("They go on, as before. Call both today and tell them."))
            return _back(pair)
    return render(request, "desk/partnerships/reopen.html", {"pair": pair, "form": form})


@open_to(Policy.CASEWORK)
def extend(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Note that the two go on for longer."""
    pair, by = _pair(request, partnership_id), request.actor
    if (over := _is_over(request, pair)) is not None:
        return over
    form = ExtendForm(posted(request), today=by.today, until=pair.agreed_until)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        done = attempt(request, lambda: services.extend_agreement(by=by, partnership=pair, until=until), form)
        if done is not None:
            say(request, _("They go on until %(day)s.") % {"day": day(until)})
            return _back(pair)
    return render(request, "desk/partnerships/extend.html", {"pair": pair, "form": form})
