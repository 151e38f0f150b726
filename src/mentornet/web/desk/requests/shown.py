"""Requests as rows with their clock, and where each kind is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.divisions.staff import Staff
from mentornet.privacy.enums import Outcome, RequestKind
from mentornet.privacy.models import Request
from mentornet.web.desk.today.shown import when

SOON: Final = 7
"""So many days before the last one a request asks for attention."""

ICONS: Final[Mapping[str, str]] = {
    RequestKind.ACCESS: "download",
    RequestKind.CORRECTION: "edit",
    RequestKind.RESTRICTION: "pause",
    RequestKind.OBJECTION: "forbid",
    RequestKind.ERASURE: "trash",
    RequestKind.WITHDRAWAL: "undo",
}
_DONE_AT: Final[Mapping[str, tuple[str, str | Promise, bool]]] = {
    RequestKind.ACCESS: ("desk:person_copy", _("Make her copy"), True),
    RequestKind.CORRECTION: ("desk:person_details", _("Correct what is written"), False),
    RequestKind.RESTRICTION: ("desk:person_rest", _("Let her data rest"), False),
    RequestKind.OBJECTION: ("desk:person_objections", _("Note what she says no to"), False),
    RequestKind.ERASURE: ("desk:person_erase", _("Look at what erasing does"), True),
    RequestKind.WITHDRAWAL: ("desk:person_consents", _("Take back what she agreed to"), False),
}
"""The page on which each kind is done, its button, and whether only a lead opens it."""
_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    Outcome.DONE: ("good", "check-circle"),
    Outcome.REFUSED: ("warn", "forbid"),
    Outcome.TAKEN_BACK: ("quiet", "undo"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One request on a page."""

    request: Request
    icon: str
    clock: str
    tone: str
    is_late: bool


def row_of(request: Request, today: date) -> Row:
    """Prepare a request for a page."""
    if not request.is_open:
        tone, _icon = _OUTCOMES[request.outcome]
        return Row(request, ICONS[request.kind], request.get_outcome_display(), tone, is_late=False)
    left = (request.due_on - today).days
    tone = "bad" if left < 0 else "warn" if left <= SOON else "quiet"
    return Row(request, ICONS[request.kind], when(request.due_on, today), tone, is_late=left < 0)


def rows_of(requests: Iterable[Request], today: date) -> list[Row]:
    """Prepare requests for a page."""
    return [row_of(request, today) for request in requests]


@dataclass(frozen=True, slots=True)
class DoneAt:
    """Where what she asks for is done."""

    url: str
    text: str | Promise
    is_for_leads: bool


def done_at(by: Staff, request: Request) -> DoneAt:
    """Return the page on which a request is done; to whoever may not open it, whom to ask."""
    address, text, for_leads = _DONE_AT[request.kind]
    return DoneAt(reverse(address, args=[request.person_id]), text, for_leads and not by.leads)
