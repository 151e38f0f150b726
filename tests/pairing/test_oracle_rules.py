"""The oracle's hard rules, worked by hand from the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from factories.people import (
    SLOTS,
    TODAY,
    a_mentee,
    a_mentor,
    demands,
    skills,
    slots,
)
from oracle.plain import (
    State,
    fails,
    free_places,
    rule_state,
    rule_states,
    unsure,
)
from pairing.policy import Policy
from pairing.terms import RULES, Rule
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor
from reference.slots import Slot

IN_PERSON = (MeetingMode.IN_PERSON,)
ONLINE = (MeetingMode.ONLINE,)
EITHER = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)


def of(rule: Rule, mentee: Mentee, mentor: Mentor, policy: Policy | None = None) -> State:
    return rule_state(rule, mentee, mentor, policy=policy or Policy(), today=TODAY)


# Hard rules, by hand --------------------------------------------------------------------------------------------------


def test_default_pair_passes_every_rule_for_certain() -> None:
    states = rule_states(a_mentee(), a_mentor(), policy=Policy(), today=TODAY)
    assert states == dict.fromkeys(RULES, True)
    assert fails(states) == ()
    assert unsure(states) == ()


@pytest.mark.parametrize(
    ("hers", "theirs", "min_danish", "expected"),
    [
        # Both need B1.
        (skills("ar:B1"), skills("ar:C2"), None, True),
        (skills("ar:A2"), skills("ar:C2"), None, False),
        (skills("ar:C2"), skills("ar:A2"), None, False),
        (skills("ar:C2"), skills("en:C2"), None, False),
        # Any shared language will do.
        (skills("ar:A1", "en:B1"), skills("en:B2", "ar:C2"), None, True),
        # Danish counts with the mentor's least; other languages do not care.
        (skills("da:B1"), skills("da:C2"), Level.B1, True),
        (skills("da:B1"), skills("da:C2"), Level.B2, False),
        (skills("da:B1", "en:B1"), skills("da:C2", "en:B1"), Level.B2, True),
        (skills("da:C2"), skills("da:B1"), Level.C1, True),
        # A least below B1 does not lower what both need.
        (skills("da:A2"), skills("da:C2"), Level.A2, False),
        # Without a level.
        (skills("ar"), skills("ar:C2"), None, None),
        (skills("ar:B1"), skills("ar"), None, None),
        (skills("ar"), skills("ar"), None, None),
        (skills("ar"), skills("ar:A2"), None, False),
        (skills("ar:A2"), skills("ar"), None, False),
        (skills("ar", "en:B1"), skills("ar", "en:B1"), None, True),
        (skills("da:B1"), skills("da"), Level.B2, False),
        (skills("da"), skills("da:B1"), Level.C2, None),
        # An empty cell.
        (None, skills("ar:B1"), None, None),
        (skills("ar:B1"), None, None, None),
        (None, None, Level.C2, None),
        (None, skills("ar"), None, None),
        # Whatever she speaks, the mentor does not speak anything well enough; and the other way round.
        (None, skills("ar:A2", "da:A1"), None, False),
        (skills("ar:A2"), None, None, False),
        # All she speaks is a Danish that is not enough, whatever the mentor speaks.
        (skills("da:B1"), None, Level.B2, False),
        (skills("da:B2"), None, Level.B2, None),
        (None, skills("da:B1"), Level.C2, None),
    ],
)
def test_language_rule(
    hers: tuple[LanguageSkill, ...] | None,
    theirs: tuple[LanguageSkill, ...] | None,
    min_danish: Level | None,
    expected: State,
) -> None:
    assert of(Rule.LANGUAGE, a_mentee(languages=hers), a_mentor(languages=theirs, min_danish=min_danish)) is expected


@pytest.mark.parametrize(
    ("least", "hers", "theirs", "expected"),
    [
        (Level.A2, "ar:A2", "ar:A2", True),
        (Level.B2, "ar:B1", "ar:C2", False),
        (Level.B2, "ar:B2", "ar:C2", True),
        # Whoever speaks it at all has A1.
        (Level.A1, "ar", "ar", True),
    ],
)
def test_language_rule_follows_the_policy(least: Level, hers: str, theirs: str, expected: State) -> None:
    policy = Policy(min_language=least)
    assert of(Rule.LANGUAGE, a_mentee(languages=skills(hers)), a_mentor(languages=skills(theirs)), policy) is expected


@pytest.mark.parametrize(
    ("hers", "her_division", "theirs", "their_division", "expected"),
    [
        (ONLINE, "Aarhus", ONLINE, "Odense", True),
        (ONLINE, None, EITHER, None, True),
        (IN_PERSON, "Aarhus", EITHER, "AARHUS", True),
        (IN_PERSON, "Großdorf", IN_PERSON, "GROSSDORF", True),
        (IN_PERSON, "Aarhus", EITHER, "Odense", False),
        (IN_PERSON, "Aarhus", ONLINE, "Aarhus", False),
        (IN_PERSON, None, ONLINE, "Aarhus", False),
        (IN_PERSON, None, IN_PERSON, "Aarhus", None),
        (IN_PERSON, None, EITHER, None, None),
        # An empty meeting cell.
        (None, "Aarhus", ONLINE, "Odense", None),
        (None, "Aarhus", IN_PERSON, "Aarhus", None),
        (None, "Aarhus", IN_PERSON, "Odense", False),
        (IN_PERSON, "Aarhus", None, "Odense", False),
        (None, "Aarhus", None, "Odense", None),
        (None, "Aarhus", None, "Aarhus", None),
        (None, None, IN_PERSON, "Aarhus", None),
        # She meets in some way, and either is possible.
        (None, "Aarhus", EITHER, "Aarhus", True),
        (EITHER, "Aarhus", None, "Aarhus", True),
        (None, "Aarhus", EITHER, "Odense", None),
        (None, None, EITHER, "Aarhus", None),
    ],
)
def test_place_rule(
    hers: tuple[MeetingMode, ...] | None,
    her_division: str | None,
    theirs: tuple[MeetingMode, ...] | None,
    their_division: str | None,
    expected: State,
) -> None:
    mentee = a_mentee(meeting=hers, division=her_division)
    mentor = a_mentor(meeting=theirs, division=their_division)
    assert of(Rule.PLACE, mentee, mentor) is expected


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        (slots("mon-evening", "tue-morning"), slots("tue-morning"), True),
        (slots("mon-evening"), slots("mon-morning", "tue-evening"), False),
        (None, slots("mon-evening"), None),
        (slots("mon-evening"), None, None),
        (None, None, None),
        # Her times, whatever they are, are among all times of the week; one time short, they may not be.
        (None, SLOTS, True),
        (SLOTS, None, True),
        (None, SLOTS[1:], None),
    ],
)
def test_time_rule(hers: tuple[Slot, ...] | None, theirs: tuple[Slot, ...] | None, expected: State) -> None:
    assert of(Rule.TIME, a_mentee(availability=hers), a_mentor(availability=theirs)) is expected


@pytest.mark.parametrize(
    ("demanded", "field", "value", "expected"),
    [
        (("language:ar",), "languages", skills("ar:B1"), True),
        (("language:ar",), "languages", skills("ar:A2"), False),
        (("language:ar",), "languages", skills("en:C2"), False),
        (("language:ar",), "languages", skills("ar"), None),
        (("language:ar",), "languages", None, None),
        (("occupation:22",), "occupation", "2211", True),
        (("occupation:22",), "occupation", "22", True),
        (("occupation:22",), "occupation", "2", None),
        (("occupation:22",), "occupation", "5", False),
        (("occupation:22",), "occupation", "2311", False),
        (("occupation:22",), "occupation", None, None),
        (("occupation:2211",), "occupation", "221", None),
        (("occupation:2211",), "occupation", "2212", False),
        (("division:aarhus",), "division", "AARHUS", True),
        (("division: Aarhus ",), "division", "Aarhus", True),
        (("division:Aarhus",), "division", "Odense", False),
        (("division:Aarhus",), "division", None, None),
        (("online",), "meeting", EITHER, True),
        (("online",), "meeting", IN_PERSON, False),
        (("online",), "meeting", None, None),
        (("in person",), "meeting", IN_PERSON, True),
        (("in person",), "meeting", ONLINE, False),
        (("in person",), "meeting", None, None),
        # Several: all of them.
        (("online", "in person"), "meeting", EITHER, True),
        (("online", "in person"), "meeting", None, None),
        (("online", "language:zh"), "meeting", None, False),
        (("occupation:22", "occupation:2211"), "occupation", "2", None),
        # No one person can meet both, but each is judged by itself.
        (("division:Aarhus", "division:Odense"), "division", None, None),
        (("division:Aarhus", "division:AARHUS "), "division", None, None),
        (("occupation:221", "occupation:222"), "occupation", "22", None),
        (("occupation:22", "occupation:51"), "occupation", None, None),
        # Nothing demanded is nothing unknown.
        ((), "occupation", None, True),
    ],
)
def test_requires_rule(demanded: tuple[str, ...], field: str, value: object, expected: State) -> None:
    # The same whoever demands.
    demanding = demands(*demanded)
    assert of(Rule.REQUIRES, a_mentee(requires=demanding), a_mentor("m1", **{field: value})) is expected
    assert of(Rule.REQUIRES, a_mentee("e1", **{field: value}), a_mentor(requires=demanding)) is expected


def test_requires_rule_needs_both_sides() -> None:
    demanding = a_mentee(requires=demands("online"))
    assert of(Rule.REQUIRES, demanding, a_mentor(requires=demands("language:zh"))) is False
    assert of(Rule.REQUIRES, replace(demanding, occupation=None), a_mentor(requires=demands("occupation:2"))) is None


def test_required_language_is_b1_whatever_the_policy() -> None:
    mentee = a_mentee(requires=demands("language:en"))
    mentor = a_mentor(languages=skills("en:B1"))
    assert of(Rule.REQUIRES, mentee, mentor, Policy(min_language=Level.C2)) is True
    below = a_mentor(languages=skills("en:A2"))
    assert of(Rule.REQUIRES, mentee, below, Policy(min_language=Level.A1)) is False


def test_conflict_rule() -> None:
    assert of(Rule.CONFLICT, a_mentee(must_not_meet=("m2",)), a_mentor()) is True
    assert of(Rule.CONFLICT, a_mentee(must_not_meet=("m2", "m1")), a_mentor()) is False
    assert of(Rule.CONFLICT, a_mentee(), a_mentor(must_not_meet=("e1",))) is False
    # Ids are those of the other file: her own id on her list is somebody else.
    assert of(Rule.CONFLICT, a_mentee("7", must_not_meet=("7",)), a_mentor("8")) is True


@pytest.mark.parametrize(("earlier", "expected"), [(("e1", "m1"), False), (("e1", "m2"), True), (("m1", "e1"), True)])
def test_earlier_pair_is_a_conflict(earlier: tuple[str, str], *, expected: bool) -> None:
    state = rule_state(Rule.CONFLICT, a_mentee(), a_mentor(), policy=Policy(), today=TODAY, earlier={earlier})
    assert state is expected


@pytest.mark.parametrize(("forbidden", "expected"), [(("e1", "m1"), False), (("e2", "m1"), True), (("m1", "e1"), True)])
def test_forbidden_rule(forbidden: tuple[str, str], *, expected: bool) -> None:
    state = rule_state(Rule.FORBIDDEN, a_mentee(), a_mentor(), policy=Policy(), today=TODAY, forbidden={forbidden})
    assert state is expected


@pytest.mark.parametrize(("days", "expected"), [(-1, True), (0, True), (1, False)])
def test_resting_rule(days: int, *, expected: bool) -> None:
    mentor = a_mentor(resting_until=TODAY + timedelta(days=days), capacity=2)
    assert of(Rule.RESTING, a_mentee(), mentor) is expected
    assert free_places(mentor, TODAY) == (2 if expected else 0)


@pytest.mark.parametrize(("capacity", "active", "free"), [(1, 0, 1), (3, 1, 2), (1, 1, 0), (0, 0, 0), (1, 3, 0)])
def test_capacity_rule(capacity: int, active: int, free: int) -> None:
    mentor = a_mentor(capacity=capacity, active_pairs=active)
    assert of(Rule.CAPACITY, a_mentee(), mentor) is (free > 0)
    assert free_places(mentor, TODAY) == free


def test_all_rules_that_fail_are_kept_in_order() -> None:
    mentor = a_mentor(languages=skills("en:C2"), availability=None, capacity=0)
    states = rule_states(a_mentee(), mentor, policy=Policy(), today=TODAY, forbidden={("e1", "m1")})
    assert fails(states) == (Rule.LANGUAGE, Rule.CAPACITY, Rule.FORBIDDEN)
    assert unsure(states) == (Rule.TIME,)
