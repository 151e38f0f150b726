"""What letters say: one template for each event, rendered in the recipient's language.

Somebody else may read her mail. So neither subject nor text names the network, the other person, or what it is about:
a letter asks for a call, or says where to be and when. Words are plain, about CEFR A2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

FALLBACK: Final = "en"
CONTACT: Final = frozenset({"coordinator", "phone"})
"""May be given for every event, both or neither: whom to call with a question."""

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")
_NEUTRAL: Final = _("A message for you")
_APPOINTMENT: Final = _("Your appointment")


@dataclass(frozen=True, slots=True)
class Template:
    """A letter's words, without greeting and closing, which all letters share."""

    subject: str | Promise
    body: str | Promise

    @property
    def placeholders(self) -> frozenset[str]:
        """What the words need to be given."""
        with translation.override(None):
            return frozenset(_PLACEHOLDER.findall(f"{self.subject}\n{self.body}"))


TEMPLATES: Final[Mapping[str, Template]] = {
    "proposal_to_mentee": Template(
        _NEUTRAL,
        _(
            "There is news for you. We would like to tell you about it on the phone.\n\n"
            "Please call %(coordinator)s before %(day)s. The phone number is %(phone)s.\n\n"
            "You decide what happens next. You can also say no."
        ),
    ),
    "proposal_to_mentor": Template(
        _NEUTRAL,
        _(
            "There is news for you, and we hope for your help. We would like to tell you more on the phone.\n\n"
            "Please call %(coordinator)s before %(day)s. The phone number is %(phone)s.\n\n"
            "You decide if it suits you. You can also say no."
        ),
    ),
    "proposal_ended": Template(
        _NEUTRAL,
        _(
            "Our suggestion of %(day)s is no longer open.\n\n"
            "You keep your place with us. You have done nothing wrong, and you do not need to do anything now. "
            "We will contact you when there is news."
        ),
    ),
    "meet_first": Template(
        _APPOINTMENT,
        _(
            "You have a meeting on %(day)s at %(place)s.\n\n"
            "You do not need to prepare. If you cannot come, please call us as soon as you can. "
            "Then we find another day."
        ),
    ),
    "meeting_moved": Template(
        _APPOINTMENT,
        _(
            "Your meeting has changed. These are the day and place now:\n\n"
            "Day: %(day)s\nPlace: %(place)s\n\n"
            "What we wrote to you about it before no longer holds. If you cannot come, please call us as soon as you "
            "can. Then we find another day."
        ),
    ),
    "meeting_off": Template(
        _APPOINTMENT,
        _(
            "You have no meeting on %(day)s any more. Please do not go there.\n\n"
            "Our suggestion is no longer open. You keep your place with us. You have done nothing wrong, and you do "
            "not need to do anything now. We will contact you when there is news."
        ),
    ),
    "partnership_begun": Template(
        _NEUTRAL,
        _(
            "Everything is ready now, and you can begin. We are happy for you.\n\n"
            "Please call us if you have a question, or if something is difficult. We are here all the way."
        ),
    ),
    "sent_by_mistake": Template(
        _NEUTRAL,
        _(
            "Our letter of %(day)s was a mistake. We are sorry. Please do not follow it.\n\n"
            "You have done nothing wrong. We will call you soon and tell you more."
        ),
    ),
    "interview_invitation": Template(
        _APPOINTMENT,
        _(
            "We would like to talk with you.\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "You do not need to prepare. If you cannot come, please call us. Then we find another time."
        ),
    ),
    "application_received": Template(
        _NEUTRAL,
        _(
            "Thank you for writing to us. We have got what you sent.\n\n"
            "We will read it, and then we will call you or write to you. You do not need to do anything now."
        ),
    ),
    "application_approved": Template(
        _NEUTRAL,
        _(
            "There is good news: you have a place with us. Welcome.\n\n"
            "We will contact you when we have a suggestion for you. It can take some time. "
            "You do not need to do anything now."
        ),
    ),
    "application_declined": Template(
        _NEUTRAL,
        _(
            "Thank you for talking with us. We are sorry: we cannot offer you a place now.\n\n"
            "We would like to tell you why. Please call us, and we will also talk about what else may help you."
        ),
    ),
    "word_from_waiting_list": Template(
        _NEUTRAL,
        _(
            "You are still on our list, and we have not forgotten you.\n\n"
            "We do not have a suggestion for you yet. We keep looking. We will write to you again by %(day)s.\n\n"
            "Please call us if something has changed for you."
        ),
    ),
}


def require_complete(event: str, values: Mapping[str, str | int]) -> None:
    """Check that a letter can be written from these values, and that none is left over.

    What a template does not use has no place in the outbox: values are kept, and may tell something.

    Raises:
        ValueError: no such event, a value is missing, not used, or not a day (``2026-03-09``) or time (``14:30``).
    """
    if event not in TEMPLATES:
        raise ValueError(f"no letter is written for the event {event!r}")
    needed, given = TEMPLATES[event].placeholders, frozenset(values)
    if missing := needed - given:
        raise ValueError(f"the letter {event} needs {', '.join(sorted(missing))}")
    if unused := given - needed - CONTACT:
        raise ValueError(f"the letter {event} does not use {', '.join(sorted(unused))}")
    if len(given & CONTACT) == 1:
        raise ValueError(f"the letter {event} needs both coordinator and phone, or neither")
    if "day" in given:
        date.fromisoformat(str(values["day"]))
    if "time" in given:
        time.fromisoformat(str(values["time"]))


def language_of(wanted: str) -> str:
    """Return the language in which a letter to somebody is written."""
    return wanted if wanted in dict(settings.LANGUAGES) else FALLBACK


def _in_words(name: str, value: str | int) -> str:
    """Return a value as the active language says it."""
    if name == "day":
        # Translators: how a day is written in a letter, in the letters of Django's date formats: Monday 9 March 2026.
        return date_format(date.fromisoformat(str(value)), pgettext("a day in a letter", "l j F Y"))
    if name == "time":
        # Translators: how a time is written in a letter, in the letters of Django's date formats: 14:30.
        return time_format(time.fromisoformat(str(value)), pgettext("a time in a letter", "H:i"))
    return str(value)


def render(event: str, values: Mapping[str, str | int], *, name: str, language: str) -> tuple[str, str]:
    """Return subject and body in a language.

    Raises:
        ValueError: as :func:`require_complete`; templates may have changed since the letter was queued.
    """
    require_complete(event, values)
    template = TEMPLATES[event]
    with translation.override(language_of(language)):
        words = {key: _in_words(key, value) for key, value in values.items()}
        greeting = gettext("Hello %(name)s,") % {"name": name} if name else pgettext("to one person", "Hello,")
        paragraphs = [greeting, str(template.body) % words]
        # Somebody signs every letter; but the network's name would tell whoever else reads it what it is about.
        # Translators: under "Kind regards" where no coordinator is named. It must not say whose office.
        sender = gettext("All of us at the office")
        if words.keys() >= CONTACT:
            if not template.placeholders >= CONTACT:
                paragraphs.append(
                    gettext("Do you have a question? Call %(coordinator)s. The phone number is %(phone)s.") % words
                )
            sender = words["coordinator"]
        regards = gettext("Kind regards")
        return str(template.subject), "\n\n".join([*paragraphs, f"{regards}\n{sender}"]) + "\n"


def preview(event: str, values: Mapping[str, str | int], language: str, *, name: str = "") -> tuple[str, str]:
    """Return subject and body as they would be sent, to be shown before somebody sends them.

    Raises:
        ValueError: as :func:`require_complete`.
    """
    return render(event, values, name=name, language=language)
