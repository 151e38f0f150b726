"""Answers counted by the database: how often each was given, by side, division, programme and month.

However many have answered, what comes back is as long as there are different answers in different places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet

from mentornet.common.actors import Actor
from mentornet.people.enums import Role
from mentornet.surveys.models import Ask, Questionnaire
from mentornet.surveys.queries import anonymous_answers, counted_asks
from mentornet.surveys.results import Answered, Place, period_of

_MONTH: Final = {"sqlite": "substr(one.due_on, 1, 7)", "postgresql": "to_char(one.due_on, 'YYYY-MM')"}
_EACH: Final = {
    "sqlite": "json_each(one.answers) AS said",
    "postgresql": "LATERAL jsonb_each(one.answers) AS said(key, value)",
}
_VALUE: Final = {
    # What is a list stands in it as text already.
    "sqlite": "CASE WHEN said.type IN ('array', 'object') THEN said.value ELSE json_quote(said.value) END",
    "postgresql": "said.value::text",
}
NO_PROGRAMME: Final = "-"
"""Of an anonymous answer nobody knows the programme: it counts in all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many of one side were asked in a place, and how many of them have answered."""

    side: Role
    place: Place
    asked: int
    answered: int


def asked_by_place(by: Actor, questionnaire: Questionnaire) -> list[Asked]:
    """Return how many were asked and have answered, by side and place. One query."""
    month = _MONTH[connection.vendor]
    rows = _grouped(
        counted_asks(by, questionnaire),
        f"SELECT one.side, one.division, one.programme, {month}, COUNT(*), COUNT(one.answered_at)",
        "",
        "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    )
    return [
        Asked(Role(side), _place(division, programme, of), asked, answered)
        for side, division, programme, of, asked, answered in rows
    ]


def answers_by_place(by: Actor, questionnaire: Questionnaire) -> list[Answered]:
    """Return how often each answer was given, by question, side and place. One query."""
    if questionnaire.is_anonymous:
        return list(_anonymous(by, questionnaire))
    month, each, value = (words[connection.vendor] for words in (_MONTH, _EACH, _VALUE))
    rows = _grouped(
        counted_asks(by, questionnaire),
        f"SELECT one.side, one.division, one.programme, {month}, said.key, {value}, COUNT(*)",
        f", {each}",
        "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6",
    )
    return [
        Answered(Role(side), key, json.loads(said), _place(division, programme, of), count)
        for side, division, programme, of, key, said, count in rows
    ]


def _anonymous(by: Actor, questionnaire: Questionnaire) -> Iterator[Answered]:
    rows = anonymous_answers(by, questionnaire).values_list("side", "question", "value", "division_id", "month")
    for side, question, value, division_id, month, count in rows.annotate(count=Count("pk")):
        yield Answered(Role(side), question, value, (str(division_id), NO_PROGRAMME, period_of(month)), count)


def _grouped(asks: QuerySet[Ask], select: str, each: str, group: str) -> Sequence[tuple[Any, ...]]:
    """Return what the database counts of some askings; which they are is said by the query alone."""
    columns = asks.annotate(division=F("partnership__division_id"), programme=F("partnership__mentee__programme_id"))
    rows = columns.values("side", "division", "programme", "due_on", "answered_at", "answers")
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        # Whoever works in no division counts nothing.
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"{select} FROM ({sql}) AS one{each} {group}", params)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def _place(division: object, programme: object, month: str) -> Place:
    year, _dash, number = month.partition("-")
    return str(UUID(str(division))), str(UUID(str(programme))), period_of(date(int(year), int(number), 1))
