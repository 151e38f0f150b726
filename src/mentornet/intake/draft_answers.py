"""What the answers of an application being written may hold, step by step: a shape, and the lists of the profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.intake.enums import ConsentPurpose, Referrer
from mentornet.people.validators import (
    check_language_code,
    check_meeting,
    check_occupation,
    check_slots,
    check_topics,
)
from reference.cefr import Level
from reference.people import MeetingMode

Check = Callable[[object], bool]

YES: Final = "yes"
UNSURE: Final = "unsure"
MOST_LANGUAGES: Final = 12
_LEVELS: Final = frozenset({"", *(level.name for level in Level)})


def _text(longest: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _among(*known: str) -> Check:
    return lambda value: isinstance(value, str) and value in known


def _number(low: float, high: float) -> Check:
    def check(value: object) -> bool:
        if value is None:
            return True
        return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high

    return check


def _words(of: Callable[[list[str]], None]) -> Check:
    def check(value: object) -> bool:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            return False
        of(value)
        return True

    return check


def _maybe(of: Callable[[str], None]) -> Check:
    def check(value: object) -> bool:
        if not isinstance(value, str):
            return False
        if value:
            of(value)
        return True

    return check


def _check_groups(words: list[str]) -> None:
    for word in words:
        check_occupation(word)


def _skills(value: object) -> bool:
    if not isinstance(value, list) or len(value) > MOST_LANGUAGES:
        return False
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or pair[1] not in _LEVELS:
            return False
        check_language_code(pair[0])
    return len({pair[0] for pair in value}) == len(value)


def _yes_no(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _consent(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != {"text", "at"}:
        return False
    try:
        UUID(value["text"])
        datetime.fromisoformat(value["at"])
    except (ValueError, TypeError, AttributeError):
        return False
    return True


STEPS: Final[Mapping[str, Mapping[str, Check]]] = {
    "programme": {"eligible": _among(YES, UNSURE)},
    "languages": {"skills": _skills},
    "life": {"birth_year": _number(1900, 2100), "area": _text(80), "postcode": _text(10)},
    "work": {"occupation": _maybe(check_occupation), "occupation_title": _text(200), "sector": _text(100)},
    "goals": {"topics": _words(check_topics), "practise_danish": _yes_no},
    "offer": {"topics": _words(check_topics), "opens": _text(900)},
    "times": {"availability": _words(check_slots)},
    "meeting": {"meeting": _words(check_meeting), "hours_per_month": _number(0.25, 200)},
    "words": {
        "about": _text(1_000),
        "wishes": _text(2_000),
        "must_speak": _maybe(check_language_code),
        "must_meet": _among("", *(mode.value for mode in MeetingMode)),
        "min_danish": _among(*_LEVELS),
    },
    "network": {"field_words": _text(300), "groups": _words(_check_groups), "regions": _text(200)},
    "heard": {"referrer": _among("", *Referrer.values), "heard_through": _text(120)},
    "consents": dict.fromkeys(ConsentPurpose.values, _consent),
}
"""For each step what its answers are called, and whether a value can be one."""


def check_answers(value: object) -> None:
    """Refuse anything but answers of known steps in their shape.

    Raises:
        ValidationError: names the step that cannot be stored.
    """
    if not isinstance(value, dict):
        raise ValidationError(_("Answers are expected, step by step."), code="answers")
    for step, given in value.items():
        check_step(step, given)


def check_step(step: str, given: Any) -> None:
    """Refuse anything but the answers of one step.

    Raises:
        ValidationError: an unknown step, an unknown answer, or one that cannot be.
    """
    known = STEPS.get(step)
    if known is None or not isinstance(given, dict):
        raise ValidationError(_("“%(step)s” is no step of an application."), code="step", params={"step": step})
    for name, value in given.items():
        if name not in known or not known[name](value):
            raise ValidationError(
                _("The answer “%(name)s” cannot be stored."), code="answer", params={"name": f"{step}.{name}"}
            )
