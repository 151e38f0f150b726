"""A programme's own criteria and hard rules, through numpy and through the kernels, against the plain oracle."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.customs import CHOICES, a_custom, answering, every_custom
from factories.people import TODAY, a_mentee, a_mentor, random_people
from oracle import customs as own
from oracle import plain
from oracle.brute import best
from oracle.judging import a_policy, kernel_best, problem_of
from pairing.customs import compare, holds
from pairing.explain import People, explain_pairs, explain_rank, explain_unmatched
from pairing.features import features_of
from pairing.policy import Policy, shared_out
from pairing.problem import build_problem, by_id
from pairing.scoring import judge_pairs, judge_row
from pairing.solve import solve
from pairing.terms import RULES, Rule
from pairing.verify import verify
from reference.customs import Compared, Custom, Kind, Wishes
from reference.people import Answer, Mentee, Mentor


def own_policy(random: Random, most: int = 6) -> Policy:
    """Weights of three decimals, own ones among them, that sum to exactly 1; and one or two hard rules."""
    usual = a_policy(random)
    scored = random.sample(every_custom(), random.randrange(1, most))
    shares = [random.randrange(1, 60) for _ in scored]
    ten = dict.fromkeys(usual.weights, 0)
    left = 1000 - sum(shares)
    for criterion in ten:
        ten[criterion] = random.randrange(left // 4 + 1)
        left -= ten[criterion]
    ten[next(iter(ten))] += left
    customs = [
        replace(custom, weight=share / 1000, neutral=random.randrange(101) / 100)
        for custom, share in zip(scored, shares, strict=True)
    ]
    rules = [
        replace(custom, key=f"rule_{custom.key}", is_rule=True, weight=0.0)
        for custom in random.sample(every_custom(), random.randrange(3))
    ]
    mixed = [*customs, *rules]
    random.shuffle(mixed)
    return replace(usual, weights={name: share / 1000 for name, share in ten.items()}, customs=tuple(mixed))


def people_who_answer(
    random: Random, policy: Policy, mentees: int, mentors: int, unknown: float
) -> tuple[list[Mentee], list[Mentor]]:
    her, their = random_people(random.randrange(10_000), mentees, mentors, unknown_share=unknown)
    return (
        [answering(person, policy.customs, random, unknown) for person in her],
        [answering(person, policy.customs, random, unknown) for person in their],
    )


@pytest.mark.parametrize("custom", every_custom(), ids=lambda custom: custom.key)
def test_each_comparison_is_as_the_oracle_has_it_for_every_two_answers(custom: Custom) -> None:
    answers: list[Answer | None] = [None, "chosen-no-more", *own.possible_answers(custom)]
    for hers in answers:
        for theirs in answers:
            mentee = a_mentee(answers=() if hers is None else ((custom.key, hers),))
            mentor = a_mentor(answers=() if theirs is None else ((custom.key, theirs),))
            number = [np.array([custom.number_of(answer)]) for answer in (hers, theirs)]
            found = compare(custom, *number).value[0]
            right = own.value(custom, mentee, mentor)
            assert (None if np.isnan(found) else found) == (None if right is None else pytest.approx(float(right)))
            assert holds(custom, mentee, mentor) == own.rule(custom, mentee, mentor), (hers, theirs)


def test_the_comparisons_tell_answers_apart() -> None:
    # Negative control of the test above: each comparison gives more than one value, and knows the unknown.
    for custom in every_custom():
        found = {
            own.value(custom, a_mentee(answers=((custom.key, hers),)), a_mentor(answers=((custom.key, theirs),)))
            for hers in own.possible_answers(custom)
            for theirs in own.possible_answers(custom)
        }
        assert {Fraction(0), Fraction(1)} <= found, custom.key
        assert own.value(custom, a_mentee(), a_mentor()) is None


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("seed", range(6))
def test_networks_are_judged_as_the_oracle_does(seed: int, unknown: float) -> None:
    random = Random(seed)
    policy = own_policy(random)
    her, their = people_who_answer(random, policy, 14, 14, unknown)
    problem = problem_of(her, their, policy)
    columns = by_id(their)
    for row, mentee in enumerate(by_id(her)):
        judged = judge_row(problem, row)
        parts = [own.contributions(mentee, mentor, policy) for mentor in columns]
        for column, mentor in enumerate(columns):
            assert judged.scores[column] == plain.score(mentee, mentor, policy, TODAY)
            states = plain.rule_states(mentee, mentor, policy=policy, today=TODAY)
            assert tuple(
                rule for rule, f in zip(RULES, judged.rules.fails[:, column], strict=True) if f
            ) == plain.fails(states)
            assert tuple(
                rule for rule, u in zip(RULES, judged.rules.unsure[:, column], strict=True) if u
            ) == plain.unsure(states)
        np.testing.assert_allclose(
            judged.own_contributions.T, [[float(part) for part in line.values()] for line in parts], rtol=0, atol=1e-12
        )
        again = judge_pairs(problem, np.full(14, row), np.arange(14))
        assert again.scores.tolist() == judged.scores.tolist()
        assert (again.rules.fails == judged.rules.fails).all()


@pytest.mark.parametrize("unknown", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(6))
def test_kernel_keeps_exactly_what_numpy_allows(seed: int, unknown: float) -> None:
    random = Random(100 + seed)
    policy = replace(own_policy(random), floor=2500)
    her, their = people_who_answer(random, policy, 25, 25, unknown)
    problem = problem_of(her, their, policy)
    found, complete = kernel_best(problem, len(their))
    assert all(complete)
    for row in range(len(her)):
        judged = judge_row(problem, row)
        may = judged.rules.allowed & (judged.scores >= policy.floor) & (problem.capacity > 0)
        right = sorted(
            ((c, int(judged.scores[c])) for c in np.flatnonzero(may).tolist()), key=lambda one: (-one[1], one[0])
        )
        assert found[row] == right


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_is_that_of_brute_force_and_is_proved(seed: int) -> None:
    random = Random(200 + seed)
    policy = replace(own_policy(random), floor=2000)
    her, their = people_who_answer(random, policy, 5, 5, 0.2)
    problem = problem_of(her, their, policy)
    result = solve(problem, threads=1)
    proof = verify(problem, result)
    columns = by_id(their)
    allowed, scores = [], []
    for mentee in by_id(her):
        states = [plain.rule_states(mentee, mentor, policy=policy, today=TODAY) for mentor in columns]
        line = [plain.score(mentee, mentor, policy, TODAY) for mentor in columns]
        scores.append(line)
        allowed.append(
            [not plain.fails(state) and score >= policy.floor for state, score in zip(states, line, strict=True)]
        )
    assert (proof.number, proof.total) == best(
        allowed, scores, [plain.free_places(mentor, TODAY) for mentor in columns]
    )


@given(st.integers(0, 2**32 - 1))
def test_without_own_criteria_nothing_is_otherwise(seed: int) -> None:
    random = Random(seed)
    policy = a_policy(random)
    her, their = random_people(seed % 1000, 4, 4, unknown_share=0.3)
    # What somebody answered to another programme's question changes nothing.
    answering_her = [answering(person, every_custom(), random, 0.0) for person in her]
    one, other = problem_of(her, their, policy), problem_of(answering_her, their, policy)
    assert one.features.own is None
    for row in range(4):
        first, second = judge_row(one, row), judge_row(other, row)
        assert first.own.shape == (0, 4)
        assert first.scores.tolist() == second.scores.tolist()
        assert (first.rules.fails == second.rules.fails).all()


@given(st.integers(0, 2**32 - 1))
def test_a_criterion_without_weight_moves_nobody_and_a_rule_only_removes(seed: int) -> None:
    random = Random(seed)
    policy = a_policy(random)
    her, their = people_who_answer(random, replace(policy, customs=tuple(every_custom())), 4, 4, 0.3)
    weightless = [replace(custom, weight=0.0) for custom in random.sample(every_custom(), 3)]
    rule = replace(random.choice(every_custom()), key="rule", is_rule=True, weight=0.0)
    plainly = problem_of(her, their, policy)
    light = problem_of(her, their, replace(policy, customs=tuple(weightless)))
    ruled = problem_of(her, their, replace(policy, customs=(rule,)))
    for row in range(4):
        before = judge_row(plainly, row)
        assert judge_row(light, row).scores.tolist() == before.scores.tolist()
        after = judge_row(ruled, row)
        assert after.scores.tolist() == before.scores.tolist()
        assert (after.rules.allowed <= before.rules.allowed).all()
        others = [at for at, name in enumerate(RULES) if name is not Rule.REQUIRES]
        assert (after.rules.fails[others] == before.rules.fails[others]).all()


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_people_and_of_choices_chosen_changes_nothing(seed: int) -> None:
    random = Random(seed)
    policy = own_policy(random)
    her, their = people_who_answer(random, policy, 4, 4, 0.2)
    problem = problem_of(her, their, policy)

    def turned(answer: Answer) -> Answer:
        return tuple(reversed(answer)) if isinstance(answer, tuple) else answer

    other = [
        replace(person, answers=tuple((key, turned(answer)) for key, answer in reversed(person.answers)))
        for person in reversed(her)
    ]
    again = problem_of(other, list(reversed(their)), policy)
    for row in range(4):
        assert judge_row(problem, row).scores.tolist() == judge_row(again, row).scores.tolist()


def test_what_depends_on_an_unknown_answer_counts_neutral_and_a_rule_passes_and_is_flagged() -> None:
    criterion = a_custom("children", kind=Kind.YES_NO, weight=0.5, neutral=0.25)
    rule = a_custom("car", is_rule=True, weight=0.0)
    policy = Policy(customs=(criterion, rule))
    mentee, mentor = a_mentee(answers=(("children", True),)), a_mentor()
    problem = build_problem(mentees=[mentee], mentors=[mentor], today=TODAY, policy=policy)
    (pair,) = explain_rank(problem, People(problem, [mentee], [mentor]), 0)
    assert pair.own[0].value is None
    assert pair.own[0].contribution == 0.125
    assert pair.own_unsure == (rule,)
    assert Rule.REQUIRES in pair.unsure
    assert pair.fails == ()


def test_the_sentences_say_what_both_answered_and_whose_wish_it_was() -> None:
    same = a_custom("children", weight=0.9)
    wish = a_custom(
        "days", kind=Kind.LIST, compared=Compared.OVERLAP, choices=CHOICES, wishes=Wishes.MENTEE, weight=0.8
    )
    policy = Policy(customs=(same, wish))
    mentee = a_mentee(answers=(("children", True), ("days", ("few", "many"))))
    mentor = a_mentor(answers=(("children", True), ("days", ("many",))))
    problem = build_problem(mentees=[mentee], mentors=[mentor], today=TODAY, policy=policy)
    (pair,) = explain_rank(problem, People(problem, [mentee], [mentor]), 0)
    said = [reason.text("en") for reason in pair.reasons]
    assert said[0] == "“Question children”: both say yes."
    assert said[1] == "“Question days”: the mentee wishes Few and Many, the mentor says Many."


def test_whoever_is_left_over_is_told_which_own_rule_stands_in_the_way() -> None:
    rule = a_custom("car", is_rule=True, weight=0.0)
    mentee, mentor = a_mentee(answers=(("car", True),)), a_mentor(answers=(("car", False),))
    problem = build_problem(mentees=[mentee], mentors=[mentor], today=TODAY, policy=Policy(customs=(rule,)))
    result = solve(problem, threads=1)
    assert explain_pairs(problem, People(problem, [mentee], [mentor]), result) == ()
    (left,) = explain_unmatched(problem, People(problem, [mentee], [mentor]), result)
    assert left.own_fails == {"car": 1}
    assert left.fails[Rule.REQUIRES] == 1
    assert "The programme's own rule “Question car” excludes 1 of 1 mentors." in [
        one.text("en") for one in left.sentences
    ]


def test_features_of_other_own_criteria_are_made_anew() -> None:
    custom = a_custom("children", weight=0.5)
    mentee, mentor = a_mentee(answers=(("children", True),)), a_mentor(answers=(("children", False),))
    stale = features_of([mentee], [mentor])

    def scored(policy: Policy, features: object) -> int:
        problem = build_problem(mentees=[mentee], mentors=[mentor], today=TODAY, policy=policy, features=features)  # type: ignore[arg-type]
        return int(judge_row(problem, 0).scores[0])

    assert scored(Policy(customs=(custom,)), stale) == plain.score(mentee, mentor, Policy(customs=(custom,)), TODAY)
    # Another weight or name alone needs no new features.
    kept = features_of([mentee], [mentor], [custom])
    heavier = replace(custom, weight=0.7, names={"en": "Otherwise"})
    problem = build_problem(
        mentees=[mentee], mentors=[mentor], today=TODAY, policy=Policy(customs=(heavier,)), features=kept
    )
    assert problem.features is kept
    assert judge_row(problem, 0).scores[0] == plain.score(mentee, mentor, Policy(customs=(heavier,)), TODAY)


def test_all_weights_are_brought_to_one_sum() -> None:
    weights, customs = shared_out(
        dict.fromkeys(Policy().weights, 9.0), [a_custom(weight=10.0), a_custom("rule", is_rule=True, weight=0.0)]
    )
    assert sum(weights.values()) + customs[0].weight == pytest.approx(1.0)
    assert customs[0].weight == pytest.approx(0.1)
    assert shared_out(weights, customs) == (weights, customs)
