"""What every page of the two shares: whose it is, and how one opens it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from mentornet.accounts.enums import Purpose
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partnerships_of
from mentornet.partnerships.rules import side_of
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import portal_page

ARGUMENT = "partnership_id"


def of_the_two(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to the two alone: by their link with the one-time code, or signed in."""
    return open_to(Policy.PERSONAL)(by_link(Purpose.PARTNERSHIP, ARGUMENT, code=True)(view))


def mine(request: PortalRequest, partnership_id: UUID) -> tuple[Partnership, Role]:
    """Return her partnership, and which of the two she is; somebody else's is not found.

    Raises:
        Http404: it is not hers.
    """
    pair = get_object_or_404(partnerships_of(request.participant), pk=partnership_id)
    side = side_of(request.participant.person_id, pair)
    assert side is not None
    return pair, side


def ours(request: PortalRequest, partnership_id: UUID) -> tuple[Partnership, Role]:
    """Return her partnership while it runs: what the two plan together is nobody's once it has ended.

    Raises:
        Http404: it is not hers, or has ended.
    """
    pair, side = mine(request, partnership_id)
    if not pair.is_together:
        raise Http404
    return pair, side


def partner_of(pair: Partnership, side: Role) -> Person:
    """Return the other of the two."""
    return pair.mentor.person if side == Role.MENTEE else pair.mentee.person


def page_of(
    request: PortalRequest, template: str, pair: Partnership, side: Role, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Answer with a page of the two."""
    around = {"pair": pair, "side": side, "partner": partner_of(pair, side)}
    name = f"portal/partnership/{template}.html"
    return portal_page(request, name, status=status, office=pair.division, **{**around, **context})


def back_to(name: str, pair: Partnership, **query: str) -> HttpResponse:
    """Lead to another page of the same two; ``query`` says on it what has just been done."""
    url = reverse(f"portal:{name}", args=[pair.pk])
    return redirect(f"{url}?{urlencode(query)}" if query else url)
