"""A mentor and a mentee as a spreadsheet row tells of them.

``None`` (for a text, a number or a list of facts) means unknown: the cell was empty. A demand that nobody stated
(*must not meet*, *requires*, *min danish*, *resting until*) is not unknown, it is absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reference.cefr import Level
from reference.slots import Slot
from reference.topics import Topic


class Role(StrEnum):
    """Whose spreadsheet a row stands in."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class MeetingMode(StrEnum):
    """A way to meet."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    IN_PERSON = "in person"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class LanguageSkill:
    """A language somebody speaks: ISO 639 code (two letters where there are two), and a level if it is known."""

    code: str
    level: Level | None


class RequirementKind(StrEnum):
    """What a requirement is about; the value is the word that the spreadsheet uses."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    LANGUAGE = "language"
    OCCUPATION = "occupation"
    DIVISION = "division"
    ONLINE = "online"
    IN_PERSON = "in person"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand on the other side.

    ``value`` is an ISO 639 code, an ISCO-08 code of 1-4 digits or a division's name as written; empty for the
    two ways to meet.
    """

    kind: RequirementKind
    value: str = ""


Answer = bool | int | str | tuple[str, ...]
"""What somebody answers to a programme's own question: yes or no, a number, a choice's key, or several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What both roles have in common. ``row`` is the row as the spreadsheet program numbers it (header = 1).

    ``answers`` are to the programme's own questions (:mod:`reference.customs`), by their keys; one that is not there is
    unknown.
    """

    id: str
    row: int = 0
    name: str | None = None
    division: str | None = None
    postcode: str | None = None
    languages: tuple[LanguageSkill, ...] | None = None
    occupation: str | None = None
    sector: str | None = None
    education: int | None = None
    topics: tuple[Topic, ...] | None = None
    interests: tuple[str, ...] | None = None
    availability: tuple[Slot, ...] | None = None
    meeting: tuple[MeetingMode, ...] | None = None
    hours_per_month: float | None = None
    months: float | None = None
    must_not_meet: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    wishes: str | None = None
    answers: tuple[tuple[str, Answer], ...] = ()

    def answer(self, key: str) -> Answer | None:
        """Return her answer to one of the programme's own questions; ``None`` is unknown."""
        return next((given for asked, given in self.answers if asked == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor(Person):
    """A mentor: ``topics`` are what she offers; ``occupation`` is an ISCO-08 code of 1-4 digits."""

    capacity: int = 1
    active_pairs: int = 0
    pairs_before: int | None = None
    min_danish: Level | None = None
    resting_until: date | None = None
    idle_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee(Person):
    """A mentee: ``topics`` are her goals, most important first; ``occupation`` is what she aims at."""

    waiting_since: date | None = None
    practise_danish: bool | None = None
    needs_experience: bool | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A running or closed partnership of the third file; dates and reason may be unknown."""

    mentee_id: str
    mentor_id: str
    row: int = 0
    since: date | None = None
    until: date | None = None
    reason: str | None = None
