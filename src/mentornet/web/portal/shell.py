"""What stands around every page of a participant's own, and how she acts on them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mentornet.divisions.queries import organisation
from mentornet.web.access import PortalRequest, participant_of
from mentornet.web.sessions import LINKS
from mentornet.web.ui.acting import attempt, posted

__all__ = ["PortalRequest", "attempt", "portal_page", "posted"]

HARMLESS: Final = "https://www.dmi.dk/"
"""Where the quick way out leads: the weather, which anybody may have been looking at."""


def portal_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page of a participant's own; ``office_phone`` in the context replaces the national one, if any."""
    network = organisation()
    if not context.get("office_phone"):
        context.pop("office_phone", None)
    is_signed_in = participant_of(request) is not None
    around = {
        "office_phone": network.phone,
        "office_email": network.email,
        "harmless_url": HARMLESS,
        "is_signed_in": is_signed_in,
        "is_by_link": not is_signed_in and bool(request.session.get(LINKS)),
    }
    return render(request, template, {**around, **context}, status=status)
