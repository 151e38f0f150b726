"""What is stored of a person, in a few words: for the rows of lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.spoken import reference_language
from mentornet.people.models import LanguageSkill
from mentornet.web.ui.listed import said
from reference import languages as language_names
from reference.topics import Topic

MOST_TOPICS: Final = 5
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = frozenset(range(5))
_WEEKEND: Final = frozenset({5, 6})
_PARTS: Final[dict[str, str | Promise]] = {
    "morning": gettext_lazy("%(days)s in the morning"),
    "afternoon": gettext_lazy("%(days)s in the afternoon"),
    "evening": gettext_lazy("%(days)s in the evening"),
}


def languages(skills: Iterable[LanguageSkill]) -> SafeString | str:
    """Return languages with their levels, where they are known."""
    language = reference_language()
    words = [f"{language_names.name(skill.code, language)} {skill.level}".strip() for skill in skills]
    return said(", ".join(words)) if words else ""


def topics(codes: Sequence[str] | None) -> SafeString | str:
    """Return topics: the first few, and how many more."""
    language = reference_language()
    labels = [Topic(code).label.text(language) for code in codes or ()]
    if not labels:
        return ""
    first, rest = said(", ".join(labels[:MOST_TOPICS])), len(labels) - MOST_TOPICS
    if rest <= 0:
        return first
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
    return format_html("{} {}", first, more)


def times(slots: Sequence[str] | None) -> str:
    """Return times of the week by the part of the day, such as “weekdays in the evening; Sat in the morning”."""
    days_of: dict[str, set[int]] = {}
    for slot in slots or ():
        day, _sep, part = slot.partition("-")
        days_of.setdefault(part, set()).add(_DAYS.index(day))
    return "; ".join(str(words) % {"days": _days(days_of[part])} for part, words in _PARTS.items() if part in days_of)


def _days(days: set[int]) -> str:
    if len(days) == len(_DAYS):
        return _("every day")
    words = []
    if days >= _WEEK:
        words.append(_("weekdays"))
    else:
        words += [str(WEEKDAYS_ABBR[day]) for day in sorted(days & _WEEK)]
    if days >= _WEEKEND:
        words.append(_("weekends"))
    else:
        words += [str(WEEKDAYS_ABBR[day]) for day in sorted(days & _WEEKEND)]
    return ", ".join(words)
