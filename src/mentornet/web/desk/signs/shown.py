"""Early signs in words: each says which numbers it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.agenda.models import Kind
from mentornet.followup.models import EarlySign
from mentornet.followup.services.signs import SEVERAL
from mentornet.followup.sign_kinds import SignKind
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.web.desk.people.standing import day

ICONS: Final[Mapping[str, str]] = {
    SignKind.UNMET: "calendar",
    SignKind.FALLING: "sort-down",
    SignKind.ONE_SILENT: "message",
    SignKind.BOTH_SILENT: "message",
    SignKind.PACE: "clock",
}
BECAUSE: Final[Mapping[tuple[str, str], str | Promise]] = {
    (Kind.WARNED, SignKind.UNMET): gettext_lazy("%(mentee)s and %(mentor)s have not met for long: call them"),
    (Kind.WARNED, SignKind.FALLING): gettext_lazy(
        "%(mentee)s and %(mentor)s: one of them says that it goes less well: call her"
    ),
    (Kind.WARNED, SignKind.ONE_SILENT): gettext_lazy(
        "%(mentee)s and %(mentor)s: one of them does not answer: call her"
    ),
    (Kind.WARNED, SignKind.BOTH_SILENT): gettext_lazy("%(mentee)s and %(mentor)s do not answer: call them"),
    (Kind.WARNED, SignKind.PACE): gettext_lazy(
        "%(mentee)s and %(mentor)s meet less often than they have agreed: call them"
    ),
    (Kind.WARNED, SEVERAL): gettext_lazy(
        "%(mentee)s and %(mentor)s: several early signs that it may not last: call them"
    ),
}
"""What Today says of a pair, by the reason."""


def slug_of(sign: EarlySign) -> str:
    """Return how an address names one of a pair's signs."""
    return f"{sign.kind}-{sign.side}" if sign.side else sign.kind


def fenced(sentence: str, **values: object) -> SafeString:
    """Fill a sentence of ours in: names are fenced, so that no alphabet disturbs the others; all else is escaped."""
    safe = {
        name: format_html("<bdi>{}</bdi>", value) if type(value) is str else value for name, value in values.items()
    }
    return mark_safe(conditional_escape(sentence) % safe)  # noqa: S308 - both parts are escaped


def reason_of(sign: EarlySign, pair: Partnership) -> SafeString:
    """Say why, with the numbers."""
    facts, names = sign.facts, _names(pair)
    match sign.kind:
        case SignKind.UNMET:
            days = int(facts["days"])
            words = ngettext(
                "Nobody has told of a meeting for %(days)s day; the last one was on %(last)s.",
                "Nobody has told of a meeting for %(days)s days; the last one was on %(last)s.",
                days,
            )
            return fenced(words, days=days, last=_day(facts["last"]))
        case SignKind.FALLING:
            return _falling(facts, names[sign.side])
        case SignKind.ONE_SILENT:
            count = int(facts["unanswered"])
            words = ngettext(
                "%(name)s has left the last question unanswered; %(other)s answered on %(on)s.",
                "%(name)s has left the last %(count)s questions unanswered; %(other)s answered on %(on)s.",
                count,
            )
            other = names[Role.MENTOR if sign.side == Role.MENTEE else Role.MENTEE]
            return fenced(words, name=names[sign.side], other=other, count=count, on=_day(facts["other_on"]))
        case SignKind.BOTH_SILENT:
            words = _(
                "Neither answers: %(mentee)s has left the last %(hers)s questions unanswered, %(mentor)s the last "
                "%(others)s."
            )
            return fenced(words, **names, hers=int(facts["mentee"]), others=int(facts["mentor"]))
        case _:
            count = int(facts["met"])
            words = ngettext(
                "They have told of %(met)s meeting in the last %(days)s days; as they have agreed, it would have been "
                "about %(agreed)s.",
                "They have told of %(met)s meetings in the last %(days)s days; as they have agreed, it would have "
                "been about %(agreed)s.",
                count,
            )
            return fenced(words, met=count, days=int(facts["days"]), agreed=int(facts["agreed"]))


def plain_reason_of(sign: EarlySign, pair: Partnership) -> str:
    """Say why, as a file holds it: without what fences names on a page."""
    return unescape(strip_tags(reason_of(sign, pair)))


def _falling(facts: Mapping[str, Any], name: str) -> SafeString:
    if "before" not in facts:
        return fenced(
            _("%(name)s answered %(going)s of 5 on %(on)s."), name=name, going=int(facts["going"]), on=_day(facts["on"])
        )
    return fenced(
        _("%(name)s answered %(going)s of 5 on %(on)s, and %(before)s on %(earlier)s."),
        name=name,
        going=int(facts["going"]),
        on=_day(facts["on"]),
        before=int(facts["before"]),
        earlier=_day(facts["before_on"]),
    )


def _day(iso: object) -> SafeString:
    return format_html("{}", day(date.fromisoformat(str(iso))))


def _names(pair: Partnership) -> dict[str, str]:
    return {
        Role.MENTEE.value: pair.mentee.person.first_name,
        Role.MENTOR.value: pair.mentor.person.first_name,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One sign of a pair.

    Attributes:
        reason: with its numbers.
        aside: until when somebody has put it aside, and why; empty where it counts.
        aside_url, again_url: where it is put aside, and where that is taken back.
    """

    sign: EarlySign
    icon: str
    reason: SafeString
    since: str
    aside: str
    aside_url: str
    again_url: str


def lines_of(signs: Iterable[EarlySign], pair: Partnership, today: date) -> list[Line]:
    """Prepare the signs of a pair, those that count first."""
    lines = [_line(sign, pair, today) for sign in signs]
    return sorted(lines, key=lambda line: bool(line.aside))


def _line(sign: EarlySign, pair: Partnership, today: date) -> Line:
    address = [pair.pk, slug_of(sign)]
    is_aside = sign.put_aside_until is not None and sign.put_aside_until > today
    return Line(
        sign=sign,
        icon=ICONS[sign.kind],
        reason=reason_of(sign, pair),
        since=_("seen since %(day)s") % {"day": day(sign.first_seen_on)},
        aside=_("Put aside until %(day)s") % {"day": day(sign.put_aside_until)} if is_aside else "",
        aside_url=reverse("desk:sign_aside", args=address),
        again_url=reverse("desk:sign_again", args=address),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of the list, with its signs."""

    pair: Partnership
    lines: Sequence[Line]


def rows_of(pairs: Iterable[Partnership], signs: Mapping[Any, Sequence[EarlySign]], today: date) -> list[Row]:
    """Prepare pairs for the list."""
    return [Row(pair, lines_of(signs.get(pair.pk, ()), pair, today)) for pair in pairs]


def choices(pairs: Iterable[tuple[str, str]], chosen: str) -> list[tuple[str, str, bool]]:
    """Return what can be chosen from, each with whether it is."""
    return [(value, label, value == chosen) for value, label in pairs]
