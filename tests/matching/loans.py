"""Two divisions that run one programme, and a mentor whom the one has asked the other for."""

from __future__ import annotations

from typing import Any, NamedTuple

from factories.django_rows import make_enrolment, make_person, make_programme, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.alike import LEAST
from mentornet.matching.models import Loan
from mentornet.matching.services import ask_for_loan, look_beyond
from mentornet.programmes.models import Programme

REASON = "She has waited for half a year for somebody who knows hospitals."


class Two(NamedTuple):
    """What two divisions have."""

    asks: Staff
    lends: Staff
    programme: Programme
    mentee: Enrolment
    mentors: list[Enrolment]


def make_mentors(division: Division, programme: Programme, count: int = LEAST, **profile: Any) -> list[Enrolment]:
    """Make mentors in the bank who are alike in all that is said of them."""
    values: dict[str, Any] = {"occupation": "2221", "topics": ("cv", "network"), "languages": {"da": "C2", "ar": "C1"}}
    return [
        make_enrolment("mentor", division, person=make_person("Bodil"), programme=programme, **values | profile)
        for _ in range(count)
    ]


def make_two(asks: Division, lends: Division, count: int = LEAST, **profile: Any) -> Two:
    """Make a mentee who waits in one division, and mentors of the other one who fit her."""
    programme = make_programme("Mentor network")
    mentee = make_enrolment(
        "mentee", asks, programme=programme, occupation="2221", topics=("cv",), languages={"da": "B1", "ar": "C2"}
    )
    return Two(
        asks=make_staff(Role.COORDINATOR, asks),
        lends=make_staff(Role.COORDINATOR, lends),
        programme=programme,
        mentee=mentee,
        mentors=make_mentors(lends, programme, count, **profile),
    )


def ask(two: Two, *, mentee: Enrolment | None = None, by: Staff | None = None, line: int = 0) -> Loan:
    """Ask for whoever is behind a line of the search."""
    by, mentee = by or two.asks, mentee or two.mentee
    offered = look_beyond(by=by, mentee=mentee)
    assert offered
    return ask_for_loan(by=by, mentee=mentee, handle=offered[line].handle, reason=REASON)
