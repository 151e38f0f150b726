"""The engine's rules, criteria and scores, and its compiled kernels, against the plain oracle, pair by pair."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import LEVELS, TODAY, a_mentee, a_mentor, mentees, mentors, random_people
from oracle import plain
from oracle.judging import a_policy, kernel_best, problem_of
from pairing.features import I32, I64
from pairing.policy import DEFAULT_NEUTRAL, DEFAULT_WEIGHTS, Policy, normalised
from pairing.problem import IdPair, PairingProblem, by_id
from pairing.rules import RuleStates
from pairing.scoring import Judged, judge_pairs, judge_row
from pairing.terms import CRITERIA, RULES, UNITS, Rule
from reference.cefr import Level
from reference.people import Mentee, Mentor

EXACT: Final = 1e-12
SHARES: Final = (0.0, 0.2, 0.6)
NO_FLOOR: Final = Policy(floor=0)


def states_of(rules: RuleStates) -> list[dict[Rule, plain.State]]:
    """Return what the engine says of each pair in the oracle's terms."""
    assert not (rules.fails & rules.unsure).any()
    states = np.where(rules.fails, "fails", np.where(rules.unsure, "unsure", "passes")).T.tolist()
    meaning = {"fails": False, "unsure": None, "passes": True}
    return [{rule: meaning[word] for rule, word in zip(RULES, line, strict=True)} for line in states]


def assert_judged_alike(
    judged: Judged,
    pairs: Sequence[tuple[Mentee, Mentor]],
    policy: Policy,
    earlier: Collection[IdPair] = (),
    forbidden: Collection[IdPair] = (),
) -> None:
    """Compare everything that is judged about ``pairs`` with the oracle."""
    before, out = frozenset(earlier), frozenset(forbidden)
    assert states_of(judged.rules) == [
        plain.rule_states(mentee, mentor, policy=policy, today=TODAY, earlier=before, forbidden=out)
        for mentee, mentor in pairs
    ]
    values = [list(plain.criterion_values(mentee, mentor).values()) for mentee, mentor in pairs]
    right = [[np.nan if value is None else float(value) for value in line] for line in values]
    # Unknown stands exactly where the oracle says so: NaN equals NaN only.
    np.testing.assert_allclose(judged.values.T, np.array(right).reshape(-1, len(CRITERIA)), rtol=0, atol=EXACT)
    parts = [[float(part) for part in plain.contributions(*pair, policy).values()] for pair in pairs]
    np.testing.assert_allclose(judged.contributions.T, np.array(parts).reshape(-1, len(CRITERIA)), rtol=0, atol=EXACT)
    assert judged.scores.tolist() == [plain.score(mentee, mentor, policy, TODAY) for mentee, mentor in pairs]


def oracle_best(problem: PairingProblem, her: Sequence[Mentee], their: Sequence[Mentor]) -> list[list[tuple[int, int]]]:
    """Return each mentee's allowed mentors who reach the floor and have a place left after locks, best first."""
    policy = problem.policy
    forbidden = pair_ids(problem, problem.forbidden.start, problem.forbidden.mentor)
    earlier = pair_ids(problem, problem.conflicts.start, problem.conflicts.mentor)
    taken = [column for _, column in problem.locks.tolist()]
    lists = []
    for mentee in by_id(her):
        line = []
        for column, mentor in enumerate(by_id(their)):
            states = plain.rule_states(mentee, mentor, policy=policy, today=TODAY, earlier=earlier, forbidden=forbidden)
            is_open = plain.free_places(mentor, TODAY) > taken.count(column)
            score = plain.score(mentee, mentor, policy, TODAY)
            if is_open and not plain.fails(states) and score >= policy.floor:
                line.append((column, score))
        lists.append(sorted(line, key=lambda entry: (-entry[1], entry[0])))
    return lists


def pair_ids(problem: PairingProblem, start: I64, mentor: I32) -> frozenset[IdPair]:
    return frozenset(
        (problem.mentee_ids[row], problem.mentor_ids[column])
        for row in range(problem.mentees)
        for column in mentor[start[row] : start[row + 1]].tolist()
    )


def some_pairs(random: Random, her: Sequence[Mentee], their: Sequence[Mentor], count: int) -> list[IdPair]:
    return [(random.choice(her).id, random.choice(their).id) for _ in range(count)]


# Networks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", range(6))
def test_network_is_judged_as_the_oracle_does(seed: int, share: float) -> None:
    her, their = random_people(seed, 25, 25, unknown_share=share)
    random = Random(seed)
    # The first two with the defaults.
    policy = a_policy(random) if seed > 1 else Policy()
    earlier, forbidden = some_pairs(random, her, their, 20), some_pairs(random, her, their, 20)
    problem = problem_of(her, their, policy, earlier, forbidden)
    columns = by_id(their)
    for row, mentee in enumerate(by_id(her)):
        pairs = [(mentee, mentor) for mentor in columns]
        assert_judged_alike(judge_row(problem, row), pairs, policy, earlier, forbidden)
    np.testing.assert_allclose(
        problem.bonus, [float(plain.waiting_bonus(mentee, policy, TODAY)) for mentee in by_id(her)], rtol=0, atol=EXACT
    )
    assert problem.capacity.tolist() == [plain.free_places(mentor, TODAY) for mentor in columns]


@pytest.mark.parametrize("share", SHARES)
def test_pairs_are_judged_as_their_rows_are(share: float) -> None:
    her, their = random_people(11, 25, 25, unknown_share=share)
    earlier, forbidden = some_pairs(Random(1), her, their, 30), some_pairs(Random(2), her, their, 30)
    problem = problem_of(her, their, Policy(), earlier, forbidden)
    places = [(row, column) for row in range(25) for column in range(25)]
    Random(3).shuffle(places)
    # Some pairs twice, in no order.
    places += places[:10]
    rows, columns = np.array(places, np.int64).T
    in_order = by_id(her), by_id(their)
    pairs = [(in_order[0][row], in_order[1][column]) for row, column in places]
    assert_judged_alike(judge_pairs(problem, rows, columns), pairs, Policy(), earlier, forbidden)


def test_no_pairs_are_judged_as_none() -> None:
    problem = problem_of([a_mentee()], [a_mentor()], Policy())
    nobody = np.zeros(0, np.int64)
    judged = judge_pairs(problem, nobody, nobody)
    assert [array.shape for array in (judged.values, judged.contributions, judged.scores)] == [(10, 0), (10, 0), (0,)]
    assert judged.rules.fails.shape == judged.rules.unsure.shape == (8, 0)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", range(4))
def test_kernel_keeps_exactly_the_allowed_above_the_floor(seed: int, share: float) -> None:
    her, their = random_people(seed, 25, 25, unknown_share=share)
    random = Random(seed)
    policy = replace(a_policy(random), floor=2500, min_language=Level.B1) if seed > 1 else Policy()
    earlier, forbidden = some_pairs(random, her, their, 20), some_pairs(random, her, their, 20)
    # Locks take places; who is locked does not matter to the kernel.
    open_to_lock = [mentor for mentor in their if plain.free_places(mentor, TODAY)]
    locks = [(mentee.id, mentor.id) for mentee, mentor in zip(her, open_to_lock[:4], strict=False)]
    problem = problem_of(her, their, policy, earlier, forbidden, locks)
    right = oracle_best(problem, her, their)
    assert kernel_best(problem, len(their)) == (right, [True] * len(her))
    # Negative control: rules and floor both take somebody away, and somebody is left.
    assert 0 < sum(map(len, right)) < len(her) * len(their)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 24])
def test_kernel_keeps_the_best_with_ties_to_the_lower_column(limit: int) -> None:
    # Everything unknown but five levels of education: many equal scores.
    her = [Mentee(id=f"e{number}", education=number) for number in range(9)]
    their = [Mentor(id=f"m{number:02}", education=number % 5) for number in range(25)]
    problem = problem_of(her, their, Policy())
    right = oracle_best(problem, her, their)
    assert kernel_best(problem, limit) == ([line[:limit] for line in right], [len(line) <= limit for line in right])


# One pair ------------------------------------------------------------------------------------------------------------


def policies() -> st.SearchStrategy[Policy]:
    return st.just(Policy()) | st.integers(0, 10_000).map(lambda seed: a_policy(Random(seed)))


@given(mentees(), mentors(), policies(), st.booleans(), st.booleans())
def test_any_pair_is_judged_as_the_oracle_does(
    mentee: Mentee,
    mentor: Mentor,
    policy: Policy,
    been: bool,
    out: bool,
) -> None:
    pair = (mentee.id, mentor.id)
    earlier, forbidden = [pair] if been else [], [pair] if out else []
    problem = problem_of([mentee], [mentor], policy, earlier, forbidden)
    assert_judged_alike(judge_row(problem, 0), [(mentee, mentor)], policy, earlier, forbidden)
    alone = np.zeros(1, np.int64)
    assert_judged_alike(judge_pairs(problem, alone, alone), [(mentee, mentor)], policy, earlier, forbidden)
    assert kernel_best(problem, 1) == (oracle_best(problem, [mentee], [mentor]), [True])


@given(mentees(), mentors(), st.sampled_from(LEVELS))
def test_any_allowed_pair_has_the_same_score_in_the_kernel(mentee: Mentee, mentor: Mentor, level: Level) -> None:
    # Freed of what most often rules a pair out, so that the kernel's scores are seen.
    policy = Policy(floor=0, min_language=level)
    free = a_mentor(
        **{name: getattr(mentor, name) for name in mentor.__dataclass_fields__}
        | {"capacity": 1, "active_pairs": 0, "resting_until": None, "must_not_meet": (), "requires": ()}
    )
    hers = a_mentee(
        **{name: getattr(mentee, name) for name in mentee.__dataclass_fields__} | {"must_not_meet": (), "requires": ()}
    )
    problem = problem_of([hers], [free], policy)
    assert kernel_best(problem, 1) == (oracle_best(problem, [hers], [free]), [True])


# Rounding -------------------------------------------------------------------------------------------------------------


def halfway_people() -> tuple[list[Mentee], list[Mentor]]:
    """Everything but education and place gives whole units; an odd difference in education gives half a unit."""
    common = {"interests": ("chess", "cooking", "running")}
    week = a_mentee().availability or ()
    times = (*week, *(a_mentor().availability or ()))
    her = [a_mentee(f"e{level}", education=level, availability=times, **common) for level in range(9)]
    their = [
        # Postcodes move the whole part of the score on, so that halves lie above even and above odd numbers.
        a_mentor(f"m{level}{place}", education=level, availability=times, division="Odense", postcode=place, **common)
        for level in range(9)
        for place in ("8000", "8200", "5000")
    ]
    return her, their


def test_half_a_unit_is_rounded_to_the_even_neighbour() -> None:
    her, their = halfway_people()
    sevenths = [a_mentee("w1", education=0, waiting_since=TODAY - timedelta(days=73)), *her]
    problem = problem_of(sevenths, their, NO_FLOOR)
    columns = by_id(their)
    halves_below: set[int] = set()
    for row, mentee in enumerate(by_id(sevenths)):
        totals = [
            (
                sum(plain.contributions(mentee, mentor, NO_FLOOR).values(), start=Fraction(0))
                + plain.waiting_bonus(mentee, NO_FLOOR, TODAY)
            )
            * UNITS
            for mentor in columns
        ]
        halves_below |= {int(total) % 2 for total in totals if total.denominator == 2}
        # Python's own rounding of a fraction: half to even.
        assert judge_row(problem, row).scores.tolist() == [round(total) for total in totals]
    assert halves_below == {0, 1}
    assert kernel_best(problem, len(their))[0] == oracle_best(problem, sevenths, their)


@pytest.mark.parametrize("factor", [0.1, 3, 7, 1 / 3])
def test_halves_stay_halves_when_weights_are_brought_to_a_sum_of_one(factor: float) -> None:
    # Division by the sum leaves weights a hair beside their decimals; the scores must not show it.
    her, their = halfway_people()
    scaled = Policy(weights=normalised({name: weight * factor for name, weight in DEFAULT_WEIGHTS.items()}), floor=0)
    one, other = problem_of(her, their, scaled), problem_of(her, their, NO_FLOOR)
    assert [judge_row(one, row).scores.tolist() for row in range(9)] == [
        judge_row(other, row).scores.tolist() for row in range(9)
    ]
    assert kernel_best(one, len(their)) == kernel_best(other, len(their))


def test_nothing_known_gives_the_neutral_score() -> None:
    problem = problem_of([Mentee(id="e")], [Mentor(id="m")], Policy())
    judged = judge_row(problem, 0)
    assert np.isnan(judged.values).all()
    assert judged.contributions[:, 0].tolist() == pytest.approx(
        [DEFAULT_WEIGHTS[criterion] * DEFAULT_NEUTRAL[criterion] for criterion in CRITERIA], abs=EXACT
    )
    assert judged.scores.tolist() == [4120]
    sure = {Rule.CONFLICT, Rule.RESTING, Rule.CAPACITY, Rule.FORBIDDEN, Rule.REQUIRES}
    assert states_of(judged.rules) == [{rule: True if rule in sure else None for rule in RULES}]


def test_adding_people_changes_nobodys_score() -> None:
    # A neutral value never depends on who else is there, nor do numbers given to words.
    her, their = random_people(5, 12, 12, unknown_share=0.3)
    more_her, more_their = random_people(6, 9, 9, unknown_share=0.0)
    others = [a_mentee(f"x{mentee.id}", **_without_id(mentee)) for mentee in more_her]
    other_mentors = [a_mentor(f"x{mentor.id}", **_without_id(mentor)) for mentor in more_their]
    few = problem_of(her, their, Policy())
    many = problem_of([*others, *her], [*their, *other_mentors], Policy())
    columns = [many.mentor_ids.index(name) for name in few.mentor_ids]
    for row, name in enumerate(few.mentee_ids):
        one, other = judge_row(few, row), judge_row(many, many.mentee_ids.index(name))
        assert one.scores.tolist() == other.scores[columns].tolist()
        np.testing.assert_array_equal(one.rules.fails, other.rules.fails[:, columns])
        np.testing.assert_array_equal(one.values, other.values[:, columns])


def _without_id(person: Mentee | Mentor) -> dict[str, object]:
    return {name: getattr(person, name) for name in person.__dataclass_fields__ if name != "id"}
