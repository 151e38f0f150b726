"""Searching the mentor bank: words, filters, and how many each further filter would leave.

A process keeps the mentors of the divisions that it was asked for in memory, with one column of yes and no for each
thing that can be asked. A search is then a few comparisons, however many filters are counted. Each request asks the
database for three numbers, as :mod:`mentornet.matching.bank` does: every write draws a new stamp, so that the sums
change with any of them, and only mentors whose stamps have changed are read again. Letters are compared by Python,
so that Danish ones are found in any case on both databases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from mentornet.common.kept import Kept
from mentornet.common.ordering import folded
from mentornet.common.reach import kept_as, shown
from mentornet.intake.bank_reading import NEVER, Entry, read_entries
from mentornet.intake.enums import Facet
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import sums_of_stamps
from mentornet.people.enums import Role
from mentornet.people.queries import in_use
from reference import isco
from reference.people import MeetingMode
from reference.topics import Topic

Bool = NDArray[np.bool_]
Days = NDArray[np.int64]


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


IDLE_FOR: Final = (30, 90, 180)
MANY_PLACES: Final = 3
TIMES: Final = tuple(
    f"{days}-{part}" for days in ("weekday", "weekend") for part in ("morning", "afternoon", "evening")
)
KEPT: Final = 8
"""How many sets of divisions a process keeps; the least recently asked for goes."""

_CLOSED: Final[Mapping[Facet, tuple[str, ...]]] = {
    Facet.FIELD: tuple(group.code for group in isco.groups(1)),
    Facet.TOPIC: tuple(topic.value for topic in Topic),
    Facet.MEETING: tuple(mode.value for mode in MeetingMode),
    Facet.TIME: TIMES,
}
# Places and idle days follow from numbers, the others are kept.
_STORED: Final[tuple[Facet, ...]] = tuple(facet for facet in Facet if facet not in {Facet.PLACES, Facet.IDLE})
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search.

    Attributes:
        text: every word of it must stand somewhere in her name, occupation, sector or interests.
        chosen: of each facet, what she may have; any one of them is enough. An empty facet asks nothing.
        fluent_only: a language counts from :data:`mentornet.intake.bank_reading.FLUENT` on.
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


class Index:
    """The mentors of some divisions in columns, in the order of their names.

    Attributes:
        columns: of each facet, the choices and which mentors have them: bool (n,).
    """

    def __init__(self, entries: Mapping[UUID, Entry]) -> None:
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

    def changed(self, before: Mapping[UUID, Entry], after: Mapping[UUID, Entry]) -> Index:
        """Return the index of ``after``, this one being of ``before``: the same where nothing has changed.

        A few who stand where they stood are written into copies of the columns; else everything is made anew.
        """
        others = [key for key, entry in after.items() if before.get(key) is not entry]
        if not others and len(before) == len(after):
            return self
        is_alike = len(before) == len(after) and all(
            key in before and before[key].name == after[key].name for key in others
        )
        if not is_alike or len(others) > _FEW:
            return Index(after)
        index = copy(self)
        index.texts = list(self.texts)
        index.is_briefed, index.free = self.is_briefed.copy(), self.free.copy()
        index.resting_until, index.since = self.resting_until.copy(), self.since.copy()
        index.columns = {facet: dict(columns) for facet, columns in self.columns.items()}
        index.fluent = dict(self.fluent)
        wanted = set(others)
        for row, key in enumerate(self.ids):
            if key in wanted:
                index.write(row, before[key], after[key])
        return index

    def write(self, row: int, before: Entry, after: Entry) -> None:
        """Put one mentor's entry in the place of her former one. The columns are this index's own, or are copied."""
        at = row, len(self)
        self.texts[row] = after.text
        self.is_briefed[row], self.free[row] = after.is_briefed, after.free
        self.resting_until[row], self.since[row] = after.resting_until, after.since
        for facet in _STORED:
            _move(self.columns[facet], at, before.has[facet], after.has[facet], kept=_CLOSED.get(facet, ()))
        _move(self.fluent, at, before.fluent, after.fluent)

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
        columns[Facet.IDLE] = {str(days): (self.since != NEVER) & (idle >= days) for days in IDLE_FOR}
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


_Read = tuple[dict[UUID, Entry], Index]
_kept: Final[Kept[frozenset[UUID], tuple[object, ...], _Read]] = Kept(KEPT)


def mentor_index(divisions: Collection[UUID]) -> Index:
    """Return the mentors enrolled in these divisions, as they are now. One query when nothing has changed."""
    key = kept_as(divisions)
    mentors = Enrolment.objects.filter(
        shown(key, "person"), role=Role.MENTOR, division_id__in=key, ended_on__isnull=True
    )
    # Not asked of the stamps, which are summed from an index alone: who is taken out, or comes back, is stamped anew.
    listed = mentors.filter(in_use("person"))

    def read(kept: tuple[object, _Read] | None) -> _Read:
        if kept is None:
            entries = read_entries(listed, {})
            return entries, Index(entries)
        before, index = kept[1]
        entries = read_entries(listed, before)
        return entries, index.changed(before, entries)

    return _kept.get(key, sums_of_stamps(mentors, roles=[Role.MENTOR]), read)[1]


def forget() -> None:
    """Forget everything that is kept in memory: for tests and measurements."""
    _kept.forget()


def rows_of(ids: Collection[UUID]) -> list[Enrolment]:
    """Return these enrolments in this order, with person, languages, profile, division and programme."""
    rows = (
        Enrolment.objects.filter(pk__in=ids)
        .select_related("person", "profile", "division", "programme")
        .prefetch_related("person__languages")
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[key] for key in ids if key in by_id]


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


def _move(
    columns: dict[str, Bool],
    at: tuple[int, int],
    before: tuple[str, ...],
    after: tuple[str, ...],
    kept: tuple[str, ...] = (),
) -> None:
    """Write what the mentor of row ``at[0]`` of ``at[1]`` has now into copies; what nobody has any more goes."""
    row, size = at
    for value in set(before) ^ set(after):
        column = columns[value].copy() if value in columns else np.zeros(size, np.bool_)
        column[row] = value in after
        if column.any() or value in kept:
            columns[value] = column
        else:
            del columns[value]


def _any_of(columns: Mapping[str, Bool], values: Iterable[str], size: int) -> Bool:
    mask = np.zeros(size, np.bool_)
    for value in values:
        if value in columns:
            mask |= columns[value]
    return mask
