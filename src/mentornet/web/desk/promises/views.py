"""Why somebody waits, and exceptions from the order: noted, taken back, and counted by division."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import divisions_of
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.intake.rules import may_note_why
from mentornet.intake.services import waiting
from mentornet.intake.waiting import passed_over_by, shows_by_itself, standing_exception, visible_exceptions
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.promises.forms import EarlierForm, WhyForm
from mentornet.web.desk.promises.shown import LATELY, report_of
from mentornet.web.ui.toasts import say


def enrolment_of(request: DeskRequest, enrolment_id: UUID) -> Enrolment:
    """Return a mentee's place of the reader's divisions; anything else is not there."""
    return get_object_or_404(visible_enrolments(request.actor), pk=enrolment_id, role="mentee")


@open_to(Policy.CASEWORK)
def why(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Note why she waits, with a word; or let it show in what is written down."""
    by, enrolment = request.actor, enrolment_of(request, enrolment_id)
    form = WhyForm(
        posted(request),
        shows=shows_by_itself(enrolment, by.today),
        initial={"reason": enrolment.wait_reason, "words": enrolment.wait_words},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Enrolment:
            return waiting.note_why(by=by, enrolment=enrolment, reason=data["reason"], words=data["words"])

        if attempt(request, act, form) is not None:
            say(request, _("Noted. It stands on the waiting list, and she reads it in plain words on her own page."))
            return redirect("desk:waiting")
    context = {
        "enrolment": enrolment,
        "person": enrolment.person,
        "form": form,
        "may": may_note_why(by, enrolment),
    }
    return render(request, "desk/promises/why.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
def earlier(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Take her before others who have waited longer; or show by what she is, and take it back."""
    by, enrolment = request.actor, enrolment_of(request, enrolment_id)
    standing = standing_exception(enrolment)
    form = EarlierForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Earlier:
            return waiting.take_earlier(by=by, enrolment=enrolment, reason=data["reason"], words=data["words"])

        if attempt(request, act, form) is not None:
            said = _("She stands first on the waiting list, with the reason. Find her a mentor now.")
            say(request, said, undo=reverse("desk:waiting_in_order", args=[enrolment.pk]))
            return redirect("desk:waiting")
    context = {
        "enrolment": enrolment,
        "person": enrolment.person,
        "form": form,
        "standing": standing,
        "passed_over": passed_over_by(enrolment, by.casework, by.today),
        "may": may_note_why(by, enrolment),
    }
    return render(request, "desk/promises/earlier.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
@require_POST
def keep_in_order(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Take the exception back: she has her place in the order again."""
    by, enrolment = request.actor, enrolment_of(request, enrolment_id)
    if attempt(request, lambda: waiting.keep_order(by=by, enrolment=enrolment)) is not None:
        name = {"name": enrolment.person.first_name}
        say(request, _("Taken back. %(name)s has her place in the order again.") % name)
    return redirect("desk:waiting")


@open_to(Policy.CASEWORK)
def taken_earlier(request: DeskRequest) -> HttpResponse:
    """Show how often somebody was taken before others in the last year, by division, and why."""
    by = request.actor
    lately = list(visible_exceptions(by).filter(created_at__gte=by.at - LATELY))
    context = {"parts": report_of(lately, list(divisions_of(by))), "today": by.today, "since": (by.at - LATELY).date()}
    return render(request, "desk/promises/taken_earlier.html", context)
