"""What a programme's settings may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.programmes.enums import ReferenceKind
from reference.customs import HEAVIEST, UnusableCustomsError, read_customs

CRITERIA: Final = (
    "occupation", "topics", "language", "interests", "pace", "time", "education", "sector", "place", "experience",
)  # fmt: skip
"""The criteria's names, in their order; a test holds them to those of ``pairing``, which this app may not import."""


def _check_numbers(value: object, high: float | None) -> Mapping[str, float]:
    if not isinstance(value, dict) or set(value) != set(CRITERIA):
        raise ValidationError(_("One number for each criterion is expected."), code="criteria")
    for name, number in value.items():
        numeric = isinstance(number, int | float) and not isinstance(number, bool)
        if not numeric or not 0 <= number <= (high or 1_000):
            raise ValidationError(
                _("%(criterion)s: a number from 0 to %(high)s is expected."),
                code="range",
                params={"criterion": name, "high": high or 1_000},
            )
    return value


def check_weights(value: object) -> None:
    """Refuse weights that are not one number of 0 or more for each criterion, or that are all 0.

    Raises:
        ValidationError: says what was expected.
    """
    weights = _check_numbers(value, None)
    if not sum(weights.values()) > 0:
        raise ValidationError(_("At least one criterion needs a weight above 0."), code="zero")


def check_own_weights(value: object) -> None:
    """Refuse anything but a weight of 0 or more for each of some own criteria, by their keys.

    Raises:
        ValidationError: says what was expected.
    """
    found: list[Any] = list(value.values()) if isinstance(value, dict) else [None]
    for number in found:
        numeric = isinstance(number, int | float) and not isinstance(number, bool)
        if not numeric or not 0 <= number <= HEAVIEST:
            raise ValidationError(
                _("A number from 0 to %(high)s is expected."), code="range", params={"high": HEAVIEST}
            )


def check_neutral(value: object) -> None:
    """Refuse neutral values that are not one number of 0 to 1 for each criterion.

    Raises:
        ValidationError: says what was expected.
    """
    _check_numbers(value, 1)


def check_customs(value: object) -> None:
    """Refuse own criteria that cannot be used, and names by which nobody is to be matched.

    Raises:
        ValidationError: with every complaint.
    """
    try:
        read_customs(value)
    except UnusableCustomsError as error:
        language = reference_language()
        raise ValidationError(
            [ValidationError(message.text(language), code="custom") for _place, message in error.complaints]
        ) from error


def check_texts(value: object) -> None:
    """Refuse anything but texts by language code.

    Raises:
        ValidationError: says what was expected.
    """
    if not isinstance(value, dict) or not all(
        isinstance(code, str) and isinstance(text, str) for code, text in value.items()
    ):
        raise ValidationError(_("A text for each language is expected."), code="texts")


def check_modules(value: object) -> None:
    """Refuse anything but ``None`` and names of training modules, each once; whether one exists is not known here.

    Raises:
        ValidationError: says what was expected.
    """
    if value is None:
        return
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise ValidationError(_("A list of training modules is expected, each of them once."), code="modules")
    if not all(isinstance(one, str) and one for one in value):
        raise ValidationError(_("A list of training modules is expected, each of them once."), code="modules")


def check_references(value: object) -> None:
    """Refuse anything but kinds of references, each once.

    Raises:
        ValidationError: says what was expected.
    """
    kinds = value if isinstance(value, list) else [value]
    if (
        kinds is not value
        or len(set(map(str, kinds))) != len(kinds)
        or set(map(str, kinds)) - set(ReferenceKind.values)
    ):
        raise ValidationError(_("A list of kinds of references is expected, each of them once."), code="references")
