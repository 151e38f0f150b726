"""Habits read from a past: what was done is found again, what came later is not known, and a group keeps its waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.people import a_mentee, a_mentor
from pairing import history as history_module
from pairing.features import I64, features_of
from pairing.habits import Cast, Way
from pairing.history import (
    HANDS_TRIED,
    NEVER,
    Doubts,
    History,
    Waits,
    distance,
    doubts_of,
    drawn,
    habits_of,
    real_waits,
    standing_on,
    tries,
    tuned,
    waits_of,
)
from pairing.policy import Policy
from pairing.simulate import Scores
from pairing.solve import solve

UNTIL: Final = 1_000


def past(seed: int = 1, women: int = 120, mentors: int = 80) -> History:
    """A past by a model of its own: each woman waits as long as she happens to, and takes any mentor who is free."""
    chance = np.random.default_rng(seed)
    applied = np.sort(chance.integers(0, UNTIL + 200, women))
    listed = applied + chance.integers(5, 20, women)
    briefed = np.sort(chance.integers(0, UNTIL, mentors))
    couples, matched, closed = [], [], []
    unlisted = np.full(women, NEVER)
    free_from = briefed.copy()
    for woman in range(women):
        day = int(listed[woman] + chance.exponential(60))
        there = np.flatnonzero(free_from <= day)
        if len(there) and chance.random() < 0.8:
            mentor = int(chance.choice(there))
            ends = day + int(chance.integers(60, 300))
            couples.append((woman, mentor))
            matched.append(day)
            closed.append(ends)
            free_from[mentor] = ends
        else:
            unlisted[woman] = day
    asked = np.array(matched) - 5
    return History(
        cast=Cast(
            features_of([a_mentee()] * women, [a_mentor()] * mentors),
            Policy(floor=0), np.arange(women) % 2, np.arange(mentors) % 2, 2,
        ),
        applied=applied, listed=listed, unlisted=unlisted, briefed=briefed,
        gone=np.full(mentors, NEVER), away=np.zeros(mentors, np.int64), places=np.ones(mentors, np.int64),
        couples=np.array(couples), matched=np.array(matched), closed=np.array(closed),
        asked=asked, settled=np.array(matched), agreed=np.ones(len(matched), np.bool_),
    )  # fmt: skip


def as_known_on(history: History, day: int) -> History:
    """The same past with all that came after a day changed."""

    def later(days: I64) -> I64:
        return np.where(days >= day, NEVER, days)

    went = history.matched < day
    return replace(
        history,
        unlisted=later(history.unlisted), gone=later(history.gone), briefed=later(history.briefed),
        listed=later(history.listed),
        couples=history.couples[went], matched=history.matched[went], closed=later(history.closed[went]),
        asked=history.asked[went], settled=later(history.settled[went]), agreed=history.agreed[went],
    )  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000), st.integers(300, 900))
def test_nothing_is_read_that_was_known_only_later(seed: int, day: int) -> None:
    history = past(seed)
    one, other = (habits_of(some, since=0, until=day) for some in (history, as_known_on(history, day)))
    for name in ("mentees_a_day", "mentors_a_day", "ready", "hands", "until_yes", "until_no"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("patience", "idle_patience", "together"):
        assert np.array_equal(getattr(one, name).left, getattr(other, name).left), name
    assert (one.accepted, one.stays, one.again) == (other.accepted, other.stays, other.again)
    there, as_known = standing_on(history, day), standing_on(as_known_on(history, day), day)
    assert np.array_equal(there.waiting, as_known.waiting)
    assert np.array_equal(there.bank, as_known.bank)


def test_reading_further_reads_something_else() -> None:
    # Negative control of the test above: the later past matters where it is asked for.
    history = past()
    one, other = (habits_of(some, since=0, until=UNTIL) for some in (history, as_known_on(history, 500)))
    assert not np.array_equal(one.hands, other.hands)


def test_habits_are_counted() -> None:
    history = past()
    habits = habits_of(history, since=0, until=UNTIL)
    came = (history.listed < UNTIL).sum()
    # A steady stream: what is long ago counts less, and the rate is the same.
    assert habits.mentees_a_day.sum() * UNTIL == pytest.approx(came, rel=0.25)
    assert habits.hands.sum() * UNTIL == pytest.approx(history.matches(0, UNTIL), rel=0.25)
    assert habits.accepted == 1
    assert set(habits.until_yes.tolist()) == {5.0}
    assert sum(len(pool) for pool in habits.mentee_pool) == came
    assert 100 < habits.together.after(0.5) < 260


def test_who_is_there_adds_up() -> None:
    history = past()
    for day in (1, 200, 600, 999):
        standing = standing_on(history, day)
        running = (history.matched < day) & (history.closed >= day)
        assert len(standing.couples) == running.sum()
        assert len(standing.bank) == (history.briefed < day).sum() - running.sum()
        assert not set(standing.waiting.tolist()) & set(history.couples[running, 0].tolist())
        assert (standing.waited >= 0).all()
        assert (standing.idle >= 0).all()


def test_waits_count_those_who_still_wait() -> None:
    days = np.array([10.0, 20.0, 30.0, 40.0])
    assert waits_of(days, np.array([True] * 4)) == Waits(4, 4, (10.0, 20.0, 30.0))
    # Two of them only seen for as long: half is never reached.
    assert waits_of(days, np.array([True, False, False, False])).quarters == (10.0, None, None)
    assert waits_of(np.zeros(0), np.zeros(0, np.bool_)) == Waits(0, 0, (None, None, None))


def test_waits_are_those_of_the_days_asked_for() -> None:
    history = past()
    days, matched = real_waits(history, since=0, until=UNTIL)
    assert len(days) == (history.listed < UNTIL).sum()
    some, _ = real_waits(history, since=0, until=UNTIL, among=history.cast.mentee_home == 1)
    assert 0 < len(some) < len(days)
    assert matched.sum() == (history.matched < UNTIL).sum()


def test_distance_is_none_between_equals_and_grows() -> None:
    waits = Waits(9, 9, (10.0, 20.0, 30.0))
    assert distance(waits, waits, 30, 30) == 0
    assert distance(waits, waits, 60, 30) > distance(waits, waits, 40, 30) > 0
    assert distance(waits, Waits(9, 5, (10.0, 20.0, None)), 30, 30) > 0


def test_tuned_habits_are_nearer_than_any_other_that_was_tried() -> None:
    history = past(women=60, mentors=60)
    told: list[None] = []
    habits = tuned(
        history, since=0, until=UNTIL, way=Way(), solve=solve, scores=Scores(history.cast),
        tell=lambda: told.append(None), seeds=(1,),
    )  # fmt: skip
    assert len(told) == tries((1,))
    plain = habits_of(history, since=0, until=UNTIL)
    assert any(np.allclose(habits.hands, plain.hands * times) for times in HANDS_TRIED)


def a_stream(days: I64, home: I64 | None = None, begun: int = 0, homes: int = 1) -> history_module._Stream:
    homes_of = np.zeros(len(days), np.int64) if home is None else home
    return history_module._stream(days, homes_of, np.ones(len(days)), np.full(homes, begun), UNTIL)


def test_a_rate_is_that_of_the_days_on_which_the_division_was_there() -> None:
    days = np.arange(UNTIL - 100, UNTIL, 2)
    assert a_stream(days, begun=UNTIL - 100).rate[0] == pytest.approx(0.5, rel=0.02)
    # The control: over all the days it would be far too low.
    assert a_stream(days).rate[0] < 0.2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, UNTIL - 1), min_size=1, max_size=60), st.integers(1, 500))
def test_what_is_later_counts_more(days: list[int], later: int) -> None:
    some = np.array(days, np.int64)
    moved = np.minimum(some + later, UNTIL - 1)
    assert a_stream(moved).rate[0] >= a_stream(some).rate[0] - 1e-12


def test_a_steady_stream_is_known_better_than_one_that_comes_in_waves() -> None:
    steady = np.arange(0, UNTIL, 5)
    waves = np.concatenate([np.repeat(np.arange(at, at + 20), 5) for at in (100, 500, 900)])
    known, unknown = a_stream(steady), a_stream(waves)
    assert unknown.doubt[0] > 5 * known.doubt[0] > 0
    # Four times as many are known twice as well: a quarter of the variance.
    assert a_stream(np.repeat(steady, 4)).doubt[0] < known.doubt[0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_rates_are_drawn_about_what_was_read_and_the_same_seed_gives_the_same(seed: int) -> None:
    history = past(seed % 50)
    habits = habits_of(history, since=0, until=UNTIL)
    doubts = doubts_of(history, since=0, until=UNTIL)
    one, again = drawn(habits, doubts, seed), drawn(habits, doubts, seed)
    assert np.array_equal(one.hands, again.hands)
    assert (one.mentees_a_day >= 0).all()
    assert not np.array_equal(one.hands, drawn(habits, doubts, seed + 1).hands)
    # What is sure is not changed.
    sure = Doubts(np.zeros(2), np.zeros(2), np.zeros(2))
    assert np.array_equal(drawn(habits, sure, seed).hands, habits.hands)


def test_drawn_rates_have_the_mean_and_the_variance_that_were_read() -> None:
    history = past()
    habits, doubts = habits_of(history, since=0, until=UNTIL), doubts_of(history, since=0, until=UNTIL)
    times = np.array([drawn(habits, doubts, seed).hands / habits.hands for seed in range(3_000)])
    assert times.mean(axis=0) == pytest.approx(np.ones(2), abs=0.03)
    assert times.var(axis=0) == pytest.approx(doubts.hands, rel=0.15)


def test_open_proposals_hold_both_and_a_loan_takes_the_place() -> None:
    history = past()
    day = 600
    standing = standing_on(history, day)
    hers, theirs = int(standing.waiting[0]), int(standing.bank[0])
    held = replace(history, held=np.array([[hers, theirs, day - 5, NEVER]]))
    then = standing_on(held, day)
    assert hers not in then.waiting
    assert then.asked.tolist() == [[hers, theirs]]
    assert then.asked_since.tolist() == [5]
    assert len(then.bank) == len(standing.bank) - 1
    # Settled before that day, or sent on it, it holds nobody.
    for dates in ([day - 9, day - 1], [day, NEVER]):
        settled = standing_on(replace(history, held=np.array([[hers, theirs, *dates]])), day)
        assert np.array_equal(settled.waiting, standing.waiting)
        assert len(settled.bank) == len(standing.bank)
    lent = standing_on(replace(history, lent=np.array([[hers, theirs, day - 5, NEVER]])), day)
    assert hers in lent.waiting
    assert lent.lent.tolist() == [[hers, theirs]]
    assert len(lent.bank) == len(standing.bank) - 1
