"""The solver and what a coordinator has fixed: locks, prohibitions and history; what is impossible is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.people import TODAY, a_mentee, a_mentor, skills, slots
from oracle import plain
from oracle.networks import Network, alike, pairs_by_id, proved
from pairing.errors import ProblemError
from pairing.policy import Policy
from pairing.solve import solve


def test_locked_pair_may_lie_below_the_floor() -> None:
    network = replace(alike(2, 2), policy=Policy(floor=20_000), locks=(("e2", "m1"),))
    problem = network.problem()
    result = solve(problem)
    score = plain.score(network.mentees[1], network.mentors[0], network.policy, TODAY)
    assert pairs_by_id(problem, result) == [("e2", "m1", score)]
    # Locked pairs stand outside what is proved.
    assert proved(problem, result) == (0, 0)


def test_lock_leaves_the_mentors_other_place() -> None:
    network = replace(alike(3, 1, capacity=2), locks=(("e3", "m1"),))
    problem = network.problem()
    chosen = [pair[:2] for pair in pairs_by_id(problem, solve(problem))]
    assert len(chosen) == 2
    assert ("e3", "m1") in chosen


def test_several_locks_fill_a_mentor() -> None:
    network = replace(alike(3, 2, capacity=2), locks=(("e3", "m1"), ("e1", "m1")))
    problem = network.problem()
    assert [pair[:2] for pair in pairs_by_id(problem, solve(problem))] == [("e1", "m1"), ("e2", "m2"), ("e3", "m1")]


def test_lock_named_twice_is_one_lock() -> None:
    network = replace(alike(2, 1), locks=(("e1", "m1"), ("e1", "m1")))
    problem = network.problem()
    assert [pair[:2] for pair in pairs_by_id(problem, solve(problem))] == [("e1", "m1")]


def test_all_locked_leaves_nothing_to_solve() -> None:
    network = replace(alike(2, 2), locks=(("e1", "m2"), ("e2", "m1")))
    problem = network.problem()
    result = solve(problem)
    assert [pair[:2] for pair in pairs_by_id(problem, result)] == [("e1", "m2"), ("e2", "m1")]
    assert proved(problem, result) == (0, 0)


def test_every_impossible_lock_is_refused_with_its_rule() -> None:
    network = Network(
        tuple(a_mentee(f"e{number}") for number in range(1, 5)),
        (
            a_mentor("m1", capacity=0, availability=slots("sun-morning")),
            a_mentor("m2"),
            a_mentor("m3", languages=skills("en:C2")),
        ),
        locks=(("e1", "m1"), ("e2", "m2"), ("e3", "m2"), ("e3", "m3"), ("e4", "m3")),
        forbidden=(("e4", "m3"),),
    )
    with pytest.raises(ProblemError) as caught:
        solve(network.problem())
    assert caught.value.lines("en") == (
        "--lock e1:m1 is refused by the rule “time”: no time of the week that suits both",
        "--lock e1:m1 is refused by the rule “capacity”: the mentor has no free place",
        "--lock e3:m3 is refused by the rule “language”: no shared language at the level needed",
        "--lock e4:m3 is refused by the rule “language”: no shared language at the level needed",
        "--lock e4:m3 is refused by the rule “forbidden”: the pair has been ruled out",
        "--lock e3:m2 and --lock e3:m3 contradict each other: e3 can have one mentor",
        "--lock e2:m2 and --lock e3:m2 contradict each other: m2 has 1 free place",
    )


def test_every_unknown_id_is_refused_at_once() -> None:
    network = replace(
        alike(1, 1), locks=(("e9", "m1"), ("e1", "m9")), forbidden=(("m1", "e1"), ("e1", "m1"), ("e1", "m8"))
    )
    with pytest.raises(ProblemError) as caught:
        network.problem()
    assert caught.value.lines("en") == (
        "--lock e9:m1: no mentee has the id “e9”",
        "--lock e1:m9: no mentor has the id “m9”",
        "--forbid m1:e1: no mentee has the id “m1”",
        "--forbid e1:m8: no mentor has the id “m8”",
    )


def test_doubled_ids_are_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        Network((a_mentee("e"), a_mentee("e")), (a_mentor("m"), a_mentor("m"), a_mentor("m"))).problem()
    assert caught.value.lines("en") == ("the id “e” is used twice", "the id “m” is used twice")


def test_forbidden_pair_is_not_chosen() -> None:
    problem = replace(alike(1, 2), forbidden=(("e1", "m1"),)).problem()
    assert [pair[:2] for pair in pairs_by_id(problem, solve(problem))] == [("e1", "m2")]
    problem = replace(alike(1, 2), forbidden=(("e1", "m1"), ("e1", "m2"))).problem()
    assert pairs_by_id(problem, solve(problem)) == []


def test_earlier_pair_is_not_chosen() -> None:
    # Old files name many who have left.
    strangers = (("e1", "nobody"), ("nobody", "m1"))
    problem = replace(alike(1, 2), earlier=(("e1", "m1"), *strangers)).problem()
    assert [pair[:2] for pair in pairs_by_id(problem, solve(problem))] == [("e1", "m2")]
    problem = replace(alike(1, 2), earlier=(("e1", "m1"), ("e1", "m2"), *strangers)).problem()
    assert pairs_by_id(problem, solve(problem)) == []
