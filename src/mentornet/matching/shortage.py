"""Which mentors a division's bank lacks, read from the bank in memory: groups alone, ready to be kept and shown.

Nothing that is kept tells of a woman who waits. A profile names only what at least :data:`FEWEST` of them have together
(:mod:`pairing.shortage`), a field with fewer is left blank, and counts below that are kept as ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from mentornet.matching.bank import Bank
from mentornet.matching.bank_lent import pairs_in
from mentornet.matching.solving import solved
from pairing import shortage
from pairing.prices import Prices, prices_of
from pairing.shortage import ANY_TIME, DAYTIME, EVENINGS, WEEKENDS, Profile
from pairing.terms import UNITS
from reference import isco
from reference.slots import Slot

FEWEST: Final = shortage.FEWEST
"""Of fewer who wait nothing is told."""
LISTED: Final = 12
"""So many profiles are listed, the best first."""
MOST: Final = 5
"""How many mentors of one profile are tried at most."""
LEAST: Final = (0, UNITS // 100)
"""What brings no pair and less than a point of score is not told: of points, a perfect pair has a hundred."""
PLANNED: Final = 5
"""How many mentors are foreseen one after the other."""
TIMES: Final[Mapping[str, frozenset[Slot]]] = {
    "any": ANY_TIME,
    "daytime": DAYTIME,
    "evenings": EVENINGS,
    "weekends": WEEKENDS,
}
_TIME_NAMES: Final = {time: name for name, time in TIMES.items()}

Tell = Callable[[int, int], None]
"""Is told how many steps are done, and how many there are."""


def told(count: int) -> int | None:
    """Return a count of women as it may be told: ``None`` for so few that one could know who."""
    return None if 0 < count < FEWEST else count


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is known while it is computed.

    Attributes:
        shared: the profiles that enough have, with how many do.
        order: their places, best first, of those who bring anything.
    """

    people: shortage.Bank
    prices: Prices
    shared: Mapping[Profile, int]
    profiles: Sequence[Profile]
    worths: shortage.Worths
    order: Sequence[int]

    @property
    def matched(self) -> int:
        """How many pairs the best set has."""
        return len(self.prices.result.pairs)

    def wanted(self, profile: Profile) -> int:
        """How many more would be matched if as many as are tried of this profile joined."""
        return shortage.how_many_help(self.people, self.matched, profile, MOST, solved)

    def gain(self, at: int) -> tuple[int, int]:
        """What one of a profile brings: more pairs, and more score."""
        return int(self.worths.gain.number[at]), int(self.worths.gain.total[at])


def shortages_of(bank: Bank, waiting: Collection[UUID], division: str, tell: Tell) -> dict[str, Any]:
    """Compute whom the bank lacks for those who wait, ready to be stored.

    Args:
        bank: of one programme in one division, with who is lent to it. Mentors who are still to be briefed count: they
            are found already.
        waiting: the enrolments of the waiting list; whoever has been suggested a mentor is not sought for.
        division: its name.
        tell: told how far it is.
    """
    people = _people(bank, waiting)
    steps = len(people.mentees) + LISTED + len(isco.groups(1)) + PLANNED
    problem = people.problem()
    tell(0, steps)
    prices = prices_of(problem, solved(problem))
    shared = shortage.profiles_shared(people.mentees)
    profiles = list(shared)
    worths = shortage.recruit_worths(
        prices, people.mentees, profiles, today=bank.today, tell=lambda row: tell(row, steps)
    )
    found = _Sought(people, prices, shared, profiles, worths, shortage.in_order(profiles, worths.gain))
    done = len(people.mentees)
    listed = []
    for at in _listed(found):
        profile = found.profiles[at]
        row = _kept(profile, *found.gain(at))
        listed.append(row | {"mentees": shared[profile], "wanted": found.wanted(profile)})
        tell(done + len(listed), steps)
    done += LISTED
    cells = []
    for group in isco.groups(1):
        cells.append(_cell(found, group.code, division))
        tell(done + len(cells), steps)
    return {
        "waiting": told(len(people.mentees)),
        "matched": found.matched,
        "left": told(len(people.mentees) - found.matched),
        "mentors": int((problem.capacity > 0).sum()),
        "profiles": listed,
        "cells": cells,
        "plan": [
            _kept(step.profile, step.number, step.total) for step in shortage.plan(people, profiles, PLANNED, solved)
        ],
    }


def _people(bank: Bank, waiting: Collection[UUID]) -> shortage.Bank:
    """Return those who wait and all mentors, with who must not meet whom, and whose place is kept for somebody else."""
    sought = {str(key) for key in waiting}
    problem = bank.problem
    return shortage.Bank(
        mentees=[mentee for mentee in bank.people.mentees if mentee.id in sought],
        mentors=bank.people.mentors,
        today=bank.today,
        policy=problem.policy,
        earlier=[*pairs_in(problem, problem.conflicts), *pairs_in(problem, problem.forbidden)],
    )


def _listed(found: _Sought) -> list[int]:
    """Choose what is listed: of each group of occupations the best, and no wider one that brings no more."""
    listed: list[int] = []
    for at in found.order:
        one = found.profiles[at]
        if found.gain(at) < LEAST:
            break
        seen = (found.profiles[other] for other in listed)
        if not any(other.division == one.division and other.occupation.startswith(one.occupation) for other in seen):
            listed.append(at)
        if len(listed) == LISTED:
            break
    return listed


def _cell(found: _Sought, field: str, division: str) -> dict[str, Any]:
    """Say what mentors of one major group would bring, with the language and time that help most.

    Blank where too few who wait aim at the field: one could know who.
    """
    mentees = found.shared.get(Profile(occupation=field, division=division))
    if mentees is None:
        return {"field": field, "mentees": None, "wanted": None, "points": None}
    for at in found.order:
        one = found.profiles[at]
        if one.division == division and one.occupation.startswith(field):
            points = round(found.gain(at)[1] * 100 / UNITS)
            return {"field": field, "mentees": mentees, "wanted": found.wanted(one), "points": points}
    return {"field": field, "mentees": mentees, "wanted": 0, "points": 0}


def _kept(profile: Profile, number: int, total: int) -> dict[str, Any]:
    """Return a profile and what one such mentor brings: pairs, and points of which a perfect pair has a hundred."""
    return {
        "occupation": profile.occupation,
        "language": profile.language,
        "online": not profile.division,
        "time": _TIME_NAMES[profile.time],
        "number": number,
        "points": round(total * 100 / UNITS),
    }
