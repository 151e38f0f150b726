"""What both sides answered, side by side: counts, middle, mean, the gap, out of how many; nothing of fewer than five.

Whoever reads may choose a division, a programme and a period, so that what is hidden in one place could be found by
taking others away from their sum. Hence all combinations of the three are looked at together: where a cell is hidden,
so many of its line are hidden with it that those hidden are five at least, and no single one can be reckoned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from statistics import mean, median
from typing import Any, Final

from mentornet.people.enums import Role
from mentornet.surveys.enums import SCALE, AnswerKind
from mentornet.surveys.questions import Question

LEAST: Final = 5
"""Of fewer answers nothing is shown."""
ALL: Final = ""
"""Stands for every division, programme or period."""
Place = tuple[str, str, str]
"""Which division, programme and period; :data:`ALL` for each that is not chosen."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One side's answer to one question, with where and when it counts, and how often it was given there."""

    side: Role
    question: str
    value: Any
    place: Place
    count: int = 1


def period_of(day: date) -> str:
    """Return the quarter in which a day lies: 2026-1 is January to March."""
    return f"{day.year}-{(day.month + 2) // 3}"


def counts_by_place(places: Iterable[Place] | Mapping[Place, int]) -> Counter[Place]:
    """Return how many there are in each place, and in every sum of places."""
    counts: Counter[Place] = Counter()
    for place, number in Counter(places).items():
        for division, programme, period in product(*((one, ALL) for one in place)):
            counts[division, programme, period] += number
    return counts


def hidden_places(counts: Mapping[Place, int], *, least: int = LEAST) -> set[Place]:
    """Return the places of which nothing may be shown, also so that nobody finds them by taking others away.

    A line is what differs in one of the three alone; its sum is the place with :data:`ALL` there. Of the members of a
    line none is hidden, or at least two that are ``least`` together. Where its members are too few for that, the sum
    is hidden too, in whose own lines the same holds then; and of what makes up a hidden sum not all is shown.
    """
    hidden = {place for place, number in counts.items() if 0 < number < least}
    lines = _lines(counts)
    while True:
        before = len(hidden)
        for total, members in lines:
            _hide_with(total, members, counts, hidden, least)
        if len(hidden) == before:
            return hidden


def _lines(counts: Mapping[Place, int]) -> list[tuple[Place, list[Place]]]:
    found: dict[Place, dict[int, list[Place]]] = {}
    for place in counts:
        for axis, one in enumerate(place):
            if one != ALL:
                total = (*place[:axis], ALL, *place[axis + 1 :])
                found.setdefault(total, {}).setdefault(axis, []).append(place)  # type: ignore[arg-type]  # three again
    # In one order, whatever order the answers come in: who asks twice must not see now this and now that hidden.
    return [(total, sorted(found[total][axis])) for total in sorted(found) for axis in sorted(found[total])]


def _hide_with(
    total: Place, members: Sequence[Place], counts: Mapping[Place, int], hidden: set[Place], least: int
) -> None:
    gone = [one for one in members if one in hidden]
    if total in hidden and not gone:
        # All that it is made of would tell it.
        hidden.add(min(members, key=lambda one: (counts[one], one)))
    if not gone or total in hidden:
        return
    shown = sorted((one for one in members if one not in hidden and counts[one]), key=lambda one: (counts[one], one))
    while len(gone) == 1 or sum(counts[one] for one in gone) < least:
        if not shown:
            # Nothing is left to hide it behind: the sum would tell it.
            hidden.add(total)
            return
        hidden.add(shown[0])
        gone.append(shown.pop(0))


def hidden_counts(counts: Sequence[int], *, least: int = LEAST) -> set[int]:
    """Return which of some counts may not be shown, where their sum is: by their place in the list. 0 is shown."""
    hidden = {number for number, count in enumerate(counts) if 0 < count < least}
    shown = sorted((number for number in range(len(counts)) if number not in hidden and counts[number]),
                   key=lambda number: (counts[number], number))  # fmt: skip
    while hidden and (len(hidden) == 1 or sum(counts[number] for number in hidden) < least):
        if not shown:
            return set(range(len(counts)))
        hidden.add(shown.pop(0))
    return hidden


@dataclass(frozen=True, slots=True)
class Line:
    """One answer, and how many of each side gave it; ``None`` where that is not shown."""

    label: str
    counts: Mapping[Role, int | None]


@dataclass(frozen=True, slots=True)
class SideResult:
    """What one side answered to one question.

    Attributes:
        count: how many answered; ``None`` where it is fewer than five, or could be told from others.
        mean, median: of numbers; the mean is not shown where it would tell a hidden count.
    """

    count: int | None
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What both sides answered to one question.

    Attributes:
        gap: the mean of the mentees less that of the mentors, where both are shown.
        words: of answers in their own words, what each side wrote, by the alphabet: not in the order in which it came.
    """

    question: Question
    sides: Mapping[Role, SideResult]
    lines: Sequence[Line]
    gap: float | None
    words: Mapping[Role, Sequence[str]]


def result_of(
    question: Question, answers: Iterable[Answered], place: Place, labels: Mapping[str, str]
) -> QuestionResult:
    """Return what both sides answered to a question in one place.

    Args:
        question: of the version in force; what was answered to it under former ones counts too.
        answers: to all questions, everywhere that the reader sees: what is hidden hangs on all of it.
        place: that was chosen.
        labels: the words of each answer to choose from, by its name.
    """
    given = [one for one in answers if one.question == question.key]
    sides: dict[Role, SideResult] = {}
    counted: dict[Role, list[int | None]] = {}
    written: dict[Role, list[str]] = {}
    keys = _keys(question, given)
    for side in Role:
        theirs = [one for one in given if one.side == side]
        in_places: Counter[Place] = Counter()
        for one in theirs:
            in_places[one.place] += one.count
        counts = counts_by_place(in_places)
        is_hidden = place in hidden_places(counts) or counts[place] == 0
        here = [] if is_hidden else [one for one in theirs if _is_in(one.place, place)]
        values = [value for one in here for value in [one.value] * one.count]
        by_key = _counts(question, values, keys)
        hidden = set(range(len(keys))) if is_hidden else hidden_counts(by_key)
        if question.kind == AnswerKind.MULTIPLE and not is_hidden:
            # Each may have chosen several: the counts have no sum that tells one from the others.
            hidden = {number for number, count in enumerate(by_key) if 0 < count < LEAST}
        counted[side] = [None if number in hidden else count for number, count in enumerate(by_key)]
        is_text = question.kind == AnswerKind.TEXT
        written[side] = sorted(str(value) for value in values) if is_text else []
        numbers = [value for value in values if isinstance(value, int)]
        tells = not hidden or not keys
        sides[side] = SideResult(
            count=None if is_hidden else len(values),
            mean=round(mean(numbers), 2) if numbers and tells else None,
            median=float(median(numbers)) if numbers else None,
        )
    means = [sides[side].mean for side in (Role.MENTEE, Role.MENTOR)]
    return QuestionResult(
        question=question,
        sides=sides,
        lines=[
            Line(labels.get(key, key), {side: counted[side][number] for side in Role})
            for number, key in enumerate(keys)
        ],
        gap=None if means[0] is None or means[1] is None else round(means[0] - means[1], 2),
        words=written,
    )


def _is_in(where: Place, chosen: Place) -> bool:
    return all(one in {ALL, mine} for mine, one in zip(where, chosen, strict=True))


def _keys(question: Question, given: Sequence[Answered]) -> list[str]:
    """Return the answers that are counted one by one; none where each is her own words, or any number."""
    if question.kind == AnswerKind.SCALE:
        return [str(one) for one in SCALE]
    if question.kind in {AnswerKind.SINGLE, AnswerKind.MULTIPLE}:
        known = [one.key for one in question.options]
        chosen = {key for one in given for key in (one.value if isinstance(one.value, list) else [one.value])}
        return [*known, *sorted(str(key) for key in chosen if key not in known)]
    return []


def _counts(question: Question, values: Sequence[Any], keys: Sequence[str]) -> list[int]:
    if question.kind == AnswerKind.MULTIPLE:
        return [sum(key in value for value in values if isinstance(value, list)) for key in keys]
    return [sum(str(value) == key for value in values) for key in keys]
