"""A pairing problem, frozen: who is there, what they are like, what is fixed and what is excluded.

Everybody stands in the order of their ids (as text, by code point), whatever the order of the rows was: so the
same people give the same result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from pairing.errors import ProblemError
from pairing.features import F64, I32, I64, Bool, Features, features_of
from pairing.policy import Policy
from reference.customs import as_asked
from reference.people import Mentee, Mentor
from reference.translation import N_, Message

Somebody = TypeVar("Somebody", Mentee, Mentor)
IdPair = tuple[str, str]
"""A mentee's id and a mentor's id."""


class PairSet(NamedTuple):
    """Some pairs, by mentee.

    Attributes:
        start: int64 (n + 1,), where each mentee's mentors begin in ``mentor``.
        mentor: int32, column numbers, ascending for each mentee.
    """

    start: I64
    mentor: I32


@dataclass(frozen=True, slots=True)
class PairingProblem:
    """n mentees, m mentors and what may not be changed.

    Attributes:
        mentee_ids, mentor_ids: in ascending order; rows and columns of everything below.
        bonus: float64 (n,), each mentee's waiting bonus, 0 to ``policy.waiting_bonus``.
        capacity: int64 (m,), free places before locks: capacity less active pairs, at least 0; 0 while resting.
        full: bool (m,), no place is left.
        resting: bool (m,), resting on the day of the run.
        conflicts: pairs that must not meet, or have been a pair before.
        forbidden: pairs that a coordinator ruled out.
        locks: int64 (k, 2), pairs that a coordinator fixed, as (row, column), ascending.
    """

    mentee_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    features: Features
    policy: Policy
    bonus: F64
    capacity: I64
    full: Bool
    resting: Bool
    conflicts: PairSet
    forbidden: PairSet
    locks: I64

    @property
    def mentees(self) -> int:
        """The number of mentees, n."""
        return len(self.mentee_ids)

    @property
    def mentors(self) -> int:
        """The number of mentors, m."""
        return len(self.mentor_ids)


def by_id(people: Iterable[Somebody]) -> list[Somebody]:
    """Return ``people`` in the order in which a problem holds them."""
    return sorted(people, key=lambda person: person.id)


def waiting_bonus(since: date | None, *, policy: Policy, today: date) -> float:
    """Return the bonus of somebody who waits since ``since``: 0 when that is unknown or after ``today``."""
    if since is None:
        return 0.0
    days = max(0, (today - since).days)
    return policy.waiting_bonus * min(1.0, days / policy.waiting_days)


def features_under(
    policy: Policy, mentees: Sequence[Mentee], mentors: Sequence[Mentor], known: Features | None = None
) -> Features:
    """Return the features of people, in order of their ids, under a policy's own criteria.

    ``known`` are theirs under another policy, perhaps: they are returned where its own criteria ask the same.
    """
    if known is not None and known.asked == as_asked(policy.customs):
        return known
    return features_of(mentees, mentors, policy.customs)


def _pair_set(pairs: Iterable[tuple[int, int]], rows: int) -> PairSet:
    ordered = sorted(set(pairs))
    counts = np.zeros(rows + 1, np.int64)
    for row, _ in ordered:
        counts[row + 1] += 1
    return PairSet(np.cumsum(counts), np.array([column for _, column in ordered], np.int32))


class _Named:
    """Finds rows and columns by id and remembers every id that is not there."""

    def __init__(self, mentee_ids: Sequence[str], mentor_ids: Sequence[str]) -> None:
        self.rows = {name: row for row, name in enumerate(mentee_ids)}
        self.columns = {name: column for column, name in enumerate(mentor_ids)}
        self.complaints: list[Message] = []

    def known(self, pairs: Iterable[IdPair]) -> list[tuple[int, int]]:
        """Return the pairs of which both sides are there; of the others nothing is to be said."""
        return [
            (self.rows[mentee], self.columns[mentor])
            for mentee, mentor in pairs
            if mentee in self.rows and mentor in self.columns
        ]

    def required(self, pairs: Iterable[IdPair], option: str) -> list[tuple[int, int]]:
        found = []
        for mentee, mentor in pairs:
            if mentee not in self.rows:
                template = N_("{option} {mentee}:{mentor}: no mentee has the id “{mentee}”")
            elif mentor not in self.columns:
                template = N_("{option} {mentee}:{mentor}: no mentor has the id “{mentor}”")
            else:
                found.append((self.rows[mentee], self.columns[mentor]))
                continue
            self.complaints.append(Message(template, {"option": option, "mentee": mentee, "mentor": mentor}))
        return found


def build_problem(
    *,
    mentees: Iterable[Mentee],
    mentors: Iterable[Mentor],
    today: date,
    policy: Policy | None = None,
    earlier: Collection[IdPair] = (),
    locks: Collection[IdPair] = (),
    forbidden: Collection[IdPair] = (),
    features: Features | None = None,
) -> PairingProblem:
    """State a problem from people.

    Args:
        mentees: their ids differ.
        mentors: their ids differ.
        today: governs resting and days waiting.
        policy: weights, floor and the like; the defaults without it.
        earlier: pairs that have been; ids that are not there are passed over.
        locks: pairs to keep, whatever their score; whether the rules allow them is checked by
            :func:`pairing.locks.refuse_impossible_locks`.
        forbidden: pairs to rule out.
        features: of the very same people, where they are known already: places, rest and waiting are no part of them,
            and they take most of the time. Those of other own criteria are made anew.

    Raises:
        ProblemError: with every lock or prohibition whose id nobody has, and every doubled id.
    """
    policy = Policy() if policy is None else policy
    rows, columns = by_id(mentees), by_id(mentors)
    mentee_ids, mentor_ids = tuple(row.id for row in rows), tuple(column.id for column in columns)
    named = _Named(mentee_ids, mentor_ids)
    for ids in (mentee_ids, mentor_ids):
        doubled = {first for first, second in pairwise(ids) if first == second}
        named.complaints += [Message(N_("the id “{id}” is used twice"), {"id": name}) for name in sorted(doubled)]
    locked = named.required(locks, "--lock")
    ruled_out = named.required(forbidden, "--forbid")
    if named.complaints:
        raise ProblemError(named.complaints)

    never = [(mentee.id, other) for mentee in rows for other in mentee.must_not_meet]
    never += [(other, mentor.id) for mentor in columns for other in mentor.must_not_meet]
    resting = np.array([mentor.resting_until is not None and mentor.resting_until > today for mentor in columns], bool)
    left = np.array([mentor.capacity - mentor.active_pairs for mentor in columns], np.int64)
    bonus = [waiting_bonus(mentee.waiting_since, policy=policy, today=today) for mentee in rows]
    return PairingProblem(
        mentee_ids=mentee_ids,
        mentor_ids=mentor_ids,
        features=features_under(policy, rows, columns, features),
        policy=policy,
        bonus=np.array(bonus, np.float64),
        capacity=np.where(resting, 0, np.maximum(left, 0)),
        full=left <= 0,
        resting=resting,
        conflicts=_pair_set(named.known([*never, *earlier]), len(rows)),
        forbidden=_pair_set(ruled_out, len(rows)),
        locks=np.array(sorted(set(locked)), np.int64).reshape(-1, 2),
    )
