"""The outbox: what is to leave, has left, or could not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.beats import is_a_worker_alive
from mentornet.messaging import services
from mentornet.messaging.models import WAITS_FOR_SOMEBODY, Letter, LetterState, Problem
from mentornet.messaging.queries import counts_by_state, letters_in, undelivered_letters
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.letters.shown import rows_of, words_of
from mentornet.web.ui.toasts import say

A_PAGE = 40
MENDED_BY_CONTACT = {Problem.NO_ADDRESS, Problem.NO_PHONE, Problem.REFUSED, Problem.NUMBER}
MENDED_BY_OTHERS = {Problem.SERVER, Problem.TEXT_SERVER, Problem.BROKEN}
STUCK = "stuck"
"""Letters that wait for somebody, whatever their state."""


@open_to(Policy.CASEWORK)
def letters(request: DeskRequest) -> HttpResponse:
    """Show the letters of her divisions, newest first."""
    state = request.GET.get("state", "")
    every = letters_in(request.actor.casework)
    counts = counts_by_state(every)
    if state == STUCK:
        shown = undelivered_letters(request.actor.casework)
    else:
        shown = every.filter(state=state) if state in LetterState.values else every
    stuck = sum(counts.get(one, 0) for one in WAITS_FOR_SOMEBODY)
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": _("All"),
            "url": reverse("desk:letters"),
            "is_current": state not in {*LetterState.values, STUCK},
            "count": sum(counts.values()),
        }
    ]
    if stuck or state == STUCK:
        tabs.append(
            {
                "label": _("Not sent: tell her yourself"),
                "url": f"{reverse('desk:letters')}?{urlencode({'state': STUCK})}",
                "is_current": state == STUCK,
                "count": stuck,
            }
        )
    tabs += [
        {
            "label": capfirst(str(one.label)),
            "url": f"{reverse('desk:letters')}?{urlencode({'state': one.value})}",
            "is_current": one == state,
            "count": counts.get(one, 0),
        }
        for one in LetterState
        if counts.get(one) or one == state
    ]
    return render(
        request,
        "desk/letters/letters.html",
        {
            "rows": rows_of(page.object_list),
            "page": page,
            "tabs": tabs,
            "is_narrowed": state in {*LetterState.values, STUCK},
            "is_worker_alive": is_a_worker_alive(request.actor.at),
        },
    )


def _letter(request: DeskRequest, letter_id: UUID) -> Letter:
    return get_object_or_404(letters_in(request.actor.casework), pk=letter_id)


@open_to(Policy.CASEWORK)
def letter(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Show one letter: its words, its way, and what can still be done."""
    found = _letter(request, letter_id)
    row = rows_of([found])[0]
    subject, body = words_of(row)
    return render(
        request,
        "desk/letters/letter.html",
        {
            "row": row,
            "subject": subject,
            "body": body,
            "can_take_back": found.state == LetterState.QUEUED and found.send_after > request.actor.at,
            "can_resend": found.state in WAITS_FOR_SOMEBODY,
            "is_told": found.state == LetterState.SETTLED,
            "has_arrived": found.state == LetterState.ARRIVED,
            "mend_contact": found.problem in MENDED_BY_CONTACT,
            "must_call": found.state in WAITS_FOR_SOMEBODY and found.problem not in MENDED_BY_OTHERS,
        },
    )


def _done(
    request: DeskRequest, letter_id: UUID, act: Callable[..., object], words: str, *, can_be_undone: bool = False
) -> HttpResponse:
    """Do something with one letter, say so, and show it again."""
    found = _letter(request, letter_id)
    if attempt(request, lambda: act(by=request.actor, letter=found)) is not None:
        say(request, words, undo=reverse("desk:letter_untold", args=[found.pk]) if can_be_undone else "")
    return redirect("desk:letter", letter_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def take_back(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Take a letter back before it leaves."""
    words = _("The letter stays here. Nobody has been written to.")
    return _done(request, letter_id, services.take_back_letter, words)


@open_to(Policy.CASEWORK)
@require_POST
def resend(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Send a letter again that could not leave."""
    words = _("The letter is on its way again.")
    return _done(request, letter_id, services.resend_letter, words)


@open_to(Policy.CASEWORK)
@require_POST
def told(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Note that she has been told what the letter was to tell her."""
    words = _("Noted: she has been told. It no longer stands on Today.")
    return _done(request, letter_id, services.settle_letter, words, can_be_undone=True)


@open_to(Policy.CASEWORK)
@require_POST
def arrived(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Note that a text message has arrived of which nobody knew it."""
    words = _("Noted: she has it. It no longer stands on Today.")
    return _done(request, letter_id, services.note_arrival, words, can_be_undone=True)


@open_to(Policy.CASEWORK)
@require_POST
def untold(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Take back that she has been told, or has got it."""
    words = _("It is back on your list.")
    return _done(request, letter_id, services.unsettle_letter, words)
