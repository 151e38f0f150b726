"""What a questionnaire's questions, its title and its due rule must look like."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.surveys.enums import CALL, GOING, MET, YES, Aim, AnswerKind, Asked

MOST_QUESTIONS: Final = 20
MOST_OPTIONS: Final = 10
LONGEST_TEXT: Final = 300
LONGEST_END: Final = 60
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_PARTS: Final = frozenset(
    {
        *("key", "kind", "texts", "mentor_texts", "options", "low", "high"),
        *("least", "most", "is_required", "asked"),
    }
)
_DUE_PARTS: Final = frozenset({"every_days", "months", "at_end", "by_care"})
EVERY_DAYS: Final = (1, 366)
MONTHS: Final = (1, 60)
NUMBERS: Final = (-1_000_000, 1_000_000)


def _refuse(code: str, message: Any, **params: object) -> None:
    raise ValidationError(message, code=code, params=params or None)


def check_texts(value: object, *, longest: int = LONGEST_TEXT) -> None:
    """Refuse anything but words by the code of a language, in one at least.

    Languages that the network does not use (any more) are fine: what comes with the program is in more than it uses,
    and what was written in one of them stays.

    Raises:
        ValidationError: says what is expected.
    """
    known = {*LANG_INFO, *dict(settings.LANGUAGES)}
    if not isinstance(value, dict) or not value:
        raise ValidationError(_("Write it in one language at least."), code="texts")
    for code, text in value.items():
        if code not in known or not isinstance(text, str) or not text.strip():
            raise ValidationError(_("Words by the code of a language are expected."), code="texts")
        if len(text) > longest:
            raise ValidationError(
                _("Shorten this to %(most)s signs: “%(words)s …”"),
                code="long",
                params={"most": longest, "words": text[:40]},
            )


def check_due(value: object) -> None:
    """Refuse a due rule that nobody can follow. An empty one is by hand.

    Raises:
        ValidationError: says what is expected.
    """
    if not isinstance(value, dict) or set(value) - _DUE_PARTS or (value.get("by_care") and len(value) > 1):
        raise ValidationError(_("Say when it is asked: by days, by months, at the end, or by hand."), code="due")
    if any(not isinstance(value[name], bool) for name in ("at_end", "by_care") if name in value):
        _refuse("due", _("Say when it is asked: by days, by months, at the end, or by hand."))
    if "every_days" in value and not _is_whole(value["every_days"], EVERY_DAYS):
        _refuse("due", _("From one day to a year."))
    if "months" in value:
        months = value["months"]
        is_right = isinstance(months, list) and months and all(_is_whole(one, MONTHS) for one in months)
        if not is_right or months != sorted(set(months)):
            _refuse("due", _("Write months from 1 to 60, the least first."))


def _is_whole(value: object, limits: tuple[int, int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and limits[0] <= value <= limits[1]


def check_questions(value: object) -> None:
    """Refuse anything but a list of questions as :class:`mentornet.surveys.questions.Question` reads them.

    Raises:
        ValidationError: says what is wrong, and in which question.
    """
    if not isinstance(value, list) or not value:
        raise ValidationError(_("Write one question at least."), code="questions")
    if len(value) > MOST_QUESTIONS:
        _refuse("many", _("That is too long: %(most)s questions are the most."), most=MOST_QUESTIONS)
    keys = set()
    for question in value:
        check_question(question)
        if question["key"] in keys:
            _refuse("twice", _("Two questions have the same name."))
        keys.add(question["key"])


def check_question(value: object) -> None:
    """Refuse a question that cannot be asked.

    Raises:
        ValidationError: says what is wrong with it.
    """
    if not isinstance(value, dict) or set(value) - _PARTS or not _is_key(value.get("key")):
        raise ValidationError(_("A question with a name of small letters is expected."), code="question")
    if value.get("kind") not in AnswerKind.values or value.get("asked", Asked.BOTH) not in Asked.values:
        _refuse("kind", _("Say how the question is answered, and who is asked."))
    if not isinstance(value.get("is_required", False), bool):
        _refuse("required", _("Say whether it has to be answered."))
    check_texts(value.get("texts"))
    if value.get("mentor_texts"):
        check_texts(value["mentor_texts"])
    kind = value["kind"]
    if kind in {AnswerKind.SINGLE, AnswerKind.MULTIPLE}:
        _check_options(value.get("options"))
    elif value.get("options"):
        _refuse("options", _("Only a question with answers to choose from has some."))
    if kind == AnswerKind.SCALE:
        for end in ("low", "high"):
            check_texts(value.get(end), longest=LONGEST_END)
    if kind == AnswerKind.NUMBER:
        least, most = value.get("least"), value.get("most")
        if not _is_whole(least, NUMBERS) or not _is_whole(most, NUMBERS) or not least < most:  # type: ignore[operator]
            _refuse("number", _("Write the least and the most; the least comes first."))


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _check_options(options: object) -> None:
    if not isinstance(options, list) or not 2 <= len(options) <= MOST_OPTIONS:
        raise ValidationError(_("Write two to ten answers."), code="options")
    keys = [one.get("key") if isinstance(one, dict) else None for one in options]
    if len(set(map(str, keys))) != len(keys) or not all(_is_key(key) for key in keys):
        _refuse("options", _("Each answer has a name of its own."))
    for one in options:
        check_texts(one.get("texts"))


def check_content(value: object) -> None:
    """Refuse a draft that is neither empty nor a title and questions. A draft may still have no question.

    Raises:
        ValidationError: says what is wrong.
    """
    if not isinstance(value, dict) or set(value) != {"title", "questions"} or not isinstance(value["questions"], list):
        raise ValidationError(_("A title and questions are expected."), code="draft")
    check_texts(value["title"], longest=LONGEST_END)
    if value["questions"]:
        check_questions(value["questions"])


def check_check_in(questions: Collection[dict[str, Any]]) -> None:
    """Refuse a check-in that lacks what the desk reads of it: how it goes, and whether she wants a call.

    Raises:
        ValidationError: says which one is missing.
    """
    found = {one["key"]: one for one in questions}
    going, call, met = found.get(GOING), found.get(CALL), found.get(MET)
    if going is None or going["kind"] != AnswerKind.SCALE:
        _refuse("check_in", _("A check-in asks how it goes, from 1 to 5. Take that question in again."))
    has_yes = call is not None and any(one["key"] == YES for one in call.get("options", ()))
    if call is None or call["kind"] != AnswerKind.SINGLE or not has_yes:
        _refuse("check_in", _("A check-in asks whether she wants to be called. Take that question in again."))
    if met is not None and not all(one["key"].isdecimal() for one in met.get("options", ())):
        _refuse("check_in", _("How often they have met is a number. Take that question in as it was."))


def check_purpose(aim: str, questions: Collection[dict[str, Any]]) -> None:
    """Refuse questions that do not do for what a questionnaire is for.

    Raises:
        ValidationError: says what is missing.
    """
    if aim == Aim.CHECK_IN:
        check_check_in(questions)
