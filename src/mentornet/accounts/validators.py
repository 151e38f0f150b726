"""What a password may not be, besides short, common or like its owner's name: a word that everybody here knows."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OURS: Final = (
    "mentornet", "mentorbank", "mentornetværk", "mentorprogram", "mentor", "mentee", "network", "netværk",
    "coordinator", "koordinator", "password", "adgangskode", "kodeord",
)  # fmt: skip
"""What anybody would try first at a mentor network; listed in docs/security.md."""
LEFT_AT_LEAST: Final = 8
"""So many signs of her own must stand beside such words."""
_SHORTEST: Final = 4
"""Shorter pieces of a name, such as ``www`` or ``dk``, are no words."""


def words_known_here() -> tuple[str, ...]:
    """Return the words that a stranger can guess, the longest first: the program's, and the installation's names."""
    sender, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    named = re.findall(r"\w+", " ".join([*settings.ALLOWED_HOSTS, sender, address]).casefold())
    return tuple(
        sorted({*OURS, *(word for word in named if len(word) >= _SHORTEST)}, key=lambda word: (-len(word), word))
    )


class KnownWordsValidator:
    """Refuses a password that is mostly such words, however they are written and whatever short piece stands beside."""

    def validate(self, password: str, user: object = None) -> None:
        """Look at it.

        Raises:
            ValidationError: hardly anything in it is her own.
        """
        del user
        left = password.casefold()
        for word in words_known_here():
            left = left.replace(word, "")
        if left != password.casefold() and len(left) < LEFT_AT_LEAST:
            raise ValidationError(self.get_help_text(), code="password_known_words")

    def get_help_text(self) -> str:
        """Return what to do instead."""
        return _("Most of this password is a word that everybody here knows. Add some words of your own.")
