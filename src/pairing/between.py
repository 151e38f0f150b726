"""Mentees beside mentors: the arrays of both sides, cut so that element by element they belong together.

One mentee against every mentor (her arrays have length 1 and spread over theirs), or a list of pairs. Rules and
criteria are written once, for both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.customs import OwnTables
from pairing.features import F64, I64, Bool, MenteeOnly, MentorOnly, Side
from pairing.problem import PairingProblem, PairSet


@dataclass(frozen=True, slots=True)
class Between:
    """k pairs to be judged.

    Attributes:
        mentee, mentee_only: arrays whose last axis is 1 or k.
        mentor, mentor_only: arrays whose last axis is k.
        interests: float64 (k,), how many interests both have; NaN where one side's are unknown.
        conflict, forbidden, resting, full: bool (k,).
        danish: row of Danish in the language arrays.
        own: float64 (c, k), the values of the programme's own criteria; NaN unknown.
    """

    mentee: Side
    mentee_only: MenteeOnly
    mentor: Side
    mentor_only: MentorOnly
    interests: F64
    conflict: Bool
    forbidden: Bool
    resting: Bool
    full: Bool
    danish: int
    own: F64

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.interests)


def _cut(side: Side, people: I64) -> Side:
    """Return the arrays of ``people``; their interests stay where they are, and are counted apart."""
    return side._replace(
        occupation=side.occupation[:, people],
        languages=side.languages[:, people],
        languages_known=side.languages_known[people],
        slots=side.slots[people],
        meeting=side.meeting[people],
        division=side.division[people],
        postcode=side.postcode[:, people],
        hours=side.hours[people],
        months=side.months[people],
        education=side.education[people],
        sector=side.sector[people],
        requires=side.requires[:, people],
        demand_fails=side.demand_fails[:, people],
        demand_unknown=side.demand_unknown[:, people],
    )


def _cut_mentees(only: MenteeOnly, people: I64) -> MenteeOnly:
    return MenteeOnly(only.goals[people], only.practises[people], only.needs_experience[people])


def _known_counts(common: I64, own: I64, others: I64) -> F64:
    return np.where((own == 0) | (others == 0), np.nan, common.astype(np.float64))


def _own_of(own: OwnTables | None, row: int, mentors: int) -> F64:
    """Return the values of the own criteria of one mentee beside every mentor."""
    if own is None:
        return np.empty((0, mentors), np.float64)
    values: F64 = own.values[own.mentee[:, row][:, None] + own.mentor]
    return values


def _own_of_pairs(own: OwnTables | None, rows: I64, columns: I64) -> F64:
    """Return the values of the own criteria of pairs."""
    if own is None:
        return np.empty((0, len(rows)), np.float64)
    values: F64 = own.values[own.mentee[:, rows] + own.mentor[:, columns]]
    return values


def beside_all(problem: PairingProblem, row: int) -> Between:
    """Put mentee number ``row`` beside every mentor."""
    features = problem.features
    mentee, mentor = features.mentee, features.mentor
    hers = mentee.interest[mentee.interest_start[row] : mentee.interest_start[row + 1]]
    shared = np.zeros(len(mentor.interest) + 1, np.int64)
    np.cumsum(np.isin(mentor.interest, hers), out=shared[1:])
    common = shared[mentor.interest_start[1:]] - shared[mentor.interest_start[:-1]]

    def listed(pairs: PairSet) -> Bool:
        found = np.zeros(problem.mentors, bool)
        found[pairs.mentor[pairs.start[row] : pairs.start[row + 1]]] = True
        return found

    only_her = np.array([row])
    return Between(
        mentee=_cut(mentee, only_her),
        mentee_only=_cut_mentees(features.mentee_only, only_her),
        mentor=mentor,
        mentor_only=features.mentor_only,
        interests=_known_counts(common, np.array([len(hers)]), np.diff(mentor.interest_start)),
        conflict=listed(problem.conflicts),
        forbidden=listed(problem.forbidden),
        resting=problem.resting,
        full=problem.full,
        danish=features.danish,
        own=_own_of(features.own, row, problem.mentors),
    )


def _words_of(side: Side, people: I64) -> tuple[I64, I64, I64]:
    """Return how many interests each of ``people`` has, and all of them with the place of their owner."""
    counts = side.interest_start[people + 1] - side.interest_start[people]
    owners = np.repeat(np.arange(len(people)), counts)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    return counts, owners, side.interest[side.interest_start[people][owners] + within].astype(np.int64)


def beside_each_other(problem: PairingProblem, rows: I64, columns: I64) -> Between:
    """Put mentees ``rows`` beside mentors ``columns``, pair by pair: int64 (k,) each."""
    features = problem.features
    own_counts, own_place, own_words = _words_of(features.mentee, rows)
    counts, place, words = _words_of(features.mentor, columns)
    size = int(max(own_words.max(initial=0), words.max(initial=0))) + 1
    only = features.mentor_only
    both = np.isin(place * size + words, own_place * size + own_words)
    common = np.bincount(place[both], minlength=len(rows))
    pair_numbers = rows * problem.mentors + columns

    def listed(pairs: PairSet) -> Bool:
        owners = np.repeat(np.arange(problem.mentees), np.diff(pairs.start))
        return np.isin(pair_numbers, owners * problem.mentors + pairs.mentor)

    return Between(
        mentee=_cut(features.mentee, rows),
        mentee_only=_cut_mentees(features.mentee_only, rows),
        mentor=_cut(features.mentor, columns),
        mentor_only=MentorOnly(only.offers[columns], only.pairs_before[columns], only.min_danish[columns]),
        interests=_known_counts(common, own_counts, counts),
        conflict=listed(problem.conflicts),
        forbidden=listed(problem.forbidden),
        resting=problem.resting[columns],
        full=problem.full[columns],
        danish=features.danish,
        own=_own_of_pairs(features.own, rows, columns),
    )
