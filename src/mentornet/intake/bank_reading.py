"""Reading the mentors whom the search of the bank keeps in memory: only those whose stamps have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from mentornet.common.ordering import folded, name_key
from mentornet.intake.enums import Facet
from mentornet.intake.models import Enrolment
from mentornet.intake.stamps import read_changed, spoken_by
from reference import isco
from reference.cefr import Level
from reference.translation import LANGUAGES

FLUENT: Final = Level.B1
"""The level from which a language is good enough to be mentored in."""
WEEKEND: Final = ("sat", "sun")
NEVER: Final = date.max.toordinal()
"""The day since when somebody is idle of whom it is unknown."""
_COLUMNS: Final = (
    "pk", "stamp", "profile__stamp", "person_id", "division_id", "programme_id", "capacity", "promised", "active",
    "briefed_on", "resting_until", "returns_when_asked", "since", "person__first_name", "person__last_name",
    "profile__occupation", "profile__occupation_title", "profile__sector", "profile__interests", "profile__topics",
    "profile__meeting", "profile__availability",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One mentor, read: what she has of each facet that does not change with the day."""

    stamps: tuple[int, int]
    has: Mapping[Facet, tuple[str, ...]]
    fluent: tuple[str, ...]
    text: str
    name: bytes
    is_briefed: bool
    free: int
    resting_until: int
    since: int


def read_entries(mentors: QuerySet[Enrolment], before: Mapping[UUID, Entry]) -> dict[UUID, Entry]:
    """Return every mentor, reading only those whose stamps have changed."""
    return read_changed(mentors, before, _read)


def _read(mentors: QuerySet[Enrolment]) -> Iterable[tuple[UUID, Entry]]:
    rows = list(mentors.values(*_COLUMNS))
    spoken = spoken_by([row["person_id"] for row in rows])
    for row in rows:
        yield row["pk"], _entry(row, spoken.get(row["person_id"], []))


def _entry(row: Mapping[str, Any], spoken: list[tuple[str, str]]) -> Entry:
    occupation = row["profile__occupation"]
    slots = row["profile__availability"] or ()
    first, last = row["person__first_name"], row["person__last_name"]
    titles = [isco.title(occupation, language) for language in LANGUAGES] if occupation else []
    interests = row["profile__interests"] or ()
    return Entry(
        stamps=(row["stamp"], row["profile__stamp"]),
        has={
            Facet.DIVISION: (str(row["division_id"]),),
            Facet.PROGRAMME: (str(row["programme_id"]),),
            Facet.LANGUAGE: tuple(code for code, _ in spoken),
            Facet.FIELD: (occupation[0],) if occupation else (),
            Facet.TOPIC: row["profile__topics"] or (),
            Facet.MEETING: row["profile__meeting"] or (),
            Facet.TIME: tuple({time_of(slot) for slot in slots}),
        },
        fluent=tuple(code for code, level in spoken if level and Level[level] >= FLUENT),
        # A line between them, so that no word is found across two of them.
        text="\n".join(
            folded(part)
            for part in (first, last, row["profile__occupation_title"], row["profile__sector"], *interests, *titles)
        ),
        name=name_key(first, last),
        is_briefed=row["briefed_on"] is not None,
        free=row["capacity"] - row["promised"] - row["active"],
        resting_until=_rests_until(row),
        since=row["since"].toordinal() if row["since"] else NEVER,
    )


def time_of(slot: str) -> str:
    """Return the part of the week that a slot belongs to: ``weekday-evening`` for ``mon-evening``."""
    day, _, part = slot.partition("-")
    return f"{'weekend' if day in WEEKEND else 'weekday'}-{part}"


def _rests_until(row: Mapping[str, Any]) -> int:
    """Return a day before all days for whoever does not rest, and one after them for whoever is asked first."""
    if row["resting_until"] is None:
        return 0
    return NEVER if row["returns_when_asked"] else row["resting_until"].toordinal()
