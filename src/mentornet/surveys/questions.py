"""A question as the database keeps it, read once into something with a type; and what may be answered to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.people.enums import Role
from mentornet.surveys.enums import SCALE, AnswerKind, Asked

Texts = Mapping[str, str]
"""The same words by the code of a language."""
FALLBACKS: Final = ("en", "da")
"""In which languages words are shown that are not written in the reader's, in this order."""
LONGEST_ANSWER: Final = 2_000


def said(texts: Texts, language: str) -> str:
    """Return words in a language, or in the first of the fallbacks in which they are written."""
    return texts.get(shown_in(texts, language), "")


def shown_in(texts: Texts, language: str) -> str:
    """Return the code of the language in which words are shown to a reader of another one."""
    for code in (language, *FALLBACKS, *sorted(texts)):
        if texts.get(code):
            return code
    return language


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    key: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a version.

    Attributes:
        texts: what it asks; of both, or of the mentee where the mentor is asked in words of her own.
        mentor_texts: what it asks the mentor; empty where it is the same.
        low, high: the words at the ends of a scale.
        least, most: the limits of a number.
    """

    key: str
    kind: AnswerKind
    texts: Texts
    mentor_texts: Texts
    options: tuple[Option, ...]
    low: Texts
    high: Texts
    least: int
    most: int
    is_required: bool
    asked: Asked

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read a question that has been checked (:func:`mentornet.surveys.validators.check_questions`)."""
        return cls(
            key=kept["key"],
            kind=AnswerKind(kept["kind"]),
            texts=kept["texts"],
            mentor_texts=kept.get("mentor_texts", {}),
            options=tuple(Option(one["key"], one["texts"]) for one in kept.get("options", ())),
            low=kept.get("low", {}),
            high=kept.get("high", {}),
            least=kept.get("least", 0),
            most=kept.get("most", 100),
            is_required=kept.get("is_required", False),
            asked=Asked(kept.get("asked", Asked.BOTH)),
        )

    def texts_for(self, side: str) -> Texts:
        """Return what it asks one side."""
        return self.mentor_texts if side == Role.MENTOR and self.mentor_texts else self.texts

    def is_for(self, side: str) -> bool:
        """Tell whether a side is asked it."""
        return self.asked in {Asked.BOTH, side}

    def checked(self, given: Iterable[str]) -> Any:
        """Return an answer as it is kept, from what a form sent.

        Raises:
            ValidationError: it is none that the question knows; the sentence is for whoever answers.
        """
        values = [one.strip() for one in given if one.strip()]
        match self.kind:
            case AnswerKind.SCALE:
                return _number(values, SCALE[0], SCALE[-1])
            case AnswerKind.NUMBER:
                return _number(values, self.least, self.most)
            case AnswerKind.TEXT:
                return _words(values)
            case AnswerKind.SINGLE:
                return _chosen(values, self.options, most=1)[0]
            case AnswerKind.MULTIPLE:
                return _chosen(values, self.options, most=len(self.options))


def _number(values: list[str], least: int, most: int) -> int:
    if len(values) == 1 and values[0].lstrip("-").isdecimal():
        # Digits of any script: on an Arabic keyboard they are others.
        number = int(values[0])
        if least <= number <= most:
            return number
    raise ValidationError(
        _("Write a number from %(least)s to %(most)s."), code="number", params={"least": least, "most": most}
    )


def _words(values: list[str]) -> str:
    text = "\n".join(values[:1]).replace("\r\n", "\n")
    if not text:
        raise ValidationError(_("Write something first, or go on without it."), code="empty")
    if len(text) > LONGEST_ANSWER:
        raise ValidationError(
            _("This is too long. Write %(most)s letters at most."), code="long", params={"most": LONGEST_ANSWER}
        )
    return text


def _chosen(values: list[str], options: tuple[Option, ...], *, most: int) -> list[str]:
    chosen = [option.key for option in options if option.key in values]
    if not chosen or len(chosen) > most or set(values) - set(chosen):
        raise ValidationError(_("Choose an answer first."), code="choice")
    return chosen


def questions_of(kept: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Read the questions of a version, in their order."""
    return [Question.of(one) for one in kept]


def asked_of(kept: Iterable[Mapping[str, Any]], side: str) -> list[Question]:
    """Read those questions that a side is asked."""
    return [question for question in questions_of(kept) if question.is_for(side)]
