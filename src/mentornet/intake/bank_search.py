"""Searching the mentor bank: words, filters, and how many each further filter would leave.

A process keeps the mentors of the divisions that it was asked for in memory, with one column of yes and no for each
thing that can be asked. A search is then a few comparisons, however many filters are counted. Each request asks the
database for three numbers, as :mod:`mentornet.matching.bank` does: every write draws a new stamp, so that the sums
change with any of them, and only mentors whose stamps have changed are read again. Letters are compared by Python,
so that Danish ones are found in any case on both databases.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from threading import Lock
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import Count, QuerySet, Sum
from numpy.typing import NDArray

from mentornet.common.ordering import folded
from mentornet.common.receivers import danish_key
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill
from reference import isco
from reference.cefr import Level
from reference.people import MeetingMode
from reference.topics import Topic
from reference.translation import LANGUAGES

Bool = NDArray[np.bool_]
Days = NDArray[np.int64]


class Facet(StrEnum):
    """What mentors can be filtered by; the value is the name in an address."""

    DIVISION = "division"
    PROGRAMME = "programme"
    LANGUAGE = "language"
    FIELD = "field"
    TOPIC = "topic"
    MEETING = "meeting"
    TIME = "time"
    PLACES = "places"
    IDLE = "idle"


class State(StrEnum):
    """Where a mentor stands; each is in one state."""

    IN_BANK = "bank"
    RESTING = "resting"
    FULL = "full"
    NOT_BRIEFED = "unbriefed"
    ALL = "all"


class Sort(StrEnum):
    """In which order they are listed."""

    IDLE = "idle"
    NAME = "name"
    PLACES = "places"


FLUENT: Final = Level.B1
"""The level from which a language is good enough to be mentored in."""
IDLE_FOR: Final = (30, 90, 180)
MANY_PLACES: Final = 3
WEEKEND: Final = ("sat", "sun")
TIMES: Final = tuple(
    f"{days}-{part}" for days in ("weekday", "weekend") for part in ("morning", "afternoon", "evening")
)
KEPT: Final = 8
"""How many sets of divisions a process keeps; the least recently asked for goes."""

_COLUMNS: Final = (
    "pk", "stamp", "profile__stamp", "person_id", "division_id", "programme_id", "capacity", "promised", "active",
    "briefed_on", "resting_until", "since", "person__first_name", "person__last_name", "profile__occupation",
    "profile__occupation_title", "profile__sector", "profile__interests", "profile__topics", "profile__meeting",
    "profile__availability",
)  # fmt: skip
_CLOSED: Final[Mapping[Facet, tuple[str, ...]]] = {
    Facet.FIELD: tuple(group.code for group in isco.groups(1)),
    Facet.TOPIC: tuple(topic.value for topic in Topic),
    Facet.MEETING: tuple(mode.value for mode in MeetingMode),
    Facet.TIME: TIMES,
}
# Places and idle days follow from numbers, the others are kept.
_STORED: Final[tuple[Facet, ...]] = tuple(facet for facet in Facet if facet not in {Facet.PLACES, Facet.IDLE})
_CHUNK: Final = 500
_NEVER: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search.

    Attributes:
        text: every word of it must stand somewhere in her name, occupation, sector or interests.
        chosen: of each facet, what she may have; any one of them is enough. An empty facet asks nothing.
        fluent_only: a language counts from :data:`FLUENT` on.
    """

    text: str = ""
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    fluent_only: bool = False
    state: State = State.IN_BANK
    sort: Sort = Sort.IDLE


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds.

    Attributes:
        ids: enrolments, in order.
        in_bank: how many mentors are in the bank in all, the base of the count.
        counts: of each facet, how many the list would hold with that one choice in it and all else as it is.
        states: how many the list would hold in each state.
    """

    ids: tuple[UUID, ...]
    in_bank: int
    counts: Mapping[Facet, Mapping[str, int]]
    states: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One mentor, read: what she has of each facet that does not change with the day."""

    stamps: tuple[int, int]
    has: Mapping[Facet, tuple[str, ...]]
    fluent: tuple[str, ...]
    text: str
    name: str
    is_briefed: bool
    free: int
    resting_until: int
    since: int


class Index:
    """The mentors of some divisions in columns, in the order of their names.

    Attributes:
        columns: of each facet, the choices and which mentors have them: bool (n,).
    """

    def __init__(self, entries: Mapping[UUID, _Entry]) -> None:
        ordered = sorted(entries.items(), key=lambda item: (item[1].name, item[0]))
        rows = [entry for _, entry in ordered]
        self.ids = tuple(key for key, _ in ordered)
        self.texts = [entry.text for entry in rows]
        self.is_briefed: Bool = np.array([entry.is_briefed for entry in rows], np.bool_)
        self.free: Days = np.array([entry.free for entry in rows], np.int64)
        self.resting_until: Days = np.array([entry.resting_until for entry in rows], np.int64)
        self.since: Days = np.array([entry.since for entry in rows], np.int64)
        self.columns: dict[Facet, dict[str, Bool]] = {
            facet: _columns([entry.has[facet] for entry in rows], _CLOSED.get(facet, ())) for facet in _STORED
        }
        self.fluent = _columns([entry.fluent for entry in rows])

    def __len__(self) -> int:
        return len(self.ids)

    def languages(self) -> tuple[str, ...]:
        """Return the languages that mentors speak, the most spoken first: an order that no filter changes."""
        spoken = self.columns[Facet.LANGUAGE]
        return tuple(sorted(spoken, key=lambda code: (-int(spoken[code].sum()), code)))

    def choices(self) -> dict[Facet, frozenset[str]]:
        """Return what can be asked of each facet: what somebody has, and the whole of closed lists."""
        known = {facet: frozenset(columns) for facet, columns in self.columns.items()}
        known[Facet.IDLE] = frozenset(str(days) for days in IDLE_FOR)
        known[Facet.PLACES] = frozenset(str(places) for places in range(1, MANY_PLACES + 1))
        return known

    def has_any(self, facet: Facet, choice: str) -> bool:
        """Tell whether any mentor has a stored choice, whatever is filtered."""
        column = self.columns[facet].get(choice)
        return column is not None and bool(column.any())

    def search(self, wanted: Wanted, today: date) -> Found:
        """Return who is found, and how many each choice would leave."""
        states = self._states(today)
        columns = self._columns_on(today, fluent_only=wanted.fluent_only)
        with_text = self._with_text(wanted.text)
        asked = {facet: _any_of(columns[facet], values, len(self)) for facet, values in wanted.chosen.items() if values}
        in_state = states[wanted.state]
        counts = {}
        for facet in Facet:
            others = with_text & in_state
            for other, mask in asked.items():
                if other is not facet:
                    others = others & mask
            counts[facet] = {choice: int((column & others).sum()) for choice, column in columns[facet].items()}
        matching = with_text
        for mask in asked.values():
            matching = matching & mask
        return Found(
            ids=tuple(self.ids[at] for at in self._ordered(np.flatnonzero(matching & in_state), wanted.sort)),
            in_bank=int(states[State.IN_BANK].sum()),
            counts=counts,
            states={state: int((mask & matching).sum()) for state, mask in states.items()},
        )

    def count(self, wanted: Wanted, today: date) -> int:
        """Return how many a search finds, without counting its facets."""
        columns = self._columns_on(today, fluent_only=wanted.fluent_only)
        matching = self._with_text(wanted.text) & self._states(today)[wanted.state]
        for facet, values in wanted.chosen.items():
            if values:
                matching = matching & _any_of(columns[facet], values, len(self))
        return int(matching.sum())

    def _states(self, today: date) -> dict[State, Bool]:
        # The same question as ``queries.in_the_bank`` asks of the database; a test compares the two.
        resting = self.is_briefed & (self.resting_until > today.toordinal())
        full = self.is_briefed & ~resting & (self.free <= 0)
        return {
            State.IN_BANK: self.is_briefed & ~resting & ~full,
            State.RESTING: resting,
            State.FULL: full,
            State.NOT_BRIEFED: ~self.is_briefed,
            State.ALL: np.ones(len(self), np.bool_),
        }

    def _columns_on(self, today: date, *, fluent_only: bool) -> dict[Facet, dict[str, Bool]]:
        idle = today.toordinal() - self.since
        columns = dict(self.columns)
        columns[Facet.IDLE] = {str(days): (self.since != _NEVER) & (idle >= days) for days in IDLE_FOR}
        columns[Facet.PLACES] = {str(places): self.free == places for places in range(1, MANY_PLACES)}
        columns[Facet.PLACES][str(MANY_PLACES)] = self.free >= MANY_PLACES
        if fluent_only:
            nobody = np.zeros(len(self), np.bool_)
            columns[Facet.LANGUAGE] = {code: self.fluent.get(code, nobody) for code in columns[Facet.LANGUAGE]}
        return columns

    def _with_text(self, text: str) -> Bool:
        words = folded(text).split()
        if not words:
            return np.ones(len(self), np.bool_)
        return np.fromiter((all(word in known for word in words) for known in self.texts), np.bool_, len(self))

    def _ordered(self, rows: NDArray[np.intp], sort: Sort) -> list[int]:
        # Rows stand in the order of names already, and the sort is stable.
        if sort is Sort.IDLE:
            rows = rows[np.argsort(self.since[rows], kind="stable")]
        elif sort is Sort.PLACES:
            rows = rows[np.argsort(-self.free[rows], kind="stable")]
        found: list[int] = rows.tolist()
        return found


@dataclass(slots=True)
class _Kept:
    digest: tuple[object, ...]
    entries: dict[UUID, _Entry]
    index: Index


_kept: Final[OrderedDict[frozenset[UUID], _Kept]] = OrderedDict()
_lock: Final = Lock()


def mentor_index(divisions: Collection[UUID]) -> Index:
    """Return the mentors enrolled in these divisions, as they are now. One query when nothing has changed."""
    key = frozenset(divisions)
    mentors = Enrolment.objects.filter(role=Role.MENTOR, division_id__in=key, ended_on__isnull=True)
    sums = mentors.aggregate(count=Count("pk"), enrolled=Sum("stamp"), profiles=Sum("profile__stamp"))
    digest = (sums["count"], sums["enrolled"], sums["profiles"])
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
    if kept is not None and kept.digest == digest:
        return kept.index
    entries = _entries(mentors, kept.entries if kept else {})
    index = Index(entries)
    with _lock:
        _kept[key] = _Kept(digest, entries, index)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return index


def forget() -> None:
    """Forget everything that is kept in memory: for tests and measurements."""
    with _lock:
        _kept.clear()


def rows_of(ids: Collection[UUID]) -> list[Enrolment]:
    """Return these enrolments in this order, with person, languages, profile, division and programme."""
    rows = (
        Enrolment.objects.filter(pk__in=ids)
        .select_related("person", "profile", "division", "programme")
        .prefetch_related("person__languages")
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[key] for key in ids if key in by_id]


def _entries(mentors: QuerySet[Enrolment], before: Mapping[UUID, _Entry]) -> dict[UUID, _Entry]:
    """Return every mentor, reading only those whose stamps have changed."""
    stamps = {pk: (one, other) for pk, one, other in mentors.values_list("pk", "stamp", "profile__stamp")}
    entries = {key: entry for key, entry in before.items() if stamps.get(key) == entry.stamps}
    missing = [key for key in stamps if key not in entries]
    if len(missing) > len(stamps) // 4:
        # So many are new that one query for all is faster than naming them.
        entries.update(_read(mentors))
    else:
        for start in range(0, len(missing), _CHUNK):
            entries.update(_read(mentors.filter(pk__in=missing[start : start + _CHUNK])))
    return entries


def _read(mentors: QuerySet[Enrolment]) -> Iterable[tuple[UUID, _Entry]]:
    spoken: dict[UUID, list[tuple[str, str]]] = {}
    skills = LanguageSkill.objects.filter(person__in=mentors.order_by().values("person_id"))
    for person_id, code, level in skills.order_by().values_list("person_id", "code", "level"):
        spoken.setdefault(person_id, []).append((code, level))
    for row in mentors.values(*_COLUMNS):
        yield row["pk"], _entry(row, spoken.get(row["person_id"], []))


def _entry(row: Mapping[str, Any], spoken: list[tuple[str, str]]) -> _Entry:
    occupation = row["profile__occupation"]
    slots = row["profile__availability"] or ()
    first, last = row["person__first_name"], row["person__last_name"]
    titles = [isco.title(occupation, language) for language in LANGUAGES] if occupation else []
    interests = row["profile__interests"] or ()
    return _Entry(
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
        name=danish_key(f"{first} {last}"),
        is_briefed=row["briefed_on"] is not None,
        free=row["capacity"] - row["promised"] - row["active"],
        resting_until=row["resting_until"].toordinal() if row["resting_until"] else 0,
        since=row["since"].toordinal() if row["since"] else _NEVER,
    )


def time_of(slot: str) -> str:
    """Return the part of the week that a slot belongs to: ``weekday-evening`` for ``mon-evening``."""
    day, _, part = slot.partition("-")
    return f"{'weekend' if day in WEEKEND else 'weekday'}-{part}"


def _columns(had: list[tuple[str, ...]], choices: tuple[str, ...] = ()) -> dict[str, Bool]:
    """Return who has what; the choices of a closed list are there even where nobody has them."""
    rows: dict[str, list[int]] = {choice: [] for choice in choices}
    for row, values in enumerate(had):
        for value in values:
            rows.setdefault(value, []).append(row)
    columns = {}
    for value, those in rows.items():
        columns[value] = np.zeros(len(had), np.bool_)
        columns[value][those] = True
    return columns


def _any_of(columns: Mapping[str, Bool], values: Iterable[str], size: int) -> Bool:
    mask = np.zeros(size, np.bool_)
    for value in values:
        if value in columns:
            mask |= columns[value]
    return mask
