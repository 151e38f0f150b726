"""A running pair, made as the program makes it: both places held, then taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from factories.django_rows import make_enrolment, make_person
from mentornet.common.actors import Actor
from mentornet.divisions.models import Division
from mentornet.intake.services import places
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import open_partnership
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme


def make_couple(
    by: Actor,
    division: Division,
    programme: Programme,
    *,
    matched_on: date | None = None,
    first_met_on: date | None = None,
    names: tuple[str, str] = ("Amina", "Karen"),
    mentor_division: Division | None = None,
    **mentor: Any,
) -> Partnership:
    """Make two people and open their partnership; ``mentor`` sets columns of the mentor's enrolment."""
    mentee = make_enrolment(Role.MENTEE, division, programme=programme, person=make_person(names[0], "Yusuf"))
    other = make_enrolment(
        Role.MENTOR,
        mentor_division or division,
        programme=programme,
        person=make_person(names[1], "Lund"),
        enrolment=mentor,
    )
    for side in (mentee, other):
        places.hold(by=by, enrolment=side)
    return open_partnership(
        by=by, mentee=mentee, mentor=other, matched_on=matched_on or by.today, first_met_on=first_met_on
    )
