"""The shortage map in words: profiles in order, fields by division, and texts with which mentors are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.spoken import reference_language
from mentornet.matching.models import ShortageMap
from mentornet.matching.shortage import MOST
from mentornet.matching.shortage_queries import is_outdated
from mentornet.programmes.models import Programme
from mentornet.web.ui.context import address
from mentornet.web.ui.listed import said
from reference import isco, languages
from reference.people import MeetingMode

FIRST: Final = 20
"""So many profiles are shown at first."""
TIMES: Final[Mapping[str, str | Promise]] = {
    "daytime": gettext_lazy("has time on weekdays in the daytime"),
    "evenings": gettext_lazy("has time on weekday evenings"),
    "weekends": gettext_lazy("has time at weekends"),
}
SEARCH: Final = "desk:search_new"
"""Where a search for a mentor begins, once that is part of the program."""


@dataclass(frozen=True, slots=True)
class Row:
    """One profile that is wanted.

    Attributes:
        field: the group of occupations, marked with its language.
        more: what else it names, as parts of one line.
        gain: what one such mentor would bring.
        wanted: how many of them would each bring one more; empty where none would.
        mentees: how many who wait have all that the profile names.
    """

    field: SafeString | str
    more: Sequence[SafeString | str]
    division: str
    number: int
    points: int
    gain: str
    wanted: str
    mentees: int
    text_url: str
    search_url: str
    five_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of work in one division.

    Attributes:
        wanted: how many more would be matched; ``None`` where too few wait to tell.
        level: how dark it is, 0 to 5; the number stands in it.
    """

    wanted: int | None
    words: str
    level: int


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the map: a major group of occupations in each division."""

    title: SafeString
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one division.

    Attributes:
        counts: who waits, and how many of them could have a mentor now, as sentences.
        plan: whom to look for one after the other.
        is_outdated: others wait by now.
    """

    division: str
    computed_at: datetime | None
    counts: str
    is_outdated: bool
    plan: Sequence[tuple[Sequence[SafeString | str], str]]


def _field(code: str) -> SafeString | str:
    return said(isco.title(code, reference_language())) if code else _("Any field of work")


def _more(kept: Mapping[str, Any]) -> list[SafeString | str]:
    parts: list[SafeString | str] = []
    if kept["language"]:
        # Names of languages stand in the language of the reference lists, as titles do.
        name = said(languages.name(kept["language"], reference_language()))
        parts.append(format_html(_("speaks {language} beside Danish"), language=name))
    if kept["time"] in TIMES:
        parts.append(str(TIMES[kept["time"]]))
    if kept["online"]:
        parts.append(_("meets online"))
    return parts


def gain_words(number: int, points: int) -> str:
    """Say what one such mentor would bring."""
    if number:
        return ngettext("%(count)s more is matched", "%(count)s more are matched", number) % {"count": number}
    return ngettext(
        "nobody more is matched, but pairs fit better by %(count)s point",
        "nobody more is matched, but pairs fit better by %(count)s points",
        points,
    ) % {"count": points}


def _wanted(count: int) -> str:
    if count >= MOST:
        return _("%(count)s or more") % {"count": MOST}
    return str(count) if count else ""


def rows_of(maps: Iterable[ShortageMap]) -> list[Row]:
    """Return the profiles of some divisions in one order: pairs, then how well they fit."""
    found = [
        (-kept["number"], -kept["points"], place, str(one.division_id), row_of(one, place, kept))
        for one in maps
        for place, kept in enumerate(one.content.get("profiles", ()), start=1)
    ]
    return [row for *_place, row in sorted(found, key=lambda each: each[:4])]


def row_of(one: ShortageMap, place: int, kept: Mapping[str, Any]) -> Row:
    """Return one profile of a map; ``place`` counts from 1."""
    return Row(
        field=_field(kept["occupation"]),
        more=_more(kept),
        division=one.division.name,
        number=kept["number"],
        points=kept["points"],
        gain=gain_words(kept["number"], kept["points"]),
        wanted=_wanted(kept["wanted"]),
        mentees=kept["mentees"],
        text_url=f"{reverse('desk:shortage_text', kwargs={'map_id': one.pk})}?what={place}",
        search_url=search_url(one, kept),
        five_url=five_url(one, kept),
    )


def search_url(one: ShortageMap, kept: Mapping[str, Any]) -> str:
    """Return where a search for such a mentor begins; empty while searches are no part of the program."""
    begin = address(SEARCH)
    if begin is None:
        return ""
    asked = {
        "programme": str(one.programme_id),
        "division": str(one.division_id),
        "occupation": kept["occupation"],
        "language": kept["language"],
        "time": kept["time"] if kept["time"] in TIMES else "",
        "way": (MeetingMode.ONLINE if kept["online"] else MeetingMode.IN_PERSON).value,
    }
    return f"{begin}?{urlencode({name: value for name, value in asked.items() if value})}"


def five_url(one: ShortageMap, kept: Mapping[str, Any]) -> str:
    """Return where it is asked what five such mentors would change."""
    asked = {
        "programme": str(one.programme_id),
        "division": str(one.division_id),
        "occupation": kept["occupation"],
        "language": kept["language"],
        "time": kept["time"],
        "online": "on" if kept["online"] else "",
    }
    return f"{reverse('desk:forecast')}?{urlencode(asked)}#five-more"


def fields_of(maps: Sequence[ShortageMap]) -> list[Field]:
    """Return the map: each major group of occupations, with a cell for each division."""
    cells = [{kept["field"]: kept for kept in one.content.get("cells", ())} for one in maps]
    return [
        Field(said(isco.title(group.code, reference_language())), [_cell(each.get(group.code)) for each in cells])
        for group in isco.groups(1)
    ]


def _cell(kept: Mapping[str, Any] | None) -> Cell:
    wanted = None if kept is None else kept["wanted"]
    if wanted is None:
        return Cell(None, _("too few"), 0)
    if not wanted and kept is not None and kept["points"]:
        return Cell(0, _("fit +%(points)s") % {"points": kept["points"]}, 1)
    # One step darker than a better fit.
    return Cell(wanted, _wanted(wanted) or "0", wanted and min(wanted + 1, MOST))


def parts_of(maps: Iterable[ShortageMap], now: Counter[tuple[UUID, UUID]]) -> list[Part]:
    """Return each division with how many wait there, and whom to look for one after the other."""
    return [
        Part(
            one.division.name,
            one.computed_at,
            _counts(one.content),
            is_outdated(one, now),
            [
                ([_field(kept["occupation"]), *_more(kept)], gain_words(kept["number"], kept["points"]))
                for kept in one.content.get("plan", ())
            ],
        )
        for one in maps
    ]


def _counts(content: Mapping[str, Any]) -> str:
    if not content.get("waiting"):
        return _("Too few wait to tell.") if content.get("waiting") is None else _("Nobody waits.")
    words = [
        ngettext("%(count)s mentee waits.", "%(count)s mentees wait.", content["waiting"])
        % {"count": content["waiting"]}
    ]
    left = content["left"]
    if left is None:
        words.append(_("With the mentors there are, a few at most would be left over."))
    elif left:
        words.append(
            ngettext(
                "With the mentors there are, %(count)s would be left over, however they were paired.",
                "With the mentors there are, %(count)s would be left over, however they were paired.",
                left,
            )
            % {"count": left}
        )
        if not content.get("profiles"):
            words.append(_("No line of the list is about them: no three of them have in common what would help."))
    else:
        words.append(_("With the mentors there are, each of them could have one."))
    return " ".join(words)


def progress_of(at_work: Sequence[ShortageMap], programme_id: UUID) -> dict[str, object]:
    """Return what the progress says, of all divisions together."""
    has_begun = all(one.heartbeat_at is not None for one in at_work)
    total = sum(one.in_all for one in at_work) if has_begun else 0
    return {
        "title": _("Whom the bank lacks is being computed"),
        "done": min(sum(one.read for one in at_work), total),
        "total": total or None,
        "sentence": _("Trying out mentors who are not there.") if has_begun else _("It begins in a moment."),
        "poll_url": f"{reverse('desk:shortage_progress')}?{urlencode({'programme': str(programme_id)})}",
    }


def tabs_of(programmes: Iterable[Programme], chosen: Programme) -> list[dict[str, object]]:
    """Return a tab for each programme."""
    return [
        {
            "label": format_html("<bdi>{}</bdi>", one.name),
            "url": f"{reverse('desk:shortage_map')}?{urlencode({'programme': str(one.pk)})}",
            "is_current": one.pk == chosen.pk,
        }
        for one in programmes
    ]


def table_of(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Return the profiles as lines of a file: words without marks."""
    return [
        (
            place,
            row.division,
            _plain(row.field),
            ", ".join(_plain(part) for part in row.more),
            row.number,
            row.points,
            row.wanted or "0",
            row.mentees,
        )
        for place, row in enumerate(rows, start=1)
    ]


def _plain(words: SafeString | str) -> str:
    text = str(words)
    if isinstance(words, SafeString):
        return strip_tags(text)
    return text
