"""What the compiled kernels read: the features of a problem, packed into few arrays.

Few, because compiled code takes a tuple of arrays apart at every call: with an array for each feature, compiling
took twice as long.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pairing.features import F64, I8, I32, I64, U8, U64, Features, Side
from pairing.problem import PairingProblem, PairSet
from pairing.scoring import neutral_of, weights_of

# Rows of ``Packed.numbers``: first what both sides have.
SLOTS: Final = 0
MEETING: Final = 1
DIVISION: Final = 2
EDUCATION: Final = 3
SECTOR: Final = 4
LANGUAGES_KNOWN: Final = 5
OCCUPATION: Final = 6
POSTCODE: Final = 10
# Then what only a mentee has,
PRACTISES: Final = 12
NEEDS_EXPERIENCE: Final = 13
# or only a mentor.
OFFERS: Final = 12
MIN_DANISH: Final = 13
OPEN: Final = 14

HOURS: Final = 0
MONTHS: Final = 1
PAIRS_BEFORE: Final = 2


class Packed(NamedTuple):
    """One side; k is the number of its people. What each figure means is told in ``features``.

    Attributes:
        numbers: int32 (14 or 15, k), rows as named above.
        amounts: float64 (2 or 3, k), rows as named above; NaN unknown.
        languages: int8 (n_languages, k).
        interest_start: int64 (k + 1,).
        interest: int32.
        requires, fails: uint64 (words, k), demands made, and demands of the other side that are not met.
    """

    numbers: I32
    amounts: F64
    languages: I8
    interest_start: I64
    interest: I32
    requires: U64
    fails: U64


class Scene(NamedTuple):
    """All that scoring a row needs.

    Attributes:
        mentee, mentor: both sides.
        goals: float64 (n, 14), each goal's share.
        excluded: pairs that must not be, by mentee.
        weights, neutral: float64 (10,), in the order of ``CRITERIA``.
        digits_value: float64 (5,), by leading ISCO digits in common.
        language_value: float64 (7,), by the lower of both levels.
        bonus: float64 (n,).
        floor: units.
        min_language: 1-6.
        danish: row of Danish in the language arrays.
        own: float64, weight times value of each answer beside each other one, of the programme's own criteria.
        own_mentee: int64 (c, n), where each mentee's row begins in ``own``.
        own_mentor: int64 (c, m), each mentor's column within a row.
    """

    mentee: Packed
    mentor: Packed
    goals: F64
    excluded: PairSet
    weights: F64
    neutral: F64
    digits_value: F64
    language_value: F64
    bonus: F64
    floor: int
    min_language: int
    danish: int
    own: F64
    own_mentee: I64
    own_mentor: I64


class Scratch(NamedTuple):
    """Working memory of one thread.

    Attributes:
        state: uint8 (m,), 1 while a mentor may still be allowed.
        word: uint8, 1 for the mentee's interests.
        spoken: int64, the languages that she may speak.
        goals: float64 (2, 128), value of every set of offers, lower and upper seven topics apart.
        column: int32 (m,), the mentors left.
        total: float64 (m,), their weighted sum so far.
        score: int32 (m,), their score in the end.
    """

    state: U8
    word: U8
    spoken: I64
    goals: F64
    column: I32
    total: F64
    score: I32


def _packed(side: Side, numbers: list[I32], amounts: list[F64]) -> Packed:
    common = [
        side.slots,
        side.meeting,
        side.division,
        side.education,
        side.sector,
        side.languages_known,
        *side.occupation,
        *side.postcode,
    ]
    return Packed(
        numbers=np.array([*common, *numbers], np.int32),
        amounts=np.array([side.hours, side.months, *amounts], np.float64),
        languages=side.languages,
        interest_start=side.interest_start,
        interest=side.interest,
        requires=side.requires,
        fails=side.demand_fails,
    )


def _both(one: PairSet, other: PairSet, mentees: int) -> PairSet:
    owners = [np.repeat(np.arange(mentees), np.diff(pairs.start)) for pairs in (one, other)]
    order = np.argsort(np.concatenate(owners), kind="stable")
    return PairSet(one.start + other.start, np.concatenate([one.mentor, other.mentor])[order])


def _own_of(problem: PairingProblem) -> tuple[F64, I64, I64]:
    """Return the own criteria's tables, weighed, with each one's row and column."""
    own = problem.features.own
    if own is None:
        return np.zeros(0), np.zeros((0, problem.mentees), np.int64), np.zeros((0, problem.mentors), np.int64)
    scored = problem.policy.scored
    neutral = np.repeat(np.array([custom.neutral for custom in scored]), own.size)
    weights = np.repeat(np.array([custom.weight for custom in scored]), own.size)
    return weights * np.where(np.isnan(own.values), neutral, own.values), own.mentee, own.mentor


def scene_of(problem: PairingProblem, left: I64, digits_value: F64, language_value: F64) -> Scene:
    """Gather what the kernels need of ``problem``; ``left`` are the places, int64 (m,), without those locked."""
    features: Features = problem.features
    only, theirs = features.mentee_only, features.mentor_only
    hers = [only.practises.astype(np.int32), only.needs_experience.astype(np.int32)]
    own, own_mentee, own_mentor = _own_of(problem)
    of_mentors = [theirs.offers, theirs.min_danish.astype(np.int32), (left > 0).astype(np.int32)]
    return Scene(
        mentee=_packed(features.mentee, hers, []),
        mentor=_packed(features.mentor, of_mentors, [theirs.pairs_before]),
        goals=only.goals,
        excluded=_both(problem.conflicts, problem.forbidden, problem.mentees),
        weights=weights_of(problem),
        neutral=neutral_of(problem),
        digits_value=digits_value,
        language_value=language_value,
        bonus=problem.bonus,
        floor=problem.policy.floor,
        min_language=int(problem.policy.min_language),
        danish=features.danish,
        own=own,
        own_mentee=own_mentee,
        own_mentor=own_mentor,
    )


def scratch_for(scene: Scene) -> Scratch:
    """Return working memory for one thread."""
    mentors = scene.mentor.numbers.shape[1]
    words = [int(side.interest.max(initial=-1)) + 1 for side in (scene.mentee, scene.mentor)]
    return Scratch(
        state=np.zeros(mentors, np.uint8),
        word=np.zeros(max(words), np.uint8),
        spoken=np.zeros(len(scene.mentee.languages), np.int64),
        goals=np.zeros((2, 128), np.float64),
        column=np.zeros(mentors, np.int32),
        total=np.zeros(mentors, np.float64),
        score=np.zeros(mentors, np.int32),
    )
