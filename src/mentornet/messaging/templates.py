"""What a letter is made of, before it is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTACT: Final = frozenset({"coordinator", "phone"})
"""May be given for every event, both or neither: whom to call with a question."""
LINK: Final = "link"
"""May be given for every event: where she can read more and answer (:mod:`mentornet.messaging.minting`)."""
CODE: Final = "code"
NEUTRAL: Final = _("A message for you")
"""The subject of whatever is not an appointment."""

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


def placeholders_of(words: str) -> frozenset[str]:
    """Return the names that stand as ``%(name)s`` in some words."""
    return frozenset(_PLACEHOLDER.findall(words))


class Kind(models.TextChoices):
    """What somebody can say no to: everything else she is written as long as she takes part."""

    NEWS = "news", _("that we have not forgotten you while you wait")
    REMINDERS = "reminders", _("that something is still open, such as a course")
    THANKS = "thanks", _("that we thank you")


@dataclass(frozen=True, slots=True)
class Template:
    """A letter's words, without greeting and closing, which all letters share.

    Attributes:
        sms: the same as a text message.
        linked_body, linked_sms: instead, where a link is given with which she can answer herself; empty where a
            paragraph after the body does it.
        kind: set where she can say no to it.
        may_wait: gathered with others until the day's hour for such letters.
        tells_only: where a link in it leads there is something to read, and nothing to answer.
        is_urgent: leaves whatever the hour: she is waiting for it, or it is of no use later.
        is_about_rights: tells what became of something that she has asked about her data. This, and what is urgent,
            is all that somebody is written whose data rest.
    """

    subject: str | Promise
    body: str | Promise
    sms: str | Promise = ""
    linked_body: str | Promise = ""
    linked_sms: str | Promise = ""
    kind: Kind | None = None
    may_wait: bool = False
    tells_only: bool = False
    is_urgent: bool = False
    is_about_rights: bool = False

    @property
    def leaves_at_rest(self) -> bool:
        """Whether somebody is written it though her data rest."""
        return self.is_urgent or self.is_about_rights

    @property
    def placeholders(self) -> frozenset[str]:
        """What the words need to be given, without a link."""
        with translation.override(None):
            return placeholders_of(f"{self.subject}\n{self.body}")

    @property
    def linked_placeholders(self) -> frozenset[str]:
        """What the words need to be given beside a link."""
        with translation.override(None):
            return placeholders_of(f"{self.subject}\n{self.linked_body or self.body}") | {LINK}
