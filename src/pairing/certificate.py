"""A result and the prices that prove it: plain arrays, made by the solver and checked by the verifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.features import I64, Bool
from pairing.problem import PairingProblem


@dataclass(frozen=True, slots=True)
class Certificate:
    """One dual solution for each stage; whole numbers, locked mentees and places outside.

    Stage 1, the number of pairs: every pair that could be chosen has ``number_of_mentee + number_of_mentor >= 1``,
    none is negative, and their sum (a mentor's counted once for each free place) is the number of pairs. So no set
    has more.

    Stage 2, the total: a pair for which that sum is exactly 1 has ``total_of_mentee + total_of_mentor >= score``.
    By complementary slackness every largest set uses only such pairs, and fills every mentee and place whose stage-1
    price is above 0; those may have a negative total price, all others have at least 0. So no largest set has a
    higher total than the sum of the total prices.

    Attributes:
        number_of_mentee, total_of_mentee: int64 (n,).
        number_of_mentor, total_of_mentor: int64 (m,).
    """

    number_of_mentee: I64
    number_of_mentor: I64
    total_of_mentee: I64
    total_of_mentor: I64


@dataclass(frozen=True, slots=True)
class PairingResult:
    """The chosen pairs, locks among them.

    Attributes:
        pairs: int64 (k, 2), (mentee's row, mentor's column), ascending by row.
        scores: int64 (k,), units of 1/10,000.
        certificate: why there is nothing better.
    """

    pairs: I64
    scores: I64
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Figures:
    """A result beside what its certificate allows, locked pairs outside; the result is the best where they are equal.

    Attributes:
        number, number_bound: of pairs.
        total, total_bound: score, units of 1/10,000.
    """

    number: int
    number_bound: int
    total: int
    total_bound: int


def locked_pairs(problem: PairingProblem, result: PairingResult) -> Bool:
    """Return which of the result's pairs are locks: bool (k,)."""
    locks = {(row, column) for row, column in problem.locks.tolist()}
    return np.array([(row, column) in locks for row, column in result.pairs.tolist()], bool)


def _bound(of_mentees: I64, places: I64, of_mentors: I64) -> int:
    # In Python's own numbers, which do not overflow: a certificate may claim anything.
    priced = np.flatnonzero(of_mentors)
    of_places = zip(places[priced].tolist(), of_mentors[priced].tolist(), strict=True)
    total: int = sum(of_mentees.tolist()) + sum(count * price for count, price in of_places)
    return total


def figures_of(problem: PairingProblem, result: PairingResult) -> Figures:
    """Add up a result and its prices. Whether the prices are right is for :mod:`pairing.verify` to say."""
    prices = result.certificate
    chosen = ~locked_pairs(problem, result)
    free_row = np.ones(problem.mentees, bool)
    free_row[problem.locks[:, 0]] = False
    places = problem.capacity - np.bincount(problem.locks[:, 1], minlength=problem.mentors)
    return Figures(
        number=int(chosen.sum()),
        number_bound=_bound(prices.number_of_mentee[free_row], places, prices.number_of_mentor),
        total=int(result.scores[chosen].sum()),
        total_bound=_bound(prices.total_of_mentee[free_row], places, prices.total_of_mentor),
    )
