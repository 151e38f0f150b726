"""What an agreement's text and terms must look like."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SECTIONS: Final = (
    *("between", "goals", "often", "long", "where", "calls", "between_us", "outside", "end"),
    "extra",
)
"""The sections of every agreement, in order."""
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "frequency": ("week", "fortnight", "three_weeks", "month"),
    "minutes": ("30", "45", "60", "90", "120"),
    "months": ("3", "6", "9", "12"),
    "ways": ("in_person", "online", "phone"),
    "who_calls": ("both", "mentee", "mentor"),
}
"""What is chosen from a list; the words of each choice stand in the text's own language beside it."""
WRITTEN: Final[dict[str, int]] = {"goals": 1_000, "place": 120, "extra": 1_000}
"""What the two write themselves, and how long it may be."""
TERMS: Final = (*CHOICES, *WRITTEN)


def check_wording(wording: Any) -> None:
    """Refuse a text that lacks a section or the words of a choice.

    Raises:
        ValidationError: something is missing.
    """
    try:
        keys = tuple(section["key"] for section in wording["sections"])
        has_words = bool(wording["title"] and wording["join"]) and all(
            section["heading"] and section["paragraphs"] and all(section["paragraphs"])
            for section in wording["sections"]
        )
        choices = all(
            wording[name].keys() == set(codes) and all(wording[name].values()) for name, codes in CHOICES.items()
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValidationError(_("A part of the agreement’s text is missing."), code="wording") from error
    if keys != SECTIONS or not has_words or not choices:
        raise ValidationError(_("A part of the agreement’s text is missing."), code="wording")


def check_terms(terms: Any) -> None:
    """Refuse terms that no agreement can be made of; each error stands under its field.

    Raises:
        ValidationError: something is missing, unknown or too long.
    """
    if not isinstance(terms, dict) or terms.keys() != set(TERMS):
        raise ValidationError(_("A part of the agreement is missing."), code="terms")
    wrong: dict[str, Any] = {}
    for name, codes in CHOICES.items():
        value = terms[name]
        values = value if name == "ways" else [value]
        if not isinstance(values, list) or not values or any(one not in codes for one in values):
            wrong[name] = _("Choose one of these.")
    for name, most in WRITTEN.items():
        if not isinstance(terms[name], str):
            wrong[name] = _("Write this in words.")
        elif len(terms[name]) > most:
            wrong[name] = ValidationError(_("Write at most %(most)s signs."), params={"most": most})
    if "goals" not in wrong and not terms["goals"].strip():
        wrong["goals"] = _("Write one goal at least. You can change it later.")
    if wrong:
        raise ValidationError(wrong)
