"""What somebody is asked in a search, behind the link in her letter: no account, no code, and nobody's name."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.common.actors import Actor, Visitor
from mentornet.intake.applicants import own_contacts
from mentornet.sourcing import services
from mentornet.sourcing.enums import AskingState, Reply
from mentornet.sourcing.models import Asking
from mentornet.sourcing.queries import asking_by_id, led_to
from mentornet.sourcing.rules import may_answer
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page
from mentornet.web.ui import briefs
from mentornet.web.ui.toasts import say

# The page tells what is looked for, which fits several women, and nothing else: a link alone is enough.
_hers = by_link(Purpose.SEARCH, "asking_id")
REPLY: Final = "reply"


def _asking(request: PortalRequest, asking_id: UUID) -> tuple[Asking, Actor]:
    """Return what somebody was asked, and as whom she answers; whatever is not hers does not exist."""
    found = asking_by_id(asking_id)
    if found is None:
        raise Http404
    if found.contact is not None:
        participant = getattr(request, "participant", None)
        if participant is None or participant.person_id != found.contact.person_id:
            raise Http404
        return found, participant
    # An expert is nobody known: she has the link, or there is nothing.
    if (
        request.grant is None
        or request.grant.person_id is not None
        or not found.prospect
        or not found.prospect.is_there
    ):
        raise Http404
    return found, Visitor(timezone.now())


def address_of(asking: Asking) -> str:
    """Return the address to pass on: in the language of whoever passes it on, from where its reader changes it."""
    path = reverse("public:found_by", kwargs={"code": asking.code})
    return f"{settings.ADDRESS.rstrip('/')}{path}"


@open_to(Policy.PERSONAL)
@_hers
def asked(request: PortalRequest, asking_id: UUID) -> HttpResponse:
    """Say what is looked for, and take one of three answers; then what comes next."""
    asking, by = _asking(request, asking_id)
    if request.method == "POST":
        reply = request.POST.get(REPLY, "")
        if reply in Reply.values:
            attempt(request, lambda: services.answer(by=by, asking=asking, reply=reply))
        return redirect("portal:search_asked", asking_id=asking.pk)
    context: dict[str, Any] = {
        "asking": asking,
        "lines": briefs.lines(asking.search.brief),
        "may_answer": may_answer(by, asking),
        "replies": [(one.value, one.label) for one in Reply],
        "is_answered": asking.state == AskingState.ANSWERED and "again" not in request.GET,
        "address": address_of(asking) if asking.has_led_on else "",
        "expert": asking.prospect,
        "language": get_language(),
    }
    return portal_page(request, "portal/searches/asked.html", office=asking.search.division, **context)


@open_to(Policy.PERSONAL)
@_hers
def never(request: PortalRequest, asking_id: UUID) -> HttpResponse:
    """Ask an expert once more; then delete what is kept of her, for ever."""
    asking, by = _asking(request, asking_id)
    prospect = asking.prospect
    if prospect is None:
        raise Http404
    if request.method == "POST":

        def ended() -> bool:
            services.shut_out(by=by, prospect=prospect)
            return True

        if attempt(request, ended):
            return redirect("portal:expert_deleted")
    back = reverse("portal:search_asked", args=[asking.pk])
    return portal_page(request, "portal/searches/never.html", office=asking.search.division, expert=prospect, back=back)


@open_to(Policy.PARTICIPANT)
def helped(request: HttpRequest) -> HttpResponse:
    """Tell a contact person what her help has led to: in numbers, never who."""
    participant = request.participant  # type: ignore[attr-defined]  # set by the policy
    contacts = list(own_contacts(participant))
    if not contacts:
        say(request, _("You are not a contact person with us now."), tone="info")
        return redirect("portal:home")
    return portal_page(request, "portal/searches/helped.html", numbers=led_to(contacts), office=contacts[0].division)
