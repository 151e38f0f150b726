"""From a problem to the best set of pairs, with the prices that prove it.

As many pairs as possible at or above the floor; among those sets, the largest total score; the waiting bonus is
inside the scores. See ``docs/pairing.md`` for the method and ``assignment`` for the algorithm.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final

import numpy as np

from pairing.assignment import Lists, place_rows, reduce_rows, state_for
from pairing.certificate import Certificate, PairingResult
from pairing.criteria import DIGITS_VALUE, LANGUAGE_VALUE
from pairing.features import DANISH, I64
from pairing.kernels.rows import best_of_rows
from pairing.locks import refuse_impossible_locks
from pairing.problem import PairingProblem, build_problem
from pairing.scene import Scene, scene_of, scratch_for
from pairing.scoring import judge_pairs
from pairing.terms import UNITS
from reference.cefr import Level
from reference.people import LanguageSkill, Mentee, Mentor

LIST_LENGTH: Final = 128
GROWTH: Final = 8
ROWS_AT_ONCE: Final = 16
"""A thread is worth starting for so many rows."""
MEMORY: Final = 1 << 21
"""Entries of rows being scored at one time: 16 MiB."""


class _Known:
    """What each row knows of its best columns: grows on demand.

    Threads share nothing but the arrays they fill at different places, so their number leaves no trace.
    """

    def __init__(self, scene: Scene, mentees: int, threads: int) -> None:
        self.scene = scene
        self.threads = threads
        self.pool = np.zeros(0, np.int64)
        self.used = 0
        self.lists = Lists(
            start=np.zeros(mentees, np.int64), length=np.zeros(mentees, np.int64), complete=np.ones(mentees, bool)
        )

    def learn(self, rows: I64) -> None:
        """Score ``rows`` against every mentor; each keeps its best, many more than it had."""
        wide = int(self.lists.length[rows].max(initial=0))
        limit = GROWTH * wide if wide else LIST_LENGTH
        for start in range(0, len(rows), max(ROWS_AT_ONCE, MEMORY // limit)):
            self._learn(rows[start : start + max(ROWS_AT_ONCE, MEMORY // limit)], limit)

    def _learn(self, rows: I64, limit: int) -> None:
        limit = min(limit, self.scene.mentor.numbers.shape[1])
        best = np.empty((len(rows), limit), np.int64)
        counts, complete = np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
        workers = max(1, min(self.threads, len(rows) // ROWS_AT_ONCE))

        def score(chunk: I64) -> None:
            best_of_rows(self.scene, rows, chunk, scratch_for(self.scene), best, counts, complete)

        places = np.arange(len(rows))
        if workers == 1:
            score(places)
        else:
            with ThreadPoolExecutor(workers) as pool:
                # More chunks than threads, because rows differ in how many mentors pass the rules.
                for _ in pool.map(score, np.array_split(places, workers * 4)):
                    pass
        self.lists.start[rows] = self.used + np.concatenate([[0], np.cumsum(counts)[:-1]])
        self.lists.length[rows] = counts
        self.lists.complete[rows] = complete
        kept = best[np.arange(limit) < counts[:, None]]
        if self.used + len(kept) > len(self.pool):
            larger = np.empty(2 * (self.used + len(kept)), np.int64)
            larger[: self.used] = self.pool[: self.used]
            self.pool = larger
        self.pool[self.used : self.used + len(kept)] = kept
        self.used += len(kept)


def separator(mentees: int, mentors: int, highest: int) -> int:
    """Return a worth of one pair that no sum of scores along a path can reach: a power of two.

    A price is a sum of at most a few times ``mentees + mentors`` scores (``assignment`` limits the bids), so this
    leaves the number of pairs and the scores in separate bits.
    """
    return 1 << int(256 * (mentees + mentors + 2) * (highest + 1)).bit_length()


def solve(problem: PairingProblem, *, threads: int | None = None) -> PairingResult:
    """Find the best set of pairs.

    Args:
        problem: with locks that the rules allow.
        threads: for scoring; all of the machine's without it. The result does not depend on it.

    Returns:
        The pairs and a certificate for each of the two stages. Deterministic: the same people give the same pairs,
        whatever the order of the rows.

    Raises:
        ProblemError: a lock breaks a hard rule.

    Memory grows with n + m and the pairs looked at, never with n times m.
    """
    refuse_impossible_locks(problem)
    capacity = problem.capacity - np.bincount(problem.locks[:, 1], minlength=problem.mentors)
    scene = scene_of(problem, capacity, DIGITS_VALUE, LANGUAGE_VALUE)
    rows = np.setdiff1d(np.arange(problem.mentees, dtype=np.int64), problem.locks[:, 0])
    threads = os.cpu_count() or 1 if threads is None else threads
    known = _Known(scene, problem.mentees, threads)
    known.learn(rows)

    highest = int((1 + problem.policy.waiting_bonus) * UNITS) + 1
    big = separator(problem.mentees, int((capacity > 0).sum()), highest)
    state = state_for(problem.mentees, capacity)
    waiting = reduce_rows(rows, known.lists, known.pool, state, big)
    tree = np.empty(problem.mentees, np.int64)
    position = 0
    while True:
        position, wanting = place_rows(waiting, position, known.lists, known.pool, state, big, tree)
        if position == len(waiting):
            break
        known.learn(tree[:wanting].copy())

    paired = np.flatnonzero(state.mate >= 0)
    free_pairs = np.stack([paired, state.mate[paired]], axis=1)
    pairs = np.concatenate([free_pairs, problem.locks])
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    scores = judge_pairs(problem, pairs[:, 0], pairs[:, 1]).scores
    half = big // 2
    number_of_mentee, number_of_mentor = (state.value + half) // big, (state.price + half) // big
    return PairingResult(
        pairs=pairs,
        scores=scores,
        certificate=Certificate(
            number_of_mentee=number_of_mentee,
            number_of_mentor=number_of_mentor,
            total_of_mentee=state.value - number_of_mentee * big,
            total_of_mentor=state.price - number_of_mentor * big,
        ),
    )


def prepare() -> None:
    """Have everything compiled, by solving a problem of two people; takes long only the first time on a machine."""
    today = date(2003, 11, 21)
    skills = (LanguageSkill(DANISH, Level.C2),)
    mentees = [Mentee(id=name, languages=skills) for name in ("first", "second")]
    mentors = [Mentor(id="only", languages=skills)]
    solve(build_problem(mentees=mentees, mentors=mentors, today=today), threads=1)
    # The compiler leaves hundreds of thousands of objects that live as long as the program. Taken out of the garbage
    # collector's sight, they are not walked again each time that people are read.
    gc.collect()
    gc.freeze()
