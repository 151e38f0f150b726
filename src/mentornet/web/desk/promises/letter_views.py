"""What the program will write to those who wait: seen before it leaves, and stopped by whoever tells her herself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.services.waiting import tell_her_by_hand
from mentornet.intake.waiting import LOOKS_AHEAD, cares, words_to_come
from mentornet.messaging.queries import all_latest_words, who_refuses
from mentornet.messaging.templates import Kind
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.queries import who_objects
from mentornet.people.recipients import person_key
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.promises.shown import Letters, letters_to_come
from mentornet.web.desk.promises.views import enrolment_of
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
def letters(request: DeskRequest) -> HttpResponse:
    """Show who is promised a word in the next two weeks, what the program writes, and on which day it does."""
    by = request.actor
    coming = list(words_to_come(by, by.casework))
    people = {one.person_id for one in coming}
    silent = who_objects(people, ObjectionPurpose.NEWS)
    refused = who_refuses([person_key(key) for key in people], Kind.NEWS)
    silent |= {key for key in people if person_key(key) in refused}
    context = {
        "days": letters_to_come(coming, Letters(cares(), silent, all_latest_words(), by.today)),
        "found": len(coming),
        "ahead": LOOKS_AHEAD.days,
        "today": by.today,
    }
    return render(request, "desk/promises/letters.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def stop(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Stop the next letter: somebody tells her herself, and the promise stands on Today."""
    by, enrolment = request.actor, enrolment_of(request, enrolment_id)
    if attempt(request, lambda: tell_her_by_hand(by=by, enrolment=enrolment, by_hand=True)) is not None:
        said = _("The program does not write to %(name)s. Her promise stands on Today: tell her yourself.")
        undo = reverse("desk:waiting_letter_write", args=[enrolment.pk])
        say(request, said % {"name": enrolment.person.first_name}, undo=undo)
    return redirect("desk:waiting_letters")


@open_to(Policy.CASEWORK)
@require_POST
def write(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Let the program write to her after all."""
    by, enrolment = request.actor, enrolment_of(request, enrolment_id)
    if attempt(request, lambda: tell_her_by_hand(by=by, enrolment=enrolment, by_hand=False)) is not None:
        said = _("The program writes to %(name)s again before her promise is broken.")
        say(request, said % {"name": enrolment.person.first_name})
    return redirect("desk:waiting_letters")
