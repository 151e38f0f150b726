"""What is known of a person, in full: alone, or beside another with what the two have in common marked."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.common.spoken import reference_language
from mentornet.matching.reasons import requirement_words
from mentornet.web.desk.words.terms import EDUCATION, written
from mentornet.web.ui.listed import said
from reference.people import Mentee, Mentor, Person
from reference.spoken import LanguageName


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
