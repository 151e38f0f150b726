"""Reading and pressing on a proposal's own page, as one of the two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from matching.pairs import both_say_yes, propose

from factories.django_rows import make_enrolment, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Side
from mentornet.matching.models import Proposal
from mentornet.people.models import Person
from portal.conftest import WithLink

WEEK: Final = ("mon-evening", "wed-morning", "sat-afternoon")


def person_of(proposal: Proposal, side: Side | str) -> Person:
    return (proposal.mentee if side == Side.MENTEE else proposal.mentor).person


def url(proposal: Proposal, name: str = "proposal") -> str:
    return reverse(f"portal:{name}", args=[proposal.pk])


def enter(with_link: WithLink, proposal: Proposal, side: Side | str, *, code: bool = True) -> Client:
    person = person_of(proposal, side)
    return with_link(Purpose.PROPOSAL, f"{proposal.pk}:{person.pk}", person, code=code)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def main_of(page: str) -> str:
    """Return what stands in the middle of a page, in words, without what is drawn anew at every request."""
    middle = page[page.index("<main") : page.index("</main>")]
    middle = re.sub(r'<input type="hidden"[^>]*>', "", middle)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", middle)).split())


def post(client: Client, proposal: Proposal, name: str, data: Mapping[str, Any] | None = None) -> HttpResponse:
    return client.post(url(proposal, name), dict(data or {}))  # type: ignore[return-value]


def willing(by: Staff, division: Division) -> Proposal:
    programme = make_programme(meets_first=True)
    pair = (
        make_enrolment("mentee", division, programme=programme, availability=WEEK),
        make_enrolment("mentor", division, programme=programme, availability=WEEK),
    )
    return both_say_yes(by, propose(by, pair))
