"""A programme's own criteria and rules, slowly: every world is tried in which what is unknown has some answer.

Exact fractions, one pair at a time, answers as people give them: no number, no bit, no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations, product

from pairing.policy import Policy
from reference.customs import Compared, Custom, Kind, Wishes
from reference.people import Answer, Mentee, Mentor, Person

State = bool | None


def possible_answers(custom: Custom) -> list[Answer]:
    """Everything that can be answered to a question."""
    keys = [choice.key for choice in custom.choices]
    match custom.kind:
        case Kind.YES_NO:
            return [False, True]
        case Kind.NUMBER:
            return list(range(custom.low, custom.high + 1))
        case Kind.LEVEL:
            return list(keys)
        case Kind.LIST:
            return [some for size in range(1, len(keys) + 1) for some in combinations(keys, size)]


def may_be(custom: Custom, person: Person) -> list[Answer]:
    """What somebody may have answered: what she did, or anything."""
    known = person.answer(custom.key)
    everything = possible_answers(custom)
    if isinstance(known, tuple):
        kept = tuple(choice.key for choice in custom.choices if choice.key in known)
        return [kept] if kept in everything else everything
    is_possible = any(type(known) is type(answer) and known == answer for answer in everything)
    return [known] if known is not None and is_possible else everything


def height(custom: Custom, answer: Answer) -> int:
    """How high an answer stands."""
    if custom.kind is Kind.LEVEL:
        return [choice.key for choice in custom.choices].index(str(answer))
    assert isinstance(answer, int)
    return int(answer)


def worth(custom: Custom, hers: Answer, theirs: Answer) -> Fraction:
    """How well two answers go together, 0 to 1."""
    wish, has = (theirs, hers) if custom.wishes is Wishes.MENTOR else (hers, theirs)
    match custom.compared:
        case Compared.SAME:
            return Fraction(
                set(hers) == set(theirs) if isinstance(hers, tuple) and isinstance(theirs, tuple) else hers == theirs
            )
        case Compared.OVERLAP:
            assert isinstance(wish, tuple)
            assert isinstance(has, tuple)
            asked = min(len(wish), len(has)) if custom.wishes is Wishes.BOTH else len(wish)
            return Fraction(len(set(wish) & set(has)), asked)
        case Compared.AT_LEAST:
            return Fraction(height(custom, has) >= height(custom, wish))
        case Compared.NEAR:
            apart = abs(height(custom, hers) - height(custom, theirs))
            return max(Fraction(0), 1 - Fraction(apart, custom.span + 1))


def worlds(custom: Custom, mentee: Mentee, mentor: Mentor) -> Iterator[Fraction]:
    for hers, theirs in product(may_be(custom, mentee), may_be(custom, mentor)):
        yield worth(custom, hers, theirs)


def value(custom: Custom, mentee: Mentee, mentor: Mentor) -> Fraction | None:
    """f, 0 to 1; ``None`` where it is not the same in every world."""
    found = set(worlds(custom, mentee, mentor))
    return found.pop() if len(found) == 1 else None


def rule(custom: Custom, mentee: Mentee, mentor: Mentor) -> State:
    """Whether a hard rule holds: in every world, in none, or in some."""
    outcomes = {found > 0 for found in worlds(custom, mentee, mentor)}
    return outcomes.pop() if len(outcomes) == 1 else None


def rules(policy: Policy, mentee: Mentee, mentor: Mentor) -> list[State]:
    return [rule(custom, mentee, mentor) for custom in policy.own_rules]


def contributions(mentee: Mentee, mentor: Mentor, policy: Policy) -> dict[str, Fraction]:
    """Weight times value, or times the neutral value where it is unknown."""
    parts = {}
    for custom in policy.scored:
        found = value(custom, mentee, mentor)
        stand_in = Fraction(str(custom.neutral)) if found is None else found
        parts[custom.key] = Fraction(str(custom.weight)) * stand_in
    return parts


def total(parts: Iterable[Fraction]) -> Fraction:
    return sum(parts, start=Fraction(0))
