"""What a change of a programme's settings would do to real cases: who would move, who would fall below the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import Bank, answered_to, bank_of
from mentornet.matching.policy import policy_of
from mentornet.matching.ranking import Ranking, rank_for
from mentornet.matching.whynot import reachable, settled
from mentornet.programmes.models import ProgrammeVersion
from pairing.problem import features_under, waiting_bonus
from pairing.whynot import Reach


@dataclass(frozen=True, slots=True)
class Place:
    """A mentor's place for one mentee, before and after.

    Attributes:
        before, after: places from 1; ``None`` where a rule in force stands between the two.
    """

    mentor_id: UUID
    before: int | None
    after: int | None

    @property
    def moved(self) -> int:
        """How many places she rises; negative when she falls."""
        return 0 if self.before is None or self.after is None else self.before - self.after


@dataclass(frozen=True, slots=True)
class Case:
    """One mentee: her first mentors after the change, and what became of the first ones before it.

    Attributes:
        above_before, above_after: how many mentors stand at or above the floor.
        places: the first few of either order, in the new order.
    """

    mentee: Enrolment
    above_before: int
    above_after: int
    places: tuple[Place, ...]

    @property
    def changes_first(self) -> bool:
        """Another mentor would stand first."""
        return any((place.before == 1) != (place.after == 1) for place in self.places)


def tried_out(bank: Bank, version: ProgrammeVersion) -> Bank:
    """Return the same people under the settings of another version, saved or not."""
    policy = policy_of(version)
    bonus = np.array(
        [waiting_bonus(mentee.waiting_since, policy=policy, today=bank.today) for mentee in bank.people.mentees],
        dtype=np.float64,
    )
    features = features_under(policy, bank.people.mentees, bank.people.mentors, bank.problem.features)
    return replace(bank, version=version, problem=replace(bank.problem, policy=policy, bonus=bonus, features=features))


def cases(
    *, by: Staff, now: ProgrammeVersion, wanted: ProgrammeVersion, mentees: Sequence[Enrolment], first: int = 5
) -> list[Case]:
    """Compare the order of the bank for some mentees under two versions. The number of queries is fixed."""
    bank = bank_of(version=now, divisions=by.casework, today=by.today)
    other = tried_out(answered_to(bank, wanted, by.casework), wanted)
    found = []
    for mentee in mentees:
        before, after = rank_for(bank, mentee.pk), rank_for(other, mentee.pk)
        if before is not None and after is not None:
            found.append(Case(mentee, before.above_floor, after.above_floor, _places(before, after, first)))
    return found


def unreached(*, by: Staff, now: ProgrammeVersion, wanted: ProgrammeVersion) -> Reach | None:
    """Tell which floors would leave pairs, where nobody who waits would reach the wanted one; else ``None``.

    Asks the solver some thirty times, but once where the floor can be reached.
    """
    bank = bank_of(version=now, divisions=by.casework, today=by.today)
    bank = tried_out(answered_to(bank, wanted, by.casework), wanted)
    if len(settled(bank, by.casework).best.pairs):
        return None
    reach = reachable(bank, divisions=by.casework)
    return reach if reach.is_infeasible else None


def _places(before: Ranking, after: Ranking, first: int) -> tuple[Place, ...]:
    ranks = []
    for ranking in (before, after):
        places = np.empty(ranking.mentors, np.int64)
        places[ranking.order] = np.arange(1, ranking.mentors + 1)
        ranks.append(places)
    shown = [*after.order[: min(first, after.standing)].tolist()]
    fallen = [column for column in before.order[: min(first, before.standing)].tolist() if column not in shown]
    shown += sorted(fallen, key=lambda column: int(ranks[1][column]))
    ids = before.bank.problem.mentor_ids
    return tuple(
        Place(
            mentor_id=UUID(ids[column]),
            before=int(ranks[0][column]) if before.stands[column] else None,
            after=int(ranks[1][column]) if after.stands[column] else None,
        )
        for column in shown
    )
