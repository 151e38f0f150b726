"""The mentor who is not there: what is foretold of her, held to adding her and solving anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import TODAY, a_mentee, a_mentor, random_people, skills, slots
from oracle import brute
from oracle.networks import Method, Network, Optimum, crowded_network, dense_network, small_network
from pairing.policy import Policy
from pairing.prices import prices_of
from pairing.shortage import (
    ANY_TIME,
    DAYTIME,
    EVENINGS,
    ONLINE,
    TIMES,
    WEEKENDS,
    Bank,
    Profile,
    how_many_help,
    in_order,
    mentor_of,
    plan,
    profiles_shared,
    recruit_worths,
)
from pairing.solve import solve
from reference.people import MeetingMode, Mentee, Mentor

seeds: Final = st.integers(0, 100_000)
OCCUPATIONS: Final = ("", "2", "22", "23", "5", "51", "9")
PLACES: Final = (ONLINE, "Aarhus", "strøby", "Nowhere")


def some_profiles(seed: int, count: int) -> list[Profile]:
    random = Random(seed)
    every = list(product(OCCUPATIONS, ("", "ar", "en", "uk"), PLACES, TIMES))
    return [Profile(*parts) for parts in random.sample(every, count)]


def a_network(seed: int) -> Network:
    return crowded_network(seed) if seed % 2 else small_network(seed)


def with_mentors(network: Network, recruits: Sequence[Mentor], method: Method = brute.best) -> Optimum:
    return replace(network, mentors=(*network.mentors, *recruits)).optimum(method)


def less(one: Optimum, other: Optimum) -> Optimum:
    return one[0] - other[0], one[1] - other[1]


def foretold(network: Network, profiles: Sequence[Profile]) -> list[Optimum]:
    problem = network.problem()
    prices = prices_of(problem, solve(problem, threads=1))
    gain = recruit_worths(prices, network.mentees, profiles, today=TODAY).gain
    return list(zip(gain.number.tolist(), gain.total.tolist(), strict=True))


@cache
def case(seed: int) -> tuple[list[Optimum], list[Optimum]]:
    """Return what is foretold of some profiles, and what comes true."""
    network, profiles = a_network(seed), some_profiles(seed, 6)
    whole = network.optimum()
    truth = [less(with_mentors(network, [mentor_of(profile, "newcomer")]), whole) for profile in profiles]
    return foretold(network, profiles), truth


# One ------------------------------------------------------------------------------------------------------------------


def test_the_cases_hold_every_kind_of_gain() -> None:
    truth = [gain for seed in range(120) for gain in case(seed)[1]]
    assert sum(number == 1 for number, _ in truth) > 50
    assert sum(number == 0 and total > 0 for number, total in truth) > 20
    assert truth.count((0, 0)) > 50


@given(seeds)
def test_what_is_foretold_of_a_recruit_comes_true(seed: int) -> None:
    prediction, truth = case(seed)
    assert prediction == truth


@pytest.mark.parametrize(("seed", "mentees", "mentors"), [(1, 120, 40), (2, 70, 60), (3, 80, 80)])
def test_in_a_larger_network_too(seed: int, mentees: int, mentors: int) -> None:
    network, profiles = dense_network(seed, mentees, mentors), some_profiles(seed, 12)
    whole = network.optimum(brute.scipy_best)
    truth = [
        less(with_mentors(network, [mentor_of(profile, "newcomer")], brute.scipy_best), whole) for profile in profiles
    ]
    assert foretold(network, profiles) == truth
    assert len(set(truth)) > 1


def test_a_pair_more_may_cost_score() -> None:
    # Only m1 will do for the second, whom the first holds so well; with the newcomer both have somebody, worse.
    her = (
        a_mentee("e1", languages=skills("da:C2", "en:C2")),
        Mentee(id="e2", languages=skills("da:C2"), availability=slots("mon-evening"), meeting=(MeetingMode.ONLINE,)),
    )
    their = (a_mentor("m1", languages=skills("da:C2"), capacity=1),)
    network = Network(her, their, policy=Policy(floor=0))
    newcomer = Profile(division=str(her[0].division), time=frozenset(slots("wed-evening")))
    (number, total), whole = foretold(network, [newcomer])[0], network.optimum()
    assert (number, total) == less(with_mentors(network, [mentor_of(newcomer, "newcomer")]), whole)
    assert number == 1


@given(seeds)
def test_whoever_she_helps_is_named_and_those_she_reaches_are_counted(seed: int) -> None:
    network, profiles = a_network(seed), some_profiles(seed, 4)
    problem = network.problem()
    worths = recruit_worths(prices_of(problem, solve(problem, threads=1)), network.mentees, profiles, today=TODAY)
    locked = {mentee for mentee, _ in network.locks}
    for at, profile in enumerate(profiles):
        recruit = mentor_of(profile, "newcomer")
        reached = [
            mentee.id
            for mentee in network.mentees
            if mentee.id not in locked
            and not network.fails(mentee, recruit)
            and network.score(mentee, recruit) >= network.policy.floor
        ]
        assert worths.reached[at] == len(reached)
        gains = (int(worths.gain.number[at]), int(worths.gain.total[at]))
        assert (worths.mentee[at] >= 0) == (gains > (0, 0))
        if worths.mentee[at] >= 0:
            through = problem.mentee_ids[int(worths.mentee[at])]
            assert through in reached
            lock = replace(network, mentors=(*network.mentors, recruit), locks=(*network.locks, (through, "newcomer")))
            number, total = lock.optimum()
            score = network.score(next(one for one in network.mentees if one.id == through), recruit)
            assert less((number + 1, total + score), network.optimum()) == gains


def test_made_up_id_of_a_recruit_is_nobody_whom_she_must_not_meet() -> None:
    mentee = a_mentee("e1", must_not_meet=("000000000",))
    network = Network((mentee,), ())
    profile = Profile(division=str(mentee.division))
    assert foretold(network, [profile])[0][0] == 1


def test_reading_is_told() -> None:
    network = dense_network(4, 7, 3)
    problem = network.problem()
    told: list[int] = []
    recruit_worths(prices_of(problem, solve(problem)), network.mentees, [Profile()], today=TODAY, tell=told.append)
    assert told == list(range(7))


# Several --------------------------------------------------------------------------------------------------------------


def a_bank(network: Network) -> Bank:
    return Bank(
        mentees=network.mentees,
        mentors=network.mentors,
        today=TODAY,
        policy=network.policy,
        earlier=network.earlier,
    )


@given(seeds)
def test_plan_foretells_each_step_and_each_is_the_best(seed: int) -> None:
    network = replace(a_network(seed), locks=(), forbidden=())
    profiles = some_profiles(seed, 4)
    steps = plan(a_bank(network), profiles, 3, solve)
    joined: list[Mentor] = []
    before = network.optimum()
    for number, step in enumerate(steps):
        gains = [less(with_mentors(network, [*joined, mentor_of(one, f"{number}-new")]), before) for one in profiles]
        assert (step.number, step.total) == max(gains)
        joined.append(mentor_of(step.profile, f"{number}-new"))
        after = with_mentors(network, joined)
        assert less(after, before) == (step.number, step.total)
        before = after
    if len(steps) < 3:
        assert all(with_mentors(network, [*joined, mentor_of(one, "last")]) == before for one in profiles)


@given(seeds, st.integers(1, 4))
def test_so_many_of_one_profile_help_so_many(seed: int, most: int) -> None:
    network = replace(a_network(seed), locks=(), forbidden=())
    profile = some_profiles(seed, 1)[0]
    before = network.optimum()[0]
    recruits = [mentor_of(profile, f"new{number}") for number in range(most)]
    assert how_many_help(a_bank(network), before, profile, most, solve) == with_mentors(network, recruits)[0] - before


@given(seeds)
def test_no_later_recruit_brings_more_than_an_earlier(seed: int) -> None:
    network = replace(a_network(seed), locks=(), forbidden=())
    steps = plan(a_bank(network), some_profiles(seed, 4), 3, solve)
    gains = [(step.number, step.total) for step in steps]
    assert gains == sorted(gains, reverse=True)


# Which profiles -------------------------------------------------------------------------------------------------------


def has(mentee: Mentee, profile: Profile) -> bool:
    """Say whether she is known to have all that a profile names: the definition once more."""
    modes = mentee.meeting or ()
    if profile.division:
        place = mentee.division == profile.division and (not modes or MeetingMode.IN_PERSON in modes)
    else:
        place = MeetingMode.ONLINE in modes
    return (
        place
        and (mentee.occupation or "").startswith(profile.occupation)
        and (not profile.language or profile.language in {skill.code for skill in mentee.languages or ()})
        and (not profile.time or any(slot in profile.time for slot in mentee.availability or ()))
    )


@given(seeds, st.integers(1, 5))
def test_profile_names_what_enough_have_and_nothing_that_fewer_have(seed: int, fewest: int) -> None:
    mentees, _ = random_people(seed, 12, 1, unknown_share=0.3)
    shared = profiles_shared(mentees, fewest)
    for profile, count in shared.items():
        assert count == sum(has(mentee, profile) for mentee in mentees) >= fewest
    for profile in [*some_profiles(seed, 40), *profiles_shared(mentees, 1)]:
        if profile not in shared:
            assert sum(has(mentee, profile) for mentee in mentees) < fewest


def test_what_one_woman_alone_has_is_in_no_profile() -> None:
    one = Mentee(
        id="e0",
        languages=skills("da:B1", "ar:C2"),
        occupation="2221",
        division="Aarhus",
        availability=slots("mon-evening"),
    )
    many = [replace(one, id=f"e{number}") for number in range(3)]
    alone = Mentee(
        id="alone",
        languages=skills("da:B1", "so:C2"),
        occupation="7531",
        division="Aarhus",
        availability=slots("sun-morning"),
    )
    shared = profiles_shared([*many, alone])
    assert shared[Profile("22", "ar", "Aarhus", EVENINGS)] == 3
    assert shared[Profile("", "", "Aarhus", ANY_TIME)] == 4
    assert not any(one.language == "so" or one.occupation.startswith("7") or one.time == WEEKENDS for one in shared)
    # With the guard off she would be told of.
    assert Profile("75", "so", "Aarhus", WEEKENDS) in profiles_shared([*many, alone], 1)


def test_best_comes_first_and_what_is_easier_to_find_among_equals() -> None:
    network = Network(tuple(a_mentee(f"e{number}") for number in range(3)), ())
    problem = network.problem()
    division = str(network.mentees[0].division)
    profiles = [Profile(division="Nowhere"), Profile("9", "", division), Profile("", "", division, DAYTIME)]
    worths = recruit_worths(prices_of(problem, solve(problem)), network.mentees, profiles, today=TODAY)
    order = in_order(profiles, worths.gain)
    gains = [(int(worths.gain.number[at]), int(worths.gain.total[at])) for at in order]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > (0, 0) for gain in gains)
    same = worths.gain._replace(number=np.ones(3, np.int64), total=np.full(3, 7))
    narrow_last = [Profile("22", "ar", division), Profile("", "", division), Profile("2", "", division)]
    assert in_order(narrow_last, same) == [1, 2, 0]
    nothing = same._replace(number=np.zeros(3, np.int64), total=np.zeros(3, np.int64))
    assert in_order(narrow_last, nothing) == []


def test_recruits_leave_everybody_elses_row_in_place() -> None:
    network = dense_network(5, 6, 6)
    bank = a_bank(network)
    before = bank.problem()
    after = bank.problem([mentor_of(Profile(), "\uffff000")])
    assert after.mentor_ids[:-1] == before.mentor_ids
