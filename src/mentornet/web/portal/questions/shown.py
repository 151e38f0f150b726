"""A question as she sees it: her side's words in her language, and its answers as big buttons.

Nothing that she has answered is shown again: whoever else holds the telephone must not read it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.surveys.enums import SCALE, AnswerKind
from mentornet.surveys.models import Ask
from mentornet.surveys.questions import Question, asked_of, said, shown_in

MOST_BUTTONS = 10
"""Numbers of a question up to so many are buttons; of more she writes one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to tap, or to tick."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """One question.

    Attributes:
        language: in which it is written: hers, or the next best.
        choices: to tap; of a question with several answers to tick.
        way: ``tap``, ``tick``, ``number`` or ``text``.
        low, high: the words at the ends of a scale.
        number, count: which question of how many.
        before: the name of the question before it.
    """

    key: str
    words: str
    language: str
    choices: tuple[Choice, ...]
    way: str
    low: str
    high: str
    least: int
    most: int
    is_required: bool
    was_answered: bool
    number: int
    count: int
    before: str


def questions_for(ask: Ask) -> list[Question]:
    """Return what her side is asked."""
    return asked_of(ask.version.questions, ask.side)


def first_open(ask: Ask, questions: Sequence[Question]) -> Question | None:
    """Return the first question that she has not answered."""
    return next((one for one in questions if one.key not in (ask.said or ())), None)


def next_after(ask: Ask, questions: Sequence[Question], key: str) -> Question | None:
    """Return the next question after one that she has not answered; ``None`` at the end."""
    keys = [one.key for one in questions]
    after = questions[keys.index(key) + 1 :] if key in keys else ()
    return next((one for one in after if one.key not in (ask.said or ())), None)


def page_of(ask: Ask, questions: Sequence[Question], key: str) -> Page | None:
    """Return one question as it is shown; ``None`` where there is no such question."""
    number = next((number for number, one in enumerate(questions) if one.key == key), None)
    if number is None:
        return None
    question, language = questions[number], get_language() or "en"
    texts = question.texts_for(ask.side)
    shown = shown_in(texts, language)
    choices, way = _answers(question, shown)
    return Page(
        key=key,
        words=said(texts, shown),
        language=shown,
        choices=choices,
        way=way,
        low=said(question.low, shown),
        high=said(question.high, shown),
        least=question.least,
        most=question.most,
        is_required=question.is_required,
        was_answered=key in (ask.said or ()),
        number=number + 1,
        count=len(questions),
        before=questions[number - 1].key if number else "",
    )


def _answers(question: Question, language: str) -> tuple[tuple[Choice, ...], str]:
    match question.kind:
        case AnswerKind.SCALE:
            return tuple(Choice(str(one), str(one)) for one in SCALE), "tap"
        case AnswerKind.SINGLE | AnswerKind.MULTIPLE:
            way = "tap" if question.kind == AnswerKind.SINGLE else "tick"
            return tuple(Choice(one.key, said(one.texts, language)) for one in question.options), way
        case AnswerKind.NUMBER:
            if question.most - question.least < MOST_BUTTONS:
                numbers = range(question.least, question.most + 1)
                return tuple(Choice(str(one), str(one)) for one in numbers), "tap"
            return (), "number"
        case AnswerKind.TEXT:
            return (), "text"


def which(ask: Ask) -> str:
    """Say which of her pairs is meant, without a name: since when they have been one."""
    begun_on = ask.partnership.first_met_on or ask.partnership.matched_on
    if begun_on is None:
        return ""
    return _("It is about the two of you who began on %(day)s.") % {"day": date_format(begun_on, "DATE_FORMAT")}
