"""Her link, to copy, to print, to show on her telephone; and how many came through it."""

from __future__ import annotations

import io
from typing import Any, cast

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override

from mentornet.intake.applicants import came_through, may_share
from mentornet.intake.models import Referral
from mentornet.intake.services.referrals import referral_of
from mentornet.people.queries import own_person
from mentornet.web.access import Policy, open_to
from mentornet.web.portal.shell import PortalRequest, portal_page


def _referral(request: HttpRequest) -> Referral | None:
    """Return her link; ``None`` for whoever is neither a mentor nor a contact person."""
    participant = cast(PortalRequest, request).participant
    person = own_person(participant.person_id)
    if person is None or not may_share(participant):
        return None
    return referral_of(by=participant, person=person)


def _address(referral: Referral) -> str:
    """Return the link as it is shared: in Danish, from where its reader goes on in her own language."""
    with override("da"):
        path = reverse("public:sent_by", kwargs={"code": referral.code})
    return f"{settings.ADDRESS.rstrip('/')}{path}"


@open_to(Policy.PARTICIPANT)
def share(request: HttpRequest) -> HttpResponse:
    """Show the link with its picture, and how many have come through it: numbers, never names."""
    referral = _referral(request)
    if referral is None:
        return portal_page(request, "portal/referrals/not_yet.html")
    context: dict[str, Any] = {"address": _address(referral), "came": came_through(referral)}
    return portal_page(request, "portal/referrals/share.html", **context)


@open_to(Policy.PARTICIPANT)
def picture(request: HttpRequest) -> HttpResponse:
    """Draw the link as a code that a telephone's camera reads."""
    referral = _referral(request)
    if referral is None:
        return redirect("portal:referral")
    drawn = io.BytesIO()
    segno.make(_address(referral), error="m").save(drawn, kind="svg", scale=6, border=3, xmldecl=True)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
