"""What an interview may hold."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_ANSWER: Final = 2_000


def check_answers(value: object) -> None:
    """Refuse anything but answers by the names of their questions, each a text that is not too long.

    Raises:
        ValidationError: says what was expected.
    """
    fault = ValidationError(_("An answer for each question is expected."), code="answers")
    if not isinstance(value, dict):
        raise fault
    for key, text in value.items():
        if not isinstance(key, str) or not isinstance(text, str) or len(text) > LONGEST_ANSWER:
            raise fault
