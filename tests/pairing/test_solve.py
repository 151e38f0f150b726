"""The solver against every set of pairs, SciPy and OR-tools; the same for every order, list length and thread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import TODAY, a_mentee, a_mentor, random_people, skills, slots
from oracle import brute, plain
from oracle.networks import (
    Method,
    Network,
    Optimum,
    alike,
    dense_network,
    engine_optimum,
    everything,
    pairs_by_id,
    possible_locks,
    proved,
    small_network,
    some_pairs,
)
from pairing import solve as solver
from pairing.policy import Policy
from pairing.problem import PairingProblem, by_id
from pairing.solve import solve
from reference.people import Mentee, Mentor

METHODS: Final = [pytest.param(brute.scipy_best, id="scipy"), pytest.param(brute.ortools_best, id="ortools")]
SIZES: Final = [(60, 40), (200, 200), (300, 80), (80, 300)]


# The optimum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 600, 50))
def test_small_network_is_solved_as_by_trying_every_set(first: int) -> None:
    for seed in range(first, first + 50):
        network = small_network(seed)
        problem = network.problem()
        result = solve(problem)
        assert proved(problem, result) == network.optimum(), f"small_network({seed})"
        chosen = pairs_by_id(problem, result)
        assert {(mentee, mentor) for mentee, mentor, _ in chosen} >= set(network.locks), f"small_network({seed})"


def test_small_networks_are_of_every_kind() -> None:
    # Negative control of the test above: neither all empty nor all easy.
    networks = [small_network(seed) for seed in range(100)]
    optima = [network.optimum() for network in networks]
    numbers = {number for number, _ in optima}
    assert numbers >= {0, 1, 2, 3, 4}
    assert any(number < len(network.mentees) for network, (number, _) in zip(networks, optima, strict=True))
    assert sum(bool(network.locks) for network in networks) > 10


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("mentees", "mentors"), SIZES)
def test_network_is_solved_as_by_others(mentees: int, mentors: int, method: Method) -> None:
    problem = dense_network(1, mentees, mentors).problem()
    assert proved(problem, solve(problem)) == engine_optimum(problem, method)


@pytest.mark.parametrize("floor", [0, 4000, 4500, 5000, 6000])
@pytest.mark.parametrize("seed", range(4))
def test_network_is_solved_as_by_others_at_every_floor(seed: int, floor: int) -> None:
    network = replace(dense_network(seed, 60, 40), policy=Policy(floor=floor))
    problem = network.problem()
    right = network.optimum(brute.scipy_best)
    assert proved(problem, solve(problem)) == right
    assert engine_optimum(problem, brute.ortools_best) == right


@pytest.mark.parametrize("seed", range(5))
def test_network_with_locks_and_prohibitions_is_solved_as_by_others(seed: int) -> None:
    network = dense_network(seed, 60, 40)
    random = Random(seed)
    network = replace(network, forbidden=some_pairs(random, network, 200), earlier=some_pairs(random, network, 200))
    network = replace(network, locks=possible_locks(random, network, 8))
    problem = network.problem()
    assert len(network.locks) == 8
    assert proved(problem, solve(problem)) == network.optimum(brute.scipy_best)


# Lists that are too short, threads, order -----------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "growth"), [(1, 2), (2, 2), (1, 8), (2, 3)])
@pytest.mark.parametrize(("seed", "mentees", "mentors"), [(1, 60, 40), (2, 200, 200), (3, 300, 80), (4, 80, 300)])
def test_short_lists_grow_until_the_optimum(
    monkeypatch: pytest.MonkeyPatch, length: int, growth: int, seed: int, mentees: int, mentors: int
) -> None:
    problem = dense_network(seed, mentees, mentors).problem()
    right = proved(problem, solve(problem))
    monkeypatch.setattr(solver, "LIST_LENGTH", length)
    monkeypatch.setattr(solver, "GROWTH", growth)
    assert proved(problem, solve(problem)) == right


def test_short_lists_grow_when_all_want_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # Every list begins with the same mentors: with one entry each, hardly anybody could be paired.
    her = tuple(a_mentee(f"e{number:02}") for number in range(40))
    their = tuple(a_mentor(f"m{number:02}", education=number % 9) for number in range(40))
    network = Network(her, their)
    problem = network.problem()
    monkeypatch.setattr(solver, "LIST_LENGTH", 1)
    monkeypatch.setattr(solver, "GROWTH", 2)
    number, total = proved(problem, solve(problem))
    assert (number, total) == network.optimum(brute.scipy_best)
    assert number == 40


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_small_network_is_solved_with_the_shortest_lists(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    monkeypatch.setattr(solver, "LIST_LENGTH", 1)
    monkeypatch.setattr(solver, "GROWTH", 2)
    for seed in range(first, first + 50):
        network = small_network(seed)
        problem = network.problem()
        assert proved(problem, solve(problem)) == network.optimum(), f"small_network({seed})"


@pytest.mark.parametrize("memory", [1, 40])
def test_little_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch, memory: int) -> None:
    problem = dense_network(6, 100, 60).problem()
    right = everything(solve(problem))
    monkeypatch.setattr(solver, "MEMORY", memory)
    assert everything(solve(problem)) == right


@pytest.mark.parametrize(("mentees", "mentors"), SIZES)
def test_number_of_threads_changes_nothing(mentees: int, mentors: int) -> None:
    problem = dense_network(2, mentees, mentors).problem()
    right = everything(solve(problem, threads=1))
    assert [everything(solve(problem, threads=threads)) for threads in (2, 4, 1)] == [right] * 3


@pytest.mark.parametrize(
    "network",
    [
        pytest.param(dense_network(3, 60, 40), id="scarce"),
        pytest.param(dense_network(4, 30, 90), id="rich"),
        # Ties everywhere: which of many equal sets is chosen must not depend on the rows.
        pytest.param(
            Network(tuple(Mentee(id=str(n)) for n in range(30)), tuple(Mentor(id=str(n)) for n in range(20))),
            id="alike",
        ),
    ],
)
def test_order_of_rows_changes_nothing(network: Network) -> None:
    random = Random(7)
    locked = replace(network, locks=possible_locks(random, network, 3), forbidden=some_pairs(random, network, 20))
    right = everything(solve(locked.problem()))
    for _ in range(5):
        shuffled = Network(
            mentees=tuple(random.sample(locked.mentees, len(locked.mentees))),
            mentors=tuple(random.sample(locked.mentors, len(locked.mentors))),
            locks=tuple(random.sample(locked.locks, len(locked.locks))),
            forbidden=tuple(random.sample(locked.forbidden, len(locked.forbidden))),
        )
        assert everything(solve(shuffled.problem())) == right


# Particular networks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mentees", "mentors"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side_gives_no_pairs(mentees: int, mentors: int) -> None:
    her, their = random_people(1, mentees, mentors)
    problem = Network(her, their).problem()
    result = solve(problem)
    assert proved(problem, result) == (0, 0)
    assert (result.pairs.shape, result.scores.shape) == ((0, 2), (0,))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"languages": skills("en:C2")}, id="language"),
        pytest.param({"capacity": 0}, id="capacity"),
        pytest.param({"availability": slots("sun-morning")}, id="time"),
        pytest.param({"must_not_meet": ("e0", "e1", "e2")}, id="conflict"),
    ],
)
def test_nobody_allowed_gives_no_pairs(changes: dict[str, object]) -> None:
    her = tuple(a_mentee(f"e{number}") for number in range(3))
    their = tuple(a_mentor(f"m{number}", **changes) for number in range(3))
    problem = Network(her, their).problem()
    result = solve(problem)
    assert (proved(problem, result), result.pairs.tolist()) == ((0, 0), [])


@pytest.mark.parametrize(("mentees", "mentors", "capacity"), [(12, 30, 1), (30, 12, 1), (30, 12, 2), (20, 20, 3)])
def test_equal_scores_give_as_many_pairs_as_places(mentees: int, mentors: int, capacity: int) -> None:
    her = tuple(Mentee(id=f"e{number}") for number in range(mentees))
    their = tuple(Mentor(id=f"m{number}", capacity=capacity) for number in range(mentors))
    problem = Network(her, their).problem()
    number = min(mentees, mentors * capacity)
    assert proved(problem, solve(problem)) == (number, number * 4120)


@pytest.mark.parametrize("seed", range(10))
def test_few_different_scores_are_solved_as_by_others(seed: int) -> None:
    random = Random(seed)
    her = tuple(Mentee(id=f"e{number}", education=random.choice((None, 2, 6))) for number in range(40))
    their = tuple(
        Mentor(id=f"m{number}", education=random.choice((None, 2, 6)), capacity=random.choice((0, 1, 1, 2)))
        for number in range(35)
    )
    network = Network(her, their, forbidden=some_pairs(random, Network(her, their), 900))
    problem = network.problem()
    assert proved(problem, solve(problem)) == network.optimum(brute.scipy_best)


@pytest.mark.parametrize(
    ("seed", "mentees", "mentors"), [(0, 400, 400), (5, 200, 200), (13, 200, 200), (17, 400, 200), (27, 400, 200)]
)
def test_ties_beyond_the_first_lists_are_solved_as_by_others(seed: int, mentees: int, mentors: int) -> None:
    # Nine different scores and lists of 32 among hundreds: what lies outside a list is often exactly as good as the
    # end of a path. A search that then stopped for longer lists, and found none too short, once left people over.
    random = Random(seed)
    her = tuple(Mentee(id=f"e{number}", education=random.randrange(9)) for number in range(mentees))
    their = tuple(
        Mentor(id=f"m{number}", education=random.randrange(9), capacity=random.choice((0, 1, 1, 2)))
        for number in range(mentors)
    )
    network = Network(her, their, forbidden=some_pairs(random, Network(her, their), mentees * mentors // 3))
    problem = network.problem()
    assert proved(problem, solve(problem)) == engine_optimum(problem, brute.scipy_best)


def test_one_more_pair_outweighs_any_score() -> None:
    # e1 fits m1 perfectly, but only if e2 goes without: m1 is all that e2 has.
    her = (
        a_mentee("e1", languages=skills("da:C2", "en:C2")),
        Mentee(id="e2", languages=skills("da:C2"), availability=slots("mon-evening")),
    )
    their = (
        a_mentor("m1", languages=skills("da:C2")),
        Mentor(id="m2", languages=skills("en:C2"), availability=slots("wed-evening"), education=0, occupation="9112"),
    )
    network = Network(her, their, policy=Policy(floor=0))
    problem = network.problem()
    chosen = pairs_by_id(problem, solve(problem))
    assert [pair[:2] for pair in chosen] == [("e1", "m2"), ("e2", "m1")]
    best_alone = plain.score(her[0], their[0], network.policy, TODAY)
    assert best_alone > sum(score for _, _, score in chosen) / 2


def test_floor_is_inclusive() -> None:
    network = Network((Mentee(id="e"),), (Mentor(id="m"),))
    for floor, pairs in ((4120, [("e", "m", 4120)]), (4121, [])):
        problem = replace(network, policy=Policy(floor=floor)).problem()
        assert pairs_by_id(problem, solve(problem)) == pairs


def test_mentee_of_whom_nothing_is_known_is_paired() -> None:
    problem = Network((Mentee(id="e"),), (a_mentor("m"),)).problem()
    result = solve(problem)
    assert proved(problem, result) == (1, plain.score(Mentee(id="e"), a_mentor("m"), Policy(), TODAY))
    assert pairs_by_id(problem, result)[0][:2] == ("e", "m")


ODD_IDS: Final = ("10", "9", " 9", "9 ", "é", "e\u0301", "Å", "å", "ß", "ss", "\U0001f600", "\uffee", "a:b", "=1", "'")


def test_ids_that_sort_oddly_are_kept_apart() -> None:
    her, their = random_people(8, len(ODD_IDS), len(ODD_IDS), unknown_share=0.6)
    # The same ids on both sides: each is unique in its own file only.
    her = tuple(replace(mentee, id=name, must_not_meet=()) for mentee, name in zip(her, ODD_IDS, strict=True))
    their = tuple(replace(mentor, id=name, must_not_meet=()) for mentor, name in zip(their, ODD_IDS, strict=True))
    network = Network(her, their)
    problem = network.problem()
    assert problem.mentee_ids == problem.mentor_ids == tuple(sorted(ODD_IDS))
    result = solve(problem)
    assert proved(problem, result) == network.optimum(brute.scipy_best)
    backwards = Network(her[::-1], their[::-1]).problem()
    assert everything(solve(backwards)) == everything(result)


def test_absurd_capacities_are_no_trouble() -> None:
    # As many as nine digits pass the reader; places beyond the number of mentees change nothing.
    her = tuple(a_mentee(f"e{number}", education=number % 9) for number in range(4))
    their = tuple(a_mentor(f"m{number:05}", education=number % 9, capacity=999_999_999) for number in range(20_000))
    modest = tuple(replace(mentor, capacity=4) for mentor in their[:9])
    right = Network(her, modest).optimum(brute.scipy_best)
    problem = Network(her, their).problem()
    assert proved(problem, solve(problem)) == right


# What may never happen ------------------------------------------------------------------------------------------------


def found(network: Network) -> Optimum:
    problem = network.problem()
    return proved(problem, solve(problem))


seeds: Final = st.integers(0, 100_000)


@given(seeds, seeds)
def test_one_mentor_more_never_lowers_the_optimum(seed: int, other: int) -> None:
    network = replace(small_network(seed), locks=())
    _, more = random_people(other, 1, 1, unknown_share=0.6)
    newcomer = replace(more[0], id="newcomer")
    assert found(replace(network, mentors=(*network.mentors, newcomer))) >= found(network)


@given(seeds, seeds)
def test_one_prohibition_more_never_raises_the_optimum(seed: int, other: int) -> None:
    network = replace(small_network(seed), locks=())
    if not network.mentees or not network.mentors:
        return
    more = some_pairs(Random(other), network, 3)
    assert found(replace(network, forbidden=(*network.forbidden, *more))) <= found(network)


@given(seeds, st.sampled_from([0, 3500, 4500]), st.sampled_from([100, 700]))
def test_lower_floor_never_lowers_the_number(seed: int, floor: int, step: int) -> None:
    network = replace(small_network(seed), locks=())
    number, _ = found(replace(network, policy=Policy(floor=floor)))
    higher, _ = found(replace(network, policy=Policy(floor=floor + step)))
    assert number >= higher


def test_prepare_solves_a_problem_of_its_own() -> None:
    # For its effect only: everything is compiled afterwards.
    solver.prepare()


def unpaired(problem: PairingProblem, pairs: Collection[tuple[str, str, int]]) -> set[str]:
    return set(problem.mentee_ids) - {mentee for mentee, _, _ in pairs}


def test_mentors_fill_before_anybody_is_left_over() -> None:
    network = alike(5, 2, capacity=2)
    problem = network.problem()
    chosen = pairs_by_id(problem, solve(problem))
    assert (len(chosen), len(unpaired(problem, chosen))) == (4, 1)
    assert {mentor.id for mentor in by_id(network.mentors)} == {mentor for _, mentor, _ in chosen}
    assert np.bincount([int(mentor[1:]) for _, mentor, _ in chosen]).tolist() == [0, 2, 2]
