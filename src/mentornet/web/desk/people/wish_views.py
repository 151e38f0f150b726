"""What a participant asks for on her own pages: her coordinator reads it, and notes that it is seen to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.models import Wish
from mentornet.intake.queries import visible_wishes
from mentornet.intake.services.wishes import read_wish, settle_wish
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.her_page import her_page
from mentornet.web.ui.toasts import say


def _wish(request: DeskRequest, wish_id: UUID) -> Wish:
    return get_object_or_404(visible_wishes(request.actor), pk=wish_id)


def _page(request: DeskRequest, wish: Wish, words: str | None = None) -> HttpResponse:
    address = her_page(request.actor, wish.person_id)
    context = {
        "wish": wish,
        "person": wish.person,
        "words": words,
        "person_url": address,
        "is_among_people": address == reverse("desk:person", args=[wish.person_id]),
    }
    return render(request, "desk/people/wish.html", context)


@open_to(Policy.CASEWORK)
def wish(request: DeskRequest, wish_id: UUID) -> HttpResponse:
    """Show what kind of wish it is; her words only once somebody asks for them."""
    return _page(request, _wish(request, wish_id))


@open_to(Policy.CASEWORK)
@require_POST
def words(request: DeskRequest, wish_id: UUID) -> HttpResponse:
    """Show her words; that they were read is noted."""
    found = _wish(request, wish_id)
    return _page(request, found, attempt(request, lambda: read_wish(by=request.actor, wish=found)))


@open_to(Policy.CASEWORK)
@require_POST
def settle(request: DeskRequest, wish_id: UUID) -> HttpResponse:
    """Note that it is seen to."""
    found = _wish(request, wish_id)
    if attempt(request, lambda: settle_wish(by=request.actor, wish=found)) is not None:
        say(request, _("Noted. It no longer stands on Today."))
    return redirect(her_page(request.actor, found.person_id) or "desk:today")
