"""The criteria: how well each pair fits in ten respects, 0 to 1, NaN where it is unknown.

Defined in ``docs/formats.md``. An empty cell makes what depends on it unknown. A language without a level makes
the language criterion unknown, unless the value would be the same at every level.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pairing.between import Between
from pairing.features import F64, I8, UNKNOWN, UNKNOWN_LEVEL
from pairing.terms import CRITERIA, Criterion
from reference.cefr import Level

DIGITS_VALUE: Final[F64] = np.array([0.0, 0.3, 0.55, 0.8, 1.0])
"""Value of 0 to 4 leading ISCO-08 digits in common."""
LANGUAGE_VALUE: Final[F64] = np.array([0.2, 0.2, 0.2, 0.5, 0.7, 0.85, 1.0])
"""Value of the best shared language by the lower of both levels; index 0 is none shared, 1-6 are A1-C2."""
ENOUGH: Final = 3
"""So many common interests, common slots or earlier pairs count in full."""
ISCED_SPAN: Final = 8


def _occupation(between: Between) -> F64:
    hers, theirs = between.mentee.occupation, between.mentor.occupation
    equal = (theirs == hers) & (hers != UNKNOWN)
    common = np.logical_and.accumulate(equal, axis=0).sum(axis=0)
    return np.where((theirs[0] == UNKNOWN) | (hers[0] == UNKNOWN), np.nan, DIGITS_VALUE[common])


def _topics(between: Between) -> F64:
    goals, offers = between.mentee_only.goals, between.mentor_only.offers
    value = np.zeros(len(between))
    for topic in np.flatnonzero(goals.any(axis=0)):
        value += goals[:, topic] * ((offers >> topic) & 1)
    # A sum of shares may end a hair above their whole.
    return np.where((offers == 0) | ~goals.any(axis=1), np.nan, np.minimum(value, 1.0))


def _best_language(between: Between, unknown_level: Level) -> F64:
    """Return the criterion as if every unknown level were ``unknown_level``."""

    def assumed(levels: I8) -> I8:
        return np.where(levels == UNKNOWN_LEVEL, np.int8(unknown_level), levels)

    best, danish = np.zeros(len(between), np.int8), np.zeros(len(between), np.int8)
    for language in np.flatnonzero(between.mentee.languages.any(axis=1)):
        hers, theirs = between.mentee.languages[language], between.mentor.languages[language]
        lower = np.minimum(assumed(hers), assumed(theirs))
        best = np.maximum(best, lower)
        if language == between.danish:
            danish = lower
    value: F64 = LANGUAGE_VALUE[best]
    practises = (between.mentee_only.practises != 0) & (danish >= Level.B1)
    return np.where(practises, (value + 1) / 2, value)


def _language(between: Between) -> F64:
    # The value never falls when a level rises, so the two ends tell whether the unknown levels matter.
    least, most = _best_language(between, Level.A1), _best_language(between, Level.C2)
    known = (between.mentor.languages_known != 0) & (between.mentee.languages_known != 0)
    return np.where(known & (least == most), least, np.nan)


def _interests(between: Between) -> F64:
    value: F64 = np.minimum(1.0, between.interests / ENOUGH)
    return value


def _pace(between: Between) -> F64:
    def ratio(hers: F64, theirs: F64) -> F64:
        value: F64 = np.minimum(hers, theirs) / np.maximum(hers, theirs)
        return value

    hours = ratio(between.mentee.hours, between.mentor.hours)
    months = ratio(between.mentee.months, between.mentor.months)
    both = (hours + months) / 2
    return np.where(np.isnan(both), np.where(np.isnan(hours), months, hours), both)


def _time(between: Between) -> F64:
    hers, theirs = between.mentee.slots, between.mentor.slots
    value: F64 = np.minimum(1.0, np.bitwise_count(theirs & hers) / ENOUGH)
    return np.where((theirs == 0) | (hers == 0), np.nan, value)


def _education(between: Between) -> F64:
    hers, theirs = between.mentee.education, between.mentor.education
    value = 1 - np.abs(theirs.astype(np.float64) - hers) / ISCED_SPAN
    return np.where((theirs == UNKNOWN) | (hers == UNKNOWN), np.nan, value)


def _sector(between: Between) -> F64:
    hers, theirs = between.mentee.sector, between.mentor.sector
    return np.where((theirs == UNKNOWN) | (hers == UNKNOWN), np.nan, (theirs == hers).astype(np.float64))


def _place(between: Between) -> F64:
    hers, theirs = between.mentee, between.mentor
    first = theirs.postcode[0] == hers.postcode[0]
    near = np.where(first & (theirs.postcode[1] == hers.postcode[1]), 0.8, np.where(first, 0.5, 0.0))
    near = np.where((theirs.postcode[0] == UNKNOWN) | (hers.postcode[0] == UNKNOWN), np.nan, near)
    value = np.where(theirs.division == hers.division, 1.0, near)
    return np.where((theirs.division == UNKNOWN) | (hers.division == UNKNOWN), np.nan, value)


def _experience(between: Between) -> F64:
    needs = between.mentee_only.needs_experience
    value: F64 = np.minimum(1.0, between.mentor_only.pairs_before / ENOUGH)
    return np.where(needs == UNKNOWN, np.nan, np.where(needs == 0, 1.0, value))


_VALUES: Final = {
    Criterion.OCCUPATION: _occupation,
    Criterion.TOPICS: _topics,
    Criterion.LANGUAGE: _language,
    Criterion.INTERESTS: _interests,
    Criterion.PACE: _pace,
    Criterion.TIME: _time,
    Criterion.EDUCATION: _education,
    Criterion.SECTOR: _sector,
    Criterion.PLACE: _place,
    Criterion.EXPERIENCE: _experience,
}


def criteria_values(between: Between) -> F64:
    """Return the values of k pairs: float64 (10, k) in [0, 1], in the order of ``CRITERIA``; NaN is unknown."""
    return np.stack([_VALUES[criterion](between) for criterion in CRITERIA])
