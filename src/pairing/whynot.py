"""Why nobody yet, and what would help most: one person beside everybody of the other side.

For a mentee all mentors stand in her way or not, for a mentor all mentees: the questions are the same. Every hard rule
is an *obstacle*, and so is the floor; whoever asks may add rules of its own. What is answered is defined by counting
(``docs/pairing.md``, "Why not?"), and judged by :func:`pairing.scoring.judge_row` and
:func:`pairing.scoring.judge_pairs`: plain numpy, nothing compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from pairing.certificate import PairingResult
from pairing.features import I64, Bool
from pairing.problem import PairingProblem, PairSet
from pairing.scoring import Judged, judge_pairs, judge_row
from pairing.terms import RULES, UNITS

FLOOR: Final = "floor"
"""The obstacle that is no rule: a score below the policy's floor."""
_WORD: Final = 64
NOBODY: Final[Mapping[str, Bool]] = {}

Solve = Callable[[PairingProblem], PairingResult]


@dataclass(frozen=True, slots=True)
class Opening:
    """What one obstacle keeps shut, when nothing else does.

    Attributes:
        obstacle: a rule's name, one of the caller's, or :data:`FLOOR`.
        opens: how many would be right for the person if only this were otherwise.
        first: the one of them who would stand first: the highest score, then the lowest number.
    """

    obstacle: str
    opens: int
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """One person beside k others, and what stands between.

    Attributes:
        names: of the obstacles, r of them: the hard rules in their order, the caller's own, and :data:`FLOOR` last.
        between: bool (r, k), this obstacle stands between the two.
        scores: int64 (k,), units of 1/10,000.
    """

    names: tuple[str, ...]
    between: Bool
    scores: I64

    @property
    def others(self) -> int:
        """How many there are on the other side, k."""
        return len(self.scores)

    @property
    def allowed(self) -> Bool:
        """Bool (k,): no rule stands between; the floor may."""
        return np.logical_not(self.between[:-1].any(axis=0))

    @property
    def right(self) -> Bool:
        """Bool (k,): nothing at all stands between."""
        return np.logical_not(self.between.any(axis=0))

    def counts(self) -> dict[str, int]:
        """Return for how many each obstacle stands between, whatever else does."""
        return dict(zip(self.names, self.between.sum(axis=1).tolist(), strict=True))

    def alone(self, obstacle: str) -> Bool:
        """Return bool (k,): this obstacle stands between, and no other one does."""
        at = self.names.index(obstacle)
        only: Bool = self.between[at] & (self.between.sum(axis=0) == 1)
        return only

    def openings(self) -> tuple[Opening, ...]:
        """Return every single relaxation that helps, the one that opens most first; of equals in the order of names."""
        found = []
        for name in self.names:
            columns = np.flatnonzero(self.alone(name))
            if len(columns):
                found.append(Opening(name, len(columns), self.best_of(columns)))
        return tuple(sorted(found, key=lambda opening: -opening.opens))

    def best_of(self, columns: I64) -> int:
        """Return which of ``columns``, int64 and not empty, scores highest; of equals the lowest number."""
        return int(columns[np.lexsort((columns, -self.scores[columns]))[0]])

    def without(self, left_out: Bool) -> Obstacles:
        """Return the same person beside the others, as if those of ``left_out``, bool (k,), were not there.

        Columns are numbered anew.
        """
        kept = ~left_out
        return Obstacles(self.names, self.between[:, kept], self.scores[kept])


def _obstacles(judged: Judged, floor: int, also: Mapping[str, Bool]) -> Obstacles:
    below = judged.scores < floor
    return Obstacles(
        names=(*(rule.value for rule in RULES), *also, FLOOR),
        between=np.vstack([judged.rules.fails, *(rule[None, :] for rule in also.values()), below[None, :]]),
        scores=judged.scores,
    )


def around_mentee(problem: PairingProblem, row: int, also: Mapping[str, Bool] = NOBODY) -> Obstacles:
    """Put mentee number ``row`` beside all m mentors.

    Args:
        problem: what it is asked of.
        row: below n.
        also: rules of the caller's own, by name: bool (m,), true for mentors who fail it. None may be called as a hard
            rule is, or as the floor.

    Time and memory in proportion to m.
    """
    return _obstacles(judge_row(problem, row), problem.policy.floor, also)


def around_mentor(problem: PairingProblem, column: int, also: Mapping[str, Bool] = NOBODY) -> Obstacles:
    """Put mentor number ``column`` beside all n mentees; ``also`` is bool (n,) for each name. In proportion to n."""
    rows = np.arange(problem.mentees, dtype=np.int64)
    judged = judge_pairs(problem, rows, np.full(problem.mentees, column, np.int64))
    return _obstacles(judged, problem.policy.floor, also)


def mentees_own_demands(problem: PairingProblem, row: int) -> Bool:
    """Return bool (m,): what mentee number ``row`` herself requires does not hold for the mentor.

    The rule *requires* fails also for what a mentor requires of her; that is the mentor's own to tell.
    """
    hers = problem.features.mentee.requires[:, [row]]
    fails: Bool = ((problem.features.mentor.demand_fails & hers) != 0).any(axis=0)
    return fails


def each_demand_of(problem: PairingProblem, row: int) -> tuple[Bool, ...]:
    """Return for each thing that mentee number ``row`` requires for whom it does not hold: bool (m,) each.

    First her own, each once, by :func:`pairing.features.demand_key`; then the programme's hard rules in their order.
    """
    hers, theirs = problem.features.mentee.requires[:, row], problem.features.mentor.demand_fails
    return tuple(
        (theirs[word] >> np.uint64(bit)) & np.uint64(1) != 0
        for word, bits in enumerate(hers.tolist())
        for bit in range(_WORD)
        if bits >> bit & 1
    )


def demanded_of(problem: PairingProblem, row: int) -> Bool:
    """Return bool (m,): what the mentor requires does not hold for mentee number ``row``."""
    unmet = problem.features.mentee.demand_fails[:, [row]]
    fails: Bool = ((problem.features.mentor.requires & unmet) != 0).any(axis=0)
    return fails


def mentors_own_demands(problem: PairingProblem, column: int) -> Bool:
    """Return bool (n,): what mentor number ``column`` herself requires does not hold for the mentee."""
    hers = problem.features.mentor.requires[:, [column]]
    fails: Bool = ((problem.features.mentee.demand_fails & hers) != 0).any(axis=0)
    return fails


# Whether somebody would be free ---------------------------------------------------------------------------------------


class Room(StrEnum):
    """What it would mean for everybody else if a mentor were given to a mentee."""

    FREE = "free"
    """She has a place that the best set leaves empty, or has none that anybody else could be given."""
    MOVES = "moves"
    """Others would change their mentors, and one more mentee would have one."""
    COSTS = "costs"
    """Somebody else would be left without a mentor."""
    LOCKED = "locked"
    """Each of her places is locked to somebody else."""


def left_to_others(problem: PairingProblem, row: int, column: int) -> PairingProblem:
    """Return the problem of everybody else, were mentee ``row`` and mentor ``column`` a pair.

    She is nobody's any more, and the mentor has one place less, if she had one.

    Raises:
        ValueError: the mentee is locked, or every place of the mentor is.
    """
    locked = int((problem.locks[:, 1] == column).sum())
    if (problem.locks[:, 0] == row).any() or (locked and locked >= problem.capacity[column]):
        message = "a locked mentee, or a mentor whose places are all locked, is not free to be paired"
        raise ValueError(message)
    capacity, full = problem.capacity.copy(), problem.full.copy()
    if capacity[column]:
        capacity[column] -= 1
        full[column] = capacity[column] == 0
    changed = replace(problem, capacity=capacity, full=full)
    return left_without(changed, np.array([row], np.int64))


def left_without(problem: PairingProblem, rows: I64) -> PairingProblem:
    """Return the same problem in which mentees ``rows``, none of them locked, are given to nobody."""
    out = np.zeros(problem.mentees, bool)
    out[rows] = True
    start, mentor = problem.forbidden
    counts = np.diff(start)
    kept = mentor[~np.repeat(out, counts)]
    counts = np.where(out, problem.mentors, counts)
    filled = np.empty(int(counts.sum()), np.int32)
    of_whom = np.repeat(out, counts)
    filled[of_whom] = np.tile(np.arange(problem.mentors, dtype=np.int32), len(np.flatnonzero(out)))
    filled[~of_whom] = kept
    return replace(problem, forbidden=PairSet(np.concatenate([[0], np.cumsum(counts)]), filled))


def room_for(problem: PairingProblem, best: PairingResult, row: int, column: int, solve: Solve) -> Room:
    """Tell whether mentor ``column`` would be free for mentee ``row``, who is without a mentor in the best set.

    Args:
        problem: with locks that the rules allow.
        best: its best set, as :func:`pairing.solve.solve` finds it.
        row: a mentee without a mentor in ``best``, and without a lock.
        column: the mentor, whatever stands between the two.
        solve: finds the best set of what is left to everybody else; asked once at most.

    Raises:
        ValueError: the mentee has a mentor in the best set.
    """
    if (best.pairs[:, 0] == row).any():
        message = "she has a mentor in the best set"
        raise ValueError(message)
    places = int(problem.capacity[column])
    if int((best.pairs[:, 1] == column).sum()) < places or not places:
        return Room.FREE
    if int((problem.locks[:, 1] == column).sum()) >= places:
        return Room.LOCKED
    others = solve(left_to_others(problem, row, column))
    return Room.MOVES if len(others.pairs) == len(best.pairs) else Room.COSTS


# A floor that nobody reaches ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """What a floor leaves, and what others would; locked pairs outside, scores in units of 1/10,000.

    Attributes:
        floor: the one that was asked for.
        pairs: in the best set at that floor.
        most: pairs at a floor of 0: as many as the rules and the places allow.
        all_at: the highest floor at which there are as many as ``most``; ``None`` where ``most`` is 0.
        any_at: the highest floor at which there is any pair; ``None`` where there is none at all.
    """

    floor: int
    pairs: int
    most: int
    all_at: int | None
    any_at: int | None

    @property
    def is_infeasible(self) -> bool:
        """No pair reaches the floor, though the rules allow some."""
        return not self.pairs and self.most > 0


def reach_of(problem: PairingProblem, solve: Solve) -> Reach:
    """Tell what the floor of a problem leaves, and which floors would leave any pair, or as many as can be.

    The number of pairs never grows with the floor, so the highest floor is found by halving: ``solve`` is asked about
    thirty times at most.
    """
    locked = len(problem.locks)

    def pairs_at(floor: int) -> int:
        return len(solve(replace(problem, policy=problem.policy.with_floor(floor))).pairs) - locked

    most = pairs_at(0)
    pairs = pairs_at(problem.policy.floor)
    if not most:
        return Reach(problem.policy.floor, pairs, 0, None, None)
    highest = _highest_score(problem)
    any_at = _highest_with(pairs_at, 1, highest)
    return Reach(problem.policy.floor, pairs, most, _highest_with(pairs_at, most, any_at), any_at)


def _highest_score(problem: PairingProblem) -> int:
    """Return a whole number of units that no score passes: the weights sum to 1, and no criterion passes 1."""
    return int((1 + problem.policy.waiting_bonus) * UNITS) + 1


def _highest_with(pairs_at: Callable[[int], int], wanted: int, highest: int) -> int:
    """Return the highest floor, 0 to ``highest``, that leaves ``wanted`` pairs; a floor of 0 does."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if pairs_at(middle) >= wanted:
            low = middle
        else:
            high = middle - 1
    return low
