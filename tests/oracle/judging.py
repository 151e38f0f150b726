"""Policies to judge by, problems to judge, and what the compiled kernels find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

import numpy as np

from factories.people import LEVELS, TODAY
from pairing.criteria import DIGITS_VALUE, LANGUAGE_VALUE
from pairing.features import I64
from pairing.kernels.rows import COLUMN_BITS, COLUMN_MASK, best_of_rows
from pairing.policy import Policy
from pairing.problem import IdPair, PairingProblem, build_problem
from pairing.scene import scene_of, scratch_for
from pairing.terms import CRITERIA
from reference.people import Mentee, Mentor


def a_policy(random: Random) -> Policy:
    """Draw weights of three decimals that sum to exactly 1, so that the oracle's fractions are the true ones."""
    cuts = sorted(random.choices(range(1001), k=len(CRITERIA) - 1))
    thousandths = [end - start for start, end in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return Policy(
        weights={criterion: share / 1000 for criterion, share in zip(CRITERIA, thousandths, strict=True)},
        neutral={criterion: random.randrange(101) / 100 for criterion in CRITERIA},
        floor=random.choice((0, 2000, 3500, 4321, 6000)),
        min_language=random.choice(LEVELS),
        waiting_bonus=random.choice((0.0, 0.02, 0.137, 1.0)),
        waiting_days=random.choice((1.0, 30.0, 365.0, 36525.0)),
    )


def problem_of(
    her: Sequence[Mentee],
    their: Sequence[Mentor],
    policy: Policy,
    earlier: Collection[IdPair] = (),
    forbidden: Collection[IdPair] = (),
    locks: Collection[IdPair] = (),
) -> PairingProblem:
    return build_problem(
        mentees=her,
        mentors=their,
        today=TODAY,
        policy=policy,
        earlier=earlier,
        forbidden=forbidden,
        locks=locks,
    )


def kernel_best(problem: PairingProblem, limit: int) -> tuple[list[list[tuple[int, int]]], list[bool]]:
    """Return each mentee's best (column, score) as the compiled kernels have them, and whether that is all."""
    left = problem.capacity - np.bincount(problem.locks[:, 1], minlength=problem.mentors)
    scene = scene_of(problem, left, DIGITS_VALUE, LANGUAGE_VALUE)
    rows: I64 = np.arange(problem.mentees)
    best = np.zeros((problem.mentees, limit), np.int64)
    counts, complete = np.zeros(problem.mentees, np.int64), np.zeros(problem.mentees, bool)
    best_of_rows(scene, rows, rows, scratch_for(scene), best, counts, complete)
    found = [
        [(COLUMN_MASK - (entry & COLUMN_MASK), entry >> COLUMN_BITS) for entry in line[:count]]
        for line, count in zip(best.tolist(), counts.tolist(), strict=True)
    ]
    return found, complete.tolist()
