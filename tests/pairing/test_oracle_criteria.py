"""The oracle's criteria, worked by hand from the table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from factories.people import (
    SLOTS,
    TODAY,
    a_mentee,
    a_mentor,
    skills,
    slots,
)
from oracle.plain import (
    State,
    criterion_value,
    rule_state,
)
from pairing.policy import Policy
from pairing.terms import Criterion, Rule
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor
from reference.slots import Slot
from reference.topics import Topic

IN_PERSON = (MeetingMode.IN_PERSON,)
ONLINE = (MeetingMode.ONLINE,)
EITHER = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)


def of(rule: Rule, mentee: Mentee, mentor: Mentor, policy: Policy | None = None) -> State:
    return rule_state(rule, mentee, mentor, policy=policy or Policy(), today=TODAY)


# Criteria, by hand ----------------------------------------------------------------------------------------------------


def value(criterion: Criterion, field: str, hers: object, theirs: object) -> Fraction | None:
    return criterion_value(criterion, a_mentee("e1", **{field: hers}), a_mentor("m1", **{field: theirs}))


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        ("2211", "2211", "1"),
        ("2211", "2212", "0.8"),
        ("2211", "2221", "0.55"),
        ("2211", "2320", "0.3"),
        ("2211", "5120", "0"),
        # Only leading digits: 2 and 1 stand in the same places here.
        ("5211", "2211", "0"),
        ("2211", "2311", "0.3"),
        # A shorter code counts with the digits it has.
        ("221", "2211", "0.8"),
        ("22", "22", "0.55"),
        ("2", "2211", "0.3"),
        ("0", "0110", "0.3"),
        ("5", "2", "0"),
        (None, "2211", None),
        ("2211", None, None),
        (None, None, None),
    ],
)
def test_occupation(hers: str | None, theirs: str | None, expected: str | None) -> None:
    assert value(Criterion.OCCUPATION, "occupation", hers, theirs) == number(expected)


@pytest.mark.parametrize(
    ("goals", "offers", "expected"),
    [
        ((Topic.CV,), (Topic.CV,), "1"),
        ((Topic.CV,), (Topic.DANISH,), "0"),
        ((Topic.CV, Topic.NETWORK), (Topic.CV,), "2/3"),
        ((Topic.CV, Topic.NETWORK), (Topic.NETWORK,), "1/3"),
        ((Topic.CV, Topic.NETWORK, Topic.DANISH), (Topic.DANISH, Topic.CV), "8/11"),
        ((Topic.CV, Topic.NETWORK, Topic.DANISH), tuple(Topic), "1"),
        (None, (Topic.CV,), None),
        ((Topic.CV,), None, None),
        (None, None, None),
        # All that there is to offer covers every goal; one topic short, it may not.
        (None, tuple(Topic), None),
        (None, tuple(Topic)[1:], None),
        (tuple(Topic), None, None),
    ],
)
def test_topics(goals: tuple[Topic, ...] | None, offers: tuple[Topic, ...] | None, expected: str | None) -> None:
    assert value(Criterion.TOPICS, "topics", goals, offers) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        (skills("ar:A1"), skills("ar:C2"), "0.2"),
        (skills("ar:A2"), skills("ar:C2"), "0.2"),
        (skills("ar:B1"), skills("ar:C2"), "0.5"),
        (skills("ar:C2"), skills("ar:B2"), "0.7"),
        (skills("ar:C1"), skills("ar:C2"), "0.85"),
        (skills("ar:C2"), skills("ar:C2"), "1"),
        # The best of several; the level of a language that is not shared does not matter.
        (skills("ar:B1", "en:C1", "uk"), skills("en:B2", "ar:C2"), "0.7"),
        # None in common.
        (skills("ar:C2"), skills("en:C2"), "0.2"),
        (skills("ar"), skills("en"), "0.2"),
        # Without a level.
        (skills("ar"), skills("ar:C2"), None),
        (skills("ar:B1"), skills("ar"), None),
        (skills("ar"), skills("ar:A2"), "0.2"),
        (skills("ar:A1"), skills("ar"), "0.2"),
        (skills("ar", "en:C2"), skills("ar", "en:C2"), "1"),
        # The lower of both cannot pass B1 in Arabic, and in English it is B1 already.
        (skills("ar", "en:B1"), skills("ar:B1", "en:B1"), "0.5"),
        (skills("ar", "en:B1"), skills("ar:B2", "en:B1"), None),
        # An empty cell.
        (None, skills("ar:C2"), None),
        (skills("ar:B1"), None, None),
        (None, None, None),
        (None, skills("ar:A2", "da:A1"), None),
        (skills("ar:A2"), None, None),
        (None, skills("ar:A2", "da"), None),
    ],
)
def test_language(
    hers: tuple[LanguageSkill, ...] | None, theirs: tuple[LanguageSkill, ...] | None, expected: str | None
) -> None:
    assert value(Criterion.LANGUAGE, "languages", hers, theirs) == number(expected)
    # It is the same whichever side has which.
    assert value(Criterion.LANGUAGE, "languages", theirs, hers) == number(expected)


@pytest.mark.parametrize(
    ("practise", "hers", "theirs", "expected"),
    [
        (True, skills("da:B1"), skills("da:C2"), "0.75"),
        (True, skills("da:B2"), skills("da:C2"), "0.85"),
        (True, skills("da:C1"), skills("da:C1"), "0.925"),
        (True, skills("da:C2"), skills("da:C2"), "1"),
        # Danish need not be the best shared language.
        (True, skills("da:B1", "ar:C1"), skills("da:C2", "ar:C1"), "0.925"),
        (True, skills("da:A2", "ar:B1"), skills("da:C2", "ar:C1"), "0.5"),
        (True, skills("da:C2", "ar:B1"), skills("da:A2", "ar:C1"), "0.5"),
        (True, skills("ar:B1"), skills("da:C2", "ar:C1"), "0.5"),
        (False, skills("da:B1"), skills("da:C2"), "0.5"),
        (None, skills("da:B1"), skills("da:C2"), "0.5"),
        # Danish of unknown level.
        (True, skills("da"), skills("da:B1"), None),
        (True, skills("da", "ar:B1"), skills("da:C2", "ar:B1"), None),
        (True, skills("da", "ar:C2"), skills("da:C2", "ar:C2"), "1"),
        (True, skills("da", "ar:B1"), skills("da:A2", "ar:B1"), "0.5"),
        (False, skills("da", "ar:B1"), skills("da:B1", "ar:B1"), "0.5"),
        (True, skills("da", "ar:B1"), skills("da:B1", "ar:B1"), None),
        (True, None, skills("da:A2"), None),
    ],
)
def test_language_of_whoever_wants_to_practise_danish(
    practise: bool | None,
    hers: tuple[LanguageSkill, ...] | None,
    theirs: tuple[LanguageSkill, ...] | None,
    expected: str | None,
) -> None:
    mentee = a_mentee(languages=hers, practise_danish=practise)
    # The mentor's least Danish plays no part in the criterion.
    for min_danish in (None, Level.C2):
        mentor = a_mentor(languages=theirs, min_danish=min_danish)
        assert criterion_value(Criterion.LANGUAGE, mentee, mentor) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        (("chess",), ("chess", "løb"), "1/3"),
        (("chess", "løb"), ("LØB", "Chess"), "2/3"),
        (("a", "b", "c"), ("c", "b", "a"), "1"),
        (("a", "b", "c", "d"), ("d", "c", "b", "a"), "1"),
        (("chess",), ("løb",), "0"),
        (("Straße",), ("STRASSE",), "1/3"),
        # One word, however it is written.
        (("chess", "Chess"), ("chess", "CHESS"), "1/3"),
        (None, ("løb",), None),
        (("løb",), None, None),
        ((), ("løb",), None),
    ],
)
def test_interests(hers: tuple[str, ...] | None, theirs: tuple[str, ...] | None, expected: str | None) -> None:
    assert value(Criterion.INTERESTS, "interests", hers, theirs) == number(expected)


@pytest.mark.parametrize(
    ("hours", "months", "expected"),
    [
        ((2.0, 4.0), (6.0, 6.0), "3/4"),
        ((4.0, 2.0), (6.0, 9.0), "7/12"),
        ((2.0, 2.0), (6.0, 6.0), "1"),
        # As written: 0.1 is a tenth.
        ((0.1, 0.3), (None, None), "1/3"),
        ((0.1, 0.7), (0.5, 3.0), "13/84"),
        # One of them known on both sides.
        ((2.0, 4.0), (None, 6.0), "1/2"),
        ((None, 4.0), (6.0, 8.0), "3/4"),
        ((2.0, None), (None, 8.0), None),
        ((None, None), (None, None), None),
    ],
)
def test_pace(
    hours: tuple[float | None, float | None], months: tuple[float | None, float | None], expected: str | None
) -> None:
    mentee = a_mentee(hours_per_month=hours[0], months=months[0])
    mentor = a_mentor(hours_per_month=hours[1], months=months[1])
    assert criterion_value(Criterion.PACE, mentee, mentor) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        (slots("mon-evening"), slots("tue-evening"), "0"),
        (slots("mon-evening"), slots("mon-evening", "tue-evening"), "1/3"),
        (SLOTS[:2], SLOTS[:2], "2/3"),
        (SLOTS[:3], SLOTS[:3], "1"),
        (SLOTS, SLOTS, "1"),
        (None, SLOTS[:2], None),
        (SLOTS[:2], None, None),
        # At least one in common, not known how many.
        (None, SLOTS, None),
    ],
)
def test_time(hers: tuple[Slot, ...] | None, theirs: tuple[Slot, ...] | None, expected: str | None) -> None:
    assert value(Criterion.TIME, "availability", hers, theirs) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [(0, 8, "0"), (8, 0, "0"), (6, 7, "7/8"), (5, 5, "1"), (None, 4, None), (4, None, None), (None, None, None)],
)
def test_education(hers: int | None, theirs: int | None, expected: str | None) -> None:
    assert value(Criterion.EDUCATION, "education", hers, theirs) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [("health", "health", "1"), ("health", "kitchen", "0"), (None, "health", None), ("health", None, None)],
)
def test_sector(hers: str | None, theirs: str | None, expected: str | None) -> None:
    assert value(Criterion.SECTOR, "sector", hers, theirs) == number(expected)


@pytest.mark.parametrize(
    ("hers", "theirs", "expected"),
    [
        # Division and postcode of each.
        (("Aarhus", "8000"), ("AARHUS", "2100"), "1"),
        (("Aarhus", None), ("Aarhus", None), "1"),
        (("Aarhus", "8000"), ("Odense", "8082"), "0.8"),
        (("Aarhus", "8000"), ("Odense", "8200"), "0.5"),
        (("Aarhus", "8000"), ("Odense", "5000"), "0"),
        # The second digit alone is nothing.
        (("Aarhus", "8000"), ("Odense", "2000"), "0"),
        # Digits wherever they stand in the text.
        (("Aarhus", "DK-8000"), ("Odense", "8 0 99"), "0.8"),
        # Other divisions and a postcode that is missing or has no two digits.
        (("Aarhus", None), ("Odense", "8000"), None),
        (("Aarhus", "8000"), ("Odense", None), None),
        (("Aarhus", "8000"), ("Odense", "Aarhus C"), None),
        (("Aarhus", "8000"), ("Odense", "2"), None),
        # A missing division may be the same or not.
        ((None, "8000"), ("Aarhus", "8000"), None),
        (("Aarhus", "8000"), (None, "2100"), None),
        ((None, "8000"), (None, "8000"), None),
    ],
)
def test_place(
    hers: tuple[str | None, str | None], theirs: tuple[str | None, str | None], expected: str | None
) -> None:
    mentee = a_mentee(division=hers[0], postcode=hers[1])
    mentor = a_mentor(division=theirs[0], postcode=theirs[1])
    assert criterion_value(Criterion.PLACE, mentee, mentor) == number(expected)


@pytest.mark.parametrize(
    ("needs", "before", "expected"),
    [
        (True, 0, "0"),
        (True, 1, "1/3"),
        (True, 3, "1"),
        (True, 7, "1"),
        (True, None, None),
        (False, 0, "1"),
        (False, None, "1"),
        # Neutral, even where it would be 1 either way.
        (None, 3, None),
        (None, None, None),
    ],
)
def test_experience(
    needs: bool | None,
    before: int | None,
    expected: str | None,
) -> None:
    mentee = a_mentee(needs_experience=needs)
    assert criterion_value(Criterion.EXPERIENCE, mentee, a_mentor(pairs_before=before)) == number(expected)
