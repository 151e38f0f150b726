"""Ranges made wider by how wrong they were: what is claimed is held, and without the widening it is not."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import a_mentee, a_mentor
from pairing import history as history_module
from pairing import trials
from pairing.features import features_of
from pairing.habits import Cast, Habits, Way
from pairing.history import NEVER, YEAR, History, habits_of
from pairing.policy import Policy
from pairing.simulate import Scores
from pairing.solve import solve
from pairing.trials import (
    SHARE,
    Quarters,
    Range,
    Stage,
    Trial,
    came_to,
    cuts_of,
    is_enough,
    learned,
    miss,
    miss_of_waits,
    range_of,
    runs,
    try_on,
    widened,
    widened_waits,
    widening,
)

DAYS: Final = 365 * 5
TODAY: Final = DAYS
A_YEAR: Final = 40
"""Mentees who come in a usual year."""


def another(seed: int) -> History:
    """A past by another model than the one that is fitted: no queue and no hands, and years of a very different size.

    How many come in a year is drawn anew (gamma, so counts are negative binomial); each woman waits as long as she
    happens to, by a curve of Weibull, and takes whichever mentor is free, drawn by lot.
    """
    chance = np.random.default_rng([seed, 77])
    applied: list[int] = []
    for year in range(5):
        size = int(chance.poisson(A_YEAR * chance.gamma(14) / 14))
        applied += (year * 365 + chance.integers(0, 365, size)).tolist()
    came = np.sort(np.array(applied, np.int64))
    women, mentors = len(came), 160
    listed = came + chance.integers(3, 15, women)
    briefed = np.sort(chance.integers(-200, DAYS, mentors))
    unlisted = np.full(women, NEVER)
    free_from = briefed.copy()
    couples, matched, closed = [], [], []
    for woman in range(women):
        day = int(listed[woman] + 80 * chance.weibull(0.8))
        there = np.flatnonzero(free_from <= day)
        if len(there) and chance.random() < 0.85:
            mentor = int(chance.choice(there))
            couples.append((woman, mentor))
            matched.append(day)
            closed.append(day + int(chance.integers(90, 300)))
            free_from[mentor] = closed[-1]
        else:
            unlisted[woman] = day
    days = np.array(matched)
    known = days < TODAY
    ends, gone = np.array(closed), unlisted
    return History(
        cast=Cast(
            features_of([a_mentee()] * women, [a_mentor()] * mentors), Policy(floor=0),
            np.arange(women) % 2, np.arange(mentors) % 2, 2,
        ),
        applied=came, listed=listed, unlisted=np.where(gone < TODAY, gone, NEVER), briefed=briefed,
        gone=np.full(mentors, NEVER), away=np.zeros(mentors, np.int64), places=np.ones(mentors, np.int64),
        couples=np.array(couples)[known], matched=days[known], closed=np.where(ends < TODAY, ends, NEVER)[known],
        asked=days[known] - 4, settled=days[known], agreed=np.ones(int(known.sum()), np.bool_),
    )  # fmt: skip


class Plain(Stage):
    """Reads habits without looking for hands: what they come to is not asked here."""

    def habits(self, until: int, way: Way) -> Habits:
        """Read them as they were counted."""
        assert way == Way()
        return habits_of(self.history, since=until - self.read, until=until)


def stage_of(history: History, seeds: int = 6) -> Stage:
    return Plain(
        history=history, scores=Scores(history.cast), solve=solve, seeds=range(seeds), read=2 * YEAR, tell=lambda: None
    )


# Another model --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tried() -> list[list[Trial]]:
    """Of many networks, the years that were foretold again: the latest first."""
    found = []
    for seed in range(20):
        history = another(seed)
        stage = stage_of(history)
        found.append([try_on(stage, cut, Way(), TODAY) for cut in cuts_of(history, TODAY)])
    return found


def coverage(tried: list[list[Trial]], *, is_widened: bool) -> float:
    """Return how often the latest year's matches lay in the range that the years before it teach."""
    held = []
    for last, *earlier in tried:
        known = learned(earlier)
        pairs = [(*last.figures["matched"], known.figures["matched"])]
        pairs += [(*one, known.homes) for one in last.homes]
        for some, came, by in pairs:
            low, _, high = widened(some, by if is_widened else 0.0, 1)
            held.append(low <= came <= high)
    return float(np.mean(held))


def test_ranges_hold_what_they_claim_of_histories_of_another_model(tried: list[list[Trial]]) -> None:
    assert 0.70 <= coverage(tried, is_widened=True) <= 0.95


def test_without_the_widening_they_do_not(tried: list[list[Trial]]) -> None:
    # The control of the test above.
    assert coverage(tried, is_widened=False) < 0.70


def test_waits_are_held_likewise(tried: list[list[Trial]]) -> None:
    plain, wider = [], []
    for last, *earlier in tried:
        by = learned(earlier).waits
        foretold, came = last.waits[0]
        plain.append(miss_of_waits(foretold, came) <= 0)
        wider.append(miss_of_waits(foretold, came) <= by)
    assert np.mean(wider) >= 0.70
    assert np.mean(plain) < np.mean(wider)


def test_a_year_is_tried_with_nothing_that_was_known_later() -> None:
    history = another(3)
    cut = cuts_of(history, TODAY)[-1]
    wiped = replace(
        history,
        couples=history.couples[history.matched < cut], matched=history.matched[history.matched < cut],
        closed=history.closed[history.matched < cut],
        listed=np.where(history.listed < cut, history.listed, NEVER),
        asked=history.asked[history.asked < cut], settled=history.settled[history.asked < cut],
        agreed=history.agreed[history.asked < cut],
    )  # fmt: skip
    one, other = (try_on(stage_of(some, 2), cut, Way(), TODAY) for some in (history, wiped))
    assert {name: some for name, (some, _) in one.figures.items()} == {
        name: some for name, (some, _) in other.figures.items()
    }
    # The control: what came is another thing.
    assert one.figures["matched"][1] > other.figures["matched"][1] == 0


def test_years_are_foretold_again_only_where_enough_is_known_before() -> None:
    history = another(1)
    cuts = cuts_of(history, TODAY)
    assert cuts[0] == TODAY - YEAR
    assert cuts == sorted(cuts, reverse=True)
    assert all(history.matches(0, cut) >= trials.BEFORE for cut in cuts)
    assert runs(history, TODAY, 6) == len(cuts) * (history_module.tries() + 6)
    assert cuts_of(replace(history, matched=history.matched + 3 * YEAR), TODAY) == []


# The formulae ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-2, 2), min_size=4, max_size=30), st.integers(0, 10**6))
def test_of_as_many_tries_as_are_enough_the_claimed_share_is_held(misses: list[float], seed: int) -> None:
    by = widening(misses)
    assert is_enough(len(misses))
    # Of those it was learned from at least the share, and of one more that is like them on average too.
    assert np.mean([one <= by for one in misses]) >= SHARE - 1e-9
    again = np.random.default_rng(seed).permutation(misses)
    assert widening(again.tolist()) == by >= 0


def test_one_more_like_the_others_is_held_as_often_as_is_claimed() -> None:
    chance = np.random.default_rng(5)
    for count in (4, 6, 12):
        some = chance.normal(0.3, 0.3, (4_000, count + 1))
        held = np.mean([row[-1] <= widening(row[:-1].tolist()) for row in some])
        assert SHARE - 0.02 <= held <= SHARE + 1 / (count + 1) + 0.02
    assert not is_enough(3)
    assert widening([]) == 0
    assert widening([0.5, 0.1]) == 0.5


@given(
    st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(0, 500)), st.floats(0, 3), st.floats(0, 3),
    st.floats(0, 500),
)  # fmt: skip
def test_a_wider_range_holds_what_a_narrower_one_does(values: Range, by: float, more: float, came: float) -> None:
    low, middle, high = sorted(values)
    one, other = widened((low, middle, high), by, 1), widened((low, middle, high), by + more, 1)
    assert other[0] <= one[0] + 1e-9
    assert one[0] <= low + 1e-9
    assert other[2] >= one[2] - 1e-9
    assert one[1] == middle
    # Made wider by as much as it missed, it holds what came.
    wide = widened((low, middle, high), max(0.0, miss(low, high, came, 1)), 1)
    assert wide[0] - 1e-6 <= came <= wide[2] + 1e-6


def test_a_miss_is_how_many_times_as_large() -> None:
    assert miss(9, 19, 39, 1) == pytest.approx(log(2))
    assert miss(9, 19, 4, 1) == pytest.approx(log(2))
    assert miss(9, 19, 12, 1) < 0
    assert miss(9, inf, 500, 1) < 0
    assert miss(inf, inf, 500, 1) == inf
    assert widened((9.0, 12.0, 19.0), log(2), 1) == pytest.approx((4.0, 12.0, 39.0))
    assert widened((9.0, 12.0, 19.0), inf, 1) == (0.0, 12.0, inf)


def test_quarters_of_a_wait_are_moved_apart_and_what_was_never_seen_stays_so() -> None:
    assert miss_of_waits((20.0, 40.0, 60.0), (20.0, 50.0, 127.0)) == pytest.approx(log(134 / 67))
    assert miss_of_waits((20.0, 40.0, None), (30.0, 50.0, 900.0)) < 0
    assert widened_waits((20.0, 40.0, 60.0), log(1.5)) == pytest.approx((11.0, 40.0, 93.5))
    first, half, third = widened_waits((20.0, 40.0, None), log(1.5))
    assert (first, half) == pytest.approx((11.0, 40.0))
    assert third is None
    never: Quarters = (None, None, None)
    assert widened_waits(never, 0.1) == never
    assert widened_waits((20.0, 40.0, 60.0), inf) == (None, 40.0, None)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20), st.integers(0, 3))
def test_a_range_is_in_order_and_never_is_no_number(values: list[float], never: int) -> None:
    low, middle, high = range_of([*values, *[inf] * never])
    assert low <= middle <= high
    assert not any(np.isnan(one) for one in (low, middle, high))
    assert (low, high) == pytest.approx(tuple(np.percentile(values, (10, 90)))) or never


def test_what_came_is_counted_as_runs_are() -> None:
    history = another(2)
    scores = Scores(history.cast)
    since, until = TODAY - YEAR, TODAY
    real = came_to(history, scores, since=since, until=until, known=TODAY)
    assert real["matched"] == history.matches(since, until) > 0
    left = (history.unlisted >= since) & (history.unlisted < until)
    assert real["left"] == left.sum()
    paired = np.isin(np.arange(len(history.listed)), history.couples[:, 0])
    assert real["waiting"] == (~paired & (history.unlisted == NEVER) & (history.listed < until)).sum() + _again(history)


def _again(history: History) -> int:
    """Who had a mentor, has none now, and has not left."""
    over = history.couples[history.closed < TODAY, 0]
    return int((history.unlisted[over] >= TODAY).sum())
