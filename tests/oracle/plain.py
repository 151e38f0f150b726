"""The hard rules, the criteria and the score, written slowly and plainly from ``spreadsheets.md``.

A reference to compare the engine with: exact fractions, one pair at a time, no code in common with the engine.
Rules and values are three-valued: ``None`` is "it depends on something that nobody filled in".

Taken for granted, because the reader sees to it: texts are stripped and not empty, no language or topic stands
twice in one cell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Set as AbstractSet
from datetime import date
from fractions import Fraction

from oracle import customs as own
from pairing.policy import Policy
from pairing.terms import CRITERIA, RULES, Criterion, Rule
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Person, Requirement, RequirementKind
from reference.slots import SLOTS_IN_A_WEEK

State = bool | None
"""Of a rule: ``True`` passes, ``False`` fails, ``None`` passes and is flagged as unknown."""
IdPairs = AbstractSet[tuple[str, str]]
"""Pairs of a mentee's id and a mentor's id, in this order."""

DANISH = "da"
UNITS = 10_000


def exact(number: float) -> Fraction:
    """The number as it is written out: 0.1 is one tenth, not the nearest double."""
    return Fraction(str(number))


# Three-valued logic ---------------------------------------------------------------------------------------------------


def both(*states: State) -> State:
    if any(state is False for state in states):
        return False
    return True if all(state is True for state in states) else None


def any_of(*states: State) -> State:
    if any(state is True for state in states):
        return True
    return False if all(state is False for state in states) else None


def at_least(level: Level | None, bound: Level) -> State:
    # A1 is the lowest there is: whoever speaks a language at all has it.
    if level is None:
        return True if bound == Level.A1 else None
    return level >= bound


# Hard rules -----------------------------------------------------------------------------------------------------------


def rule_state(
    rule: Rule,
    mentee: Mentee,
    mentor: Mentor,
    *,
    policy: Policy,
    today: date,
    earlier: IdPairs = frozenset(),
    forbidden: IdPairs = frozenset(),
) -> State:
    """``True``: passes. ``False``: fails whatever the unknown values are. ``None``: passes, for all we know."""
    match rule:
        case Rule.LANGUAGE:
            return language_rule(mentee, mentor, policy.min_language)
        case Rule.PLACE:
            return place_rule(mentee, mentor)
        case Rule.TIME:
            return time_rule(mentee, mentor)
        case Rule.REQUIRES:
            return both(requires_rule(mentee, mentor), *own.rules(policy, mentee, mentor))
        case Rule.CONFLICT:
            return conflict_rule(mentee, mentor, earlier)
        case Rule.RESTING:
            return resting_rule(mentor, today)
        case Rule.CAPACITY:
            return capacity_rule(mentor)
        case Rule.FORBIDDEN:
            return forbidden_rule(mentee, mentor, forbidden)


def rule_states(
    mentee: Mentee,
    mentor: Mentor,
    *,
    policy: Policy,
    today: date,
    earlier: IdPairs = frozenset(),
    forbidden: IdPairs = frozenset(),
) -> dict[Rule, State]:
    return {
        rule: rule_state(rule, mentee, mentor, policy=policy, today=today, earlier=earlier, forbidden=forbidden)
        for rule in RULES
    }


def fails(states: dict[Rule, State]) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if states[rule] is False)


def unsure(states: dict[Rule, State]) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if states[rule] is None)


def language_rule(mentee: Mentee, mentor: Mentor, min_language: Level) -> State:
    def hers_is_enough(skill: LanguageSkill) -> State:
        enough = at_least(skill.level, min_language)
        if skill.code == DANISH and mentor.min_danish is not None:
            return both(enough, at_least(skill.level, mentor.min_danish))
        return enough

    def theirs_is_enough(skill: LanguageSkill) -> State:
        return at_least(skill.level, min_language)

    if not mentee.languages and not mentor.languages:
        return None
    # Of somebody who told no language, every language at every level is possible, and so is having none of the
    # other's: what the other has can be too little, never enough by itself.
    if not mentee.languages:
        return any_of(*(both(theirs_is_enough(skill), None) for skill in mentor.languages or ()))
    if not mentor.languages:
        return any_of(*(both(hers_is_enough(skill), None) for skill in mentee.languages))
    return any_of(
        *(
            both(hers_is_enough(hers), theirs_is_enough(theirs))
            for hers in mentee.languages
            for theirs in mentor.languages
            if hers.code == theirs.code
        )
    )


def same_division(mentee: Mentee, mentor: Mentor) -> State:
    if mentee.division is None or mentor.division is None:
        return None
    return mentee.division.casefold() == mentor.division.casefold()


def accepts(person: Person, mode: MeetingMode) -> State:
    return mode in person.meeting if person.meeting else None


def place_rule(mentee: Mentee, mentor: Mentor) -> State:
    same = same_division(mentee, mentor)
    # Whoever left the cell empty meets in one way at least. If the other takes either way and they have one
    # division, any way will do.
    if same is True and (takes_any_way(mentee) or takes_any_way(mentor)):
        return True
    online = both(accepts(mentee, MeetingMode.ONLINE), accepts(mentor, MeetingMode.ONLINE))
    in_person = both(accepts(mentee, MeetingMode.IN_PERSON), accepts(mentor, MeetingMode.IN_PERSON), same)
    return any_of(online, in_person)


def takes_any_way(person: Person) -> bool:
    return all(accepts(person, mode) is True for mode in MeetingMode)


def time_rule(mentee: Mentee, mentor: Mentor) -> State:
    if mentee.availability and mentor.availability:
        return not set(mentee.availability).isdisjoint(mentor.availability)
    # Whoever left the cell empty has one time at least, and it is among all the times of the week.
    return True if free_all_week(mentee) or free_all_week(mentor) else None


def free_all_week(person: Person) -> bool:
    return len(set(person.availability or ())) == SLOTS_IN_A_WEEK


def requires_rule(mentee: Mentee, mentor: Mentor) -> State:
    return both(demands_hold(mentee.requires, mentor), demands_hold(mentor.requires, mentee))


def demands_hold(demands: tuple[Requirement, ...], other: Person) -> State:
    return both(*(demand_holds(demand, other) for demand in demands))


def fold(division: str) -> str:
    return unicodedata.normalize("NFC", division).strip().casefold()


def demand_holds(demand: Requirement, other: Person) -> State:
    match demand.kind:
        case RequirementKind.LANGUAGE:
            return speaks(other, demand.value)
        case RequirementKind.OCCUPATION:
            return code_begins_with(other.occupation, demand.value)
        case RequirementKind.DIVISION:
            return None if other.division is None else fold(other.division) == fold(demand.value)
        case RequirementKind.ONLINE:
            return accepts(other, MeetingMode.ONLINE)
        case RequirementKind.IN_PERSON:
            return accepts(other, MeetingMode.IN_PERSON)


def speaks(other: Person, code: str) -> State:
    # B1 always: the weights file's min_language is about the language rule only.
    if not other.languages:
        return None
    return any_of(*(at_least(skill.level, Level.B1) for skill in other.languages if skill.code == code))


def code_begins_with(code: str | None, beginning: str) -> State:
    if code is None:
        return None
    if code.startswith(beginning):
        return True
    return None if beginning.startswith(code) else False


def conflict_rule(mentee: Mentee, mentor: Mentor, earlier: IdPairs) -> bool:
    return (
        mentor.id not in mentee.must_not_meet
        and mentee.id not in mentor.must_not_meet
        and (mentee.id, mentor.id) not in earlier
    )


def resting_rule(mentor: Mentor, today: date) -> bool:
    return mentor.resting_until is None or mentor.resting_until <= today


def capacity_rule(mentor: Mentor) -> bool:
    return mentor.capacity - mentor.active_pairs > 0


def forbidden_rule(mentee: Mentee, mentor: Mentor, forbidden: IdPairs) -> bool:
    return (mentee.id, mentor.id) not in forbidden


def free_places(mentor: Mentor, today: date) -> int:
    """Places before locks: none while resting."""
    return max(0, mentor.capacity - mentor.active_pairs) if resting_rule(mentor, today) else 0


# Criteria -------------------------------------------------------------------------------------------------------------


def criterion_value(criterion: Criterion, mentee: Mentee, mentor: Mentor) -> Fraction | None:
    """f, 0 to 1; ``None`` where not every possible value of what is missing gives the same f."""
    match criterion:
        case Criterion.OCCUPATION:
            return occupation_value(mentee, mentor)
        case Criterion.TOPICS:
            return topics_value(mentee, mentor)
        case Criterion.LANGUAGE:
            return language_value(mentee, mentor)
        case Criterion.INTERESTS:
            return interests_value(mentee, mentor)
        case Criterion.PACE:
            return pace_value(mentee, mentor)
        case Criterion.TIME:
            return time_value(mentee, mentor)
        case Criterion.EDUCATION:
            return education_value(mentee, mentor)
        case Criterion.SECTOR:
            return sector_value(mentee, mentor)
        case Criterion.PLACE:
            return place_value(mentee, mentor)
        case Criterion.EXPERIENCE:
            return experience_value(mentee, mentor)


def criterion_values(mentee: Mentee, mentor: Mentor) -> dict[Criterion, Fraction | None]:
    return {criterion: criterion_value(criterion, mentee, mentor) for criterion in CRITERIA}


def occupation_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if mentee.occupation is None or mentor.occupation is None:
        return None
    # A code of fewer digits is taken as it is: 22 and 2211 have two digits in common.
    by_digits = {4: Fraction(1), 3: Fraction("0.8"), 2: Fraction("0.55"), 1: Fraction("0.3"), 0: Fraction(0)}
    return by_digits[leading_in_common(mentee.occupation, mentor.occupation)]


def leading_in_common(one: str, two: str) -> int:
    length = 0
    while one[length : length + 1] and one[length : length + 1] == two[length : length + 1]:
        length += 1
    return length


def topics_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if not mentee.topics or not mentor.topics:
        return None
    met = Fraction(0)
    wished = Fraction(0)
    for rank, goal in enumerate(mentee.topics, start=1):
        wished += Fraction(1, rank)
        if goal in mentor.topics:
            met += Fraction(1, rank)
    return met / wished


def language_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    # An empty cell is unknown, as with every criterion; a level that is missing may not matter.
    if not mentee.languages or not mentor.languages:
        return None
    # The value never falls when a level rises: the lowest and the highest bound all the rest.
    poorest = value_of_languages(mentee, filled(mentee.languages, Level.A1), filled(mentor.languages, Level.A1))
    richest = value_of_languages(mentee, filled(mentee.languages, Level.C2), filled(mentor.languages, Level.C2))
    return poorest if poorest == richest else None


def filled(languages: tuple[LanguageSkill, ...], level: Level) -> dict[str, Level]:
    return {skill.code: level if skill.level is None else skill.level for skill in languages}


def value_of_languages(mentee: Mentee, hers: dict[str, Level], theirs: dict[str, Level]) -> Fraction:
    shared = [min(level, theirs[code]) for code, level in hers.items() if code in theirs]
    value = value_of_level(max(shared, default=Level.A1))
    if mentee.practise_danish and DANISH in hers and DANISH in theirs and min(hers[DANISH], theirs[DANISH]) >= Level.B1:
        return (value + 1) / 2
    return value


def value_of_level(level: Level) -> Fraction:
    match level:
        case Level.C2:
            return Fraction(1)
        case Level.C1:
            return Fraction("0.85")
        case Level.B2:
            return Fraction("0.7")
        case Level.B1:
            return Fraction("0.5")
        case _:
            return Fraction("0.2")


def interests_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if not mentee.interests or not mentor.interests:
        return None
    hers = {interest.casefold() for interest in mentee.interests}
    theirs = {interest.casefold() for interest in mentor.interests}
    return min(Fraction(1), Fraction(len(hers & theirs), 3))


def pace_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    ratios = []
    if mentee.hours_per_month is not None and mentor.hours_per_month is not None:
        ratios.append(smaller_by_larger(mentee.hours_per_month, mentor.hours_per_month))
    if mentee.months is not None and mentor.months is not None:
        ratios.append(smaller_by_larger(mentee.months, mentor.months))
    return sum(ratios, start=Fraction(0)) / len(ratios) if ratios else None


def smaller_by_larger(one: float, two: float) -> Fraction:
    return min(exact(one), exact(two)) / max(exact(one), exact(two))


def time_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if not mentee.availability or not mentor.availability:
        return None
    return min(Fraction(1), Fraction(len(set(mentee.availability) & set(mentor.availability)), 3))


def education_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if mentee.education is None or mentor.education is None:
        return None
    return 1 - Fraction(abs(mentee.education - mentor.education), 8)


def sector_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if mentee.sector is None or mentor.sector is None:
        return None
    # The table says "without case" of division and interests; a sector is written by the same hands.
    return Fraction(fold(mentee.sector) == fold(mentor.sector))


def place_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    same = same_division(mentee, mentor)
    if same is None:
        return None
    if same:
        return Fraction(1)
    hers = first_two_digits(mentee.postcode)
    theirs = first_two_digits(mentor.postcode)
    if hers is None or theirs is None:
        return None
    if hers == theirs:
        return Fraction("0.8")
    return Fraction("0.5") if hers[0] == theirs[0] else Fraction(0)


def first_two_digits(postcode: str | None) -> str | None:
    digits = [character for character in postcode or "" if character in "0123456789"]
    return "".join(digits[:2]) if len(digits) >= 2 else None


def experience_value(mentee: Mentee, mentor: Mentor) -> Fraction | None:
    if mentee.needs_experience is None:
        return None
    if not mentee.needs_experience:
        return Fraction(1)
    return None if mentor.pairs_before is None else min(Fraction(1), Fraction(mentor.pairs_before, 3))


# Score ----------------------------------------------------------------------------------------------------------------


def contributions(mentee: Mentee, mentor: Mentor, policy: Policy) -> dict[Criterion, Fraction]:
    """Weight times value, or times the neutral value where the value is unknown."""
    parts = {}
    for criterion in CRITERIA:
        value = criterion_value(criterion, mentee, mentor)
        stand_in = exact(policy.neutral[criterion])
        parts[criterion] = exact(policy.weights[criterion]) * (stand_in if value is None else value)
    return parts


def waiting_bonus(mentee: Mentee, policy: Policy, today: date) -> Fraction:
    if mentee.waiting_since is None:
        return Fraction(0)
    days = max(0, (today - mentee.waiting_since).days)
    return exact(policy.waiting_bonus) * min(Fraction(1), days / exact(policy.waiting_days))


def score(mentee: Mentee, mentor: Mentor, policy: Policy, today: date) -> int:
    """In units of 1/10,000."""
    total = sum(contributions(mentee, mentor, policy).values(), start=Fraction(0))
    total += own.total(own.contributions(mentee, mentor, policy).values())
    # Python rounds a fraction's half to even.
    return round((total + waiting_bonus(mentee, policy, today)) * UNITS)
