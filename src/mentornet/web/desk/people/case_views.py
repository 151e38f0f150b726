"""What is done with an enrolment: a word, rest, briefing, places, the end, another coordinator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import coordinators_in
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.intake.services import enrolments as services
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
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
class ActPage:
    """A page with one act: its heading, what follows from it, and the button's words."""

    title: str
    lede: str
    button: str
    tone: str = "primary"
    icon: str = ""


def _enrolment(request: DeskRequest, enrolment_id: UUID) -> Enrolment:
    return get_object_or_404(visible_enrolments(request.actor), pk=enrolment_id)


def back_to(request: DeskRequest, enrolment: Enrolment) -> HttpResponse:
    """Lead back to where the act was asked for, or to her page."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("desk:person", person_id=enrolment.person_id)


def act_page(
    request: DeskRequest,
    enrolment: Enrolment,
    form: forms.Form,
    shown: ActPage,
    act: Callable[[], Enrolment],
    done: Callable[[Enrolment], tuple[str, str]],
) -> HttpResponse:
    """Show an act's form, or do it and say what follows (a sentence, and the address that takes it back)."""
    if request.method == "POST" and form.is_valid():
        result = attempt(request, act, form)
        if result is not None:
            text, undo = done(result)
            say(request, text, undo=undo)
            return back_to(request, enrolment)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "person": enrolment.person,
        "form": form,
        "shown": shown,
        "next": request.POST.get("next", ""),
    }
    return render(request, "desk/people/act.html", context)


@open_to(Policy.CASEWORK)
def word(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Tell a mentee that she still waits; an empty POST sends the letter and promises the next word in four weeks."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = WordForm(request.POST if request.method == "POST" else None, today=by.today)

    def act() -> Enrolment:
        return services.give_word(
            by=by,
            enrolment=enrolment,
            next_on=form.cleaned_data["next_on"],
            by_letter=form.cleaned_data["how"] != BY_CALL,
        )

    def done(changed: Enrolment) -> tuple[str, str]:
        values = {"name": changed.person.first_name, "day": day(changed.word_due_on)}
        if form.cleaned_data["how"] == BY_CALL:
            return _("Noted. %(name)s hears from you again by %(day)s.") % values, ""
        return _(
            "The letter to %(name)s leaves in a minute; until then it can be taken back under Letters. "
            "She hears from you again by %(day)s."
        ) % values, ""

    shown = ActPage(
        _("Give her a word"),
        _("She hears honestly that she still waits, and by when she hears from you again."),
        _("Give her a word"),
        icon="letter",
    )
    return act_page(request, enrolment, form, shown, act, done)


@open_to(Policy.CASEWORK)
def rest(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Let a mentor rest until a day."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = RestForm(request.POST or None, today=by.today)
    shown = ActPage(
        _("Let her rest"),
        _("Until then she is not in the mentor bank. A partnership that runs goes on."),
        _("Let her rest"),
        icon="pause",
    )
    return act_page(
        request,
        enrolment,
        form,
        shown,
        lambda: services.rest(by=by, enrolment=enrolment, until=form.cleaned_data["until"]),
        lambda changed: (
            _("%(name)s rests until %(day)s. Then she is in the bank again by herself.")
            % {"name": changed.person.first_name, "day": day(changed.resting_until)},
            reverse("desk:enrolment_wake", args=[changed.pk]),
        ),
    )


@open_to(Policy.CASEWORK)
@require_POST
def wake(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """End a mentor's rest."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    changed = attempt(request, lambda: services.rest(by=by, enrolment=enrolment, until=None))
    if changed is not None:
        say(request, _("%(name)s is no longer resting.") % {"name": changed.person.first_name})
    return back_to(request, enrolment)


@open_to(Policy.CASEWORK)
def brief(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Note the day of a mentor's briefing."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = BriefForm(request.POST or None, today=by.today)
    shown = ActPage(
        _("Note the briefing"),
        _("From then on she is in the mentor bank, and can be proposed."),
        _("Note the briefing"),
        icon="book",
    )
    return act_page(
        request,
        enrolment,
        form,
        shown,
        lambda: services.brief(by=by, enrolment=enrolment, on=form.cleaned_data["on"]),
        lambda changed: (_("%(name)s is in the mentor bank now.") % {"name": changed.person.first_name}, ""),
    )


@open_to(Policy.CASEWORK)
def capacity(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Change how many a mentor can be paired with at once."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = CapacityForm(request.POST or None, initial={"capacity": enrolment.capacity})
    shown = ActPage(
        _("How many at the same time"),
        _("What is promised and what runs stays as it is."),
        _("Save"),
        icon="people",
    )
    return act_page(
        request,
        enrolment,
        form,
        shown,
        lambda: services.set_capacity(by=by, enrolment=enrolment, capacity=form.cleaned_data["capacity"]),
        lambda changed: (_("Saved. %(count)s of her places are free.") % {"count": changed.places_left}, ""),
    )


@open_to(Policy.CASEWORK)
def end(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Take somebody off the waiting list, or out of the bank, with a reason."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    form = EndForm(request.POST or None)
    shown = ActPage(
        _("She leaves"),
        _("She is no longer on the waiting list, or in the mentor bank. Her file stays, and this can be taken back."),
        _("She leaves"),
        tone="danger",
        icon="archive",
    )
    return act_page(
        request,
        enrolment,
        form,
        shown,
        lambda: services.end_enrolment(by=by, enrolment=enrolment, reason=form.cleaned_data["reason"]),
        lambda changed: (
            _("%(name)s has left. Nobody writes to her any more.") % {"name": changed.person.first_name},
            reverse("desk:enrolment_resume", args=[changed.pk]),
        ),
    )


@open_to(Policy.CASEWORK)
@require_POST
def resume(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Take an end back: she is where she was, with the same wait."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    changed = attempt(request, lambda: services.resume_enrolment(by=by, enrolment=enrolment))
    if changed is not None:
        say(request, _("%(name)s is back where she was.") % {"name": changed.person.first_name})
    return back_to(request, enrolment)


@open_to(Policy.CASEWORK)
def hand_over(request: DeskRequest, enrolment_id: UUID) -> HttpResponseBase:
    """Give a case to another coordinator of the division."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    staff = coordinators_in(enrolment.division_id, by.today)
    form = HandOverForm(request.POST or None, staff=staff, initial={"coordinator": enrolment.coordinator_id})
    shown = ActPage(
        _("Give the case to another coordinator"),
        _("Her page holds all that has happened. What is to be done about her stands on the other’s Today."),
        _("Hand over"),
        icon="swap",
    )
    return act_page(
        request,
        enrolment,
        form,
        shown,
        lambda: services.hand_over(by=by, enrolment=enrolment, coordinator_id=form.cleaned_data["coordinator"].pk),
        lambda changed: (
            _("%(coordinator)s looks after %(name)s now.")
            % {"coordinator": form.cleaned_data["coordinator"].name, "name": changed.person.first_name},
            "",
        ),
    )
