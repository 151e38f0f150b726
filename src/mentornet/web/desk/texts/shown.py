"""The words of letters on their pages: what there is, what may stand in them, and how the letter arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from mentornet.divisions.models import Division
from mentornet.divisions.queries import organisation
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.letters import Part, Words, written
from mentornet.messaging.minting import masked
from mentornet.messaging.models import LetterText
from mentornet.messaging.queries import all_latest_words
from mentornet.messaging.sms import needs_ucs2
from mentornet.messaging.templates import LINK, Template
from mentornet.messaging.wording import placeholders_for
from mentornet.web.desk.letters.shown import EVENTS
from mentornet.web.ui.own_names import own_name

NOT_REWRITTEN: Final = frozenset({"by_hand"})
"""What a coordinator writes herself has no words of its own."""

_TITLES: Final[Mapping[str, str | Promise]] = {
    "meet_first_at": gettext_lazy("A first meeting, with its time"),
    "meeting_moved_at": gettext_lazy("A first meeting is moved, with its time"),
}
"""Where two letters have one name in the outbox, but not the same words."""

EXAMPLE_NAME: Final = "Amina"

MEANINGS: Final[Mapping[str, str | Promise]] = {
    "day": gettext_lazy("the day, in words"),
    "time": gettext_lazy("the time of day"),
    "place": gettext_lazy("the place"),
    "coordinator": gettext_lazy("whom to call, by name"),
    "phone": gettext_lazy("the telephone number of whom to call"),
    "link": gettext_lazy("the link, on a line of its own"),
    "code": gettext_lazy("the code"),
    "standing": gettext_lazy("how it stands with her, in a sentence"),
    "source": gettext_lazy("where we have her name from, as it was written down"),
    "ground": gettext_lazy("why we may keep it, in a sentence"),
    "network": gettext_lazy("the network’s name"),
    "office": gettext_lazy("the name of the office"),
    "controller": gettext_lazy("who answers for people’s data"),
    "reach": gettext_lazy("how to reach them"),
}


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A letter's words in one language."""

    code: str
    name: str
    url: str
    is_rewritten: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A letter in the list.

    Attributes:
        told: who has changed it last, and when.
    """

    title: str | Promise
    latest: LetterText | None
    languages: list[InLanguage]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What may be in a letter's words."""

    sign: str
    meaning: str | Promise
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """How a letter arrives.

    Attributes:
        length: how long the text message is, in words.
    """

    subject: str
    body: str
    text: str
    length: str
    is_long: bool


def title_of(event: str) -> str | Promise:
    """Return what a letter is called."""
    return _TITLES.get(event) or EVENTS.get(event, event)


def rows() -> list[Row]:
    """Prepare the list: one query for all."""
    latest = all_latest_words()
    listed = []
    for event in TEMPLATES:
        if event in NOT_REWRITTEN:
            continue
        changed = [row for (name, _language), row in latest.items() if name == event]
        languages = [
            InLanguage(
                code=code,
                name=own_name(code),
                url=reverse("desk:text", kwargs={"event": event, "language": code}),
                is_rewritten=(row := latest.get((event, code))) is not None and not row.is_shipped,
            )
            for code, _name in settings.LANGUAGES
        ]
        newest = max(changed, key=lambda row: row.created_at, default=None)
        listed.append(Row(title_of(event), newest, languages))
    return listed


def shipped(event: str, language: str) -> dict[str, str]:
    """Return the words that ship, in a language."""
    template: Template = TEMPLATES[event]
    with override(language):
        return {"subject": str(template.subject), "body": str(template.body), "sms": str(template.sms)}


def placeholders(event: str) -> list[Placeholder]:
    """Return what may stand in the words of a letter, and what must."""
    body = placeholders_for(event)["body"]
    return [
        Placeholder(f"%({name})s", MEANINGS.get(name, name), name in body.needed)
        for name in MEANINGS
        if name in body.allowed
    ]


def example_values(event: str, *, today: date, coordinator: str, office: Division | None) -> dict[str, str]:
    """Return values such as a letter might have; ``office`` is whose name and telephone it tells."""
    phone = (office.phone if office is not None else "") or "12 34 56 78"
    network = organisation()
    values = {
        "day": (today + timedelta(days=14)).isoformat(),
        "time": "14:30",
        "place": _("The library, first floor"),
        "coordinator": coordinator,
        "phone": phone,
        "link": "",
        "code": "",
        "standing": "mentor",
        "source": _("an open list of speakers"),
        "ground": "published",
        "network": network.name,
        "office": office.name if office is not None else network.name,
        "controller": network.legal_name or network.name,
        "reach": network.data_protection_email or phone,
    }
    return {name: value for name, value in values.items() if name in TEMPLATES[event].placeholders}


def preview_of(event: str, words: Mapping[str, str], language: str, values: Mapping[str, str]) -> Preview:
    """Return how a letter of these words arrives."""
    part = Part(event, masked(values), Words(words["subject"], words["body"], words["sms"]))
    mail = written([part], name=EXAMPLE_NAME, language=language)
    text = written([part], name="", language=language, as_text=True).body
    most = 70 if needs_ucs2(text.replace("…", "")) else 160
    count = len(text)
    length = ngettext(
        "%(count)s sign. One message holds %(most)s.", "%(count)s signs. One message holds %(most)s.", count
    ) % {"count": count, "most": most}
    if LINK in values:
        length += " " + _("The real link is longer.")
    return Preview(mail.subject, mail.body, text, length, count > most)
