"""What is known of a person, in words: for the subject of the match desk and for two people side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from mentornet.common.spoken import reference_language
from mentornet.matching.reasons import requirement_words
from reference.people import MeetingMode, Mentee, Mentor, Person
from reference.slots import Day, Part, Slot
from reference.spoken import LanguageName, OccupationTitle

EDUCATION: Final[dict[int, str | Promise]] = {
    0: gettext_lazy("less than primary school"),
    1: gettext_lazy("primary school"),
    2: gettext_lazy("lower secondary school"),
    3: gettext_lazy("upper secondary or vocational school"),
    4: gettext_lazy("a course after upper secondary school"),
    5: gettext_lazy("a short higher education"),
    6: gettext_lazy("a bachelor's degree"),
    7: gettext_lazy("a master's degree"),
    8: gettext_lazy("a doctorate"),
}
"""The levels of ISCED 2011, each as one says it."""

WAYS: Final[dict[MeetingMode, str | Promise]] = {
    MeetingMode.IN_PERSON: gettext_lazy("in person"),
    MeetingMode.ONLINE: gettext_lazy("online"),
}
PARTS: Final[dict[Part, str | Promise]] = {
    Part.MORNING: gettext_lazy("Morning"),
    Part.AFTERNOON: gettext_lazy("Afternoon"),
    Part.EVENING: gettext_lazy("Evening"),
}


def said(text: str) -> SafeString | str:
    """Mark words from the reference lists with the language they are in, which may not be the page's."""
    return format_html('<span lang="{}">{}</span>', reference_language(), text) if text else ""


def written(text: str) -> SafeString:
    """Mark what somebody has written herself: it runs in its own direction."""
    return format_html('<span dir="auto">{}</span>', text) if text else SafeString()


def _row(items: Iterable[tuple[str, bool]], *, language: str = "") -> SafeString:
    """Return items in a row, those that the two have in common marked."""
    shown = format_html_join(
        ", ", "{}", ((format_html("<mark>{}</mark>", text) if is_shared else text,) for text, is_shared in items)
    )
    return format_html('<span lang="{}">{}</span>', language, shown) if language else written(shown)


def languages(person: Person, other: Person | None = None) -> SafeString | str:
    """Return what somebody speaks, with levels where they are known; what ``other`` speaks too is marked."""
    language = reference_language()
    shared = {skill.code for skill in other.languages or ()} if other else set()
    named = [
        (
            LanguageName(skill.code).text(language) + (f" {skill.level.name}" if skill.level else ""),
            skill.code in shared,
        )
        for skill in person.languages or ()
    ]
    return _row(named, language=language) if named else ""


def work(person: Person, title: str = "") -> SafeString | str:
    """Return an occupation as she says it; by its group without her words."""
    return written(title) if title else occupation(person)


def occupation(person: Person, title: str = "") -> SafeString | str:
    """Return an occupation as she says it, with the group it belongs to; the group alone without her words."""
    group = OccupationTitle(person.occupation).text(reference_language()) if person.occupation else ""
    if title and group:
        return format_html('{} <span class="soft small">{}</span>', written(title), said(group))
    return written(title) or said(group)


def topics(person: Person, *, in_order: bool, other: Person | None = None) -> SafeString | str:
    """Return goals, the first one first, as a numbered list; or what is offered, in a row. Common ones are marked."""
    language = reference_language()
    shared = set(other.topics or ()) if other else set()
    labels = [(topic.label.text(language), topic in shared) for topic in person.topics or ()]
    if not labels:
        return ""
    if not in_order:
        return _row(labels, language=language)
    items = format_html_join(
        "", "<li>{}</li>", ((format_html("<mark>{}</mark>", text) if common else text,) for text, common in labels)
    )
    return format_html('<ol class="goals" lang="{}">{}</ol>', language, items)


def interests(person: Person, other: Person | None = None) -> SafeString | str:
    """Return interests as she has written them, common ones marked."""
    shared = {word.casefold() for word in other.interests or ()} if other else set()
    named = [(word, word.casefold() in shared) for word in person.interests or ()]
    return _row(named) if named else ""


def meeting(person: Person) -> str:
    """Return the ways in which somebody meets."""
    return ", ".join(str(WAYS[mode]) for mode in person.meeting or () if mode in WAYS)


def pace(person: Person) -> str:
    """Return how many hours a month, and for how many months."""
    parts = []
    if person.hours_per_month is not None:
        hours = number_format(person.hours_per_month, decimal_pos=0 if person.hours_per_month % 1 == 0 else 1)
        parts.append(_("%(hours)s hours a month") % {"hours": hours})
    if person.months is not None:
        months = number_format(person.months, decimal_pos=0 if person.months % 1 == 0 else 1)
        parts.append(_("for %(months)s months") % {"months": months})
    return ", ".join(parts)


def education(person: Person) -> str:
    """Return the level of education."""
    return "" if person.education is None else str(EDUCATION[person.education])


def demands(person: Person) -> SafeString | str:
    """Return the must-haves about the other."""
    return said(", ".join(requirement_words(one) for one in person.requires))


def places(mentor: Mentor) -> str:
    """Return how many of a mentor's places are free."""
    free = max(mentor.capacity - mentor.active_pairs, 0)
    return ngettext("%(free)s of %(count)s place free", "%(free)s of %(count)s places free", mentor.capacity) % {
        "free": free,
        "count": mentor.capacity,
    }


def experience(mentor: Mentor) -> str:
    """Return how many pairs a mentor has been part of."""
    if mentor.pairs_before is None:
        return ""
    if mentor.pairs_before == 0:
        return _("none yet")
    return ngettext("%(count)s pair", "%(count)s pairs", mentor.pairs_before) % {"count": mentor.pairs_before}


def danish(mentee: Mentee, mentor: Mentor) -> tuple[str, str]:
    """Return whether the mentee wants to practise Danish, and how much of it the mentor asks for."""
    least = mentor.min_danish
    return (
        _("wants to practise") if mentee.practise_danish else _("no wish"),
        _("asks for %(level)s or better") % {"level": least.name} if least is not None else _("no wish"),
    )


def special(mentee: Mentee) -> str:
    """Return what a mentee asks for beyond the rest."""
    wanted = []
    if mentee.practise_danish:
        wanted.append(_("practise Danish"))
    if mentee.needs_experience:
        wanted.append(_("a mentor with experience"))
    return ", ".join(wanted)


# The week -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of one day: who has time (``both``, ``mentee``, ``mentor`` or ``none``), in a word."""

    who: str
    word: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week as a table: days across, parts of the day down.

    Attributes:
        days: short and whole names.
        rows: (part, its seven cells).
        common: how many times both have.
        is_one: only one person's week.
    """

    days: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    common: int
    is_one: bool


def week(mentee: Iterable[Slot] | None, mentor: Iterable[Slot] | None = None, *, is_one: bool = False) -> Week | None:
    """Return the times of one person, or of two over each other; ``None`` where nobody's are known."""
    if mentee is None and mentor is None:
        return None
    hers, other = frozenset(mentee or ()), frozenset(mentor or ())
    words = {
        "both": pgettext("time of the week", "both"),
        "mentee": pgettext("time of the week", "free") if is_one else pgettext("time of the week", "the mentee"),
        "mentor": pgettext("time of the week", "the mentor"),
        "none": pgettext("time of the week", "no"),
    }
    rows = []
    for part in Part:
        cells = []
        for day in Day:
            slot = Slot(day, part)
            who = {(True, True): "both", (True, False): "mentee", (False, True): "mentor", (False, False): "none"}[
                slot in hers, slot in other
            ]
            cells.append(Cell(who, words[who]))
        rows.append((str(PARTS[part]), cells))
    days = [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day]).capitalize()) for day in Day]
    return Week(days, rows, len(hers & other), is_one)
