"""Waiting played through: nobody is lost, the same seed gives the same days, simple networks wait as formulae say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import factorial, inf, log
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.people import TODAY, a_mentee, a_mentor, random_people
from pairing.certificate import PairingResult
from pairing.features import chosen, features_of
from pairing.habits import NOT_ALLOWED, Cast, Course, Fate, Habits, Lasts, Standing, Way
from pairing.policy import Policy
from pairing.problem import PairingProblem, build_problem
from pairing.scoring import judge_row
from pairing.simulate import Scores, Solver, problem_of, simulate
from pairing.solve import solve
from pairing.verify import verify
from reference.people import Mentee, Mentor

FOR_EVER: Final = Lasts(np.zeros(0), np.zeros(0))
WAYS: Final = (Way(), Way(every=7), Way(every=28), Way(lends=True), Way(every=7, lends=True))


def exponential(mean: float) -> Lasts:
    """A stair of two thousand steps that is as good as the curve."""
    shares = (np.arange(2_000) + 0.5) / 2_000
    return Lasts(-mean * np.log(1 - shares), 1 - (np.arange(2_000) + 1) / 2_000)


def cast_of(mentees: Sequence[Mentee], mentors: Sequence[Mentor], homes: int = 1, policy: Policy | None = None) -> Cast:
    return Cast(
        features=features_of(mentees, mentors),
        policy=policy or Policy(),
        mentee_home=np.arange(len(mentees)) % homes,
        mentor_home=np.arange(len(mentors)) % homes,
        homes=homes,
    )


def alike(homes: int = 1) -> Cast:
    """A network in which everybody fits everybody."""
    return cast_of(
        [a_mentee(id=f"e{number}") for number in range(homes)],
        [a_mentor(id=f"r{number}") for number in range(homes)],
        homes,
        Policy(floor=0),
    )


def habits_with(cast: Cast, **changes: object) -> Habits:
    homes = range(cast.homes)
    usual = Habits(
        mentees_a_day=np.full(cast.homes, 0.2),
        mentors_a_day=np.full(cast.homes, 0.1),
        mentee_pool=tuple(np.flatnonzero(cast.mentee_home == home) for home in homes),
        mentor_pool=tuple(np.flatnonzero(cast.mentor_home == home) for home in homes),
        ready=np.array([0.0]),
        patience=FOR_EVER,
        idle_patience=FOR_EVER,
        hands=np.full(cast.homes, inf),
        fair=1.0,
        accepted=1.0,
        until_yes=np.array([0.0]),
        until_no=np.array([0.0]),
        together=FOR_EVER,
        stays=1.0,
        again=0.0,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # whatever a test changes


def nobody() -> Standing:
    none = np.zeros(0, np.int64)
    return Standing(none, np.zeros(0), none, np.zeros(0), np.zeros((0, 2), np.int64), np.zeros(0))


def with_bank(count: int) -> Standing:
    return replace(nobody(), bank=np.zeros(count, np.int64), idle=np.zeros(count))


def play(
    cast: Cast,
    habits: Habits,
    standing: Standing | None = None,
    way: Way | None = None,
    *,
    solve: Solver = solve,
    seed: int = 1,
    days: float = 200.0,
) -> Course:
    return simulate(cast, habits, standing or nobody(), way or Way(), solve=solve, seed=seed, days=days)


# Nobody is lost -------------------------------------------------------------------------------------------------------


def random_network(seed: int) -> tuple[Cast, Habits, Standing]:
    chance = np.random.default_rng(seed)
    mentees, mentors = random_people(seed, 12, 9)
    cast = cast_of(mentees, mentors, int(chance.integers(1, 4)), Policy(floor=int(chance.integers(0, 5_000))))
    waiting, bank = (chance.integers(0, most, int(chance.integers(0, 8))) for most in (12, 9))
    couples = np.stack([chance.integers(0, 12, 3), chance.integers(0, 9, 3)], axis=1)
    asked = np.stack([chance.integers(0, 12, 2), chance.integers(0, 9, 2)], axis=1)
    lent = np.stack([waiting[:2], chance.integers(0, 9, len(waiting[:2]))], axis=1)
    standing = Standing(
        waiting, chance.uniform(0, 300, len(waiting)), bank, chance.uniform(0, 300, len(bank)),
        couples, chance.uniform(0, 200, 3), asked, chance.uniform(1, 300, 2), chance.uniform(0, 30, 2), lent,
    )  # fmt: skip
    hands = np.where(chance.random(cast.homes) < 0.3, inf, chance.uniform(0.02, 0.5, cast.homes))
    habits = habits_with(
        cast,
        ready=chance.uniform(0, 30, 3),
        patience=exponential(float(chance.uniform(20, 400))),
        idle_patience=exponential(float(chance.uniform(20, 400))),
        hands=hands,
        fair=float(chance.choice([0.0, 0.5, 1.0])),
        accepted=float(chance.uniform(0.1, 1)),
        until_yes=chance.uniform(0, 20, 3),
        until_no=chance.uniform(0, 20, 3),
        together=exponential(60),
        stays=float(chance.random()),
        again=float(chance.random()),
    )
    return cast, habits, standing


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(WAYS))
def test_everybody_waits_is_asked_is_matched_or_has_left(seed: int, way: Way) -> None:
    cast, habits, standing = random_network(seed)
    course = play(cast, habits, standing, way, seed=seed, days=150.0)
    counts = np.bincount(course.fate, minlength=4)
    assert counts.sum() == len(course.profile) == len(course.waited) == len(course.joined)
    assert (course.joined < 0).sum() == (standing.waited > 0).sum() + (standing.asked_waited > 0).sum()
    # Who is asked has one mentor who is asked, who is matched has taken one.
    assert counts[Fate.ASKED] == course.mentors_asked
    assert counts[Fate.MATCHED] == course.mentors_taken
    gone = course.mentors_free + course.mentors_asked + course.mentors_taken + course.mentors_left
    assert gone == course.mentors
    assert ((course.score > NOT_ALLOWED) == (course.fate == Fate.MATCHED)).all()
    assert (course.waited >= 0).all()


def test_the_property_above_has_people_of_every_fate() -> None:
    # Negative control: none of its counts is 0 throughout.
    counts, back = np.zeros(4, np.int64), 0
    for seed in range(30):
        course = play(*random_network(seed), seed=seed, days=150.0)
        counts += np.bincount(course.fate, minlength=4)
        back += int(course.came_back.sum())
    assert counts.min() >= 5
    assert back >= 5


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(WAYS))
def test_the_same_seed_gives_the_same_days_and_another_gives_others(seed: int, way: Way) -> None:
    cast, habits, standing = random_network(seed)
    one, again = (play(cast, habits, standing, way, seed=seed) for _ in range(2))
    for name in Course.__slots__:
        assert np.array_equal(getattr(one, name), getattr(again, name)), name
    other = play(cast, habits, standing, way, seed=seed + 1)
    assert not np.array_equal(one.joined, other.joined)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_people_come_under_every_policy(way: Way) -> None:
    for seed in range(5):
        cast, habits, standing = random_network(seed)
        one, other = (play(cast, habits, standing, some) for some in (Way(), way))
        came = [(course.joined >= 0) & ~course.came_back for course in (one, other)]
        assert np.array_equal(one.joined[came[0]], other.joined[came[1]])
        assert np.array_equal(one.profile[came[0]], other.profile[came[1]])


# Every agenda is settled by the rules and the solver ------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_pairs_are_the_best_of_their_agenda_and_keep_every_rule(way: Way) -> None:
    asked: list[PairingProblem] = []

    def seen(problem: PairingProblem) -> PairingResult:
        result = solve(problem)
        figures = verify(problem, result)
        assert (figures.number, figures.total) == (figures.number_bound, figures.total_bound)
        asked.append(problem)
        return result

    for seed in range(8):
        cast, habits, standing = random_network(seed)
        course = play(cast, habits, standing, way, solve=seen)
        scores = Scores(cast)
        there = len(standing.waiting)
        for number, (profile, score) in enumerate(zip(course.profile, course.score, strict=True)):
            # Whoever asked the two who are asked already may have set a rule aside.
            set_aside = score == 0 and there <= number < there + len(standing.asked)
            assert score == NOT_ALLOWED or set_aside or score in scores.row(int(profile))
    assert max(problem.mentees for problem in asked) >= (2 if way.every else 1)


def test_looking_at_few_mentors_only_gives_the_best_of_all() -> None:
    # Among k women each needs her best k mentors: the pairs are worth what they are worth among all mentors.
    for seed in range(12):
        mentees, mentors = random_people(seed, 5, 40)
        cast = cast_of(mentees, mentors, policy=Policy(floor=2_000))
        worth: list[tuple[int, int]] = []

        def kept(problem: PairingProblem, worth: list[tuple[int, int]] = worth) -> PairingResult:
            result = solve(problem)
            worth.append((len(result.pairs), int(result.scores.sum())))
            return result

        everybody = Standing(np.arange(5), np.zeros(5), np.arange(40), np.zeros(40), np.zeros((0, 2), int), np.zeros(0))
        quiet = habits_with(cast, mentees_a_day=np.zeros(1), mentors_a_day=np.zeros(1))
        play(cast, quiet, everybody, Way(every=7), days=7.0, solve=kept)
        bonus = np.full(5, cast.policy.waiting_bonus * 7 / cast.policy.waiting_days)
        best = solve(problem_of(cast, np.arange(5), np.arange(40), bonus))
        assert worth[:1] == [(len(best.pairs), int(best.scores.sum()))] if len(best.pairs) else worth == []


def test_profiles_cut_out_score_as_in_the_whole() -> None:
    mentees, mentors = random_people(3, 30, 30)
    cast = cast_of(mentees, mentors)
    whole = build_problem(mentees=mentees, mentors=mentors, today=TODAY)
    rows, columns = np.array([7, 7, 2, 29]), np.array([5, 1, 28, 5])
    cut = problem_of(cast, rows, columns)
    plain = replace(whole, features=features_of(mentees, mentors), bonus=np.zeros(30))
    assert len(chosen(cast.features, rows, columns).mentee.hours) == 4
    for row, profile in enumerate(rows):
        some, every = judge_row(cut, row), judge_row(plain, int(profile))
        assert np.array_equal(some.scores, every.scores[columns])


def test_who_has_refused_is_not_asked_again() -> None:
    cast = alike()
    habits = habits_with(
        cast, accepted=0.0, until_no=np.array([1.0]), mentees_a_day=np.zeros(1), mentors_a_day=np.zeros(1)
    )
    proposals: list[int] = []

    def counted(problem: PairingProblem) -> PairingResult:
        result = solve(problem)
        proposals.append(len(result.pairs))
        return result

    course = play(cast, habits, replace(with_bank(3), waiting=np.zeros(1, np.int64), waited=np.ones(1)), solve=counted)
    assert sum(proposals) == 3
    assert course.fate.tolist() == [Fate.WAITS]


def test_only_lending_crosses_divisions() -> None:
    cast = cast_of([a_mentee(), a_mentee(id="other")], [a_mentor(), a_mentor(id="far")], 2, Policy(floor=0))
    # All mentees live in the first division, all mentors in the second.
    habits = habits_with(
        cast, mentees_a_day=np.array([0.2, 0.0]), mentors_a_day=np.array([0.0, 0.2]), until_yes=np.array([1.0])
    )
    for every in (0, 7):
        apart, lent = play(cast, habits, way=Way(every)), play(cast, habits, way=Way(every, lends=True))
        assert apart.mentors_taken == 0
        assert lent.mentors_taken > 20


# Places that are held or lent -----------------------------------------------------------------------------------------


def quiet(cast: Cast, **changes: object) -> Habits:
    """Nobody comes."""
    none = np.zeros(cast.homes)
    return habits_with(cast, mentees_a_day=none, mentors_a_day=none, **changes)


ONE: Final = np.zeros(1, np.int64)
PAIR: Final = np.zeros((1, 2), np.int64)


def test_a_place_that_is_held_is_nobody_elses() -> None:
    # She is asked with the only mentor; another woman waits.
    cast = alike()
    slow = quiet(cast, until_yes=np.array([30.0]))
    held = replace(
        nobody(), waiting=ONE, waited=np.ones(1), asked=PAIR, asked_waited=np.full(1, 9.0), asked_since=np.full(1, 10.0)
    )
    course = play(cast, slow, held)
    assert course.fate.tolist() == [Fate.WAITS, Fate.MATCHED]
    # Twenty days of the thirty are still to come.
    assert course.waited[1] == pytest.approx(9 + 20)
    # She says no: the place is free again, and the other is asked.
    refused = play(cast, quiet(cast, accepted=0.0, until_no=np.array([30.0])), held)
    assert refused.fate.tolist() == [Fate.WAITS, Fate.WAITS]
    assert refused.mentors_free == 1
    # The control: nobody is asked, and the place is hers.
    bank = replace(nobody(), waiting=ONE, waited=np.ones(1), bank=ONE, idle=np.zeros(1))
    assert play(cast, slow, bank).fate.tolist() == [Fate.MATCHED]


def test_a_place_that_is_lent_is_taken_at_the_owners_and_given_at_the_borrowers() -> None:
    # A woman in each of two divisions; the only mentor lives in the second.
    cast = cast_of([a_mentee(), a_mentee(id="other")], [a_mentor(), a_mentor(id="far")], 2, Policy(floor=0))
    both = replace(nobody(), waiting=np.array([0, 1]), waited=np.ones(2))
    lent = replace(both, lent=np.array([[0, 1]]))
    plain = replace(both, bank=np.array([1]), idle=np.zeros(1))
    for every in (0, 7):
        assert play(cast, quiet(cast), lent, Way(every)).fate.tolist() == [Fate.MATCHED, Fate.WAITS]
        # The control: without the loan it is the other way round.
        assert play(cast, quiet(cast), plain, Way(every)).fate.tolist() == [Fate.WAITS, Fate.MATCHED]


def test_a_place_is_kept_for_her_alone_and_given_back_when_she_leaves() -> None:
    cast = cast_of(
        [a_mentee(), a_mentee(id="x"), a_mentee(id="same")], [a_mentor(), a_mentor(id="far")], 2, Policy(floor=0)
    )
    # Two women wait in the first division, one in the second; the place is kept for the one who leaves on day 5.
    never = np.zeros(2)
    waiting = replace(
        nobody(), waiting=np.array([0, 2, 1]), waited=np.array([20.0, 10.0, 1.0]), lent=np.array([[0, 1]])
    )
    patience = Lasts(np.array([25.0]), np.zeros(1))
    course = play(cast, quiet(cast, patience=patience, hands=never), waiting)
    # Without hands nobody is asked; the first leaves, and the place is free again where it is.
    assert course.fate.tolist() == [Fate.LEFT, Fate.LEFT, Fate.LEFT]
    assert course.mentors_free == 1
    late = play(cast, quiet(cast, patience=patience), waiting, Way(every=7))
    assert late.fate.tolist() == [Fate.LEFT, Fate.LEFT, Fate.MATCHED]


@pytest.mark.parametrize(("every", "most"), [(7, 7.0), (28, 28.0)])
def test_until_the_next_meeting_nobody_is_matched(every: int, most: float) -> None:
    cast = alike()
    course = play(cast, habits_with(cast), with_bank(100), Way(every))
    matched = course.fate == Fate.MATCHED
    assert matched.sum() > 20
    assert course.waited[matched].max() <= most
    # Who comes at any time waits half of it on average.
    assert course.waited[matched].mean() == pytest.approx(most / 2, rel=0.35)
    at_once = play(cast, habits_with(cast), with_bank(100))
    assert at_once.waited[at_once.fate == Fate.MATCHED].max() == 0


def test_hands_limit_how_many_are_asked() -> None:
    cast = alike()
    # Whatever the policy, there are hands on the same days; four hundred women wait for them.
    there = replace(with_bank(500), waiting=np.zeros(400, np.int64), waited=np.ones(400))
    for seed in range(4):
        taken = set()
        for way in (Way(), Way(7), Way(28)):
            course = play(cast, habits_with(cast, hands=np.array([0.1])), there, way, seed=seed, days=2_800.0)
            taken.add(course.mentors_taken)
            assert course.mentors_taken == pytest.approx(280, rel=0.2)
        assert max(taken) - min(taken) <= 3


# Known formulae -------------------------------------------------------------------------------------------------------


def erlang(servers: int, load: float) -> float:
    """Return the chance of having to wait in a queue with several servers (Erlang C)."""
    full = load**servers / factorial(servers) * servers / (servers - load)
    return full / (sum(load**number / factorial(number) for number in range(servers)) + full)


def mean_wait(servers: int, arrivals: float, mean: float, **changes: object) -> float:
    """Play a queue: mentors are servers, a partnership is a service, and each mentor is back at once."""
    cast = alike()
    habits = habits_with(
        cast, mentees_a_day=np.array([arrivals]), mentors_a_day=np.zeros(1), together=exponential(mean), **changes
    )
    waits = []
    for seed in range(3):
        course = play(cast, habits, with_bank(servers), seed=seed, days=2_500 / arrivals)
        begun = course.joined > 250 / arrivals
        waits.append(course.waited[begun & (course.fate == Fate.MATCHED)].mean())
    return float(np.mean(waits))


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (3, 2.0)])
def test_a_simple_queue_waits_as_the_formula_says(servers: int, load: float) -> None:
    mean, arrivals = 10.0, load / 10.0
    expected = erlang(servers, load) * mean / (servers - load)
    assert mean_wait(servers, arrivals, mean) == pytest.approx(expected, rel=0.2)


def test_the_formula_is_missed_by_another_queue() -> None:
    # Negative control: with few hands it is another queue, and the comparison sees it.
    expected = erlang(1, 0.5) * 10 / 0.5
    assert mean_wait(1, 0.05, 10.0, hands=np.array([0.06])) > 1.5 * expected


def test_patience_runs_out_as_the_formula_says() -> None:
    # Nobody to be matched with: of those who came long ago all have left, after a mean of their patience.
    cast = alike()
    course = play(cast, habits_with(cast, mentors_a_day=np.zeros(1), patience=exponential(20)), days=5_000.0)
    early = course.joined < 4_000
    assert (course.fate[early] == Fate.LEFT).all()
    assert course.waited[early].mean() == pytest.approx(20, rel=0.1)


def mean_matched(cast: Cast, habits: Habits, standing: Standing, way: Way) -> float:
    return float(np.mean([play(cast, habits, standing, way, seed=seed).mentors_taken for seed in range(6)]))


@pytest.mark.parametrize("way", [Way(), Way(every=28, lends=True)])
def test_more_mentors_never_mean_fewer_matches_on_average(way: Way) -> None:
    for seed in range(3):
        cast, habits, standing = random_network(seed)
        before = mean_matched(cast, habits, standing, way)
        for profile in (0, 4):
            after = mean_matched(cast, habits, standing, replace(way, more=(profile,) * 5))
            # A chance more or less: what the five set off draws other lots.
            assert after >= before - 0.1 * max(before, 10)


def in_turn(seed: int, bank: int, way: Way) -> int:
    """Return how many are matched where everybody fits everybody, and each pair lasts as goes with the woman."""
    cast = alike()
    habits = habits_with(cast, mentors_a_day=np.zeros(1), together=exponential(40), ready=np.array([0.0, 9.0]))
    return play(cast, habits, with_bank(bank), way, seed=seed).mentors_taken


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 8), st.sampled_from([Way(), Way(every=7), Way(every=28)]))
def test_with_the_same_luck_one_mentor_more_never_means_a_match_less(seed: int, bank: int, way: Way) -> None:
    # First come, first served, and a wait that goes with her: a queue with one more server is nowhere behind.
    assert in_turn(seed, bank + 1, way) >= in_turn(seed, bank, way)


def test_one_mentor_more_mostly_means_more() -> None:
    # The control of the property above: it is not that nothing changes.
    assert sum(in_turn(seed, 3, Way()) > in_turn(seed, 2, Way()) for seed in range(10)) >= 9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(WAYS))
def test_five_whom_nobody_fits_change_nothing_at_all(seed: int, way: Way) -> None:
    cast, habits, standing = random_network(seed)
    # Nobody speaks a word with her: no rule lets her through.
    mentees, mentors = random_people(seed, 12, 9)
    silent = a_mentor(id="zz", languages=(), division="Nowhere")
    features = features_of(mentees, [*mentors, silent])
    wider = replace(cast, features=features, mentor_home=np.append(cast.mentor_home, 0))
    scores = Scores(wider)
    if any(scores.row(profile)[9] > NOT_ALLOWED for profile in range(12)):
        return
    one, other = (play(wider, habits, standing, replace(way, more=more), seed=seed) for more in ((), (9,) * 5))
    for name in ("profile", "joined", "waited", "fate", "score"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert other.mentors == one.mentors + 5


def test_five_more_mentors_of_the_profile_that_is_missing_match_five_more() -> None:
    mentees = [a_mentee(id="plain"), a_mentee(id="rare", division="Nowhere")]
    mentors = [a_mentor(id="plain"), a_mentor(id="rare")]
    cast = replace(cast_of(mentees, mentors, 2, Policy(floor=0)))
    habits = habits_with(cast, mentees_a_day=np.array([0.1, 0.1]), mentors_a_day=np.array([0.2, 0.0]))
    one, other = play(cast, habits), play(cast, habits, way=Way(more=(1,) * 5))
    assert other.mentors_taken == one.mentors_taken + 5


# How long something lasts ---------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=40), st.floats(0, 0.999))
def test_what_is_drawn_is_a_day_on_which_something_has_ended(seen: list[tuple[int, bool]], chance: float) -> None:
    days, ended = np.array([day for day, _ in seen], np.float64), np.array([over for _, over in seen])
    lasts = Lasts.of(days, ended)
    drawn = lasts.draw(chance)
    assert drawn == inf or drawn in days[ended]
    assert (np.diff(lasts.left) <= 0).all()
    assert lasts.draw(chance) <= lasts.draw(min(0.9999, chance + 0.1))


@given(st.floats(0, 49), st.floats(0, 0.999))
def test_what_has_lasted_lasts_longer(so_far: float, chance: float) -> None:
    lasts = Lasts.of(np.arange(1.0, 51.0), np.ones(50, np.bool_))
    assert lasts.draw(chance, so_far) > so_far
    # Without anybody lost from sight each of the days to come is as likely.
    later = np.arange(1.0, 51.0)[np.arange(1.0, 51.0) > so_far]
    assert (
        lasts.draw(chance, so_far) == later[min(int(chance * len(later) + 1e-9), len(later) - 1)]
        or abs(chance * len(later) - round(chance * len(later))) < 1e-6
    )


def test_half_of_an_exponential_has_ended_after_its_median() -> None:
    assert exponential(10).after(0.5) == pytest.approx(10 * log(2), rel=0.01)
    assert Lasts.of(np.array([5.0, 9.0]), np.array([True, False])).after(0.75) == inf


def test_a_network_of_nobody_is_played_through() -> None:
    cast = Cast(features_of([], []), Policy(), np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    habits = habits_with(cast, mentee_pool=(), mentor_pool=())
    assert play(cast, habits).mentors == 0
