"""Reasons, and what would help: figures against the plain oracle over all mentors, and every sentence said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given

from factories.people import TODAY, a_mentee, a_mentor, demands, mentees, mentors, random_people, skills, slots
from oracle import plain
from pairing.explain import People, explain_pairs, explain_rank, explain_unmatched, rank
from pairing.outcome import ExplainedPair, ExplainedUnmatched
from pairing.policy import Policy
from pairing.problem import IdPair, PairingProblem, build_problem, by_id
from pairing.sentences import pair_reasons, unmatched_sentences
from pairing.solve import solve
from pairing.terms import CRITERIA, RULES, Criterion, Rule, UnmatchedReason
from reference import isco
from reference.people import MeetingMode, Mentee, Mentor
from reference.topics import Topic

EXACT: Final = 1e-12
DOCTORS: Final = isco.title("2211", "en")
SPECIALISTS: Final = isco.title("2212", "en")


def stated(
    her: Sequence[Mentee],
    their: Sequence[Mentor],
    policy: Policy | None = None,
    *,
    earlier: Sequence[IdPair] = (),
    forbidden: Sequence[IdPair] = (),
    locks: Sequence[IdPair] = (),
) -> tuple[PairingProblem, People]:
    problem = build_problem(
        mentees=her,
        mentors=their,
        today=TODAY,
        policy=policy,
        earlier=earlier,
        forbidden=forbidden,
        locks=locks,
    )
    return problem, People(problem, her, their)


def random_network(seed: int) -> tuple[tuple[Mentee, ...], tuple[Mentor, ...], list[IdPair], list[IdPair]]:
    her, their = random_people(seed, 20, 20, unknown_share=(0.2, 0.5, 0.7)[seed % 3])
    random = Random(seed)
    some = [(random.choice(her).id, random.choice(their).id) for _ in range(60)]
    return her, their, some[:30], some[30:]


# Who is left over -----------------------------------------------------------------------------------------------------


def oracle_unmatched(
    mentee: Mentee, their: Sequence[Mentor], policy: Policy, earlier: Sequence[IdPair], forbidden: Sequence[IdPair]
) -> dict[str, object]:
    """Count over all mentors and all eight rules, as ``spreadsheets.md`` says."""
    fails = dict.fromkeys(RULES, 0)
    only = dict.fromkeys(RULES, 0)
    gains = dict.fromkeys(RULES, 0)
    allowed = above = 0
    for mentor in their:
        states = plain.rule_states(
            mentee, mentor, policy=policy, today=TODAY, earlier=frozenset(earlier), forbidden=frozenset(forbidden)
        )
        broken = plain.fails(states)
        reaches = plain.score(mentee, mentor, policy, TODAY) >= policy.floor
        for rule in broken:
            fails[rule] += 1
        if len(broken) == 1:
            only[broken[0]] += 1
            gains[broken[0]] += reaches
        allowed += not broken
        above += not broken and reaches
    gain = max(gains.values())
    return {
        "mentee": mentee,
        "reason": UnmatchedReason.TAKEN if above else UnmatchedReason.FLOOR if allowed else UnmatchedReason.NO_ALLOWED,
        "allowed": allowed,
        "above_floor": above,
        "fails": fails,
        "only": only,
        # Of several rules that bring as many: the first of the table.
        "relaxation": next(rule for rule in RULES if gains[rule] == gain) if gain else None,
        "relaxation_gain": gain,
    }


def figures(left: ExplainedUnmatched) -> dict[str, object]:
    return {
        "mentee": left.mentee,
        "reason": left.reason,
        "allowed": left.allowed,
        "above_floor": left.above_floor,
        "fails": dict(left.fails),
        "only": dict(left.only),
        "relaxation": left.relaxation,
        "relaxation_gain": left.relaxation_gain,
    }


@pytest.mark.parametrize("floor", [3500, 4300, 5500])
@pytest.mark.parametrize("seed", range(6))
def test_unmatched_counts_are_those_of_the_oracle(seed: int, floor: int) -> None:
    her, their, earlier, forbidden = random_network(seed)
    policy = Policy(floor=floor)
    problem, people = stated(her, their, policy, earlier=earlier, forbidden=forbidden)
    result = solve(problem)
    paired = {problem.mentee_ids[row] for row in result.pairs[:, 0].tolist()}
    right = [
        oracle_unmatched(mentee, their, policy, earlier, forbidden) for mentee in by_id(her) if mentee.id not in paired
    ]
    left = explain_unmatched(problem, people, result)
    assert [figures(one) for one in left] == right
    for one in left:
        assert len(one.sentences) >= 2
        assert all(sentence.text("en").strip() for sentence in one.sentences)


def test_unmatched_are_of_every_kind() -> None:
    # Negative control of the test above.
    reasons, relaxations = set(), set()
    for seed in range(6):
        her, their, earlier, forbidden = random_network(seed)
        for floor in (3500, 4300, 5500):
            for mentee in her:
                right = oracle_unmatched(mentee, their, Policy(floor=floor), earlier, forbidden)
                reasons.add(right["reason"])
                relaxations.add(right["relaxation"])
    assert reasons == set(UnmatchedReason)
    assert len(relaxations) >= 6


def test_mentee_whose_mentor_is_locked_away_is_told_that_he_is_taken() -> None:
    her, their = [a_mentee("e1"), a_mentee("e2")], [a_mentor("m1")]
    problem, people = stated(her, their, locks=[("e2", "m1")])
    (left,) = explain_unmatched(problem, people, solve(problem))
    assert figures(left) == oracle_unmatched(her[0], their, Policy(), [], [])
    assert left.reason is UnmatchedReason.TAKEN


def test_relaxation_gain_counts_mentors_at_the_floor_only() -> None:
    # Three fail only place, of whom one reaches the floor; two fail only time, and both reach it.
    her = a_mentee(meeting=(MeetingMode.IN_PERSON,))
    poor = partial(
        a_mentor,
        meeting=(MeetingMode.IN_PERSON,),
        division="Odense",
        occupation="9112",
        topics=(Topic.BUSINESS,),
        interests=("sailing",),
        sector="retail",
        education=0,
        hours_per_month=40.0,
        months=1.0,
    )
    their = [
        a_mentor("m1", meeting=(MeetingMode.IN_PERSON,), division="Odense"),
        poor("m2"),
        poor("m3"),
        a_mentor("m4", meeting=(MeetingMode.IN_PERSON,), availability=slots("sun-morning")),
        a_mentor("m5", meeting=(MeetingMode.IN_PERSON,), availability=slots("sun-morning")),
    ]
    problem, people = stated([her], their)
    (left,) = explain_unmatched(problem, people, solve(problem))
    assert (left.only[Rule.PLACE], left.only[Rule.TIME]) == (3, 2)
    assert (left.relaxation, left.relaxation_gain) == (Rule.TIME, 2)


def test_nobody_on_the_other_side_is_said_plainly() -> None:
    problem, people = stated([a_mentee()], [])
    (left,) = explain_unmatched(problem, people, solve(problem))
    nothing = dict.fromkeys(RULES, 0)
    assert figures(left) == {
        "mentee": a_mentee(),
        "reason": UnmatchedReason.NO_ALLOWED,
        "allowed": 0,
        "above_floor": 0,
        "fails": nothing,
        "only": nothing,
        "relaxation": None,
        "relaxation_gain": 0,
    }
    assert [sentence.text("en") for sentence in left.sentences] == [
        "There are no mentors in the file.",
        "No single change would help: look for a new mentor, and ask the contact persons.",
    ]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("rule", RULES)
def test_sentences_of_every_rule_are_complete(rule: Rule, count: int) -> None:
    said = unmatched_sentences(
        reason=UnmatchedReason.NO_ALLOWED,
        mentors=7,
        allowed=0,
        above_floor=0,
        best_score=0,
        floor=3500,
        fails={other: count if other is rule else 0 for other in RULES},
        relaxation=rule,
        gain=count,
    )
    texts = [sentence.text("en") for sentence in said]
    assert len(texts) == 3
    # The number and its base, and no placeholder left.
    assert f"{count} of 7" in texts[1]
    assert str(count) in texts[2]
    assert not any("{" in text for text in texts)
    assert all(text.endswith(".") for text in texts)


@pytest.mark.parametrize("relaxation", [None, Rule.TIME])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("reason", UnmatchedReason)
def test_sentences_of_every_reason_are_complete(reason: UnmatchedReason, count: int, relaxation: Rule | None) -> None:
    said = unmatched_sentences(
        reason=reason,
        mentors=7,
        allowed=count,
        above_floor=count,
        best_score=3123,
        floor=3501,
        fails=dict.fromkeys(RULES, 1),
        relaxation=relaxation,
        gain=2 if relaxation else 0,
    )
    texts = [sentence.text("en") for sentence in said]
    assert len(texts) >= 2
    assert not any("{" in text for text in texts)
    if reason is UnmatchedReason.FLOOR:
        assert "0.3123" in texts[0]
        assert "0.3501" in texts[0]


# Pairs ----------------------------------------------------------------------------------------------------------------


def assert_explained_alike(explained: ExplainedPair, policy: Policy, fails: Sequence[Rule] = ()) -> None:
    mentee, mentor = explained.mentee, explained.mentor
    values = plain.criterion_values(mentee, mentor)
    assert {name: value is None for name, value in explained.values.items()} == {
        name: value is None for name, value in values.items()
    }
    known = {name: float(value) for name, value in values.items() if value is not None}
    assert {name: explained.values[name] for name in known} == pytest.approx(known, abs=EXACT)
    assert explained.unknown == tuple(name for name in CRITERIA if values[name] is None)
    parts = {name: float(part) for name, part in plain.contributions(mentee, mentor, policy).items()}
    assert dict(explained.contributions) == pytest.approx(parts, abs=EXACT)
    assert explained.waiting == pytest.approx(float(plain.waiting_bonus(mentee, policy, TODAY)), abs=EXACT)
    assert explained.score == plain.score(mentee, mentor, policy, TODAY)
    assert explained.fails == tuple(fails)
    assert explained.reasons
    assert all(reason.text("en").endswith(".") for reason in explained.reasons)


@pytest.mark.parametrize("seed", range(6))
def test_pairs_are_explained_as_by_the_oracle(seed: int) -> None:
    her, their, earlier, forbidden = random_network(seed)
    problem, people = stated(her, their, earlier=earlier, forbidden=forbidden)
    result = solve(problem)
    pairs = explain_pairs(problem, people, result)
    assert [(pair.mentee.id, pair.mentor.id) for pair in pairs] == [
        (problem.mentee_ids[row], problem.mentor_ids[column]) for row, column in result.pairs.tolist()
    ]
    for pair in pairs:
        states = plain.rule_states(pair.mentee, pair.mentor, policy=Policy(), today=TODAY)
        assert_explained_alike(pair, Policy())
        assert pair.unsure == plain.unsure(states)
        assert not pair.locked


def test_locked_pair_is_marked() -> None:
    problem, people = stated([a_mentee("e1"), a_mentee("e2")], [a_mentor("m1"), a_mentor("m2")], locks=[("e2", "m1")])
    pairs = explain_pairs(problem, people, solve(problem))
    assert [(pair.mentee.id, pair.mentor.id, pair.locked) for pair in pairs] == [
        ("e1", "m2", False),
        ("e2", "m1", True),
    ]


# The whole bank -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_rank_puts_allowed_ones_first_then_score_then_id(seed: int) -> None:
    her, their, earlier, forbidden = random_network(seed)
    problem, people = stated(her, their, earlier=earlier, forbidden=forbidden)
    for row, mentee in enumerate(by_id(her)[:5]):
        broken = {
            mentor.id: plain.fails(
                plain.rule_states(
                    mentee,
                    mentor,
                    policy=Policy(),
                    today=TODAY,
                    earlier=frozenset(earlier),
                    forbidden=frozenset(forbidden),
                )
            )
            for mentor in their
        }
        right = sorted(
            their,
            key=lambda mentor: (
                bool(broken[mentor.id]),
                -plain.score(mentee, mentor, Policy(), TODAY),
                mentor.id,
            ),
        )
        ranked = explain_rank(problem, people, row)
        assert [pair.mentor.id for pair in ranked] == [mentor.id for mentor in right]
        for pair in ranked:
            assert_explained_alike(pair, Policy(), broken[pair.mentor.id])
        assert explain_rank(problem, people, row, 3) == ranked[:3]


def test_rank_of_equals_is_by_id() -> None:
    problem, people = stated([a_mentee()], [a_mentor(name) for name in ("m10", "m2", "M3", "m1")])
    assert [pair.mentor.id for pair in explain_rank(problem, people, 0)] == ["M3", "m1", "m10", "m2"]
    order, judged = rank(problem, 0)
    assert order.tolist() == [0, 1, 2, 3]
    assert len(set(judged.scores.tolist())) == 1


# Reasons --------------------------------------------------------------------------------------------------------------


def reasons_of(mentee: Mentee, mentor: Mentor) -> dict[Criterion, str]:
    """Return what is said of each criterion when it is all that counts."""
    values = {
        name: None if value is None else float(value) for name, value in plain.criterion_values(mentee, mentor).items()
    }
    found = {}
    for criterion in CRITERIA:
        alone = {name: value if name is criterion else None for name, value in values.items()}
        (reason,) = pair_reasons(mentee, mentor, alone, dict.fromkeys(CRITERIA, 0.1))
        found[criterion] = reason.text("en")
    return found


def test_every_criterion_has_a_sentence_of_its_own() -> None:
    mentee = a_mentee(practise_danish=True, needs_experience=True, availability=slots("mon-evening"))
    assert reasons_of(mentee, a_mentor()) == {
        Criterion.OCCUPATION: f"The mentor works in the field she aims at: {DOCTORS}.",
        Criterion.TOPICS: ("The mentor offers help with 2 of her 2 goals: a network of contacts and the CV."),
        Criterion.LANGUAGE: "They can talk in Danish (B1), which she wants to practise.",
        Criterion.INTERESTS: "Both are interested in cooking and chess.",
        Criterion.PACE: "Both think of 2 hours a month.",
        Criterion.TIME: "One time of the week suits both: Monday evening.",
        Criterion.EDUCATION: "They have about the same length of education.",
        Criterion.SECTOR: "Both belong to the same sector: health.",
        Criterion.PLACE: "Both belong to Aarhus.",
        Criterion.EXPERIENCE: ("She needs an experienced mentor, and this one has been in 3 partnerships before."),
    }


NOTHING: Final = "Little is known in common: talk with both before you propose this pair."


@pytest.mark.parametrize(
    ("criterion", "hers", "theirs", "expected"),
    [
        (
            Criterion.OCCUPATION,
            {"occupation": "2211"},
            {"occupation": "2212"},
            f"The mentor's field ({SPECIALISTS}) is close to the one she aims at ({DOCTORS}).",
        ),
        (Criterion.OCCUPATION, {"occupation": "2211"}, {"occupation": "2330"}, NOTHING),
        (Criterion.OCCUPATION, {"occupation": None}, {}, NOTHING),
        (Criterion.TOPICS, {"topics": (Topic.BUSINESS,)}, {}, NOTHING),
        (
            Criterion.LANGUAGE,
            {"languages": skills("en:B2", "da:B1"), "practise_danish": True},
            {"languages": skills("en:C1", "da:C2")},
            "They can talk in English (B2), and practise Danish as she wishes.",
        ),
        (
            Criterion.LANGUAGE,
            {"languages": skills("ar:C1")},
            {"languages": skills("ar:C2")},
            "They can talk in Arabic (C1).",
        ),
        (Criterion.LANGUAGE, {"languages": skills("ar")}, {"languages": skills("ar:C2")}, NOTHING),
        (Criterion.LANGUAGE, {"languages": skills("ar:A2")}, {"languages": skills("ar:C2")}, NOTHING),
        (
            Criterion.INTERESTS,
            {"interests": ("FOOTBALL",)},
            {"interests": ("football",)},
            "Both are interested in FOOTBALL.",
        ),
        (Criterion.INTERESTS, {"interests": ("football",)}, {"interests": ("chess",)}, NOTHING),
        (
            Criterion.PACE,
            {"hours_per_month": None},
            {},
            "They think of a partnership of about the same length.",
        ),
        (
            Criterion.PACE,
            {"hours_per_month": 2.5},
            {},
            "Their pace is alike: she thinks of 2.5 hours a month, the mentor of 2.",
        ),
        (Criterion.PACE, {"hours_per_month": 1.0, "months": 1.0}, {}, NOTHING),
        (
            Criterion.TIME,
            {"availability": slots("mon-evening", "tue-morning", "wed-morning", "sun-afternoon")},
            {"availability": slots("sun-afternoon", "wed-morning", "tue-morning", "mon-evening")},
            "4 times of the week suit both, among them Monday evening, Tuesday morning and Wednesday morning.",
        ),
        (Criterion.EDUCATION, {"education": 0}, {"education": 8}, NOTHING),
        (Criterion.SECTOR, {"sector": "health"}, {"sector": "kitchen"}, NOTHING),
        (Criterion.PLACE, {"division": "Odense"}, {}, "Their postcodes are near each other."),
        (Criterion.PLACE, {"division": "Odense", "postcode": "2100"}, {}, NOTHING),
        (
            Criterion.EXPERIENCE,
            {"needs_experience": True},
            {"pairs_before": 3},
            "She needs an experienced mentor, and this one has been in 3 partnerships before.",
        ),
        (Criterion.EXPERIENCE, {"needs_experience": True}, {"pairs_before": 0}, NOTHING),
        (Criterion.EXPERIENCE, {"needs_experience": False}, {}, NOTHING),
    ],
)
def test_sentence_follows_the_value(
    criterion: Criterion, hers: dict[str, object], theirs: dict[str, object], expected: str
) -> None:
    assert reasons_of(a_mentee("e1", **hers), a_mentor("m1", **theirs))[criterion] == expected


@given(mentees(), mentors())
def test_every_pair_has_a_reason(mentee: Mentee, mentor: Mentor) -> None:
    problem, people = stated([mentee], [mentor])
    (explained,) = explain_rank(problem, people, 0)
    texts = [reason.text("en") for reason in explained.reasons]
    assert texts
    assert all(text.endswith((".", "!", "?")) for text in texts)
    # One for each criterion at most.
    assert len(texts) <= len(CRITERIA)


@given(mentees(), mentors())
def test_reasons_begin_with_what_counts_most(mentee: Mentee, mentor: Mentor) -> None:
    problem, people = stated([mentee], [mentor])
    (explained,) = explain_rank(problem, people, 0)
    alone = reasons_of(mentee, mentor)
    strongest = sorted(CRITERIA, key=lambda name: -explained.contributions[name])
    said = [alone[name] for name in strongest if alone[name] != NOTHING]
    assert [reason.text("en") for reason in explained.reasons] == (said or [NOTHING])


def test_unsure_rules_of_a_pair_are_named() -> None:
    mentee = replace(a_mentee(), languages=None, availability=None, requires=demands("occupation:2211"))
    mentor = a_mentor(occupation="22", resting_until=TODAY - timedelta(days=1))
    problem, people = stated([mentee], [mentor], Policy(floor=0))
    (pair,) = explain_pairs(problem, people, solve(problem))
    assert pair.unsure == (Rule.LANGUAGE, Rule.TIME, Rule.REQUIRES)
    assert np.isclose(pair.waiting, 0)
