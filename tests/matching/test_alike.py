"""What is said of several alike: no group is too small, and whoever knows somebody comes no nearer to her by it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mentornet.matching.alike import Alike, alike

STATEMENTS = "abcdef"
PEOPLE = some.lists(some.frozensets(some.sampled_from(STATEMENTS)), max_size=40)
LEAST = some.integers(min_value=1, max_value=7)


@given(PEOPLE, LEAST)
def test_everybody_is_in_one_group_and_none_is_too_small(people: Sequence[frozenset[str]], least: int) -> None:
    groups = alike(people, STATEMENTS, least)
    rows = sorted(row for group in groups for row in group.rows.tolist())
    assert rows == (list(range(len(people))) if len(people) >= least else [])
    assert all(len(group.rows) >= least for group in groups)


@given(PEOPLE, LEAST)
def test_what_is_said_holds_of_each(people: Sequence[frozenset[str]], least: int) -> None:
    for group in alike(people, STATEMENTS, least):
        held = [people[row] for row in group.rows.tolist()]
        assert set(group.said) == set(STATEMENTS).intersection(*held)


@given(PEOPLE, LEAST)
def test_nothing_more_could_be_said(people: Sequence[frozenset[str]], least: int) -> None:
    # Not one statement divides a group into two that are both large enough.
    for group in alike(people, STATEMENTS, least):
        for one in STATEMENTS:
            having = sum(one in people[row] for row in group.rows.tolist())
            assert min(having, len(group.rows) - having) < least


@given(PEOPLE, LEAST, some.frozensets(some.sampled_from(STATEMENTS), min_size=1))
def test_whoever_knows_all_about_somebody_is_left_with_so_many(
    people: Sequence[frozenset[str]], least: int, known: frozenset[str]
) -> None:
    # She looks for those of whom nothing is said that is not so of whom she looks for: as many, or nobody at all.
    fitting = [group for group in alike(people, STATEMENTS, least) if set(group.said) <= known]
    assert not fitting or sum(len(group.rows) for group in fitting) >= least


@given(PEOPLE, LEAST, some.lists(some.sampled_from(STATEMENTS), max_size=4), some.lists(some.sampled_from(STATEMENTS)))
def test_two_choices_never_differ_by_fewer(
    people: Sequence[frozenset[str]], least: int, one: list[str], other: list[str]
) -> None:
    groups = alike(people, STATEMENTS, least)
    first, second = (behind(groups, chosen) for chosen in (one, other))
    assert len(first ^ second) == 0 or len(first ^ second) >= least
    assert len(first & second) == 0 or len(first & second) >= least


def behind(groups: Sequence[Alike], chosen: Sequence[str]) -> set[int]:
    """Return who stands behind what is shown by a choice."""
    return {row for group in groups if set(chosen) <= set(group.said) for row in group.rows.tolist()}


@given(PEOPLE, LEAST)
def test_a_choice_by_what_is_so_would_differ_by_one(people: Sequence[frozenset[str]], least: int) -> None:
    # The control: filters that ask what each of them has, and not what is said, part one from the others.
    alone = [one for one in STATEMENTS if sum(one in known for known in people) == 1]
    for one in alone:
        assert one not in {said for group in alike(people, STATEMENTS, max(2, least)) for said in group.said}


def test_the_same_people_give_the_same_groups() -> None:
    people = [frozenset("ab"), frozenset("a"), frozenset("b"), frozenset("ab"), frozenset("c")] * 3
    first, second = ([(group.rows.tolist(), group.said) for group in alike(people, STATEMENTS, 3)] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("count", range(5))
def test_too_few_are_nobody(count: int) -> None:
    assert alike([frozenset("a")] * count, "a") == []
    assert [group.said for group in alike([frozenset("a")] * 5, "a")] == [("a",)]
