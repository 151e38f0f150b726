"""Training on the desk: who lacks it, what somebody has done, noting a meeting, letting off, taking back."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.models import Enrolment
from mentornet.intake.queries import people_found, visible_enrolments
from mentornet.learning import services
from mentornet.learning.queries import Training, every_module, left_of, modules, trainings_of, untrained_mentors
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.training.forms import EveningForm, LetOffForm, MeetingForm
from mentornet.web.desk.training.shown import lines_of, rows_of
from mentornet.web.ui.toasts import say

A_PAGE = 40


def _language() -> str:
    return get_language() or "en"


@open_to(Policy.CASEWORK)
def untrained(request: DeskRequest) -> HttpResponse:
    """Show the mentors who are not in the bank yet for want of training, and note who came to a meeting."""
    by = request.actor
    mentors = untrained_mentors(by)
    texts = modules(Role.MENTOR, _language())
    form = EveningForm(posted(request), mentors=mentors, texts=texts, today=by.today)
    if request.method == "POST" and form.is_valid():
        who = list(form.cleaned_data["who"])
        came_in = attempt(
            request,
            lambda: services.note_evening(by=by, enrolments=who, modules=form.chosen(), on=form.cleaned_data["on"]),
            form,
        )
        if came_in is not None:
            noted = ngettext("Noted for %(count)s mentor.", "Noted for %(count)s mentors.", len(who))
            ready = ngettext(
                "%(count)s of them is in the mentor bank now.", "%(count)s of them are in the mentor bank now.", came_in
            )
            words = noted % {"count": len(who)}
            say(request, f"{words} {ready % {'count': came_in}}" if came_in else words)
            return redirect("desk:untrained")
    q = request.GET.get("q", "").strip()
    shown = mentors.filter(person__in=people_found(by, q)) if q else mentors
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    return render(
        request,
        "desk/training/untrained.html",
        {
            "rows": rows_of(listed, left_of(listed), {text.module_id: text for text in texts}, form.ticked()),
            "page": page,
            "form": form,
            "q": q,
        },
        status=422 if form.errors else 200,
    )


def _enrolment(request: DeskRequest, enrolment_id: UUID) -> Enrolment:
    return get_object_or_404(visible_enrolments(request.actor), pk=enrolment_id)


@open_to(Policy.CASEWORK)
def training(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Show what somebody has done of her training; note a meeting, or let her off the rest."""
    by, enrolment = request.actor, _enrolment(request, enrolment_id)
    hers = trainings_of([enrolment], _language())[0]
    lets_off = "let_off" in request.POST
    sent = posted(request)
    met = MeetingForm(None if lets_off else sent, texts=[part.text for part in hers.left], today=by.today)
    let_off = LetOffForm(sent if lets_off else None)
    if request.method == "POST":
        done = _let_off(request, enrolment, let_off) if lets_off else _note(request, enrolment, met)
        if done:
            return redirect("desk:training", enrolment_id=enrolment.pk)
    return render(
        request,
        "desk/training/training.html",
        {
            "enrolment": enrolment,
            "person": enrolment.person,
            "training": hers,
            "lines": lines_of(hers),
            "met": met,
            "let_off": let_off,
            "is_ready": _is_ready(hers),
        },
        status=422 if met.errors or let_off.errors else 200,
    )


def _is_ready(training: Training) -> bool:
    """Tell whether nothing is left, and yet she has not come into the bank by it: her programme asks for less now."""
    enrolment = training.enrolment
    waits = enrolment.role == Role.MENTOR and enrolment.briefed_on is None and enrolment.ended_on is None
    return waits and not training.left


def _note(request: DeskRequest, enrolment: Enrolment, form: MeetingForm) -> bool:
    if not form.is_valid():
        return False
    chosen = form.chosen()
    came_in = attempt(
        request,
        lambda: services.note_evening(
            by=request.actor, enrolments=[enrolment], modules=chosen, on=form.cleaned_data["on"]
        ),
        form,
    )
    if came_in is None:
        return False
    _tell(request, enrolment, came_in=bool(came_in), undo=chosen[0].slug if len(chosen) == 1 else "")
    return True


def _let_off(request: DeskRequest, enrolment: Enrolment, form: LetOffForm) -> bool:
    if not form.is_valid():
        return False
    noted = attempt(
        request,
        lambda: services.let_off(by=request.actor, enrolment=enrolment, reason=form.cleaned_data["reason"]),
        form,
    )
    if noted is None:
        return False
    _tell(request, enrolment, came_in=any(one.brought_in for one in noted))
    return True


def _tell(request: DeskRequest, enrolment: Enrolment, *, came_in: bool, undo: str = "") -> None:
    name = {"name": enrolment.person.first_name}
    words = _("Noted. %(name)s is in the mentor bank now.") if came_in else _("Noted for %(name)s.")
    say(request, words % name, undo=reverse("desk:training_back", args=[enrolment.pk, undo]) if undo else "")


@open_to(Policy.CASEWORK)
@require_POST
def take_back(request: DeskRequest, enrolment_id: UUID, module: str) -> HttpResponse:
    """Take back a note that was wrong."""
    enrolment = _enrolment(request, enrolment_id)
    found = get_object_or_404(every_module(), role=enrolment.role, slug=module)
    left = attempt(request, lambda: services.take_training_back(by=request.actor, enrolment=enrolment, module=found))
    if left is not None:
        words = (
            _("Taken back. %(name)s is no longer in the mentor bank: something is left of her training.")
            if left
            else _("Taken back. It stands among what is left of %(name)s’s training.")
        )
        say(request, words % {"name": enrolment.person.first_name})
    return redirect("desk:training", enrolment_id=enrolment.pk)
