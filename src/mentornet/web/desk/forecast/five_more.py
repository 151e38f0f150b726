"""What five more mentors would change, in words, bars and a table: whose five they are, why they, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.computed import ComputedState
from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.matching.five_more import is_at_work, most_wanted, place_of, wanted_by
from mentornet.matching.models import FiveMore, ShortageMap
from mentornet.matching.shortage_queries import visible_shortages
from mentornet.matching.waits import days_in_words
from mentornet.web.desk.forecast.forms import FiveMoreForm
from mentornet.web.desk.forecast.shown import half_in_words, range_in_words
from mentornet.web.ui.listed import said
from reference import isco, languages

SHOWN: Final = 6
"""So many are shown, the latest first."""
WEEK: Final = 7
"""A wait that differs by less is told as the same."""
TIMES: Final[Mapping[str, str | Promise]] = {
    "daytime": gettext_lazy("has time on weekdays in the daytime"),
    "evenings": gettext_lazy("has time on weekday evenings"),
    "weekends": gettext_lazy("has time at weekends"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The year without them, or with them: ranges."""

    name: str
    half: str
    matched: str
    waiting: str
    quality: str


@dataclass(frozen=True, slots=True)
class Played:
    """One profile that was played through.

    Attributes:
        profile: what it names.
        why: why this one.
        words: what differs, as sentences.
        charts: each with its caption, its unit and its bars.
    """

    profile: Sequence[SafeString | str]
    place: SafeString
    why: str
    computed_at: datetime | None
    words: Sequence[str]
    lines: Sequence[Line]
    charts: Sequence[Mapping[str, object]]


def context_of(by: Staff, form: FiveMoreForm, played: Sequence[FiveMore], *, has_forecast: bool) -> dict[str, object]:
    """Return what the page needs of it; nothing where nothing is foretold of any programme that she sees."""
    if not has_forecast:
        return {"five_more_form": None}
    maps = {(one.division_id, one.programme_id): one for one in visible_shortages(by) if one.state == "done"}
    if not form.is_bound:
        begin_with_the_most_wanted(form, maps.values())
    at_work = running(by, played)
    return {
        "five_more_form": form,
        "five_more": [
            _played(one, maps.get((one.division_id, one.programme_id)))
            for one in played
            if one.state == ComputedState.DONE
        ][:SHOWN],
        "is_playing": bool(at_work),
        "five_more_stopped": any(is_at_work(one) and one.has_stopped(by.at) for one in played),
        "five_more_progress": progress_of(at_work) if at_work else None,
    }


def begin_with_the_most_wanted(form: FiveMoreForm, maps: Iterable[ShortageMap]) -> None:
    """Fill a form in with the first profile of the shortage maps that has something to say."""
    found = [(one.content["profiles"][0], one) for one in maps if one.content.get("profiles")]
    if not found:
        return
    _first, one = max(found, key=lambda each: (each[0]["number"], each[0]["points"], str(each[1].pk)))
    wanted = most_wanted(one)
    if wanted is not None:
        form.initial = {
            "programme": one.programme_id,
            "division": one.division_id,
            "occupation": wanted.occupation,
            "language": wanted.language,
            "time": wanted.time,
            "online": wanted.online,
        }


def running(by: Staff, played: Iterable[FiveMore]) -> list[FiveMore]:
    """Return what is being played now, or waits for the worker."""
    return [one for one in played if is_at_work(one) and not one.has_stopped(by.at)]


def progress_of(at_work: Sequence[FiveMore]) -> dict[str, object]:
    """Return what the progress says, of all of them together."""
    has_begun = all(one.heartbeat_at is not None for one in at_work)
    total = sum(one.in_all for one in at_work) if has_begun else 0
    return {
        "title": _("Five more mentors are being played through"),
        "done": min(sum(one.played for one in at_work), total),
        "total": total or None,
        "sentence": _("Playing a year with them and without them.") if has_begun else _("It begins in a moment."),
        "poll_url": reverse("desk:forecast_five_more_progress"),
    }


def _profile(asked: FiveMore) -> list[SafeString | str]:
    language = reference_language()
    parts: list[SafeString | str] = [
        said(isco.title(asked.occupation, language)) if asked.occupation else _("Any field of work")
    ]
    if asked.language:
        name = said(languages.name(asked.language, language))
        parts.append(format_html(_("speaks {language} beside Danish"), language=name))
    if asked.time in TIMES:
        parts.append(str(TIMES[asked.time]))
    if asked.online:
        parts.append(_("meets online"))
    return parts


def _why(asked: FiveMore, one: ShortageMap | None) -> str:
    place = place_of(wanted_by(asked), one)
    if place == 1:
        return _("Why this profile: it stands first on the shortage map, so one such mentor would help most now.")
    if place is not None:
        return _("Why this profile: it was asked for, and is number %(place)s on the shortage map.") % {"place": place}
    return _("Why this profile: it was asked for. It does not stand on the shortage map.")


def _played(asked: FiveMore, one: ShortageMap | None) -> Played:
    content = asked.content
    pairs = [(_("As now"), content["now"]), (_("With five more"), content["then"])] if content else []
    return Played(
        profile=_profile(asked),
        place=format_html("<bdi>{}</bdi> · <bdi>{}</bdi>", asked.division.name, asked.programme.name),
        why=_why(asked, one),
        computed_at=asked.computed_at,
        words=_changes(content["more"]) if content else [_("Nobody has ever been there: nothing can be played.")],
        lines=[
            Line(
                name=name,
                half=half_in_words(kept["half"]),
                matched=range_in_words(kept["matched"]),
                waiting=range_in_words(kept["waiting"]),
                quality=range_in_words(kept["quality"]),
            )
            for name, kept in pairs
        ],
        charts=_charts(pairs),
    )


def _charts(pairs: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, object]]:
    def bars(name: str) -> list[dict[str, object]]:
        return [
            {"label": words, "value": round(kept[name][1]), "note": range_in_words(kept[name])}
            for words, kept in pairs
            if kept[name] is not None
        ]

    charts: tuple[dict[str, object], ...] = (
        {"caption": _("Matched within a year"), "unit": "", "rows": bars("matched")},
        {"caption": _("Half of the women have a mentor within"), "unit": _("days"), "rows": bars("half")},
    )
    return [chart for chart in charts if chart["rows"]]


def _changes(more: Mapping[str, Sequence[float] | None]) -> list[str]:
    """Say what differs between the year with the five and without, run by run; so too where it is hardly anything."""
    matched, half, quality = (more[name] for name in ("matched", "half", "quality"))
    words = []
    gained = round(matched[1]) if matched is not None else 0
    if matched is not None and gained:
        words.append(
            _("In the middle run %(count)s more are matched within a year; in eight of ten runs, %(low)s to %(high)s.")
            % {"count": gained, "low": round(matched[0]), "high": round(matched[2])}
        )
    if half is not None and abs(half[1]) >= WEEK:
        by = {"time": days_in_words(abs(half[1]), in_weeks=True)}
        words.append(
            _("Half of the women have a mentor %(time)s earlier.") % by
            if half[1] < 0
            else _("Half of the women have a mentor %(time)s later: those who come after them wait longer.") % by
        )
    if quality is not None and abs(quality[1]) >= 1:
        words.append(
            _("The pairs fit by %(points)s of 100 better.") % {"points": round(quality[1])}
            if quality[1] > 0
            else _("The pairs fit by %(points)s of 100 less well.") % {"points": round(-quality[1])}
        )
    is_earlier = half is not None and half[1] <= -WEEK
    if gained <= 0 and not is_earlier:
        words.append(
            _(
                "Five such mentors would hardly change how many are matched, or how long they wait: either nobody who "
                "waits needs them, or it is hands for proposals that are short, not mentors."
            )
        )
    return words


def lines_of(played: Iterable[FiveMore]) -> list[tuple[Any, ...]]:
    """Return the rows of the file: each profile that was played, without the five and with them."""
    lines: list[tuple[Any, ...]] = []
    for asked in played:
        for more, name in ((0, "now"), (5, "then")):
            kept = asked.content.get(name)
            if kept is None:
                continue
            half = (None, kept["half"][1] if kept["half"] else None, None)
            matched = (None if value < 0 else value for value in kept["matched"])
            middle = (kept[key][1] if kept[key] else None for key in ("left", "waiting", "quality"))
            who = (asked.programme.name, "five more", asked.division.name, asked.occupation, 0, "no", more)
            lines.append((*who, *[None] * 4, *half, *matched, *middle))
    return lines
