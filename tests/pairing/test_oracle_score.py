"""The oracle's scores, the solvers it is compared with, and the factories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from fractions import Fraction
from itertools import product
from random import Random
from types import MappingProxyType

import pytest

from factories.people import (
    SLOTS,
    TODAY,
    a_mentee,
    a_mentor,
    random_people,
    skills,
    slots,
)
from oracle.brute import best, ortools_best, scipy_best
from oracle.plain import (
    State,
    contributions,
    criterion_values,
    exact,
    fails,
    rule_state,
    rule_states,
    score,
    waiting_bonus,
)
from pairing.policy import DEFAULT_WEIGHTS, Policy, normalised
from pairing.terms import CRITERIA, Criterion, Rule
from reference.people import MeetingMode, Mentee, Mentor, RequirementKind
from reference.topics import Topic

IN_PERSON = (MeetingMode.IN_PERSON,)
ONLINE = (MeetingMode.ONLINE,)
EITHER = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)


def of(rule: Rule, mentee: Mentee, mentor: Mentor, policy: Policy | None = None) -> State:
    return rule_state(rule, mentee, mentor, policy=policy or Policy(), today=TODAY)


# Score, by hand -------------------------------------------------------------------------------------------------------

WORKED_MENTEE = a_mentee(
    occupation="2221",
    topics=(Topic.CV, Topic.NETWORK, Topic.DANISH),
    languages=skills("da:B2", "ar:C2"),
    practise_danish=True,
    interests=("chess", "løb", "cooking"),
    hours_per_month=2.0,
    months=6.0,
    availability=slots("mon-evening", "tue-evening"),
    education=7,
    sector="health",
    division="Aarhus",
    postcode="8000",
    needs_experience=True,
    waiting_since=TODAY - timedelta(days=73),
)
WORKED_MENTOR = a_mentor(
    occupation="2212",
    topics=(Topic.NETWORK,),
    languages=skills("da:C2"),
    interests=("Chess", "LØB"),
    hours_per_month=4.0,
    months=6.0,
    availability=slots("mon-evening", "wed-evening"),
    education=6,
    sector="health",
    division="Randers",
    postcode="8900",
    pairs_before=1,
)


def test_score_worked_by_hand() -> None:
    expected = {
        Criterion.OCCUPATION: Fraction("0.25") * Fraction("0.55"),
        Criterion.TOPICS: Fraction("0.20") * Fraction(3, 11),
        Criterion.LANGUAGE: Fraction("0.12") * Fraction("0.85"),
        Criterion.INTERESTS: Fraction("0.10") * Fraction(2, 3),
        Criterion.PACE: Fraction("0.10") * Fraction("0.75"),
        Criterion.TIME: Fraction("0.08") * Fraction(1, 3),
        Criterion.EDUCATION: Fraction("0.05") * Fraction(7, 8),
        Criterion.SECTOR: Fraction("0.04"),
        Criterion.PLACE: Fraction("0.03") * Fraction("0.5"),
        Criterion.EXPERIENCE: Fraction("0.03") * Fraction(1, 3),
    }
    assert contributions(WORKED_MENTEE, WORKED_MENTOR, Policy()) == expected
    assert waiting_bonus(WORKED_MENTEE, Policy(), TODAY) == Fraction("0.004")
    # 0.57112878... and 0.004
    assert score(WORKED_MENTEE, WORKED_MENTOR, Policy(), TODAY) == 5751


def test_whoever_is_wholly_unknown_gets_the_neutral_values() -> None:
    mentee = Mentee(id="e1")
    mentor = Mentor(id="m1")
    assert set(criterion_values(mentee, mentor).values()) == {None}
    # 0.075 + 0.08 + 0.06 + 0.03 + 0.06 + 0.04 + 0.025 + 0.012 + 0.015 + 0.015
    assert score(mentee, mentor, Policy(), TODAY) == 4120
    assert sum(contributions(mentee, mentor, Policy()).values()) == Fraction("0.412")


def test_perfect_pair_scores_one() -> None:
    mentee = a_mentee(
        topics=(Topic.CV,), languages=skills("da:C2"), interests=("a", "b", "c"), availability=SLOTS, meeting=EITHER
    )
    mentor = a_mentor(interests=("a", "b", "c"), availability=SLOTS)
    assert score(mentee, mentor, Policy(), TODAY) == 10_000


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-10, "0"),
        (0, "0"),
        (1, "2/36500"),
        (73, "0.004"),
        (364, "728/36500"),
        (365, "0.02"),
        (4000, "0.02"),
        (None, "0"),
    ],
)
def test_waiting_bonus(days: int | None, expected: str) -> None:
    mentee = a_mentee(waiting_since=None if days is None else TODAY - timedelta(days=days))
    assert waiting_bonus(mentee, Policy(), TODAY) == Fraction(expected)


def test_waiting_bonus_follows_the_policy() -> None:
    mentee = a_mentee(waiting_since=TODAY - timedelta(days=10))
    assert waiting_bonus(mentee, Policy(waiting_bonus=0.1, waiting_days=30.5), TODAY) == Fraction(2, 61)


@pytest.mark.parametrize(("bonus", "expected"), [(0.00005, 8750), (0.00015, 8752), (0.000051, 8751), (0.000149, 8751)])
def test_halves_are_rounded_to_even_once(bonus: float, expected: int) -> None:
    weights = MappingProxyType({**dict.fromkeys(CRITERIA, 0.0), Criterion.EDUCATION: 1.0})
    policy = Policy(weights=weights, waiting_bonus=bonus)
    mentee = a_mentee(education=6, waiting_since=TODAY - timedelta(days=365))
    assert score(mentee, a_mentor(education=7), policy, TODAY) == expected


def test_weights_and_neutral_values_are_taken_as_written() -> None:
    weights = normalised({**DEFAULT_WEIGHTS, Criterion.OCCUPATION: 0.4})
    policy = Policy(weights=weights, neutral=MappingProxyType(dict.fromkeys(CRITERIA, 0.1)))
    parts = contributions(a_mentee(occupation=None), a_mentor(), policy)
    assert parts[Criterion.OCCUPATION] == Fraction(repr(weights[Criterion.OCCUPATION])) / 10
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e16) == 10**16


# The best set of pairs ------------------------------------------------------------------------------------------------

Table = list[list[int]]


def everything(scores: Table) -> list[list[bool]]:
    return [[True] * len(row) for row in scores]


@pytest.mark.parametrize("solve", [best, scipy_best, ortools_best])
def test_best_by_hand(solve: Callable[[list[list[bool]], Table, list[int]], tuple[int, int]]) -> None:
    # More pairs come before a larger total.
    assert solve([[True, True], [True, False]], [[10_000, 10], [20, 9_999]], [1, 1]) == (2, 30)
    # Then the larger total, not the best pair first.
    assert solve(everything([[90, 80], [80, 10]]), [[90, 80], [80, 10]], [1, 1]) == (2, 160)
    # Capacity, also none at all and more than there are mentees.
    assert solve(everything([[5, 3], [4, 1]]), [[5, 3], [4, 1]], [2, 1]) == (2, 9)
    assert solve(everything([[5, 3], [4, 1]]), [[5, 3], [4, 1]], [0, 1]) == (1, 3)
    assert solve(everything([[5, 3], [4, 1]]), [[5, 3], [4, 1]], [0, 9]) == (2, 4)
    assert solve(everything([[5, 3], [4, 1]]), [[5, 3], [4, 1]], [0, 0]) == (0, 0)
    # A pair that scores nothing is a pair.
    assert solve([[True]], [[0]], [1]) == (1, 0)
    assert solve([[False]], [[7]], [1]) == (0, 0)
    assert solve([], [], [1, 2]) == (0, 0)
    assert solve([[], []], [[], []], []) == (0, 0)


def random_table(random: Random, rows: int, columns: int) -> tuple[list[list[bool]], Table, list[int]]:
    share = random.random()
    # Few different scores make many equal optima, many make few.
    highest = random.choice((1, 5, 10_200))
    eligible = [[random.random() < share for _ in range(columns)] for _ in range(rows)]
    scores = [[random.randint(0, highest) for _ in range(columns)] for _ in range(rows)]
    return eligible, scores, [random.randint(0, 3) for _ in range(columns)]


def test_three_ways_agree_on_small_tables() -> None:
    random = Random(1)
    for _ in range(150):
        table = random_table(random, random.randint(0, 5), random.randint(0, 6))
        assert best(*table) == scipy_best(*table) == ortools_best(*table)
    for _ in range(5):
        table = random_table(random, 6, 6)
        assert best(*table) == scipy_best(*table) == ortools_best(*table)


def test_two_ways_agree_on_larger_tables() -> None:
    random = Random(2)
    for _ in range(20):
        table = random_table(random, random.randint(20, 80), random.randint(20, 60))
        assert scipy_best(*table) == ortools_best(*table)


# The factories --------------------------------------------------------------------------------------------------------


def test_random_people_are_the_same_for_the_same_seed() -> None:
    assert random_people(5, 6, 7) == random_people(5, 6, 7)
    assert random_people(5, 6, 7) != random_people(6, 6, 7)


def test_random_people_fill_every_column_and_leave_it_empty() -> None:
    some_mentees, some_mentors = random_people(1, 200, 200)
    always = {"id", "row", "must_not_meet", "requires", "capacity", "active_pairs"}
    for people in (some_mentees, some_mentors):
        for field in fields(people[0]):
            if field.name == "answers":
                # To a programme's own questions: whoever asks them has them answered (factories.customs).
                continue
            cells = [getattr(person, field.name) for person in people]
            assert any(cells), field.name
            assert (None in cells) is (field.name not in always), field.name
        assert any(not person.requires for person in people)
        assert {demand.kind for person in people for demand in person.requires} == set(RequirementKind)
        ids = [person.id for person in people]
        assert len(set(ids)) == len(ids)
        assert ids not in (sorted(ids), sorted(ids, key=int))
    mentor_ids = {mentor.id for mentor in some_mentors}
    mentee_ids = {mentee.id for mentee in some_mentees}
    assert any(mentor_ids.intersection(mentee.must_not_meet) for mentee in some_mentees)
    assert any(mentee_ids.intersection(mentor.must_not_meet) for mentor in some_mentors)
    assert {mentor.capacity for mentor in some_mentors} == {0, 1, 2, 3}
    rests = {mentor.resting_until for mentor in some_mentors if mentor.resting_until is not None}
    assert min(rests) < TODAY < max(rests)
    assert TODAY in rests


@pytest.mark.parametrize("unknown_share", [0.0, 0.2, 1.0])
def test_random_people_with_as_much_unknown_as_asked(unknown_share: float) -> None:
    some_mentees, some_mentors = random_people(3, 40, 40, unknown_share=unknown_share)
    pairs = list(product(some_mentees, some_mentors))
    states = [rule_states(*pair, policy=Policy(), today=TODAY) for pair in pairs]
    # Some pairs are allowed and some are not, however little is known.
    assert 0.03 < sum(not fails(state) for state in states) / len(pairs) < 0.8
    unknown = [found is None for pair in pairs for found in criterion_values(*pair).values()]
    assert any(unknown)
    assert all(unknown) is (unknown_share == 1)
