"""What stands around every page of a participant's own, and how she acts on them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mentornet.divisions.models import Division
from mentornet.divisions.queries import organisation
from mentornet.intake.queries import case_of
from mentornet.people.participants import Participant
from mentornet.web.access import PortalRequest, participant_of
from mentornet.web.sessions import LINKS
from mentornet.web.ui.acting import attempt, posted

__all__ = ["PortalRequest", "attempt", "portal_page", "posted"]

HARMLESS: Final = "https://www.dmi.dk/"
"""Where the quick way out leads: the weather, which anybody may have been looking at."""


def portal_page(
    request: HttpRequest, template: str, *, status: int = 200, office: Division | None = None, **context: Any
) -> HttpResponse:
    """Answer with a page of a participant's own.

    It names ``office``, where the page is about something of that division's; else the division that she belongs to,
    and the organisation itself to whoever is not known yet, or where the division has not said how it is reached. The
    foot of a page shows a mail address only to her: its name may tell whose pages these are.
    """
    her = participant_of(request)
    is_signed_in = her is not None
    her = getattr(request, "participant", her)
    around = {
        **_reached(office or _office_of(her)),
        "is_hers": her is not None,
        "harmless_url": HARMLESS,
        "is_signed_in": is_signed_in,
        "is_by_link": not is_signed_in and bool(request.session.get(LINKS)),
    }
    return render(request, template, {**around, **context}, status=status)


def _office_of(her: Participant | None) -> Division | None:
    case = None if her is None else case_of(her)
    return None if case is None else case.division


def _reached(office: Division | None) -> dict[str, str]:
    """Return how the people are reached whom she may ask; beside an office's telephone stands no other one's mail."""
    network = organisation()
    if office is None:
        return {"office_phone": network.phone, "office_email": network.email}
    email = office.email or ("" if office.phone else network.email)
    return {"office_phone": office.phone or network.phone, "office_email": email}
