"""Why nobody yet: for a woman on the waiting list, and for a mentor who has long been idle.

Reckoned from the bank in memory, with who is lent to her (:mod:`pairing.whynot` says how it is defined), and kept with
it: a changed bank is another one. Nobody is named who would come only if two met who must not: that stands, and is
counted alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

import numpy as np

from mentornet.intake.queries import waiting_mentees
from mentornet.matching.bank import Bank, enrolment_of
from mentornet.matching.ranking import BRIEFED
from mentornet.matching.solving import solved
from pairing.certificate import PairingResult
from pairing.features import I64, Bool, demand_key
from pairing.problem import PairingProblem
from pairing.terms import Rule
from pairing.whynot import (
    FLOOR,
    Obstacles,
    Opening,
    Reach,
    Room,
    around_mentee,
    around_mentor,
    demanded_of,
    each_demand_of,
    left_without,
    mentees_own_demands,
    mentors_own_demands,
    reach_of,
    room_for,
)
from reference.customs import Custom
from reference.people import MeetingMode, Mentee, Mentor, Requirement

STANDS: Final = frozenset({Rule.CONFLICT.value, Rule.FORBIDDEN.value})
"""What is never to be otherwise for the asking: nobody is named behind it, and nothing is advised."""
HERSELF: Final = frozenset({Rule.RESTING.value, Rule.CAPACITY.value, BRIEFED})
"""What a mentor brings with her, whoever waits."""
_ROOMS: Final = 3
"""For so many relaxations, those that open most, it is asked whether the mentor would be free: each asks the solver."""


class Standing(StrEnum):
    """Where somebody without a partner stands."""

    EMPTY = "empty"
    """There is nobody on the other side."""
    HERSELF = "herself"
    """A mentor who rests, is full, or is still to be briefed."""
    NO_ALLOWED = "no_allowed"
    """Hard rules stand between her and everybody."""
    FLOOR = "floor"
    """The rules allow somebody, and nobody reaches the floor."""
    TAKEN = "taken"
    """Somebody is right for her, and with somebody else in the best set for all who wait."""
    CHOSEN = "chosen"
    """The best set for all who wait gives her somebody."""


@dataclass(frozen=True, slots=True)
class Step:
    """One obstacle.

    Attributes:
        obstacle: a hard rule, or the floor.
        fails: between her and how many it stands.
        opens: how many would be right for her if only this were otherwise.
        first: the enrolment of the one of them who would stand first; ``None`` where nobody is to be named.
        score: of the two, in hundredths.
        room: what it would mean for the others; ``None`` where it was not asked.
    """

    obstacle: str
    fails: int
    opens: int = 0
    first: UUID | None = None
    score: int = 0
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Must:
    """One thing that must hold between a mentee and a mentor.

    Attributes:
        what: her own must-have, or the programme's rule; ``None`` stands for all that mentors require of her.
        fails: for how many mentors it does not hold.
        opens: how many would be right for her if only this were otherwise.
    """

    what: Requirement | Custom | None
    fails: int
    opens: int


class Said(StrEnum):
    """What can be said to her: a kind of sentence, never a name, a number or a rule that protects somebody."""

    NOBODY_YET = "nobody_yet"
    ENOUGH = "enough"
    NOT_WELL = "not_well"
    TIME = "time"
    LANGUAGE = "language"
    ONLINE = "online"
    NEAR = "near"
    WISHES = "wishes"
    BUSY = "busy"
    SEARCHING = "searching"
    BREAK = "break"
    PLACES = "places"
    BRIEFING = "briefing"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why somebody has no partner yet, and what would help.

    Attributes:
        others: how many there are on the other side.
        fitting: how many of them no hard rule keeps away.
        right: how many of those reach the floor.
        floor: in hundredths.
        best_score: of those whom no hard rule keeps away, the highest score in hundredths; 0 where there is none.
        steps: the obstacles that stand in anybody's way, the one that opens most first, then the one that more fail.
        chosen: whom the best set for all who wait gives her, by enrolment.
        said: what can be told her.
        musts: of a mentee, what the rule of must-haves consists of, what most fail first.
    """

    standing: Standing
    others: int
    fitting: int
    right: int
    floor: int
    best_score: int
    steps: tuple[Step, ...]
    chosen: UUID | None
    said: Said
    musts: tuple[Must, ...]

    @property
    def helps_most(self) -> Step | None:
        """The single relaxation that opens most, of those that anybody may be asked for; ``None``: none opens any."""
        return next((step for step in self.steps if step.opens and step.obstacle not in STANDS), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """The best set for all who wait, beside the problem that it answers."""

    problem: PairingProblem
    best: PairingResult
    waiting: Bool


def settled(bank: Bank, divisions: Collection[UUID]) -> Settled:
    """Return the best set of pairs for everybody who waits: one query, and the solver once for each bank.

    Mentees with an open proposal are given to nobody, and mentors who are still to be briefed have no place.
    """
    reckoned = bank.reckoned
    if not reckoned.settled:
        waits = waiting_mentees(divisions).filter(programme_id=bank.version.programme_id).order_by()
        keys = {str(key) for key in waits.values_list("pk", flat=True)}
        waiting = np.array([key in keys for key in bank.problem.mentee_ids], dtype=np.bool_)
        problem = replace(
            bank.problem,
            capacity=np.where(bank.unbriefed, 0, bank.problem.capacity),
            full=bank.problem.full | bank.unbriefed,
        )
        problem = left_without(problem, np.flatnonzero(~waiting))
        reckoned.settled.append(Settled(problem, solved(problem), waiting))
    return reckoned.settled[0]


# A woman who waits ----------------------------------------------------------------------------------------------------


def why_nobody(bank: Bank, mentee_id: UUID, *, divisions: Collection[UUID]) -> WhyNot | None:
    """Tell why a mentee has no mentor yet; ``None`` when she is not in this bank: she has one, or has left.

    ``divisions`` are those of which the bank was asked.
    """
    row = bank.rows.get(str(mentee_id))
    if row is None:
        return None
    if mentee_id not in bank.reckoned.whys:
        bank.reckoned.whys[mentee_id] = _why_nobody(bank, row, settled(bank, divisions))
    return bank.reckoned.whys[mentee_id]


def _why_nobody(bank: Bank, row: int, all_settled: Settled) -> WhyNot:
    there = _who_is_there(bank, row)
    obstacles = around_mentee(bank.problem, row, {BRIEFED: bank.unbriefed}).without(~there)
    columns: I64 = np.flatnonzero(there)
    hers = all_settled.best.pairs[all_settled.best.pairs[:, 0] == row, 1].tolist()
    ids = [bank.problem.mentor_ids[column] for column in columns.tolist()]
    openings = obstacles.openings()
    rooms: dict[str, Room] = {}
    if not hers and all_settled.waiting[row]:
        for opening in [one for one in openings if one.obstacle not in STANDS][:_ROOMS]:
            first = int(columns[opening.first])
            rooms[opening.obstacle] = room_for(all_settled.problem, all_settled.best, row, first, solved)
    return WhyNot(
        standing=_standing(obstacles, bool(hers)),
        **_counted(obstacles, bank),
        steps=_steps(obstacles, openings, ids, rooms),
        chosen=enrolment_of(bank.problem.mentor_ids[hers[0]]) if hers else None,
        said=said_to_mentee(bank, row, obstacles, there),
        musts=_musts(bank, row, obstacles, there),
    )


def _who_is_there(bank: Bank, row: int) -> Bool:
    """Return bool (m,): all mentors of the bank, and those lent to a mentee. Nobody twice, nor who is lent to others.

    A mentor of whom a place is kept for her stands there by that place alone.
    """
    ids = bank.problem.mentor_ids
    there: Bool = np.ones(bank.problem.mentors, np.bool_)
    for column, mentee in bank.kept_for.items():
        there[column] = mentee == bank.problem.mentee_ids[row]
        at_home = bank.columns.get(str(enrolment_of(ids[column])))
        if there[column] and at_home is not None:
            there[at_home] = False
    return there


def _musts(bank: Bank, row: int, obstacles: Obstacles, there: Bool) -> tuple[Must, ...]:
    """Take the rule of must-haves apart, as far as it keeps anybody away: her own one by one, the mentors' together."""
    own = {demand_key(one): one for one in bank.people.mentees[row].requires or ()}
    rules = [one for one in bank.problem.policy.customs if one.is_rule]
    what: list[Requirement | Custom | None] = [*(own[key] for key in sorted(own)), *rules, None]
    fails = np.array([*each_demand_of(bank.problem, row), demanded_of(bank.problem, row)])[:, there]
    # Where nothing but the must-haves stands between, and only one of them.
    alone = obstacles.alone(Rule.REQUIRES.value) & (fails.sum(axis=0) == 1)
    found = [
        Must(one, int(kept_away.sum()), int((kept_away & alone).sum()))
        for one, kept_away in zip(what, fails, strict=True)
        if kept_away.any()
    ]
    return tuple(sorted(found, key=lambda must: -must.fails))


def _standing(obstacles: Obstacles, is_chosen: bool) -> Standing:
    if not obstacles.others:
        return Standing.EMPTY
    if is_chosen:
        return Standing.CHOSEN
    if obstacles.right.any():
        return Standing.TAKEN
    return Standing.FLOOR if obstacles.allowed.any() else Standing.NO_ALLOWED


def _counted(obstacles: Obstacles, bank: Bank) -> dict[str, int]:
    allowed = obstacles.allowed
    return {
        "others": obstacles.others,
        "fitting": int(allowed.sum()),
        "right": int(obstacles.right.sum()),
        "floor": round(bank.problem.policy.floor / 100),
        # Rounded down: what lies below the floor is not to be shown as if it reached it.
        "best_score": int(obstacles.scores[allowed].max(initial=0)) // 100,
    }


def _steps(
    obstacles: Obstacles, openings: Collection[Opening], ids: Collection[str], rooms: dict[str, Room]
) -> tuple[Step, ...]:
    keys = tuple(ids)
    opened = {one.obstacle: one for one in openings}
    steps = []
    for obstacle, fails in obstacles.counts().items():
        opening = opened.get(obstacle)
        if opening is None or obstacle in STANDS:
            found = Step(obstacle, fails)
        else:
            found = Step(
                obstacle,
                fails,
                opens=opening.opens,
                first=enrolment_of(keys[opening.first]),
                score=_points(obstacle, int(obstacles.scores[opening.first])),
                room=rooms.get(obstacle),
            )
        if fails:
            steps.append(found)
    return tuple(sorted(steps, key=lambda step: (-step.opens, -step.fails)))


def _points(obstacle: str, score: int) -> int:
    return score // 100 if obstacle == FLOOR else round(score / 100)


def said_to_mentee(bank: Bank, row: int, obstacles: Obstacles, there: Bool) -> Said:
    """Return what can be said to a mentee.

    It is the same as if whoever she must not meet, or has been a pair with, were not in the bank at all; and it never
    tells what a mentor asks for, only what she herself has told.
    """
    return _said(obstacles, mentees_own_demands(bank.problem, row)[there], bank.people.mentees[row])


# A mentor who is idle -------------------------------------------------------------------------------------------------


def why_idle(bank: Bank, mentor_id: UUID, *, divisions: Collection[UUID]) -> WhyNot | None:
    """Tell why nobody is with a mentor; ``None`` when she is not in this bank: she has left, or is not to be ranked."""
    column = bank.columns.get(str(mentor_id))
    if column is None:
        return None
    if mentor_id not in bank.reckoned.whys:
        bank.reckoned.whys[mentor_id] = _why_idle(bank, column, settled(bank, divisions))
    return bank.reckoned.whys[mentor_id]


def _why_idle(bank: Bank, column: int, all_settled: Settled) -> WhyNot:
    problem = bank.problem
    unbriefed = np.full(problem.mentees, bank.unbriefed[column], dtype=np.bool_)
    waiting: I64 = np.flatnonzero(all_settled.waiting)
    obstacles = around_mentor(problem, column, {BRIEFED: unbriefed}).without(~all_settled.waiting)
    demands = mentors_own_demands(problem, column)[all_settled.waiting]
    hers = all_settled.best.pairs[all_settled.best.pairs[:, 1] == column, 0].tolist()
    hers.sort(key=lambda row: -int(all_settled.best.scores[all_settled.best.pairs[:, 0] == row][0]))
    is_out = bool(problem.full[column] or problem.resting[column] or bank.unbriefed[column])
    return WhyNot(
        standing=Standing.HERSELF if is_out else _standing(obstacles, bool(hers)),
        **_counted(obstacles, bank),
        steps=_steps(obstacles, obstacles.openings(), [problem.mentee_ids[row] for row in waiting.tolist()], {}),
        chosen=UUID(problem.mentee_ids[hers[0]]) if hers else None,
        said=_said_to_mentor(bank, column, obstacles, demands),
        musts=(),
    )


def _said_to_mentor(bank: Bank, column: int, obstacles: Obstacles, demands: Bool) -> Said:
    """Return what can be said to a mentor: as to a mentee, and before that what lies with herself."""
    problem = bank.problem
    if problem.resting[column]:
        return Said.BREAK
    if problem.full[column]:
        return Said.PLACES
    if bank.unbriefed[column]:
        return Said.BRIEFING
    return _said(obstacles, demands, bank.people.mentors[column])


def _said(obstacles: Obstacles, own_demands: Bool, person: Mentee | Mentor) -> Said:
    apart = obstacles.between[obstacles.names.index(Rule.CONFLICT.value)]
    seen = obstacles.without(apart)
    if not seen.others:
        return Said.NOBODY_YET
    if seen.right.any():
        return Said.ENOUGH
    if seen.allowed.any():
        return Said.NOT_WELL
    opens = {name: int(seen.alone(name).sum()) for name in seen.names}
    opens[Rule.REQUIRES.value] = int((seen.alone(Rule.REQUIRES.value) & own_demands[~apart]).sum())
    best = max(opens, key=lambda name: opens[name])
    return _to_change(best, person) if opens[best] else Said.SEARCHING


def _to_change(obstacle: str, person: Mentee | Mentor) -> Said:
    """Return what she herself could change; what lies with others is told in general."""
    match obstacle:
        case Rule.TIME:
            return Said.TIME
        case Rule.LANGUAGE:
            return Said.LANGUAGE
        case Rule.PLACE:
            return Said.NEAR if MeetingMode.ONLINE in (person.meeting or ()) else Said.ONLINE
        case Rule.REQUIRES:
            return Said.WISHES
    return Said.BUSY if obstacle in HERSELF else Said.SEARCHING


# A floor --------------------------------------------------------------------------------------------------------------


def reachable(bank: Bank, *, divisions: Collection[UUID]) -> Reach:
    """Tell which floors would leave any pair, or as many as can be, for everybody who waits.

    Asks the solver some thirty times: for a floor that nobody reaches, not for every page.
    """
    return reach_of(replace(settled(bank, divisions).problem, policy=bank.problem.policy), solved)
