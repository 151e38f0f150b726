"""What a profile may hold: the same lists as a spreadsheet (:mod:`reference`), as stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.people.enums import Provenance
from reference import isco, languages
from reference.lists import read_requirements
from reference.people import MeetingMode
from reference.slots import Day, Part, Slot
from reference.topics import Topic
from reference.verdicts import Verdict

SLOTS: Final = {f"{day.name}-{part.name}".lower(): Slot(day, part) for day in Day for part in Part}
"""Every slot of the week by its code, such as ``mon-evening``, in the week's order."""

MOST_ANSWERS: Final = 200
"""Far more than any programmes ask together."""

_MEETING_CODES: Final = frozenset(mode.value for mode in MeetingMode)
_TOPIC_CODES: Final = frozenset(topic.value for topic in Topic)


def _check_known(words: Iterable[str], known: Iterable[str]) -> None:
    for word in words:
        if word not in known:
            raise ValidationError(_("“%(word)s” is not in the list."), code="unknown", params={"word": word})


def check_occupation(value: str) -> None:
    """Refuse what is not an ISCO-08 code of 1-4 digits.

    Raises:
        ValidationError: the code does not exist.
    """
    if not isco.exists(value):
        raise ValidationError(_("“%(code)s” is not a code of ISCO-08."), code="isco", params={"code": value})


def check_education(value: int) -> None:
    """Refuse what is not an ISCED level.

    Raises:
        ValidationError: outside 0 to 8.
    """
    if not 0 <= value <= 8:
        raise ValidationError(_("Education is a level of ISCED, 0 to 8."), code="isced")


def check_topics(words: Iterable[str]) -> None:
    """Refuse unknown topics.

    Raises:
        ValidationError: names the first unknown one.
    """
    _check_known(words, _TOPIC_CODES)


def check_slots(words: Iterable[str]) -> None:
    """Refuse unknown slots.

    Raises:
        ValidationError: names the first unknown one.
    """
    _check_known(words, SLOTS)


def check_meeting(words: Iterable[str]) -> None:
    """Refuse unknown ways to meet.

    Raises:
        ValidationError: names the first unknown one.
    """
    _check_known(words, _MEETING_CODES)


def check_interests(words: Iterable[str]) -> None:
    """Refuse interests that are too long to be one.

    Raises:
        ValidationError: names the first of them.
    """
    for word in words:
        if len(word) > 100:
            raise ValidationError(_("“%(word)s” is too long."), code="long", params={"word": word[:40]})


def check_requirements(words: Iterable[str]) -> None:
    """Refuse a requirement that the rules could not read.

    Raises:
        ValidationError: names the first of them.
    """
    for word in words:
        verdict: Verdict = read_requirements(word)
        if verdict.faults:
            raise ValidationError(_("“%(word)s” is not a requirement."), code="requirement", params={"word": word})


def check_language_code(value: str) -> None:
    """Refuse what is not a language's code as it is kept here.

    Raises:
        ValidationError: unknown, or another way of writing a known one.
    """
    if languages.find(value) != value:
        raise ValidationError(_("“%(code)s” is not a language's code."), code="language", params={"code": value})


def check_answers(value: object) -> None:
    """Refuse anything but yes or no, a number, a choice, or several, by the question's key.

    Raises:
        ValidationError: says what was expected.
    """
    fault = ValidationError(_("An answer for each question is expected."), code="answers")
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        raise fault
    for answer in value.values():
        several = isinstance(answer, list) and bool(answer) and all(isinstance(one, str) for one in answer)
        if not several and not isinstance(answer, bool | int | str):
            raise fault


def check_provenance(value: object) -> None:
    """Refuse anything but ``{field: [where from, day]}``.

    Raises:
        ValidationError: says what was expected.
    """
    fault = ValidationError(_("Where a fact comes from, and a day, are expected for each field."), code="provenance")
    if not isinstance(value, dict):
        raise fault
    for entry in value.values():
        try:
            source, day = entry
            date.fromisoformat(day)
        except (TypeError, ValueError):
            raise fault from None
        if source not in Provenance.values:
            raise fault
