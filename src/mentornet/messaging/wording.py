"""What is wrong with words that somebody has written for a letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.templates import CONTACT, LINK, placeholders_of

MOST_OF_A_LETTER: Final = 3_000
MOST_BY_HAND: Final = 1_000
_WHOLE: Final = re.compile(r"%%|%\(\w+\)s")
_OF_ANOTHER_KIND: Final = re.compile(r"\{[^{}\n]*\}")
"""A placeholder as other programs write it. Here it would arrive in braces."""


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What the words of one field must hold, and what they may."""

    needed: frozenset[str]
    allowed: frozenset[str]


def placeholders_for(event: str) -> dict[str, Placeholders]:
    """Return what stands in the words of an event, by field.

    Whom to call may be left out: a sentence at the end of the letter tells. So may a link in a text message.
    """
    template = TEMPLATES[event]
    all_of_it = template.placeholders
    body = all_of_it - CONTACT
    return {
        "subject": Placeholders(frozenset(), all_of_it - CONTACT - {LINK, "code", "text"}),
        "body": Placeholders(body, all_of_it),
        "sms": Placeholders(body & {"code"}, all_of_it),
    }


def _telling(text: str, names: Collection[str]) -> list[str]:
    """Say which names tell who writes."""
    folded = text.casefold()
    return [
        _("“%(name)s” tells who writes. Somebody else may read her letters: take it out.") % {"name": name}
        for name in sorted(set(names))
        if name and re.search(rf"(?<!\w){re.escape(name.casefold())}", folded)
    ]


def faults_of(event: str, words: Mapping[str, str], names: Collection[str]) -> dict[str, list[str]]:
    """Return what is wrong with the words of an event, by field; ``names`` are those that no letter may say."""
    faults: dict[str, list[str]] = {}
    for field, placeholders in placeholders_for(event).items():
        text, found = words.get(field, ""), []
        if not text:
            found.append(_("Write something here, or empty all fields to go back to the words that ship."))
        given = placeholders_of(text)
        if len(text) > MOST_OF_A_LETTER:
            found.append(_("This is too long: at most %(most)s letters.") % {"most": MOST_OF_A_LETTER})
        if "%" in _WHOLE.sub("", text):
            # No example: a percent sign here would be taken for a placeholder of this very sentence.
            found.append(_("Write a percent sign twice; and copy a placeholder as it stands in the list."))
        found += [
            _("Put %(name)s into it: she needs to know.") % {"name": f"%({name})s"}
            for name in sorted(placeholders.needed - given)
        ]
        found += [
            _("%(name)s is not known here. Take it out.") % {"name": f"%({name})s"}
            for name in sorted(given - placeholders.allowed)
        ]
        found += [
            _("%(sign)s would arrive as it stands. Copy a placeholder as it stands in the list.")
            % {"sign": f"“{sign}”"}
            for sign in dict.fromkeys(_OF_ANOTHER_KIND.findall(text))
        ]
        if len(given & CONTACT) == 1:
            found.append(_("Name both whom to call and the telephone number, or neither."))
        found += _telling(text, names)
        if found:
            faults[field] = found
    return faults


def check_words(event: str, words: Mapping[str, str], names: Collection[str]) -> None:
    """Check words before they are used.

    Raises:
        ValidationError: with what is wrong, by field.
    """
    if faults := faults_of(event, words, names):
        raise ValidationError(dict(faults))


def check_by_hand(text: str, names: Collection[str]) -> None:
    """Check a letter in somebody's own words.

    Raises:
        ValidationError: it is empty, too long, or tells who writes.
    """
    faults = _telling(text, names)
    if not text:
        faults.append(_("Write what she is to know."))
    if len(text) > MOST_BY_HAND:
        faults.append(_("This is too long: at most %(most)s letters.") % {"most": MOST_BY_HAND})
    if faults:
        raise ValidationError({"text": faults})
