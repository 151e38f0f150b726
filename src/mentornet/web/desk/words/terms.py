"""Words of the reference lists as one says them, and how a page marks words that are not its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.web.ui.listed import said
from reference import isco
from reference.people import MeetingMode

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


def written(text: str) -> SafeString:
    """Mark what somebody has written herself: it runs in its own direction."""
    return format_html('<span dir="auto">{}</span>', text) if text else SafeString()


def ways_to_meet(modes: Iterable[str] | None) -> str:
    """Return ways to meet, such as “in person or online”."""
    chosen = set(modes or ())
    known = [words for mode, words in WAYS.items() if mode in chosen]
    if len(known) == len(WAYS):
        return _("in person or online")
    return str(known[0]) if known else ""


def work(code: str | None, title: str = "") -> SafeString | str:
    """Return an occupation as she says it; by its group without her words."""
    return written(title) or occupation(code)


def occupation(code: str | None, title: str = "") -> SafeString | str:
    """Return an occupation as she says it, with the group it belongs to; the group alone without her words."""
    group = said(isco.title(code, reference_language())) if code else ""
    if title and group:
        return format_html('{} <span class="soft small">{}</span>', written(title), group)
    return written(title) or group
