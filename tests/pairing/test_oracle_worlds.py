"""The oracle against enumerations of everything that may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import TypeVar

from hypothesis import given, settings

from factories.people import (
    SLOTS,
    TODAY,
    mentees,
    mentors,
    random_people,
)
from oracle.plain import (
    State,
    criterion_value,
    criterion_values,
    rule_state,
    score,
)
from pairing.policy import Policy
from pairing.terms import Criterion, Rule
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Person, Requirement, RequirementKind
from reference.topics import Topic

IN_PERSON = (MeetingMode.IN_PERSON,)
ONLINE = (MeetingMode.ONLINE,)
EITHER = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)


def of(rule: Rule, mentee: Mentee, mentor: Mentor, policy: Policy | None = None) -> State:
    return rule_state(rule, mentee, mentor, policy=policy or Policy(), today=TODAY)


# Against everything that the unknown may be ---------------------------------------------------------------------------
#
# A world is the two people with every empty cell filled in somehow. A rule passes for certain if it passes in every
# world, fails if it fails in every world, and is unknown otherwise; a value is known if it is one in every world. The
# two-valued rules below are written a second time, for people of whom everything is known.

ELSEWHERE = "some other division"
FOREIGN = "zu"

P = TypeVar("P", bound=Person)
T = TypeVar("T")


def with_few_languages(person: P) -> P:
    return replace(person, languages=person.languages and person.languages[:2])


def filled_levels(languages: Sequence[LanguageSkill]) -> Iterator[tuple[LanguageSkill, ...]]:
    choices = [tuple(Level) if skill.level is None else (skill.level,) for skill in languages]
    for levels in product(*choices):
        yield tuple(LanguageSkill(skill.code, level) for skill, level in zip(languages, levels, strict=True))


def filled_languages(person: Person, codes: Iterable[str]) -> Iterable[tuple[LanguageSkill, ...]]:
    """Every list of languages that the person may have, of ``codes`` and one that nobody else has."""
    if person.languages:
        return filled_levels(person.languages)
    pool = sorted({*codes, FOREIGN})
    states = product((None, *Level), repeat=len(pool))
    lists = (
        tuple(LanguageSkill(code, level) for code, level in zip(pool, levels, strict=True) if level is not None)
        for levels in states
    )
    return (languages for languages in lists if languages)


def codes_of(person: Person) -> tuple[str, ...]:
    return tuple(skill.code for skill in person.languages) if person.languages else ("da",)


def some_sets(values: Sequence[T]) -> list[tuple[T, ...]]:
    """Each alone, each two, and all; not every set, there are too many."""
    return [*combinations(values, 1), *combinations(values, 2), tuple(values)]


def filled_division(person: Person, others: Iterable[str | None]) -> tuple[str, ...]:
    if person.division is not None:
        return (person.division,)
    return (*(other for other in others if other is not None), ELSEWHERE)


def filled_meeting(person: Person) -> tuple[tuple[MeetingMode, ...], ...]:
    return (person.meeting,) if person.meeting else (IN_PERSON, ONLINE, EITHER)


def filled_occupation(person: Person, demanded: Iterable[str]) -> Iterator[str]:
    # All digits that nobody demands are alike: one of them stands for all.
    begun = person.occupation or ""
    digits = sorted({*"".join(demanded), "9"})
    for rest in product(digits, repeat=4 - len(begun)):
        yield begun + "".join(rest)


def filled_postcode(person: Person) -> list[str]:
    digits = [character for character in person.postcode or "" if character.isdigit()]
    if person.postcode is not None and len(digits) >= 2:
        return [person.postcode]
    # Of four digits that the factories use: two alike, the first alike and none alike are all among these.
    return [f"{first}{second}00" for first in "0258" for second in "0258"]


def state_of(outcomes: Iterable[bool]) -> State:
    seen = set()
    for outcome in outcomes:
        seen.add(outcome)
        if len(seen) == 2:
            return None
    (only,) = seen
    return only


def value_of(outcomes: Iterable[Fraction | None]) -> Fraction | None:
    seen = set()
    for outcome in outcomes:
        # In a world nothing is unknown.
        assert outcome is not None
        seen.add(outcome)
        if len(seen) == 2:
            return None
    (only,) = seen
    return only


def worlds_of_languages(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    for hers in filled_languages(mentee, codes_of(mentor)):
        for theirs in filled_languages(mentor, codes_of(mentee)):
            yield replace(mentee, languages=hers), replace(mentor, languages=theirs)


def worlds_of_places(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    somewhere = () if mentee.division or mentor.division else ("Somewhere",)
    hers = product(filled_division(mentee, (mentor.division, *somewhere)), filled_meeting(mentee))
    theirs = list(product(filled_division(mentor, (mentee.division, *somewhere)), filled_meeting(mentor)))
    for (her_division, her_meeting), (their_division, their_meeting) in product(hers, theirs):
        yield (
            replace(mentee, division=her_division, meeting=her_meeting),
            replace(mentor, division=their_division, meeting=their_meeting),
        )


def worlds_of_times(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    for hers in [mentee.availability] if mentee.availability else some_sets(SLOTS):
        for theirs in [mentor.availability] if mentor.availability else some_sets(SLOTS):
            yield replace(mentee, availability=hers), replace(mentor, availability=theirs)


def language_holds(mentee: Mentee, mentor: Mentor) -> bool:
    hers = {skill.code: skill.level or 0 for skill in mentee.languages or ()}
    theirs = {skill.code: skill.level or 0 for skill in mentor.languages or ()}
    if "da" in hers and hers["da"] < (mentor.min_danish or 0):
        del hers["da"]
    return any(hers[code] >= Level.B1 and theirs[code] >= Level.B1 for code in hers.keys() & theirs.keys())


def place_holds(mentee: Mentee, mentor: Mentor) -> bool:
    common = set(mentee.meeting or ()) & set(mentor.meeting or ())
    one_division = str(mentee.division).casefold() == str(mentor.division).casefold()
    return MeetingMode.ONLINE in common or (MeetingMode.IN_PERSON in common and one_division)


def time_holds(mentee: Mentee, mentor: Mentor) -> bool:
    return any(slot in (mentor.availability or ()) for slot in mentee.availability or ())


def demand_is_met(demand: Requirement, other: Person) -> bool:
    if demand.kind is RequirementKind.LANGUAGE:
        return any(skill.code == demand.value and (skill.level or 0) >= Level.B1 for skill in other.languages or ())
    if demand.kind is RequirementKind.OCCUPATION:
        return str(other.occupation)[: len(demand.value)] == demand.value
    if demand.kind is RequirementKind.DIVISION:
        return str(other.division).casefold() == demand.value.strip().casefold()
    return demand.kind.value in {mode.value for mode in other.meeting or ()}


def demanded_of(demanding: Sequence[Requirement], other: Person) -> State:
    """Whether all of ``demanding`` hold, in every world of ``other``; cells that nobody asks about stay as they are."""

    def values(kind: RequirementKind) -> list[str]:
        return [demand.value for demand in demanding if demand.kind is kind]

    codes = values(RequirementKind.LANGUAGE)
    languages = list(filled_languages(other, codes)) if codes else [other.languages]
    beginnings = values(RequirementKind.OCCUPATION)
    occupations = list(filled_occupation(other, beginnings)) if beginnings else [other.occupation]
    divisions = filled_division(other, [value.strip() for value in values(RequirementKind.DIVISION)])
    return state_of(
        all(
            demand_is_met(
                demand,
                replace(other, languages=spoken, occupation=occupation, division=division, meeting=meeting),
            )
            for demand in demanding
        )
        for spoken, occupation, division, meeting in product(languages, occupations, divisions, filled_meeting(other))
    )


def requires_state(mentee: Mentee, mentor: Mentor) -> State:
    # What is unknown of her has nothing to do with what is unknown of the mentor: every world of the one goes with
    # every world of the other.
    # Several demands of one person are judged one by one, even two that nobody can meet together.
    each = {demanded_of([demand], mentor) for demand in mentee.requires}
    each |= {demanded_of([demand], mentee) for demand in mentor.requires}
    return False if False in each else None if None in each else True


def assert_rules_agree_with_enumeration(mentee: Mentee, mentor: Mentor) -> dict[Rule, State]:
    enumerated = {
        Rule.LANGUAGE: state_of(language_holds(*world) for world in worlds_of_languages(mentee, mentor)),
        Rule.PLACE: state_of(place_holds(*world) for world in worlds_of_places(mentee, mentor)),
        Rule.TIME: state_of(time_holds(*world) for world in worlds_of_times(mentee, mentor)),
        Rule.REQUIRES: requires_state(mentee, mentor),
    }
    assert {rule: of(rule, mentee, mentor) for rule in enumerated} == enumerated
    return enumerated


def over_pairs(seed: int, size: int, unknown_share: float) -> Iterator[tuple[Mentee, Mentor]]:
    some_mentees, some_mentors = random_people(seed, size, size, unknown_share=unknown_share)
    for mentee, mentor in product(some_mentees, some_mentors):
        yield with_few_languages(mentee), with_few_languages(mentor)


def test_rules_agree_with_enumeration_on_random_people() -> None:
    seen: set[tuple[Rule, State]] = set()
    for seed, unknown_share in enumerate((0.1, 0.3, 0.6)):
        for mentee, mentor in over_pairs(seed, 20, unknown_share):
            seen |= assert_rules_agree_with_enumeration(mentee, mentor).items()
    # Every state of every rule came up.
    assert seen == set(product((Rule.LANGUAGE, Rule.PLACE, Rule.TIME, Rule.REQUIRES), (True, False, None)))


@settings(deadline=None)
@given(mentees().map(with_few_languages), mentors().map(with_few_languages))
def test_rules_agree_with_enumeration(mentee: Mentee, mentor: Mentor) -> None:
    assert_rules_agree_with_enumeration(
        replace(mentee, requires=mentee.requires[:2]), replace(mentor, requires=mentor.requires[:2])
    )


def worlds_of_topics(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    for goals in [mentee.topics] if mentee.topics else some_sets(tuple(Topic)):
        for offers in [mentor.topics] if mentor.topics else some_sets(tuple(Topic)):
            yield replace(mentee, topics=goals), replace(mentor, topics=offers)


def worlds_of_interests(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    known = (*(mentee.interests or ()), *(mentor.interests or ()), "something else", "and else again")
    for hers in [mentee.interests] if mentee.interests else some_sets(known):
        for theirs in [mentor.interests] if mentor.interests else some_sets(known):
            yield replace(mentee, interests=hers), replace(mentor, interests=theirs)


def worlds_of_education(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    for hers in range(9) if mentee.education is None else [mentee.education]:
        for theirs in range(9) if mentor.education is None else [mentor.education]:
            yield replace(mentee, education=hers), replace(mentor, education=theirs)


def worlds_of_sectors(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    known = [sector for sector in (mentee.sector, mentor.sector, "mining", "fishing") if sector is not None]
    for hers in known if mentee.sector is None else [mentee.sector]:
        for theirs in known if mentor.sector is None else [mentor.sector]:
            yield replace(mentee, sector=hers), replace(mentor, sector=theirs)


def worlds_of_postcodes(mentee: Mentee, mentor: Mentor) -> Iterator[tuple[Mentee, Mentor]]:
    for one, two in worlds_of_places(replace(mentee, meeting=EITHER), replace(mentor, meeting=EITHER)):
        for hers, theirs in product(filled_postcode(mentee), filled_postcode(mentor)):
            yield replace(one, postcode=hers), replace(two, postcode=theirs)


Worlds = Callable[[Mentee, Mentor], Iterator[tuple[Mentee, Mentor]]]
# Not those for which the text says something else than "unknown where it depends on the unknown".
WORLDS: dict[Criterion, Worlds] = {
    Criterion.TOPICS: worlds_of_topics,
    Criterion.LANGUAGE: worlds_of_languages,
    Criterion.INTERESTS: worlds_of_interests,
    Criterion.TIME: worlds_of_times,
    Criterion.EDUCATION: worlds_of_education,
    Criterion.SECTOR: worlds_of_sectors,
    Criterion.PLACE: worlds_of_postcodes,
}

# An empty cell makes these unknown even where every filling would give the same.
CELLS = {Criterion.TOPICS: "topics", Criterion.LANGUAGE: "languages"}


def assert_values_agree_with_enumeration(mentee: Mentee, mentor: Mentor) -> None:
    for criterion, worlds in WORLDS.items():
        cell = CELLS.get(criterion)
        if cell is not None and not (getattr(mentee, cell) and getattr(mentor, cell)):
            assert criterion_value(criterion, mentee, mentor) is None
            continue
        enumerated = value_of(criterion_value(criterion, *world) for world in worlds(mentee, mentor))
        assert criterion_value(criterion, mentee, mentor) == enumerated, criterion


def test_values_agree_with_enumeration_on_random_people() -> None:
    for seed, unknown_share in enumerate((0.1, 0.3, 0.6)):
        for mentee, mentor in over_pairs(seed, 12, unknown_share):
            assert_values_agree_with_enumeration(mentee, mentor)


@settings(deadline=None)
@given(mentees().map(with_few_languages), mentors().map(with_few_languages))
def test_values_agree_with_enumeration(mentee: Mentee, mentor: Mentor) -> None:
    assert_values_agree_with_enumeration(mentee, mentor)


@given(mentees(), mentors())
def test_values_and_scores_stay_in_range(mentee: Mentee, mentor: Mentor) -> None:
    for outcome in criterion_values(mentee, mentor).values():
        assert outcome is None or 0 <= outcome <= 1
    assert 0 <= score(mentee, mentor, Policy(), TODAY) <= 10_200
