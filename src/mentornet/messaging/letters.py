"""Writing letters: an event's words, filled in and put together in the recipient's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from mentornet.common.moments import dated_words, hour_words
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.minting import masked
from mentornet.messaging.queries import words_in_force
from mentornet.messaging.search_events import GROUNDS
from mentornet.messaging.templates import CONTACT, LINK, Template, placeholders_of
from mentornet.messaging.waiting_events import STANDINGS

__all__ = ["CONTACT", "FALLBACK", "TEMPLATES", "Part", "Template", "language_of", "preview", "render", "written"]

FALLBACK: Final = "en"


def require_complete(event: str, values: Mapping[str, str | int]) -> None:
    """Check that a letter can be written from these values, and that none is left over.

    What a template does not use has no place in the outbox: values are kept, and may tell something.

    Raises:
        ValueError: no such event, a value is missing, not used, or not a day (``2026-03-09``) or time (``14:30``).
    """
    if event not in TEMPLATES:
        raise ValueError(f"no letter is written for the event {event!r}")
    template, given = TEMPLATES[event], frozenset(values)
    needed = template.linked_placeholders if LINK in given else template.placeholders
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
        return dated_words(date.fromisoformat(str(value)))
    if name == "time":
        return hour_words(time.fromisoformat(str(value)))
    if name == "place" and not value:
        # Of somebody protected: where she is to be met is never written.
        return gettext("we call you and tell you where")
    if name == "standing":
        return str(STANDINGS.get(str(value), STANDINGS["mentor"]))
    if name == "ground":
        return str(GROUNDS[str(value)])
    return str(value)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an event in one language, as somebody has written them instead of those that ship."""

    subject: str
    body: str
    sms: str

    def fit(self, values: Mapping[str, str | int]) -> bool:
        """Tell whether everything that they need is given; else the words that ship are used."""
        return placeholders_of(f"{self.subject}\n{self.body}\n{self.sms}") <= frozenset(values)


@dataclass(frozen=True, slots=True)
class Part:
    """What one letter tells; several may leave as one.

    Attributes:
        values: with links and codes either made, or masked.
        words: instead of those that ship.
    """

    event: str
    values: Mapping[str, str | int]
    words: Words | None = None

    @property
    def _words(self) -> Words:
        """The words to be filled in, in the active language."""
        if self.words is not None and self.words.fit(self.values):
            return self.words
        template = TEMPLATES[self.event]
        if LINK in self.values:
            return Words(
                subject=str(template.subject),
                body=str(template.linked_body or template.body),
                sms=str(template.linked_sms or template.sms),
            )
        return Words(subject=str(template.subject), body=str(template.body), sms=str(template.sms))

    def _filled(self) -> dict[str, str]:
        return {name: _in_words(name, value) for name, value in self.values.items()}

    @property
    def contact(self) -> tuple[str, str] | None:
        """Whom to call, and on which number."""
        given = self.values.keys() >= CONTACT
        return (str(self.values["coordinator"]), str(self.values["phone"])) if given else None

    @property
    def names_contact(self) -> bool:
        """The words themselves ask for a call."""
        return placeholders_of(self._words.body) >= CONTACT

    def subject(self) -> str:
        """The subject, in the active language."""
        return self._words.subject % self._filled()

    def paragraphs(self) -> list[str]:
        """What the letter tells, in the active language."""
        words, filled = self._words, self._filled()
        told = [words.body % filled]
        if LINK in filled and LINK not in placeholders_of(words.body):
            where = (
                gettext("You can read more here:\n%(link)s\n\nThe link is only for you.")
                if TEMPLATES[self.event].tells_only
                else gettext("You can read more and answer here:\n%(link)s\n\nThe link is only for you.")
            )
            told.append(where % filled)
        return told

    def text(self) -> str:
        """The same as a text message, in the active language."""
        words, filled = self._words, self._filled()
        told = words.sms % filled
        return f"{told} {filled[LINK]}" if LINK in filled and LINK not in placeholders_of(words.sms) else told


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it arrives: by mail, or as a text message, which has no subject."""

    subject: str
    body: str


def written(parts: Sequence[Part], *, name: str, language: str, as_text: bool = False, stop: str = "") -> Written:
    """Put a letter together; several parts are one letter with a greeting and a closing.

    Args:
        parts: what it tells, in this order.
        name: whom it greets.
        language: of the recipient.
        as_text: write a text message.
        stop: where she can say that she does not want such letters.

    Raises:
        ValueError: as :func:`require_complete`; templates may have changed since the letter was queued.
    """
    for part in parts:
        require_complete(part.event, part.values)
    with translation.override(language_of(language)):
        if as_text:
            return Written("", "\n\n".join(part.text() for part in parts))
        # Translators: the subject of several letters that leave as one. It must not say what they are about.
        subject = parts[0].subject() if len(parts) == 1 else gettext("Messages for you")
        greeting = gettext("Hello %(name)s,") % {"name": name} if name else pgettext("to one person", "Hello,")
        paragraphs = [greeting, *(paragraph for part in parts for paragraph in part.paragraphs())]
        contacts = list(dict.fromkeys(contact for part in parts if (contact := part.contact) is not None))
        for contact in contacts:
            if not all(part.names_contact for part in parts if part.contact == contact):
                words = {"coordinator": contact[0], "phone": contact[1]}
                paragraphs.append(
                    gettext("Do you have a question? Call %(coordinator)s. The phone number is %(phone)s.") % words
                )
        if stop:
            paragraphs.append(gettext("You do not want messages like this? Tell us here:\n%(link)s") % {"link": stop})
        # Somebody signs every letter; but the network's name would tell whoever else reads it what it is about.
        # Translators: under "Kind regards" where no coordinator is named. It must not say whose office.
        sender = contacts[0][0] if len(contacts) == 1 else gettext("All of us at the office")
        regards = gettext("Kind regards")
        return Written(subject, "\n\n".join([*paragraphs, f"{regards}\n{sender}"]) + "\n")


def render(event: str, values: Mapping[str, str | int], *, name: str, language: str) -> tuple[str, str]:
    """Return subject and body in a language, in the words that ship, links and codes masked.

    Raises:
        ValueError: as :func:`require_complete`; templates may have changed since the letter was queued.
    """
    letter = written([Part(event, masked(values))], name=name, language=language)
    return letter.subject, letter.body


def part_of(event: str, values: Mapping[str, str | int], language: str) -> Part:
    """Return what a letter tells in a language, in the words that are in force now."""
    rewritten = words_in_force(event, language_of(language))
    words = Words(rewritten.subject, rewritten.body, rewritten.sms) if rewritten is not None else None
    return Part(event, values, words)


def preview(event: str, values: Mapping[str, str | int], language: str, *, name: str = "") -> tuple[str, str]:
    """Return subject and body as they would be sent, to be shown before somebody sends them.

    Raises:
        ValueError: as :func:`require_complete`.
    """
    letter = written([part_of(event, masked(values), language)], name=name, language=language)
    return letter.subject, letter.body


def preview_text(event: str, values: Mapping[str, str | int], language: str) -> str:
    """Return the text message that would be sent.

    Raises:
        ValueError: as :func:`require_complete`.
    """
    return written([part_of(event, masked(values), language)], name="", language=language, as_text=True).body
