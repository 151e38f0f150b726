"""What may be shown of answers: nothing of fewer than five, nor what tells them by taking away."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from days import TODAY
from mentornet.people.enums import Role
from mentornet.surveys.questions import Question
from mentornet.surveys.results import (
    ALL,
    LEAST,
    Answered,
    Place,
    counts_by_place,
    hidden_counts,
    hidden_places,
    period_of,
    result_of,
)

EVERYWHERE: Final[Place] = (ALL, ALL, ALL)
SCALE: Final = Question.of(
    {"key": "how", "kind": "scale", "texts": {"en": "How?"}, "low": {"en": "Bad"}, "high": {"en": "Good"}}
)
CHOSEN: Final = st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.sampled_from("12"))


def without(place: Place, axis: int) -> Place:
    """Return the sum that a place is part of, along one of the three."""
    division, programme, period = (ALL if number == axis else one for number, one in enumerate(place))
    return division, programme, period


def told_by_taking_away(counts: dict[Place, int], hidden: set[Place]) -> list[Place]:
    """Return what somebody finds who takes the shown members of a line from its shown sum, again and again."""
    known = {place: number for place, number in counts.items() if place not in hidden}
    found: list[Place] = []
    while True:
        before = len(known)
        for place in counts:
            for axis in range(3):
                if place[axis] == ALL:
                    continue
                total = without(place, axis)
                line = [
                    one for one in counts
                    if one[axis] != ALL and without(one, axis) == total
                ]  # fmt: skip
                unknown = [one for one in [total, *line] if one not in known]
                if len(unknown) == 1:
                    one = unknown[0]
                    known[one] = counts[one]
                    if 0 < counts[one] < LEAST:
                        found.append(one)
        if len(known) == before:
            return found


@given(st.lists(CHOSEN, max_size=60))
def test_nobody_finds_a_small_cell_by_taking_away(places: list[Place]) -> None:
    counts = counts_by_place(places)
    hidden = hidden_places(counts)
    assert {place for place, number in counts.items() if 0 < number < LEAST} <= hidden
    assert told_by_taking_away(dict(counts), hidden) == []


@given(st.lists(CHOSEN, max_size=60), st.randoms(use_true_random=False))
def test_the_same_is_hidden_in_whatever_order_answers_come(places: list[Place], chance: Any) -> None:
    shuffled = chance.sample(places, len(places))
    assert hidden_places(counts_by_place(places)) == hidden_places(counts_by_place(shuffled))


def test_with_the_small_cells_alone_hidden_one_would_be_found() -> None:
    counts = counts_by_place([("A", "x", "1")] * 10 + [("B", "x", "1")] * 3)
    small = {place for place, number in counts.items() if 0 < number < LEAST}
    assert ("B", "x", "1") in told_by_taking_away(dict(counts), small)
    assert told_by_taking_away(dict(counts), hidden_places(counts)) == []


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([0, 0, 6, 0, 0], set()),
        ([5, 6, 7], set()),
        ([2, 6, 7], {0, 1}),
        ([2, 2, 9], {0, 1, 2}),
        ([2, 2, 9, 8], {0, 1, 3}),
        ([3, 3, 9], {0, 1}),
        ([2], {0}),
        ([4, 0, 0], {0, 1, 2}),
    ],
)
def test_counts_of_one_question(counts: list[int], hidden: set[int]) -> None:
    assert hidden_counts(counts) == hidden


def answers(side: Role, values: list[int], place: Place = ("A", "x", "1")) -> list[Answered]:
    return [Answered(side, "how", value, place) for value in values]


def test_both_sides_with_the_gap() -> None:
    given_ = answers(Role.MENTEE, [3] * 5 + [4] * 5) + answers(Role.MENTOR, [5] * 6)
    result = result_of(SCALE, given_, EVERYWHERE, {})
    mentee, mentor = result.sides[Role.MENTEE], result.sides[Role.MENTOR]
    assert (mentee.count, mentee.mean, mentee.median) == (10, 3.5, 3.5)
    assert (mentor.count, mentor.mean, result.gap) == (6, 5, -1.5)
    assert [(line.label, line.counts[Role.MENTEE]) for line in result.lines] == [
        ("1", 0), ("2", 0), ("3", 5), ("4", 5), ("5", 0)
    ]  # fmt: skip


@pytest.mark.parametrize("values", [[1], [1, 2, 3, 4], []])
def test_fewer_than_five_show_nothing(values: list[int]) -> None:
    result = result_of(SCALE, answers(Role.MENTEE, values), EVERYWHERE, {})
    side = result.sides[Role.MENTEE]
    assert (side.count, side.mean, side.median, result.gap) == (None, None, None, None)
    assert {line.counts[Role.MENTEE] for line in result.lines} == {None}


def test_mean_that_would_tell_a_hidden_count_is_left_out() -> None:
    result = result_of(SCALE, answers(Role.MENTEE, [1, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5]), EVERYWHERE, {})
    assert result.sides[Role.MENTEE].mean is None
    assert result.sides[Role.MENTEE].count == 12
    assert [line.counts[Role.MENTEE] for line in result.lines] == [None, 0, 0, None, 6]


def test_a_division_that_would_tell_another_is_not_shown() -> None:
    given_ = answers(Role.MENTEE, [4] * 8, ("A", "x", "1")) + answers(Role.MENTEE, [2] * 3, ("B", "x", "1"))

    def count(place: Place) -> Any:
        return result_of(SCALE, given_, place, {}).sides[Role.MENTEE].count

    assert (count(EVERYWHERE), count(("A", ALL, ALL)), count(("B", ALL, ALL))) == (11, None, None)
    assert count(("C", ALL, ALL)) is None


def test_quarter() -> None:
    assert period_of(TODAY) == f"{TODAY.year}-{(TODAY.month - 1) // 3 + 1}"
