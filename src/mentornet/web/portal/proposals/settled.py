"""A link to a proposal that has been settled meanwhile: it opens nothing, and does not leave her before a shut door.

What became of the proposal is for her alone to read: that the other one has said yes is something about the other one.
So the page says only that it is settled, the same words whatever came of it, and leads on by the usual ways in. Where
this browser holds her partnership already, or she has signed in, it leads straight there.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.matching.models import Proposal
from mentornet.matching.queries import proposal_of
from mentornet.people.known_by import participant_by_id
from mentornet.people.queries import person_of_key
from mentornet.web.access import participant_of
from mentornet.web.links import grant_for
from mentornet.web.portal.shell import portal_page


def settled_page(request: HttpRequest, link: PersonalLink, at: datetime, *, status: int = 200) -> HttpResponse | None:
    """Lead on from a link that the end of its proposal has closed; ``None`` for every other dead link.

    Such as one that was closed because she has lost her letters, or that is too old: nobody learns anything by it.
    """
    person_id = person_of_key(link.person_key) if link.purpose == Purpose.PROPOSAL and link.person_key else None
    if person_id is None or link.closed_at is None or link.expires_at <= at:
        return None
    her = participant_by_id(person_id, at)
    proposal = None if her is None else proposal_of(her, UUID(link.subject.partition(":")[0]))
    if proposal is None or proposal.ended_at != link.closed_at:
        return None
    signed_in = participant_of(request)
    if signed_in is not None and signed_in.person_id == person_id:
        return redirect("portal:proposal", proposal.pk)
    if _holds_partnership(request, proposal, person_id):
        return redirect("portal:partnership", proposal.partnership_id)
    on = reverse("portal:proposal", args=[proposal.pk])
    return portal_page(request, "portal/proposals/settled.html", status=status, office=proposal.division, on=on)


def _holds_partnership(request: HttpRequest, proposal: Proposal, person_id: UUID) -> bool:
    key = f"{Purpose.PARTNERSHIP.value}:{proposal.partnership_id}:{person_id}"
    return proposal.partnership_id is not None and grant_for(request, key) is not None
