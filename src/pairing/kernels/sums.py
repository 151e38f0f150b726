"""The criteria, compiled: each adds weight times value to the sums of the mentors left."""

from __future__ import annotations

from typing import Final

import numpy as np

from pairing._compiled import inner
from pairing.features import F64, I8, I32, I64, U8
from pairing.scoring import HALF_WIDTH

UNKNOWN_LEVEL: Final = 7
B1: Final = 3
C2: Final = 6


@inner
def add_constant(total: F64, left: int, amount: float) -> None:
    """Add the same amount for every mentor left."""
    for at in range(left):
        total[at] += amount


@inner
def add_occupation(
    total: F64, columns: I32, left: int, hers: I32, theirs: I32, value: F64, weight: float, neutral: float
) -> None:
    """Add the leading ISCO-08 digits in common."""
    if hers[0] < 0:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        column = columns[at]
        if theirs[0, column] < 0:
            total[at] += weight * neutral
            continue
        common = 0
        while common < 4 and hers[common] >= 0 and hers[common] == theirs[common, column]:
            common += 1
        total[at] += weight * value[common]


@inner
def add_topics(total: F64, columns: I32, left: int, tables: F64, offers: I32, weight: float, neutral: float) -> None:
    """Add the goals that each mentor offers; ``tables`` as ``goal_tables`` fills them."""
    if tables[0, 127] + tables[1, 127] == 0:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        mask = int(offers[columns[at]])
        value = min(1.0, tables[0, mask & 127] + tables[1, mask >> 7]) if mask else neutral
        total[at] += weight * value


@inner
def add_language(
    total: F64,
    columns: I32,
    left: int,
    spoken: I64,
    hers: I8,
    her_known: bool,
    theirs: I8,
    their_known: I32,
    danish: int,
    practises: bool,
    value: F64,
    weight: float,
    neutral: float,
) -> None:
    """Add the best shared language, unless an unknown level decides."""
    if not her_known:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        column = columns[at]
        least, most, danish_least, danish_most = 0, 0, 0, 0
        for language in spoken:
            one, other = int(hers[language]), int(theirs[language, column])
            if one == 0 or other == 0:
                continue
            low = min(1 if one == UNKNOWN_LEVEL else one, 1 if other == UNKNOWN_LEVEL else other)
            high = min(one, other, C2)
            least, most = max(least, low), max(most, high)
            if language == danish:
                danish_least, danish_most = low, high
        worst, best = value[least], value[most]
        if practises and danish_least >= B1:
            worst = (worst + 1) / 2
        if practises and danish_most >= B1:
            best = (best + 1) / 2
        is_known = their_known[column] != 0 and worst == best
        total[at] += weight * (worst if is_known else neutral)


@inner
def add_interests(
    total: F64,
    columns: I32,
    left: int,
    hers: I32,
    word: U8,
    start: I64,
    interest: I32,
    weight: float,
    neutral: float,
) -> None:
    """Add the interests in common; ``word`` is all zero before and after."""
    if len(hers) == 0:
        add_constant(total, left, weight * neutral)
        return
    for own in hers:
        word[own] = 1
    for at in range(left):
        first, end = start[columns[at]], start[columns[at] + 1]
        common = 0
        for place in range(first, end):
            common += word[interest[place]]
        total[at] += weight * (min(1.0, common / 3) if end > first else neutral)
    for own in hers:
        word[own] = 0


@inner
def add_pace(
    total: F64,
    columns: I32,
    left: int,
    hours: float,
    months: float,
    their_hours: F64,
    their_months: F64,
    weight: float,
    neutral: float,
) -> None:
    """Add the mean of the two ratios, or of the one that is known."""
    for at in range(left):
        other_hours, other_months = their_hours[columns[at]], their_months[columns[at]]
        value, known = 0.0, 0
        # A comparison with NaN is false: an unknown figure does not count.
        if hours > 0 and other_hours > 0:
            value += min(hours, other_hours) / max(hours, other_hours)
            known += 1
        if months > 0 and other_months > 0:
            value += min(months, other_months) / max(months, other_months)
            known += 1
        total[at] += weight * (value / known if known else neutral)


@inner
def add_time(total: F64, columns: I32, left: int, hers: int, theirs: I32, weight: float, neutral: float) -> None:
    """Add the common slots, three in full."""
    if hers == 0:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        other = int(theirs[columns[at]])
        common, count = other & hers, 0
        while common > 0 and count < 3:
            common &= common - 1
            count += 1
        total[at] += weight * (count / 3 if other else neutral)


@inner
def add_education(total: F64, columns: I32, left: int, hers: int, theirs: I32, weight: float, neutral: float) -> None:
    """Add how near the levels of education are."""
    if hers < 0:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        other = int(theirs[columns[at]])
        total[at] += weight * (1 - abs(other - hers) / 8 if other >= 0 else neutral)


@inner
def add_sector(total: F64, columns: I32, left: int, hers: int, theirs: I32, weight: float, neutral: float) -> None:
    """Add whether the sector is the same."""
    if hers < 0:
        add_constant(total, left, weight * neutral)
        return
    for at in range(left):
        other = theirs[columns[at]]
        same = 1.0 if other == hers else 0.0
        total[at] += weight * (same if other >= 0 else neutral)


@inner
def add_place(
    total: F64,
    columns: I32,
    left: int,
    division: int,
    postcode: I32,
    their_division: I32,
    their_postcode: I32,
    weight: float,
    neutral: float,
) -> None:
    """Add whether the division is the same, or how near the postcodes are."""
    if division < 0:
        add_constant(total, left, weight * neutral)
        return
    first, second = postcode[0], postcode[1]
    for at in range(left):
        column = columns[at]
        other = their_postcode[0, column]
        if their_division[column] < 0:
            value = neutral
        elif their_division[column] == division:
            value = 1.0
        elif first < 0 or other < 0:
            value = neutral
        elif first != other:
            value = 0.0
        else:
            value = 0.8 if second == their_postcode[1, column] else 0.5
        total[at] += weight * value


@inner
def add_experience(total: F64, columns: I32, left: int, needs: int, before: F64, weight: float, neutral: float) -> None:
    """Add the pairs before, three in full, if she needs experience."""
    if needs <= 0:
        add_constant(total, left, weight * (neutral if needs < 0 else 1.0))
        return
    for at in range(left):
        pairs = before[columns[at]]
        total[at] += weight * (min(1.0, pairs / 3) if pairs >= 0 else neutral)


@inner
def add_own(total: F64, columns: I32, left: int, own: F64, begin: int, theirs: I64) -> None:
    """Add one of the programme's own criteria: her row of its table begins at ``begin``."""
    for at in range(left):
        total[at] += own[begin + theirs[columns[at]]]


@inner
def keep_above_floor(
    total: F64, columns: I32, left: int, bonus: float, floor: int, column_out: I32, score_out: I32
) -> int:
    """Round as ``scoring.quantised`` does; keep what reaches the floor and return how many."""
    found = 0
    for at in range(left):
        units = (total[at] + bonus) * 10_000
        below = np.floor(units)
        beyond = units - below - 0.5
        whole = int(below)
        if abs(beyond) < HALF_WIDTH:
            whole += whole & 1
        elif beyond > 0:
            whole += 1
        if whole >= floor:
            column_out[found] = columns[at]
            score_out[found] = whole
            found += 1
    return found


@inner
def goal_tables(goals: F64, tables: F64) -> None:
    """Fill the value of every set of offers, lower seven topics and upper seven apart."""
    for half in range(2):
        tables[half, 0] = 0.0
        for bit in range(7):
            size = 1 << bit
            for mask in range(size):
                tables[half, size + mask] = tables[half, mask] + goals[half * 7 + bit]
