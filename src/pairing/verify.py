"""Is a result valid, and can nothing be better? Checked from the definitions, by code that is not the solver's.

Nothing is taken from the solver but its answer: rules and scores come from ``scoring`` (plain numpy), not from the
compiled kernels, and every pair of all n times m is held against the prices. Why that proves the optimum is told
in ``certificate``.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pairing.certificate import Figures, PairingResult, figures_of, locked_pairs
from pairing.errors import CertificateError
from pairing.features import I64
from pairing.problem import PairingProblem
from pairing.rules import RULE_NAMES
from pairing.scoring import judge_pairs, judge_row
from pairing.terms import RULES, UNITS
from reference.spoken import Decimal
from reference.translation import N_, Message, Value

HIGHEST_PRICE: Final = 1 << 50
"""Beyond any sum of scores; sums of two such prices still hold in 64 bits."""


def _is_shape(array: I64, length: int) -> bool:
    return array.shape == (length,) and array.dtype == np.int64


def _ids(problem: PairingProblem, row: int, column: int) -> dict[str, str]:
    return {"mentee": problem.mentee_ids[row], "mentor": problem.mentor_ids[column]}


def _invalid(problem: PairingProblem, result: PairingResult) -> list[Message]:
    """Return what is wrong with the pairs themselves."""
    pairs, scores = result.pairs, result.scores
    judged = judge_pairs(problem, pairs[:, 0], pairs[:, 1])
    locked = locked_pairs(problem, result)
    wrong: list[Message] = []
    for at, (row, column) in enumerate(pairs.tolist()):
        named: dict[str, Value] = {**_ids(problem, row, column)}
        broken = [rule for rule, fails in zip(RULES, judged.rules.fails[:, at], strict=True) if fails]
        template = N_("{mentee} and {mentor} break the rule “{rule}”: {why}")
        wrong += [Message(template, {**named, "rule": rule.value, "why": Message(RULE_NAMES[rule])}) for rule in broken]
        if scores[at] != judged.scores[at]:
            figures = {"claimed": Decimal(int(scores[at]) / UNITS), "right": Decimal(int(judged.scores[at]) / UNITS)}
            template = N_("{mentee} and {mentor}: the score is {claimed} in the result, and should be {right}")
            wrong.append(Message(template, {**named, **figures}))
        if judged.scores[at] < problem.policy.floor and not locked[at]:
            wrong.append(Message(N_("{mentee} and {mentor} are below the floor"), dict(named)))
    counts = np.bincount(pairs[:, 0], minlength=problem.mentees)
    for row in np.flatnonzero(counts > 1).tolist():
        wrong.append(Message(N_("{mentee} has more than one mentor"), {"mentee": problem.mentee_ids[row]}))
    places = np.bincount(pairs[:, 1], minlength=problem.mentors)
    for column in np.flatnonzero(places > problem.capacity).tolist():
        free: dict[str, Value] = {"mentor": problem.mentor_ids[column], "places": int(problem.capacity[column])}
        wrong.append(Message(N_("{mentor} has more pairs than free places ({places})"), free))
    there = {(row, column) for row, column in pairs.tolist()}
    for row, column in problem.locks.tolist():
        if (row, column) not in there:
            wrong.append(
                Message(N_("the locked pair {mentee} and {mentor} is missing"), dict(_ids(problem, row, column)))
            )
    return wrong


def verify(problem: PairingProblem, result: PairingResult) -> Figures:
    """Check that ``result`` is valid and that its certificate proves it the best.

    Returns:
        The number of pairs and their total score, with the bounds that the certificate gives; they are equal.

    Raises:
        CertificateError: with everything that is wrong with the pairs, or else with the prices.

    Takes time in proportion to n times m, memory in proportion to n + m.
    """
    n, m = problem.mentees, problem.mentors
    pairs = result.pairs
    # Narrower numbers would overflow where pairs are numbered; others are no numbers of rows at all.
    is_within = pairs.dtype == np.int64 and pairs.ndim == 2 and pairs.shape[1:] == (2,) and bool((pairs >= 0).all())
    if not is_within or (pairs >= np.array([n, m])).any() or not _is_shape(result.scores, len(pairs)):
        raise CertificateError([Message(N_("the result does not belong to these people"))])
    wrong = _invalid(problem, result)
    if wrong:
        raise CertificateError(wrong)
    prices = result.certificate
    number_i, number_j = prices.number_of_mentee, prices.number_of_mentor
    total_i, total_j = prices.total_of_mentee, prices.total_of_mentor
    if not all((_is_shape(number_i, n), _is_shape(total_i, n), _is_shape(number_j, m), _is_shape(total_j, m))):
        raise CertificateError([Message(N_("the certificate does not belong to these people"))])

    if max(int(np.abs(price).max(initial=0)) for price in (number_i, number_j, total_i, total_j)) > HIGHEST_PRICE:
        raise CertificateError([Message(N_("the certificate has a price that no score can lead to"))])
    left = problem.capacity - np.bincount(problem.locks[:, 1], minlength=m)
    free_row = np.ones(n, bool)
    free_row[problem.locks[:, 0]] = False
    if (number_i[free_row] < 0).any() or (number_j[left > 0] < 0).any():
        wrong.append(Message(N_("the certificate has a price below zero for the number of pairs")))
    if (total_i[free_row & (number_i == 0)] < 0).any() or (total_j[(left > 0) & (number_j == 0)] < 0).any():
        wrong.append(Message(N_("the certificate has a price below zero for the total score")))
    for row in np.flatnonzero(free_row).tolist():
        judged = judge_row(problem, row)
        may = judged.rules.allowed & (judged.scores >= problem.policy.floor) & (left > 0)
        number = number_i[row] + number_j
        too_low = may & ((number < 1) | ((number == 1) & (total_i[row] + total_j < judged.scores)))
        for column in np.flatnonzero(too_low).tolist():
            template = N_("the certificate does not rule out that {mentee} and {mentor} would be better")
            wrong.append(Message(template, dict(_ids(problem, row, column))))
    found = figures_of(problem, result)
    if found.number != found.number_bound:
        values = {"number": found.number, "bound": found.number_bound}
        wrong.append(Message(N_("{number} pairs, but the certificate allows {bound}"), values))
    if found.total != found.total_bound:
        values = {"total": found.total, "bound": found.total_bound}
        wrong.append(Message(N_("a total of {total}, but the certificate allows {bound}"), values))
    if wrong:
        raise CertificateError(wrong)
    return found
