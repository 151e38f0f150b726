"""Weights times values, rounded once to a whole number: the score, with every contribution kept.

A sum of floats lands a hair beside the true decimal value, and the order of adding decides on which side. Scores
are exact all the same: a sum within 1e-7 units of a half *is* a half (errors of adding stay below 1e-10 units) and
goes to the even neighbour. So this module, the compiled kernels and exact fractions agree to the last unit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pairing.between import Between, beside_all, beside_each_other
from pairing.criteria import criteria_values
from pairing.features import F64, I64
from pairing.problem import PairingProblem
from pairing.rules import RuleStates, rule_states
from pairing.terms import CRITERIA, UNITS

HALF_WIDTH: Final = 1e-7
"""How near to a half, in units, a float sum is taken for the half itself."""


def weights_of(problem: PairingProblem) -> F64:
    """Return the weights, float64 (10,), in the order of ``CRITERIA``."""
    return np.array([problem.policy.weights[criterion] for criterion in CRITERIA])


def neutral_of(problem: PairingProblem) -> F64:
    """Return the neutral values, float64 (10,), in the order of ``CRITERIA``."""
    return np.array([problem.policy.neutral[criterion] for criterion in CRITERIA])


def own_contributions(problem: PairingProblem, values: F64) -> F64:
    """Return weight times value for values (c, k) of own criteria; an unknown one counts as its neutral value."""
    scored = problem.policy.scored
    weights = np.array([custom.weight for custom in scored]).reshape(-1, 1)
    neutral = np.array([custom.neutral for custom in scored]).reshape(-1, 1)
    return weights * np.where(np.isnan(values), neutral, values)


def contributions(problem: PairingProblem, values: F64) -> F64:
    """Return weight times value for values (10, m); an unknown one counts as its neutral value."""
    known: F64 = np.where(np.isnan(values), neutral_of(problem)[:, None], values)
    return weights_of(problem)[:, None] * known


def quantised(total: F64) -> I64:
    """Return scores of 0 to about 2 as whole units, halves to even."""
    units = total * UNITS
    below = np.floor(units)
    beyond = units - below - 0.5
    is_half = np.abs(beyond) < HALF_WIDTH
    up = np.where(is_half, below % 2 == 1, beyond > 0)
    return (below + up).astype(np.int64)


class Judged(NamedTuple):
    """k pairs, judged.

    Attributes:
        values: float64 (10, k), NaN unknown.
        contributions: float64 (10, k), weight times value.
        scores: int64 (k,), units of 1/10,000, the waiting bonus inside.
        rules: what the hard rules say.
        own: float64 (c, k), the values of the programme's own criteria, NaN unknown.
        own_contributions: float64 (c, k), weight times value.
    """

    values: F64
    contributions: F64
    scores: I64
    rules: RuleStates
    own: F64
    own_contributions: F64


def _judged(problem: PairingProblem, between: Between, bonus: F64) -> Judged:
    values = criteria_values(between)
    parts = contributions(problem, values)
    rules = rule_states(between, problem.policy.min_language)
    own_parts = own_contributions(problem, between.own)
    total = parts.sum(axis=0)
    if len(own_parts):
        total = total + own_parts.sum(axis=0)
    return Judged(values, parts, quantised(total + bonus), rules, between.own, own_parts)


def judge_row(problem: PairingProblem, row: int) -> Judged:
    """Judge mentee number ``row`` against all m mentors. Time and memory in proportion to m."""
    return _judged(problem, beside_all(problem, row), problem.bonus[row : row + 1])


def judge_pairs(problem: PairingProblem, rows: I64, columns: I64) -> Judged:
    """Judge mentees ``rows`` with mentors ``columns``, pair by pair: int64 (k,) each."""
    return _judged(problem, beside_each_other(problem, rows, columns), problem.bonus[rows])
