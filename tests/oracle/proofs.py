"""Solved cases to check: a slow checker of proofs over all pairs, and results to hold against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from random import Random
from typing import Final

import numpy as np
import pytest

from factories.people import TODAY, a_mentee, a_mentor, random_people
from oracle import brute, plain
from oracle.networks import Network
from pairing.certificate import Certificate, PairingResult
from pairing.errors import CertificateError
from pairing.features import I64
from pairing.problem import PairingProblem, by_id
from pairing.solve import solve
from pairing.verify import verify

PRICES: Final = tuple(price.name for price in fields(Certificate))
SEEDS: Final = range(6)


class Judge:
    """The slow checker: every pair by the plain oracle, every sum in Python's own whole numbers."""

    def __init__(self, case: Network) -> None:
        her, their = by_id(case.mentees), by_id(case.mentors)
        self.floor = case.policy.floor
        self.allowed = [[not case.fails(mentee, mentor) for mentor in their] for mentee in her]
        self.scores = [[case.score(mentee, mentor) for mentor in their] for mentee in her]
        self.places = [plain.free_places(mentor, TODAY) for mentor in their]
        rows = {mentee.id: row for row, mentee in enumerate(her)}
        columns = {mentor.id: column for column, mentor in enumerate(their)}
        self.locks = {(rows[mentee], columns[mentor]) for mentee, mentor in case.locks}
        self.locked_rows = {row for row, _ in self.locks}
        self.left = [
            places - sum(locked == column for _, locked in self.locks) for column, places in enumerate(self.places)
        ]

    def is_valid(self, pairs: list[tuple[int, int]], scores: list[int]) -> bool:
        """Say whether the pairs may be, with the scores claimed."""
        return (
            len(pairs) == len(scores)
            and all(0 <= row < len(self.scores) and 0 <= column < len(self.places) for row, column in pairs)
            and len({row for row, _ in pairs}) == len(pairs)
            and all(count <= self.places[column] for column, count in Counter(column for _, column in pairs).items())
            and set(pairs) >= self.locks
            and all(
                self.allowed[row][column]
                and self.scores[row][column] == score
                and (score >= self.floor or (row, column) in self.locks)
                for (row, column), score in zip(pairs, scores, strict=True)
            )
        )

    def choosable(self) -> list[tuple[int, int, int]]:
        """Return row, column and score of every pair that could be chosen beside the locks."""
        return [
            (row, column, score)
            for row, line in enumerate(self.scores)
            if row not in self.locked_rows
            for column, score in enumerate(line)
            if self.allowed[row][column] and score >= self.floor and self.left[column] > 0
        ]

    def is_proof(self, pairs: list[tuple[int, int]], scores: list[int], prices: Mapping[str, list[int]]) -> bool:
        """Say whether the prices prove the pairs the best: both stages, as ``certificate`` tells."""
        number_i, number_j = prices["number_of_mentee"], prices["number_of_mentor"]
        total_i, total_j = prices["total_of_mentee"], prices["total_of_mentor"]
        free = [row for row in range(len(self.scores)) if row not in self.locked_rows]
        open_ = [column for column, left in enumerate(self.left) if left > 0]
        is_feasible = (
            all(number_i[row] >= 0 and (number_i[row] > 0 or total_i[row] >= 0) for row in free)
            and all(number_j[column] >= 0 and (number_j[column] > 0 or total_j[column] >= 0) for column in open_)
            and all(
                number_i[row] + number_j[column] > 1
                or (number_i[row] + number_j[column] == 1 and total_i[row] + total_j[column] >= score)
                for row, column, score in self.choosable()
            )
        )
        chosen = [score for pair, score in zip(pairs, scores, strict=True) if pair not in self.locks]
        number = sum(number_i[row] for row in free) + sum(self.left[column] * number_j[column] for column in open_)
        total = sum(total_i[row] for row in free) + sum(self.left[column] * total_j[column] for column in open_)
        return is_feasible and number == len(chosen) and total == sum(chosen)

    def optimum(self) -> tuple[int, int]:
        eligible = [[False] * len(self.places) for _ in self.scores]
        for row, column, _ in self.choosable():
            eligible[row][column] = True
        return brute.scipy_best(eligible, self.scores, self.left)

    def accepts(self, result: PairingResult) -> bool:
        pairs = [(row, column) for row, column in result.pairs.tolist()]
        prices = {name: getattr(result.certificate, name).tolist() for name in PRICES}
        return self.is_valid(pairs, result.scores.tolist()) and self.is_proof(pairs, result.scores.tolist(), prices)


def accepted(problem: PairingProblem, result: PairingResult) -> bool:
    try:
        verify(problem, result)
    except CertificateError:
        return False
    return True


def refused(problem: PairingProblem, result: PairingResult) -> tuple[str, ...]:
    with pytest.raises(CertificateError) as caught:
        verify(problem, result)
    return caught.value.lines("en")


def ints(*values: int) -> I64:
    return np.array(values, np.int64)


def a_result(problem: PairingProblem, pairs: list[tuple[int, int]], scores: list[int]) -> PairingResult:
    """Return a result with prices of 0."""
    mentees, mentors = np.zeros(problem.mentees, np.int64), np.zeros(problem.mentors, np.int64)
    return PairingResult(
        pairs=np.array(pairs, np.int64).reshape(-1, 2),
        scores=np.array(scores, np.int64),
        certificate=Certificate(mentees, mentors, mentees, mentors),
    )


def with_price(result: PairingResult, name: str, at: int, change: int) -> PairingResult:
    prices = getattr(result.certificate, name).copy()
    prices[at] += change
    return replace(result, certificate=replace(result.certificate, **{name: prices}))


@cache
def a_case(seed: int) -> tuple[Network, PairingProblem, PairingResult, Judge]:
    """Return a solved case of 12 x 10 with locks, prohibitions and history, and the slow checker for it."""
    random = Random(seed)
    her, their = random_people(seed, 12, 10, unknown_share=0.6)
    their = tuple(replace(mentor, capacity=random.choice((1, 1, 2)), active_pairs=0) for mentor in their)
    excluded = [(random.choice(her).id, random.choice(their).id) for _ in range(8)]
    case = Network(her, their, forbidden=tuple(excluded[:4]), earlier=tuple(excluded[4:]))
    lockable = [
        (mentee.id, mentor.id)
        for mentee in her
        for mentor in their
        if not case.fails(mentee, mentor) and plain.free_places(mentor, TODAY)
    ]
    case = replace(case, locks=(random.choice(lockable),))
    problem = case.problem()
    return case, problem, solve(problem), Judge(case)


def plain_case(mentees: int, mentors: int, **changes: object) -> Network:
    """Everybody fits everybody, with different scores by education."""
    return Network(
        tuple(a_mentee(f"e{number}", education=number) for number in range(1, mentees + 1)),
        tuple(a_mentor(f"m{number}", education=2 * number, **changes) for number in range(1, mentors + 1)),
    )


def scores_of(case: Network, pairs: list[tuple[int, int]]) -> list[int]:
    return [case.score(case.mentees[row], case.mentors[column]) for row, column in pairs]
