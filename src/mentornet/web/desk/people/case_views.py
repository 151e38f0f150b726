"""What is done with an enrolment: a word, rest, briefing, places, the end, another coordinator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import coordinators_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.intake.services import enrolments as services
from mentornet.intake.services import resting
from mentornet.learning.queries import modules_left
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.case_forms import (
    BY_CALL,
    BriefForm,
    CapacityForm,
    EndForm,
    HandOverForm,
    RestForm,
    WordForm,
)
from mentornet.web.desk.people.standing import day
from mentornet.web.ui.toasts import say


@dataclass(frozen=True, slots=True)
class Act:
    """An act with a page of its own.

    Attributes:
        title: its heading, which the button repeats where ``says`` has no other words for it.
        lede: what follows from it.
        do: the service.
        done: the sentence said afterwards.
        undo: the name of the address that takes it back, where there is one.
    """

    title: str
    lede: str
    icon: str
    do: Callable[[], Enrolment]
    done: Callable[[Enrolment], str]
    says: str = ""
    tone: str = "primary"
    undo: str = ""

    @property
    def button(self) -> str:
        """The button's words."""
        return self.says or self.title


def _enrolment(request: DeskRequest, enrolment_id: UUID) -> Enrolment:
    return get_object_or_404(visible_enrolments(request.actor), pk=enrolment_id)


def _back(request: DeskRequest, enrolment: Enrolment) -> HttpResponse:
    """Lead back to where the act was asked for, or to her page."""
    wanted, host = request.POST.get("next", ""), {request.get_host()}
    # What begins otherwise is taken for the name of a view.
    is_path = wanted.startswith("/")
    if is_path and url_has_allowed_host_and_scheme(wanted, allowed_hosts=host, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("desk:person", person_id=enrolment.person_id)


def _page(request: DeskRequest, enrolment: Enrolment, form: forms.Form, act: Act) -> HttpResponse:
    """Show an act's form, or do it and say what follows and how it is taken back."""
    if request.method == "POST" and form.is_valid():
        changed = attempt(request, act.do, form)
        if changed is not None:
            say(request, act.done(changed), undo=reverse(act.undo, args=[changed.pk]) if act.undo else "")
            return _back(request, enrolment)
    context = {
        "enrolment": enrolment,
        "person": enrolment.person,
        "form": form,
        "shown": act,
        "next": request.POST.get("next", ""),
    }
    return render(request, "desk/people/act.html", context)


def _at_once(request: DeskRequest, enrolment: Enrolment, do: Callable[[], Enrolment], done: str) -> HttpResponse:
    """Do what needs no page; ``done`` has her name in it."""
    if attempt(request, do) is not None:
        say(request, done % _named(enrolment))
    return _back(request, enrolment)


def _named(enrolment: Enrolment, **values: str) -> dict[str, str]:
    return {"name": enrolment.person.first_name, **values}


@open_to(Policy.CASEWORK)
def word(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Tell a mentee that she still waits; an empty POST sends the letter and promises the next word in four weeks."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = WordForm(posted(request), today=by.today)

    def do() -> Enrolment:
        return services.give_word(
            by=by,
            enrolment=enrolment,
            next_on=form.cleaned_data["next_on"],
            by_letter=form.cleaned_data["how"] != BY_CALL,
        )

    def done(changed: Enrolment) -> str:
        values = _named(changed, day=day(changed.word_due_on))
        if form.cleaned_data["how"] == BY_CALL:
            return _("Noted. %(name)s hears from you again by %(day)s.") % values
        return (
            _(
                "The letter to %(name)s leaves in a minute; until then it can be taken back under Letters. "
                "She hears from you again by %(day)s."
            )
            % values
        )

    act = Act(
        title=_("Send her a word"),
        lede=_("She hears honestly that she still waits, and by when she hears from you again."),
        icon="letter",
        do=do,
        done=done,
    )
    return _page(request, enrolment, form, act)


@open_to(Policy.CASEWORK)
def rest(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Let a mentor rest until a day, or note that she, or a mentee who waits, wants to be asked on it first."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = RestForm(posted(request), today=by.today)
    if enrolment.role == Role.MENTEE or enrolment.returns_when_asked:
        return _page(request, enrolment, form, _break_act(by, enrolment, form))
    act = Act(
        title=_("Let her rest"),
        lede=_("Until then she is not in the mentor bank. A partnership that runs goes on."),
        icon="pause",
        do=lambda: services.rest(by=by, enrolment=enrolment, until=form.cleaned_data["until"]),
        done=lambda changed: (
            _("%(name)s rests until %(day)s. Then she is in the bank again by herself.")
            % _named(changed, day=day(changed.resting_until))
        ),
        undo="desk:enrolment_wake",
    )
    return _page(request, enrolment, form, act)


def _break_act(by: Staff, enrolment: Enrolment, form: RestForm) -> Act:
    form.fields["until"].label = _("Ask her again on")
    form.fields["until"].help_text = _("On that day she gets a letter. Nobody is proposed to her until she answers.")
    if enrolment.role == Role.MENTEE:
        title, lede = _("She wants a break"), _("She keeps her place on the waiting list.")
    else:
        title, lede = _("She rests longer"), _("A partnership that runs goes on.")
    return Act(
        title=title,
        lede=lede,
        icon="pause",
        says=_("Save"),
        do=lambda: resting.rest_until_asked(by=by, enrolment=enrolment, until=form.cleaned_data["until"]),
        done=lambda changed: (
            _("%(name)s rests, and is asked on %(day)s.") % _named(changed, day=day(changed.resting_until))
        ),
        undo="desk:enrolment_wake",
    )


@open_to(Policy.CASEWORK)
def back(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Show what somebody can have answered who was asked whether she is back."""
    enrolment = _enrolment(request, enrolment_id)
    context = {"enrolment": enrolment, "person": enrolment.person}
    return render(request, "desk/people/back.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def wake(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """End a rest: she is in the bank again, or waits as before."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    return _at_once(
        request,
        enrolment,
        lambda: resting.come_back(by=by, enrolment=enrolment),
        _("%(name)s is no longer resting."),
    )


@open_to(Policy.CASEWORK)
def brief(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Note the day of a mentor's briefing."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = BriefForm(posted(request), today=by.today)
    if enrolment.role == Role.MENTOR and enrolment.briefed_on is None:
        left = modules_left(enrolment.person_id, enrolment.role, enrolment.programme_id).count()
        if left:
            # Nobody comes into the bank past her training: it is noted there, or she is let off it with a reason.
            words = ngettext(
                "%(count)s part of her training is left. Note that she has done it, or let her off with a reason.",
                "%(count)s parts of her training are left. Note that she has done them, or let her off with a reason.",
                left,
            )
            say(request, words % {"count": left}, tone="info")
            return redirect("desk:training", enrolment.pk)
    act = Act(
        title=_("Note the briefing"),
        lede=_("From then on she is in the mentor bank, and can be proposed."),
        icon="book",
        do=lambda: services.brief(by=by, enrolment=enrolment, on=form.cleaned_data["on"]),
        done=lambda changed: _("%(name)s is in the mentor bank now.") % _named(changed),
    )
    return _page(request, enrolment, form, act)


@open_to(Policy.CASEWORK)
def capacity(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Change how many a mentor can be paired with at once."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = CapacityForm(posted(request), initial={"capacity": enrolment.capacity})
    act = Act(
        title=_("How many at the same time"),
        lede=_("What is promised and what runs stays as it is."),
        says=_("Save"),
        icon="people",
        do=lambda: services.set_capacity(by=by, enrolment=enrolment, capacity=form.cleaned_data["capacity"]),
        done=lambda changed: (
            ngettext(
                "Saved. %(count)s of her places is free.",
                "Saved. %(count)s of her places are free.",
                changed.places_left,
            )
            % {"count": changed.places_left}
        ),
    )
    return _page(request, enrolment, form, act)


@open_to(Policy.CASEWORK)
def end(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Take somebody off the waiting list, or out of the bank, with a reason."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = EndForm(posted(request))
    act = Act(
        title=_("End her participation"),
        lede=_(
            "She is no longer on the waiting list, or in the mentor bank. Her file stays, and this can be taken back."
        ),
        tone="danger",
        icon="archive",
        do=lambda: services.end_enrolment(by=by, enrolment=enrolment, reason=form.cleaned_data["reason"]),
        done=lambda changed: _("%(name)s has left. Nobody writes to her any more.") % _named(changed),
        undo="desk:enrolment_resume",
    )
    return _page(request, enrolment, form, act)


@open_to(Policy.CASEWORK)
@require_POST
def resume(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Take an end back: she is where she was, with the same wait."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    return _at_once(
        request,
        enrolment,
        lambda: services.resume_enrolment(by=by, enrolment=enrolment),
        _("%(name)s is back where she was."),
    )


@open_to(Policy.CASEWORK)
def hand_over(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Give a case to another coordinator of the division."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    staff = coordinators_in(enrolment.division_id, by.today)
    form = HandOverForm(posted(request), staff=staff, initial={"coordinator": enrolment.coordinator_id})
    act = Act(
        title=_("Give the case to another coordinator"),
        lede=_("Her page holds all that has happened. What is to be done about her stands on the other’s Today."),
        says=_("Hand over"),
        icon="swap",
        do=lambda: services.hand_over(by=by, enrolment=enrolment, coordinator_id=form.cleaned_data["coordinator"].pk),
        done=lambda changed: (
            _("%(coordinator)s looks after %(name)s now.")
            % _named(changed, coordinator=form.cleaned_data["coordinator"].name)
        ),
    )
    return _page(request, enrolment, form, act)
