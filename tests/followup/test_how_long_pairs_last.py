"""How long partnerships last: against a table worked out by hand, another implementation, and brute force."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mentornet.followup.courses import AGREED, ALL, IN_TIME, LATER, MET, Course, Gathered, ended_early, lasted
from mentornet.followup.lasting import (
    FEWEST,
    HORIZONS,
    NEEDED,
    YEAR,
    Courses,
    Dimension,
    brier,
    concordance,
    curve_of,
    estimate,
    held_out,
    told,
)

ON = date(2026, 3, 2)
DAY = timedelta(days=1)


def curve(rows: list[tuple[int, bool]]) -> Any:
    return curve_of(np.array([days for days, _ in rows], dtype=np.int64), np.array([over for _, over in rows]))


# The remission times of the 21 children who were given 6-mercaptopurine (Freireich and others, Blood 21, 1963): in most
# textbooks, with the estimate worked out by hand; a plus for those lost from sight.
CHILDREN = (
    [(6, True)] * 3
    + [(7, True), (10, True), (13, True), (16, True), (22, True), (23, True)]
    + [(days, False) for days in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
)


def test_the_textbooks_example() -> None:
    found = curve(CHILDREN)
    assert found.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    by_hand = [18 / 21, 16 / 17, 14 / 15, 11 / 12, 10 / 11, 6 / 7, 5 / 6]
    assert found.share == pytest.approx(np.cumprod(by_hand))
    assert found.share.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert found.at(5) == (1.0, 1.0, 1.0)
    assert found.at(9)[0] == pytest.approx(0.8067, abs=5e-5)
    # Greenwood's spread at ten weeks is 0.0963; on the log-log scale that is a band from 0.503 to 0.889.
    spread = sum(d / (r * (r - d)) for d, r in ((3, 21), (1, 17), (1, 15)))
    assert found.share[2] * spread**0.5 == pytest.approx(0.0963, abs=5e-5)
    assert (found.low[2].round(3), found.high[2].round(3)) == (0.503, 0.889)
    assert [found.looked_at(day) for day in (0, 6, 7, 35, 36)] == [21, 21, 17, 1, 0]


def test_nobody_has_ended_or_everybody_has() -> None:
    assert curve([(5, False), (9, False)]).at(9) == (1.0, 1.0, 1.0)
    all_over = curve([(5, True), (9, True)])
    assert all_over.at(9) == (0.0, 0.0, 0.0)
    assert 0 < all_over.at(5)[1] < 0.5 < all_over.at(5)[2] < 1


ROWS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


@given(ROWS)
def test_as_another_implementation_has_it(rows: list[tuple[int, bool]]) -> None:
    found = curve(rows)
    over, not_over = [days for days, ended in rows if ended], [days for days, ended in rows if not ended]
    other = stats.ecdf(stats.CensoredData(uncensored=over, right=not_over)).sf
    for day in range(42):
        assert found.at(day)[0] == pytest.approx(float(other.evaluate(day)))


@given(ROWS)
def test_a_band_lies_around_its_share_and_shares_only_fall(rows: list[tuple[int, bool]]) -> None:
    found = curve(rows)
    assert np.all((found.low <= found.share + 1e-12) & (found.share <= found.high + 1e-12))
    assert np.all(np.diff(found.share) <= 0)
    assert np.all((found.low >= 0) & (found.high <= 1))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.integers(0, 9), st.booleans()), max_size=25))
def test_concordance_counts_every_two(rows: list[tuple[float, int, bool]]) -> None:
    right, in_all = 0.0, 0
    for (risk, days, ended), (other, longer, over) in product(rows, rows):
        if ended and (longer > days or (longer == days and not over)):
            in_all += 1
            right += 1.0 if risk > other else 0.5 if risk == other else 0.0
    columns: Any = list(zip(*rows, strict=True)) or [[], [], []]
    found = concordance(
        np.array(columns[0], dtype=float), np.array(columns[1], dtype=np.int64), np.array(columns[2], dtype=bool)
    )
    assert found == (pytest.approx(right / in_all) if in_all else None)


def test_what_is_always_right_has_no_distance() -> None:
    days, ended = np.array([10, 20, 400, 500]), np.array([True, True, False, False])
    assert brier(np.array([0.0, 0.0, 1.0, 1.0]), days, ended, YEAR) == 0
    assert brier(np.array([0.5] * 4), days, ended, YEAR) == pytest.approx(0.25)
    assert brier(np.array([1.0, 1.0, 0.0, 0.0]), days, ended, YEAR) == 1


def test_who_was_lost_from_sight_is_stood_for_by_the_others() -> None:
    # Of four, one is lost on day 100; whoever is left counts for a third more from then on.
    days, ended = np.array([50, 100, 200, 400]), np.array([True, False, True, False])
    lasts = np.array([0.4, 0.9, 0.7, 0.8])
    by_hand = (0.4**2 + 0.7**2 / (2 / 3) + (1 - 0.8) ** 2 / (2 / 3)) / 4
    assert brier(lasts, days, ended, YEAR) == pytest.approx(by_hand)


# Groups ---------------------------------------------------------------------------------------------------------------


def courses(*groups: tuple[int, int, int]) -> tuple[Courses, np.ndarray[Any, Any]]:
    """Return groups of partnerships: how many ended on day 100, how many lasted a year, how many days they are old."""
    rows = [
        (start + number, 100 if number < over else 400, number < over, code)
        for code, (over, lasting, start) in enumerate(groups)
        for number in range(over + lasting)
    ]
    table = np.array(rows, dtype=np.int64)
    return Courses(table[:, 0], table[:, 1], table[:, 2] == 1), table[:, 3]


def test_each_group_has_its_numbers_the_largest_first() -> None:
    all_of_them, codes = courses((10, 10, 0), (8, 32, 0))
    content: Any = told(all_of_them, Dimension(codes, ("a", "b")))
    assert [(one["key"], one["count"], one["endings"]) for one in content["groups"]] == [("b", 40, 8), ("a", 20, 10)]
    assert content["groups"][0]["steps"][0][:2] == [100, 0.8]
    assert content["groups"][1]["at"]["365"][0] == 0.5
    assert content["groups"][1]["at"]["365"][3] == 10
    assert content["groups"][1]["at"]["91"] == [1.0, 1.0, 1.0, 20]
    assert content["hidden"] == 0


@pytest.mark.parametrize(
    ("groups", "shown", "hidden"),
    [
        # Four endings are too few; and who is left must not be told from the sum.
        (((FEWEST - 1, 30, 0), (9, 30, 0), (7, 60, 0)), ["2"], 2),
        (((FEWEST, 30, 0), (9, 30, 0), (7, 60, 0)), ["2", "1", "0"], 0),
        # Two that are hidden hide each other.
        (((1, 30, 0), (2, 30, 0), (7, 60, 0)), ["2"], 2),
        (((1, 30, 0), (9, 30, 0)), [], 2),
    ],
)
def test_small_groups_are_hidden_and_cannot_be_told_from_the_rest(
    groups: tuple[tuple[int, int, int], ...], shown: list[str], hidden: int
) -> None:
    all_of_them, codes = courses(*groups)
    content: Any = told(all_of_them, Dimension(codes, [str(code) for code in range(len(groups))]))
    assert ([one["key"] for one in content["groups"]], content["hidden"]) == (shown, hidden)


def test_no_number_at_risk_below_five_is_told() -> None:
    rows = [(day, True) for day in range(10, 30)] + [(400, False)] * 4
    days = np.array([day for day, _ in rows])
    over = np.array([ended for _, ended in rows])
    content: Any = told(Courses(np.arange(24), days, over), Dimension(np.zeros(24, dtype=np.int64), (ALL,)))
    (group,) = content["groups"]
    assert [step[0] for step in group["steps"]] == list(range(10, 30))
    assert all(group["at"][str(day)] is None for day in HORIZONS)


def test_who_ended_before_the_group_was_known_is_not_counted() -> None:
    # All who ended within three weeks had not met: they stand for nobody who met late.
    rows = [(days, True, 1) for days in range(2, 12)] + [(200, True, 1)] * 6 + [(400, False, 0)] * 30
    rows += [(300, True, 0)] * 6
    table = np.array(rows, dtype=np.int64)
    content: Any = told(
        Courses(np.arange(len(table)), table[:, 0], table[:, 1] == 1), Dimension(table[:, 2], (IN_TIME, LATER), 21)
    )
    assert [(one["key"], one["count"]) for one in content["groups"]] == [(IN_TIME, 36), (LATER, 6)]


def test_the_last_are_foretold_from_the_first_alone() -> None:
    """What became of the first ones after the last were matched is not known on that day."""
    rng = np.random.default_rng(1)
    matched = np.arange(1_000, dtype=np.int64)
    group = rng.integers(0, 2, 1_000)
    days = np.where(group == 1, rng.integers(1, 300, 1_000), 400)
    found: Any = held_out(Courses(matched, days, days < 400), group)
    assert (found["learnt_from"], found["count"]) == (700, 300)
    assert found["concordance"] > 0.7
    assert found["brier"] < found["brier_of_all"]
    assert [one[2] for one in found["calibration"]] == [int((group[700:] == 1).sum())]
    # Drawn by lot, it tells nothing.
    by_lot: Any = held_out(Courses(matched, days, days < 400), rng.integers(0, 2, 1_000))
    assert by_lot["concordance"] == pytest.approx(0.5, abs=0.05)
    # The control: had the year that followed been known, the days of all would have been the same.
    early = Courses(matched, np.full(1_000, 350), np.ones(1_000, dtype=bool))
    assert held_out(early, group) is not None
    late = Courses(matched, np.full(1_000, 800), np.ones(1_000, dtype=bool))
    assert held_out(late, group) is None


def test_fewer_than_a_hundred_endings_tell_nothing() -> None:
    for endings, is_told in ((NEEDED - 1, False), (NEEDED, True)):
        all_of_them, codes = courses((endings, 200, 0))
        content: Any = estimate(all_of_them, {ALL: Dimension(codes, (ALL,))})
        assert bool(content["dimensions"]) is is_told
        assert content["count"] == endings + 200


# What is an early ending ----------------------------------------------------------------------------------------------


def course(**given: Any) -> Course:
    values: dict[str, Any] = {
        "matched_on": ON - 300 * DAY, "first_met_on": ON - 290 * DAY, "agreement_on": ON - 285 * DAY,
        "agreed_until": ON, "is_closed": True, "closed_on": ON - 100 * DAY, "reason": "time",
        "programme": "p", "division": "d",
    }  # fmt: skip
    return Course(**values | given)


@pytest.mark.parametrize(
    ("given", "early"),
    [
        ({}, True),
        ({"reason": "safety"}, True),
        ({"reason": "goal"}, False),
        ({"reason": "agreed"}, False),
        ({"closed_on": ON - DAY}, True),
        ({"closed_on": ON}, False),
        ({"agreed_until": None}, True),
        ({"agreed_until": None, "reason": "unknown"}, None),
        ({"reason": "unknown"}, True),
        ({"closed_on": None}, None),
        ({"is_closed": False, "closed_on": None, "reason": ""}, False),
    ],
)
def test_early_endings(given: dict[str, Any], early: bool | None) -> None:
    assert ended_early(course(**given)) is early


def test_how_long_it_lasted() -> None:
    assert lasted(course(), ON) == 200
    assert lasted(course(is_closed=False, closed_on=None), ON) == 300
    assert lasted(course(closed_on=None), ON) is None
    assert lasted(course(matched_on=ON, closed_on=ON - DAY), ON) is None


def test_gathering_counts_what_it_leaves_out() -> None:
    gathered = Gathered(ON)
    for one in (course(), course(closed_on=None), course(first_met_on=None, agreement_on=None)):
        gathered.add(one)
    found, dimensions = gathered.ready()
    assert (gathered.left_out, found.days.tolist(), found.ended.tolist()) == (1, [200, 200], [True, True])
    assert dimensions[MET].codes.tolist() == [0, 1]
    assert dimensions[AGREED].codes.tolist() == [0, 1]
    assert Gathered(ON).ready()[0].days.size == 0
