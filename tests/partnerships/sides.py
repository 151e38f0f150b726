"""The two of a pair, acting for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from factories.django_rows import AT
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant

TERMS: Final[dict[str, Any]] = {
    "goals": "I want a CV in Danish.",
    "frequency": "fortnight",
    "minutes": "60",
    "months": "6",
    "ways": ["in_person", "phone"],
    "place": "The library",
    "who_calls": "both",
    "extra": "",
}


def person_of(pair: Partnership, side: Role | str) -> Person:
    """Return one of the two."""
    return pair.mentee.person if side == Role.MENTEE else pair.mentor.person


def acting(pair: Partnership, side: Role | str, at: datetime = AT) -> Participant:
    """Return one of the two at work on what is hers."""
    person = person_of(pair, side)
    return Participant(person_id=person.pk, name=person.name, at=at)
