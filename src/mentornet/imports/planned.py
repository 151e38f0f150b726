"""What an import is about to write: people, their places, and pairs, worked out before the first row is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from mentornet.partnerships.enums import ClosingReason
from mentornet.people.enums import Role


@dataclass(slots=True)
class Place:
    """An enrolment, running or to be made, with how many running pairs this import gives it."""

    enrolment_id: UUID
    person_id: UUID
    role: Role
    capacity: int
    taken: int = 0
    is_new: bool = True
    has_left: bool = False
    running: int = 0
    closed: list[PlannedPair] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PlannedPerson:
    """A row of mentors or mentees.

    Attributes:
        person_id: of somebody known, or the key she gets.
        is_new: no row before this one, and nobody in the database, is the same person.
        is_known: she stands in the database; one who is neither this nor new shares an earlier row of this import.
        place: where pairs find her; ``None`` when she is decided on elsewhere (``why_no_place`` says so).
        person, profile: facts that the row tells; what it leaves empty is not in them.
        languages: codes and levels; ``None``: the row says nothing.
        held_outside: places taken by pairs that no file names.
        ended: since when she has left, with the reason, when all her pairs have ended and she does not wait.
    """

    file: str
    row: int
    subject: str
    role: Role
    reference: str
    person: dict[str, Any]
    profile: dict[str, Any]
    languages: list[tuple[str, str]] | None
    avoids: tuple[str, ...] = ()
    since: date | None = None
    waits_openly: bool = True
    briefed_on: date | None = None
    resting_until: date | None = None
    held_outside: int = 0
    person_id: UUID = field(default_factory=uuid4)
    enrolment_id: UUID = field(default_factory=uuid4)
    is_new: bool = True
    is_known: bool = False
    makes_place: bool = True
    place: Place | None = None
    ended: tuple[date, str] | None = None

    @property
    def key(self) -> str:
        """The row's name in choices, such as ``mentors:12``."""
        return f"{self.subject}:{self.row}"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.person.get('first_name', '')} {self.person.get('last_name', '')}".strip()


@dataclass(slots=True, kw_only=True)
class PlannedPair:
    """A row of pairs."""

    file: str
    row: int
    mentee: Place
    mentor: Place
    since: date | None
    until: date | None
    runs: bool
    reason: ClosingReason | None
    reason_written: str


@dataclass(slots=True)
class Plan:
    """What would be written; complete only when nothing was wrong."""

    people: list[PlannedPerson] = field(default_factory=list)
    pairs: list[PlannedPair] = field(default_factory=list)
    avoidances: list[tuple[UUID, UUID]] = field(default_factory=list)

    def known(self) -> list[UUID]:
        """Return, in ascending order, everybody in the database whom the plan changes, pairs or keeps apart."""
        brought = {planned.person_id for planned in self.people if not planned.is_known}
        named = {planned.person_id for planned in self.people}
        named.update(side.person_id for pair in self.pairs for side in (pair.mentee, pair.mentor))
        named.update(person for both in self.avoidances for person in both)
        return sorted(named - brought)

    def standing(self) -> list[Place]:
        """Return the enrolments in the database on which the plan builds, in ascending order."""
        places = [planned.place for planned in self.people if planned.place is not None]
        places += [side for pair in self.pairs for side in (pair.mentee, pair.mentor)]
        found = {place.enrolment_id: place for place in places if not place.is_new}
        return [found[key] for key in sorted(found)]


def split_name(written: str) -> tuple[str, str]:
    """Return first and last name: the last word is the surname, and a single word is a first name."""
    words = written.split()
    return (written.strip(), "") if len(words) < 2 else (" ".join(words[:-1]), words[-1])


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return only the facts that say something."""
    return {name: value for name, value in facts.items() if value not in (None, "", ())}
