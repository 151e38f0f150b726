"""A brief as people read it: which mentor is looked for, line by line, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.people.validators import SLOTS
from mentornet.sourcing.briefs import LANGUAGE, MEETING, OCCUPATION, TIMES, TOPICS, Brief
from mentornet.web.ui.listed import PARTS, said, upper_first
from reference import languages as language_names
from reference import occupations
from reference.people import MeetingMode
from reference.topics import Topic

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LABELS: Final[Mapping[str, _StrOrPromise]] = {
    OCCUPATION: pgettext_lazy("who is looked for", "Works as"),
    LANGUAGE: pgettext_lazy("who is looked for", "Speaks, besides Danish"),
    TOPICS: pgettext_lazy("who is looked for", "Can help with"),
    TIMES: pgettext_lazy("who is looked for", "Has time"),
    MEETING: pgettext_lazy("who is looked for", "Meets"),
}
WAYS: Final[Mapping[str, _StrOrPromise]] = {
    MeetingMode.IN_PERSON.value: pgettext_lazy("who is looked for", "in person"),
    MeetingMode.ONLINE.value: pgettext_lazy("who is looked for", "online"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is stated."""

    label: _StrOrPromise
    words: SafeString | str


def lines(brief: Brief) -> list[Line]:
    """Return what a brief states; nothing where it states nothing but that a mentor is looked for."""
    stated = {
        OCCUPATION: brief.occupation,
        LANGUAGE: brief.language,
        TOPICS: ";".join(brief.topics),
        MEETING: brief.meeting,
        TIMES: ";".join(brief.times),
    }
    return [Line(LABELS[what], words_of(what, value)) for what, value in stated.items() if value]


def words_of(what: str, value: str) -> SafeString | str:
    """Return one part of a brief in words, as it is stored: several divided by a semicolon."""
    if not value:
        return ""
    language = reference_language()
    if what == OCCUPATION:
        return said(occupations.title_to_read(value, language))
    if what == LANGUAGE:
        return said(upper_first(language_names.name(value, language)))
    if what == MEETING:
        return str(WAYS.get(value, value))
    codes = value.split(";")
    if what == TOPICS:
        return _listed(said(Topic(code).label.text(language)) for code in codes)
    return _listed(_time(code) for code in codes)


def _listed(parts: Iterable[SafeString | str]) -> SafeString:
    return format_html_join(", ", "{}", ((part,) for part in parts))


def _time(code: str) -> SafeString | str:
    slot = SLOTS.get(code)
    if slot is None:
        return code
    day, part = WEEKDAYS[int(slot.day)], PARTS[slot.part]
    return format_html("{}", _("%(day)s: %(part)s") % {"day": upper_first(str(day)), "part": str(part).lower()})
