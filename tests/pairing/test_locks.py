"""Locks that contradict each other, or a rule: all of them, and none where all can stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from factories.people import TODAY
from oracle import plain
from oracle.networks import Network, alike, small_network
from pairing.errors import ProblemError
from pairing.locks import Clash, complaints_of, contradictions, refuse_impossible_locks
from pairing.problem import IdPair
from pairing.terms import Rule


def can_stand(network: Network, locks: tuple[IdPair, ...]) -> bool:
    """Tell by the definitions whether these locks can be kept together."""
    people = {one.id: one for one in network.mentees}
    mentors = {one.id: one for one in network.mentors}
    taken = [mentor for _, mentor in set(locks)]
    return (
        len({mentee for mentee, _ in locks}) == len(set(locks))
        and not any(network.fails(people[mentee], mentors[mentor]) for mentee, mentor in locks)
        and all(taken.count(mentor.id) <= plain.free_places(mentor, TODAY) for mentor in network.mentors)
    )


def drawn(seed: int) -> Network:
    network = replace(small_network(seed), locks=())
    if not network.mentees or not network.mentors:
        return network
    random = Random(seed)
    pairs = [(mentee.id, mentor.id) for mentee in network.mentees for mentor in network.mentors]
    # Half of the draws are among pairs that the rules allow: else no two would ever clash by places alone.
    people = {one.id: one for one in (*network.mentees, *network.mentors)}
    allowed = [pair for pair in pairs if not network.fails(people[pair[0]], people[pair[1]])]  # type: ignore[arg-type]
    among = allowed if seed % 2 and allowed else pairs
    return replace(network, locks=tuple(random.sample(among, min(len(among), random.randint(0, 4)))))


@pytest.mark.parametrize("seed", range(60))
def test_contradictions_are_found_exactly_where_locks_cannot_stand(seed: int) -> None:
    network = drawn(seed)
    problem = network.problem()
    found = contradictions(problem)
    assert bool(found) != can_stand(network, network.locks)
    ids = {
        (row, column): (problem.mentee_ids[row], problem.mentor_ids[column]) for row, column in problem.locks.tolist()
    }
    for one in found:
        locks = tuple(ids[lock] for lock in one.locks)
        # What is named does contradict: it cannot stand by itself, and it is no larger than it must be.
        assert not can_stand(network, locks)
        if one.clash is Clash.MENTEE:
            assert len({mentee for mentee, _ in locks}) == 1
        elif one.clash is Clash.PLACES:
            assert all(can_stand(network, some) for some in combinations(locks, one.places))
    named = {ids[lock] for one in found for lock in one.locks}
    # Whoever is not named contradicts nobody: without all that are named, the others stand.
    assert can_stand(network, tuple(lock for lock in network.locks if lock not in named))


def test_contradictions_are_of_every_kind() -> None:
    # Negative control of the test above.
    kinds = {one.clash for seed in range(60) for one in contradictions(drawn(seed).problem())}
    assert kinds == set(Clash)


def test_a_lock_that_is_forbidden_too_names_the_rule() -> None:
    network = replace(alike(1, 1), locks=(("e1", "m1"),), forbidden=(("e1", "m1"),))
    (found,) = contradictions(network.problem())
    assert (found.clash, found.locks, found.rules) == (Clash.RULE, ((0, 0),), (Rule.FORBIDDEN,))


def test_every_sentence_names_what_contradicts() -> None:
    network = replace(
        alike(4, 2, capacity=2), locks=(("e1", "m1"), ("e1", "m2"), ("e2", "m2"), ("e3", "m2"), ("e4", "m1"))
    )
    problem = network.problem()
    said = [message.text("en") for found in contradictions(problem) for message in complaints_of(problem, found)]
    assert said == [
        "--lock e1:m1 and --lock e1:m2 contradict each other: e1 can have one mentor",
        "--lock e1:m2, --lock e2:m2 and --lock e3:m2 contradict each other: m2 has 2 free places",
    ]
    with pytest.raises(ProblemError) as caught:
        refuse_impossible_locks(problem)
    assert list(caught.value.lines("en")) == said
    refuse_impossible_locks(replace(alike(2, 2), locks=(("e1", "m1"), ("e2", "m2"))).problem())
