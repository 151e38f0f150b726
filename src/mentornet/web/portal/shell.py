"""What stands around every page of a participant's own, and how she acts on them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mentornet.divisions.queries import organisation
from mentornet.web.access import PortalRequest, participant_of
from mentornet.web.ui.acting import attempt, posted

__all__ = ["PortalRequest", "attempt", "portal_page", "posted"]

HARMLESS: Final = "https://www.dmi.dk/"
"""Where the quick way out leads: the weather, which anybody may have been looking at."""


def portal_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page of a participant's own; ``office_phone`` in the context replaces the national one."""
    network = organisation()
    is_signed_in = participant_of(request) is not None
    around = {"office_phone": network.phone, "harmless_url": HARMLESS, "is_signed_in": is_signed_in}
    return render(request, template, {**around, **context}, status=status)
