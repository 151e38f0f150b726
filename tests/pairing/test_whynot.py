"""Why nobody yet: counts, what one relaxation opens, who would be free, which floors can be reached; by brute force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import TODAY, a_mentee, a_mentor, demands, random_people, slots
from oracle import brute, plain
from oracle.networks import Network, alike, small_network
from pairing.features import Bool, demand_key
from pairing.policy import Policy
from pairing.problem import PairingProblem, by_id
from pairing.scoring import judge_row
from pairing.solve import solve
from pairing.terms import RULES, Rule
from pairing.whynot import (
    FLOOR,
    Obstacles,
    Opening,
    Room,
    around_mentee,
    around_mentor,
    demanded_of,
    each_demand_of,
    left_to_others,
    left_without,
    mentees_own_demands,
    mentors_own_demands,
    reach_of,
    room_for,
)
from reference.people import Mentee, Mentor

NAMES = (*(rule.value for rule in RULES), FLOOR)


def a_network(seed: int, size: int = 14) -> Network:
    random = Random(seed)
    her, their = random_people(seed, size, size, unknown_share=(0.2, 0.5, 0.7)[seed % 3])
    some = tuple((random.choice(her).id, random.choice(their).id) for _ in range(size))
    floor = random.choice((2500, 3500, 4300, 5500))
    return Network(her, their, policy=Policy(floor=floor), forbidden=some[: size // 2], earlier=some[size // 2 :])


# By the definitions, person by person ---------------------------------------------------------------------------------


def obstacles_between(network: Network, mentee: Mentee, mentor: Mentor) -> set[str]:
    found = {rule.value for rule in network.fails(mentee, mentor)}
    return found | ({FLOOR} if network.score(mentee, mentor) < network.policy.floor else set())


def by_definition(network: Network, pairs: Sequence[tuple[Mentee, Mentor]]) -> tuple[dict[str, int], list[Opening]]:
    """Count and relax one obstacle after the other, over people and never over arrays."""
    stand = [obstacles_between(network, *pair) for pair in pairs]
    openings = []
    for name in NAMES:
        opened = [at for at, between in enumerate(stand) if between and not between - {name}]
        if opened:
            first = min(opened, key=lambda at: (-network.score(*pairs[at]), at))
            openings.append(Opening(name, len(opened), first))
    counts = {name: sum(name in between for between in stand) for name in NAMES}
    return counts, sorted(openings, key=lambda one: -one.opens)


@pytest.mark.parametrize("seed", range(9))
def test_counts_and_openings_are_those_of_the_definitions(seed: int) -> None:
    network = a_network(seed)
    problem, her, their = network.problem(), by_id(network.mentees), by_id(network.mentors)
    for row, mentee in enumerate(her):
        found = around_mentee(problem, row)
        counts, openings = by_definition(network, [(mentee, mentor) for mentor in their])
        assert (found.counts(), list(found.openings())) == (counts, openings)
    for column, mentor in enumerate(their):
        found = around_mentor(problem, column)
        counts, openings = by_definition(network, [(mentee, mentor) for mentee in her])
        assert (found.counts(), list(found.openings())) == (counts, openings)


def test_openings_are_of_every_kind() -> None:
    # Negative control of the test above: each obstacle is the best relaxation for somebody.
    seen = set()
    for seed in range(9):
        network = a_network(seed)
        problem = network.problem()
        for row in range(problem.mentees):
            seen |= {opening.obstacle for opening in around_mentee(problem, row).openings()}
    assert seen >= {Rule.LANGUAGE, Rule.PLACE, Rule.TIME, Rule.RESTING, Rule.CAPACITY, FLOOR}


def relaxed(network: Network, obstacle: str, mentee: Mentee) -> int:
    """Count who is right for her in a network in which nobody asks for this any more."""
    if obstacle == FLOOR:
        network = replace(network, policy=network.policy.with_floor(0))
    return sum(not obstacles_between(network, mentee, mentor) - {obstacle} for mentor in network.mentors)


@pytest.mark.parametrize("seed", range(6))
def test_an_opening_counts_who_is_right_once_the_obstacle_is_gone(seed: int) -> None:
    network = a_network(seed)
    problem = network.problem()
    for row, mentee in enumerate(by_id(network.mentees)):
        found = around_mentee(problem, row)
        gained = {name: relaxed(network, name, mentee) - int(found.right.sum()) for name in NAMES}
        assert {one.obstacle: one.opens for one in found.openings()} == {name: n for name, n in gained.items() if n}


@pytest.mark.parametrize("seed", range(4))
def test_must_haves_are_taken_apart_one_by_one(seed: int) -> None:
    network = a_network(seed, 20)
    problem = network.problem()
    seen = 0
    for row, mentee in enumerate(by_id(network.mentees)):
        own = {demand_key(one): one for one in mentee.requires}
        apart = each_demand_of(problem, row)
        assert len(apart) == len(own)
        for key, fails in zip(sorted(own), apart, strict=True):
            # As if she required nothing else, and nobody required anything of her.
            alone = replace(mentee, requires=(own[key],))
            expected = [
                Rule.REQUIRES in network.fails(alone, replace(mentor, requires=())) for mentor in by_id(network.mentors)
            ]
            assert fails.tolist() == expected
            seen += sum(expected)
        nothing = replace(mentee, requires=())
        theirs = [Rule.REQUIRES in network.fails(nothing, mentor) for mentor in by_id(network.mentors)]
        assert demanded_of(problem, row).tolist() == theirs
        either = np.array([*apart, demanded_of(problem, row)]).any(axis=0)
        stands = around_mentee(problem, row)
        assert either.tolist() == stands.between[stands.names.index(Rule.REQUIRES.value)].tolist()
    assert seen


@given(st.integers(0, 10_000), st.data())
def test_openings_of_any_table_obey_their_laws(seed: int, data: st.DataObject) -> None:
    random = np.random.default_rng(seed)
    others = data.draw(st.integers(0, 12))
    between: Bool = random.random((len(NAMES), others)) < data.draw(st.sampled_from((0.05, 0.2, 0.5)))
    scores = random.integers(0, 5, others)
    table = Obstacles(NAMES, between, scores)
    openings = table.openings()
    # Whoever is right, and whom each single relaxation opens, are different people.
    assert int(table.right.sum()) + sum(one.opens for one in openings) <= others
    assert [one.opens for one in openings] == sorted((one.opens for one in openings), reverse=True)
    for one in openings:
        assert table.alone(one.obstacle)[one.first]
        assert not (table.alone(one.obstacle) & (scores > scores[one.first])).any()
    assert (table.right <= table.allowed).all()
    # The order of the others is no part of the answer.
    order = random.permutation(others)
    shuffled = Obstacles(NAMES, between[:, order], scores[order])
    assert {one.obstacle: one.opens for one in shuffled.openings()} == {one.obstacle: one.opens for one in openings}
    # Leaving out people is the same as never having had them.
    left_out: Bool = random.random(others) < 0.3
    kept = table.without(left_out)
    assert kept.counts() == {name: int(between[at, ~left_out].sum()) for at, name in enumerate(NAMES)}


def test_the_callers_own_rules_stand_beside_the_others() -> None:
    problem = alike(1, 3).problem()
    found = around_mentee(problem, 0, {"briefed": np.array([True, False, True])})
    assert found.counts()["briefed"] == 2
    assert found.right.tolist() == [False, True, False]
    (opening,) = found.openings()
    assert (opening.obstacle, opening.opens, opening.first) == ("briefed", 2, 0)


def test_nobody_on_the_other_side_opens_nothing() -> None:
    found = around_mentee(alike(1, 0).problem(), 0)
    assert (found.others, found.openings(), set(found.counts().values())) == (0, (), {0})
    assert around_mentor(alike(0, 1).problem(), 0).openings() == ()


def test_own_demands_leave_out_what_the_mentor_requires() -> None:
    her = a_mentee(requires=demands("occupation:2211"))
    their = (
        a_mentor("m1", occupation="2211"),
        a_mentor("m2", occupation="5120"),
        a_mentor("m3", occupation="2211", requires=demands("language:so")),
    )
    problem = Network((her,), their).problem()
    assert mentees_own_demands(problem, 0).tolist() == [False, True, False]
    assert [mentors_own_demands(problem, column).tolist() for column in range(3)] == [[False], [False], [True]]
    # The rule fails for both.
    assert judge_row(problem, 0).rules.fails[RULES.index(Rule.REQUIRES)].tolist() == [False, True, True]


# Free or not ----------------------------------------------------------------------------------------------------------


def table_of(problem: PairingProblem) -> tuple[list[list[bool]], list[list[int]], list[int]]:
    judged = [judge_row(problem, row) for row in range(problem.mentees)]
    eligible = [(line.rules.allowed & (line.scores >= problem.policy.floor)).tolist() for line in judged]
    return eligible, [line.scores.tolist() for line in judged], problem.capacity.tolist()


def room_by_force(problem: PairingProblem, row: int, column: int) -> Room:
    """Try every set of pairs: with a place held for her, and with the two forced together."""
    eligible, scores, places = table_of(problem)
    if not places[column]:
        return Room.FREE
    most = brute.best(eligible, scores, places)[0]
    taken = [*places]
    taken[column] -= 1
    without_her = [line if at != row else [False] * len(line) for at, line in enumerate(eligible)]
    together = 1 + brute.best(without_her, scores, taken)[0]
    assert together in {most, most + 1}
    return Room.MOVES if together > most else Room.COSTS


@pytest.mark.parametrize("seed", range(40))
def test_room_is_what_trying_every_set_finds(seed: int) -> None:
    network = replace(small_network(seed), locks=())
    problem = network.problem()
    best = solve(problem, threads=1)
    used = np.bincount(best.pairs[:, 1], minlength=problem.mentors)
    for row in np.setdiff1d(np.arange(problem.mentees), best.pairs[:, 0]).tolist():
        for column in range(problem.mentors):
            room = room_for(problem, best, row, column, lambda left: solve(left, threads=1))
            right = room_by_force(problem, row, column)
            if room is Room.FREE and problem.capacity[column]:
                # The one set that was chosen leaves her place empty: then somebody more is matched by it.
                assert used[column] < problem.capacity[column]
                assert right is Room.MOVES
            else:
                assert room is right


def test_room_is_of_every_kind() -> None:
    # Negative control of the test above, and the kind that it meets least.
    rooms = set()
    for seed in range(40):
        problem = replace(small_network(seed), locks=()).problem()
        best = solve(problem, threads=1)
        for row in np.setdiff1d(np.arange(problem.mentees), best.pairs[:, 0]).tolist():
            for column in range(problem.mentors):
                rooms.add(room_for(problem, best, row, column, solve))
    assert rooms >= {Room.FREE, Room.COSTS}
    problem = replace(alike(2, 2), forbidden=(("e2", "m1"), ("e2", "m2"))).problem()
    best = solve(problem)
    ((_, hers),) = best.pairs.tolist()
    assert room_for(problem, best, 1, hers, solve) is room_by_force(problem, 1, hers) is Room.MOVES
    assert room_for(problem, best, 1, 1 - hers, solve) is Room.FREE


def test_a_mentor_whose_places_are_locked_is_not_free() -> None:
    problem = replace(alike(2, 1), locks=(("e2", "m1"),)).problem()
    best = solve(problem)
    assert room_for(problem, best, 0, 0, solve) is Room.LOCKED
    with pytest.raises(ValueError, match="locked"):
        left_to_others(problem, 0, 0)
    with pytest.raises(ValueError, match="locked"):
        left_to_others(problem, 1, 0)
    with pytest.raises(ValueError, match="has a mentor"):
        room_for(problem, best, 1, 0, solve)


def test_nothing_of_the_problem_itself_is_changed() -> None:
    problem = alike(2, 1, capacity=2).problem()
    before = (problem.capacity.tolist(), problem.forbidden.mentor.tolist())
    left = left_to_others(problem, 0, 0)
    assert (problem.capacity.tolist(), problem.forbidden.mentor.tolist()) == before
    assert (left.capacity.tolist(), left.full.tolist(), left.forbidden.mentor.tolist()) == ([1], [False], [0])


@pytest.mark.parametrize("seed", range(12))
def test_whoever_is_left_out_is_given_to_nobody(seed: int) -> None:
    network = replace(small_network(seed), locks=())
    problem = network.problem()
    gone = np.flatnonzero(np.random.default_rng(seed).random(problem.mentees) < 0.4)
    found = solve(left_without(problem, gone), threads=1)
    there = tuple(one for at, one in enumerate(by_id(network.mentees)) if at not in gone)
    assert not set(found.pairs[:, 0].tolist()) & set(gone.tolist())
    assert (len(found.pairs), int(found.scores.sum())) == replace(network, mentees=there).optimum()


# Floors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(25))
def test_reachable_floors_are_the_highest_by_force(seed: int) -> None:
    network = small_network(seed)
    problem = network.problem()
    found = reach_of(problem, lambda at: solve(at, threads=1))

    def pairs(floor: int) -> int:
        return replace(network, policy=network.policy.with_floor(floor)).optimum()[0]

    assert (found.floor, found.pairs, found.most) == (network.policy.floor, pairs(network.policy.floor), pairs(0))
    assert found.is_infeasible == (found.most > 0 and found.pairs == 0)
    if not found.most:
        assert (found.any_at, found.all_at) == (None, None)
        return
    assert found.any_at is not None
    assert found.all_at is not None
    assert (pairs(found.any_at) > 0, pairs(found.any_at + 1)) == (True, 0)
    assert pairs(found.all_at) == found.most > pairs(found.all_at + 1)


def test_a_floor_is_infeasible_or_not_in_these() -> None:
    # Negative control of the test above.
    found = [reach_of(small_network(seed).problem(), solve) for seed in range(25)]
    assert {one.is_infeasible for one in found} == {True, False}
    assert any(one.any_at != one.all_at for one in found)


def test_the_score_alone_bounds_what_is_tried() -> None:
    network = replace(alike(1, 1), policy=Policy(floor=20_000))
    found = reach_of(network.problem(), solve)
    score = plain.score(network.mentees[0], network.mentors[0], network.policy, TODAY)
    assert (found.any_at, found.all_at, found.most, found.pairs) == (score, score, 1, 0)


def test_locked_pairs_are_outside_the_floor() -> None:
    network = replace(alike(2, 2), policy=Policy(floor=20_000), locks=(("e1", "m1"),))
    assert reach_of(network.problem(), solve).most == 1
    apart = Network((a_mentee(),), (a_mentor(availability=slots("sun-morning")),))
    assert reach_of(apart.problem(), solve).any_at is None
