"""Who would get a mentor, and after what wait, before and after a change of a programme: by group, small ones hidden.

The best set of pairs of the whole waiting list is looked for under both versions. A group is a share of those who wait:
by division, by the language they speak best, by age and by education. Fewer than five are not told, nor what could be
reckoned from what is told: if what is hidden of a table were fewer than five, or one group alone, the next smallest is
hidden with it. Totals over all are always five or more, or nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import Bank, answered_to, bank_of
from mentornet.matching.preview import tried_out
from mentornet.matching.solving import solved
from mentornet.people.enums import Role
from mentornet.programmes.models import ProgrammeVersion
from reference.people import Mentee

LEAST: Final = 5
"""Fewer are not told."""
NOTEWORTHY: Final = 0.1
"""A group whose share falls by so much more than that of all is named."""
UNKNOWN: Final = ""

DIVISION, LANGUAGE, AGE, EDUCATION = "division", "language", "age", "education"
AGES: Final = ((0, 24), (25, 34), (35, 44), (45, 54), (55, 200))
"""Bands of years, from and to."""
EDUCATIONS: Final = ((0, 2), (3, 4), (5, 6), (7, 8))
"""Bands of ISCED levels, from and to."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group under one version.

    Attributes:
        matched: how many would get a mentor.
        wait: their mean wait until today, in days; ``None`` where they are fewer than five, before or after.
    """

    matched: int
    wait: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one kind.

    Attributes:
        key: a division's name, a language's code, or a band such as ``25-34``; empty where it is not known.
        waiting: how many wait; ``None``, like the figures, where the group is hidden.
    """

    key: str
    waiting: int | None
    before: Figures | None
    after: Figures | None

    @property
    def change(self) -> float | None:
        """By how much the share of those who would get a mentor grows; ``None`` of a hidden group."""
        if self.waiting is None or self.before is None or self.after is None:
            return None
        return (self.after.matched - self.before.matched) / self.waiting


@dataclass(frozen=True, slots=True)
class Table:
    """One way to divide those who wait; the groups in order of their keys, the unknown last."""

    name: str
    groups: tuple[Group, ...]

    @property
    def hidden(self) -> int:
        """How many groups are hidden."""
        return sum(group.waiting is None for group in self.groups)


@dataclass(frozen=True, slots=True)
class Fairness:
    """What a change would do to groups.

    Attributes:
        whole: all who wait; hidden where they are fewer than five: then there are no tables.
        worst: the table's name and the group that loses most against all, where that is noteworthy.
    """

    whole: Group
    tables: tuple[Table, ...]
    worst: tuple[str, Group] | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One who waits: her groups by table, her days, and whether she would get a mentor before and after."""

    groups: Mapping[str, str]
    days: int
    before: bool
    after: bool


def band(number: int | None, bands: Iterable[tuple[int, int]]) -> str:
    """Return the band that a number lies in, such as ``25-34``; empty where it is unknown."""
    if number is None:
        return UNKNOWN
    return next((f"{low}-{high}" for low, high in bands if low <= number <= high), UNKNOWN)


def _best_spoken(mentee: Mentee) -> str:
    """Return the language that she speaks best; of equals, the one she named first."""
    skills = mentee.languages or ()
    best = max(skills, key=lambda skill: int(skill.level or 0), default=None)
    return UNKNOWN if best is None else best.code


def _matched(bank: Bank) -> set[int]:
    """Return the rows of those who get a mentor in the best set; whoever is not briefed takes nobody."""
    problem = bank.problem
    briefed = replace(
        problem, capacity=np.where(bank.unbriefed, 0, problem.capacity), full=problem.full | bank.unbriefed
    )
    return set(solved(briefed).pairs[:, 0].tolist())


def hidden_of(sizes: Mapping[str, int]) -> set[str]:
    """Return the groups that are not told: the small ones, and as many more as keep them from being reckoned."""
    hidden = {key for key, size in sizes.items() if size < LEAST}
    shown = sorted((key for key in sizes if key not in hidden), key=lambda key: (sizes[key], key))
    while hidden and shown and (len(hidden) < 2 or sum(sizes[key] for key in hidden) < LEAST):
        hidden.add(shown.pop(0))
    return hidden


def _group(key: str, some: Sequence[_Waiting]) -> Group:
    figures = []
    enough = all(sum(getattr(one, when) for one in some) >= LEAST for when in ("before", "after"))
    for when in ("before", "after"):
        days = [one.days for one in some if getattr(one, when)]
        figures.append(Figures(len(days), sum(days) / len(days) if enough else None))
    return Group(key, len(some), *figures)


def _table(name: str, waiting: Sequence[_Waiting]) -> Table:
    members: dict[str, list[_Waiting]] = {}
    for one in waiting:
        members.setdefault(one.groups[name], []).append(one)
    hidden = hidden_of({key: len(some) for key, some in members.items()})
    ordered = sorted(members, key=lambda key: (key == UNKNOWN, key))
    return Table(
        name,
        tuple(Group(key, None, None, None) if key in hidden else _group(key, members[key]) for key in ordered),
    )


def _worst(whole: Group, tables: Iterable[Table]) -> tuple[str, Group] | None:
    named = [(table.name, group) for table in tables for group in table.groups if group.change is not None]
    worst = min(named, key=lambda one: one[1].change or 0.0, default=None)
    if worst is None or (worst[1].change or 0.0) - (whole.change or 0.0) > -NOTEWORTHY:
        return None
    return worst


def fairness_of(*, by: Staff, now: ProgrammeVersion, wanted: ProgrammeVersion) -> Fairness:
    """Compare two versions for everybody who waits in her divisions: the bank's queries, and two more."""
    bank = bank_of(version=now, divisions=by.casework, today=by.today)
    other = tried_out(answered_to(bank, wanted, by.casework), wanted)
    born = dict(
        Enrolment.objects.filter(
            programme_id=now.programme_id, division_id__in=by.casework, role=Role.MENTEE, ended_on__isnull=True
        ).values_list("pk", "person__birth_year")
    )
    before, after = _matched(bank), _matched(other)
    waiting = []
    for row, mentee in enumerate(bank.people.mentees):
        year = born.get(UUID(mentee.id))
        waiting.append(
            _Waiting(
                groups={
                    DIVISION: mentee.division or UNKNOWN,
                    LANGUAGE: _best_spoken(mentee),
                    AGE: band(None if year is None else max(0, by.today.year - year), AGES),
                    EDUCATION: band(mentee.education, EDUCATIONS),
                },
                days=0 if mentee.waiting_since is None else max(0, (by.today - mentee.waiting_since).days),
                before=row in before,
                after=row in after,
            )
        )
    if len(waiting) < LEAST:
        return Fairness(Group(UNKNOWN, None, None, None), (), None)
    whole = _group(UNKNOWN, waiting)
    tables = tuple(_table(name, waiting) for name in (DIVISION, LANGUAGE, AGE, EDUCATION))
    return Fairness(whole, tables, _worst(whole, tables))
