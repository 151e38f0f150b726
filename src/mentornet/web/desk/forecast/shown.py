"""A forecast in words, bars and tables: always as ranges, with how many they were read from and how wrong it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.matching.forecast import FEWEST, NEEDED, wait_in_words
from mentornet.matching.models import Forecast
from mentornet.matching.waits import WEEKS_UNTIL, days_in_words
from mentornet.programmes.queries import programmes_in
from mentornet.web.ui.listed import said
from reference import isco

COLUMNS: Final = (
    *("programme", "what", "division", "field", "meeting_every_days", "lending", "more_mentors", "women"),
    *("days_quarter", "days_half", "days_three_quarters"),
    *("foretold_quarter", "foretold_half", "foretold_three_quarters"),
    *("matched_low", "matched_middle", "matched_high", "left_middle", "waiting_middle", "quality_middle"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Women who are alike: how long they waited, and how long such women may wait now.

    Attributes:
        field: what they want to work with; empty for all of a division.
    """

    division: str
    field: str
    women: int
    came: str
    foretold: str


@dataclass(frozen=True, slots=True)
class Line:
    """One policy: ranges of what the runs came to."""

    name: str
    half: str
    matched: str
    left: str
    waiting: str
    quality: str


@dataclass(frozen=True, slots=True)
class Part:
    """One programme.

    Attributes:
        too_early: why nothing is foretold of it; empty where something is.
        tried: what was foretold a year ago, and what came.
        charts: each with its caption, its unit and its bars.
    """

    name: str
    too_early: str
    tried: Sequence[str] = ()
    groups: Sequence[Group] = ()
    lines: Sequence[Line] = ()
    charts: Sequence[Mapping[str, object]] = ()

    @property
    def tables(self) -> Sequence[Sequence[Group]]:
        """The divisions, and each field of work in them."""
        return [one for one in self.groups if not one.field], [one for one in self.groups if one.field]


def _mine(by: Staff, forecast: Forecast) -> list[tuple[str, dict[str, Any]]]:
    content = forecast.content.get("programmes", {})
    return [(one.name, content[str(one.pk)]) for one in programmes_in(by.casework) if str(one.pk) in content]


def parts_of(by: Staff, forecast: Forecast) -> list[Part]:
    """Return what was found, programme by programme; of the divisions those in which she works."""
    divisions = {str(one.pk): one.name for one in divisions_of(by)}
    return [_part(name, content, divisions) for name, content in _mine(by, forecast)]


def _part(name: str, content: Mapping[str, Any], divisions: Mapping[str, str]) -> Part:
    # What the network calls its programmes and divisions is fenced, as names are.
    name = format_html("<bdi>{}</bdi>", name)
    if "groups" not in content:
        return Part(name, _too_early(int(content["matches"])))
    ways = [(_way(one), one) for one in content["ways"]]
    return Part(
        name=name,
        too_early="",
        tried=_tried(content["tried"]),
        groups=[_group(one, divisions) for one in _theirs(content, divisions)],
        lines=[
            Line(
                name=words,
                half=half_in_words(one["half"]),
                matched=range_in_words(one["matched"]),
                left=range_in_words(one["left"]),
                waiting=range_in_words(one["waiting"]),
                quality=range_in_words(one["quality"]),
            )
            for words, one in ways
        ],
        charts=_charts(ways),
    )


def _theirs(content: Mapping[str, Any], divisions: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return the groups that somebody may see: the programme's first, then by division, the largest field first."""
    found = [one for one in content["groups"] if not one["division"] or one["division"] in divisions]
    return sorted(
        found,
        key=lambda one: (divisions.get(one["division"], ""), bool(one["field"]), -one["women"], one["field"]),
    )


def _too_early(matches: int) -> str:
    if 0 < matches < FEWEST:
        return _("Too early: fewer than %(fewest)s of %(needed)s matches.") % {"fewest": FEWEST, "needed": NEEDED}
    return _("Too early: %(count)s of %(needed)s matches.") % {"count": matches, "needed": NEEDED}


def _group(one: Mapping[str, Any], divisions: Mapping[str, str]) -> Group:
    division = divisions.get(one["division"], "")
    return Group(
        division=format_html("<bdi>{}</bdi>", division) if division else _("All divisions"),
        field=said(isco.title(one["field"], reference_language())) if one["field"] else "",
        women=int(one["women"]),
        came=wait_in_words(one["came"], int(one["women"])),
        foretold=_foretold(one["foretold"]),
    )


def _foretold(quarters: Sequence[float | None]) -> str:
    first, half, third = quarters
    if first is None or half is None:
        return _("Less than half have a mentor within a year.")
    in_weeks = (third or half) <= WEEKS_UNTIL
    low = days_in_words(first, in_weeks=in_weeks)
    if third is None:
        return _("A quarter within %(low)s, half within %(half)s, and many wait longer than a year.") % {
            "low": low,
            "half": days_in_words(half, in_weeks=in_weeks),
        }
    return _("Half between %(low)s and %(high)s.") % {"low": low, "high": days_in_words(third, in_weeks=in_weeks)}


def _tried(tried: Mapping[str, Any] | None) -> list[str]:
    """Say what would have been foretold a year ago, what came, and how the other years went that it was tried on."""
    if tried is None:
        return [_("No year lies far enough back to try it on: nobody can say yet how wrong it is.")]
    low, middle, high = (round(value) for value in tried["matched"])
    really = int(tried["really"])
    apart = round(100 * abs(middle - really) / max(1, really))
    words = [
        _(
            "A year ago this would have foretold %(low)s to %(high)s matches for the year. There were %(really)s: the "
            "middle was %(apart)s %% off."
        )
        % {"low": low, "high": high, "really": really, "apart": apart}
    ]
    if not low <= really <= high:
        words.append(_("What came lies outside the range: chance alone does not explain how wrong it was."))
    foretold, came = tried["foretold"][1], tried["came"][1]
    if foretold is not None and came is not None:
        words.append(
            _("Foretold: half have a mentor within %(foretold)s. Came: within %(came)s.")
            % {
                "foretold": days_in_words(foretold, in_weeks=True),
                "came": days_in_words(came, in_weeks=True),
            }
        )
    if tried["divisions"]:
        words.append(
            _("In %(inside)s of %(divisions)s divisions the number of matches lay in its range.")
            % {"inside": tried["inside"], "divisions": tried["divisions"]}
        )
    return [*words, *_widened(tried)]


def _widened(tried: Mapping[str, Any]) -> list[str]:
    """Say that the ranges below are wider than the runs lie apart, and what that would have held."""
    (held, held_wider), (told, inside, inside_wider) = tried["held"], tried["of_divisions"]
    numbers = {
        "tries": int(tried["tries"]),
        "held": held,
        "wider": held_wider,
        "told": told,
        "inside": inside,
        "inside_wider": inside_wider,
    }
    words = [
        _(
            "Tried on %(tries)s years, which overlap, each from what was known on its first day: the matches of the "
            "year lay in the range of the runs in %(held)s of %(tries)s, those of a division in %(inside)s of %(told)s."
        )
        % numbers,
        _(
            "So each range below has been made wider, by as much as those years ask for. Made wider by what the other "
            "years teach, it would have held %(wider)s of %(tries)s, and %(inside_wider)s of %(told)s."
        )
        % numbers,
    ]
    if not tried["is_enough"]:
        words.append(_("So few years are too few to claim that eight of ten will lie in their range."))
    foretold, came = tried["quality"]
    words.append(
        _(
            "The pairs that were made fit by %(came)s of 100, the foretold ones by %(foretold)s: people choose by more "
            "than the program knows. So compare how well they fit between the ways of matching only."
        )
        % {"came": came, "foretold": foretold}
    )
    return words


def _way(one: Mapping[str, Any]) -> str:
    names = {
        (0, False): _("At once, as now"),
        (7, False): _("A meeting every week"),
        (30, False): _("A meeting every month"),
        (0, True): _("At once, with lending"),
        (7, True): _("A meeting every week, with lending"),
        (30, True): _("A meeting every month, with lending"),
    }
    return names[int(one["every"]), bool(one["lends"])]


def range_in_words(values: Sequence[float] | None) -> str:
    """Say between what numbers something lies; open at its end where that is not known."""
    if values is None:
        return _("not known")
    low, _middle, high = (round(value) for value in values)
    if high < 0:
        return _("%(low)s or more") % {"low": low}
    return f"{low}\N{EN DASH}{high}" if low != high else str(low)


def half_in_words(values: Sequence[float] | None) -> str:
    """Say between what weeks half have a mentor."""
    if values is None:
        return _("not within a year")
    low, _middle, high = values
    if high < 0:
        return _("%(low)s or longer") % {"low": days_in_words(low, in_weeks=True)}
    first, last = (days_in_words(value, in_weeks=True) for value in (low, high))
    return first if first == last else _("%(low)s to %(high)s") % {"low": first, "high": last}


def _charts(ways: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, object]]:
    def bars(name: str) -> list[dict[str, object]]:
        return [
            {"label": words, "value": round(one[name][1]), "note": range_in_words(one[name])}
            for words, one in ways
            if one[name] is not None
        ]

    return [
        {"caption": _("Half of the women have a mentor within"), "unit": _("days"), "rows": bars("half")},
        {"caption": _("Matched within a year"), "unit": "", "rows": bars("matched")},
        {"caption": _("How well the two fit, of 100"), "unit": "", "rows": bars("quality")},
    ]


def progress_of(forecast: Forecast) -> dict[str, object]:
    """Return what the progress says."""
    has_begun = forecast.heartbeat_at is not None
    return {
        "title": _("Waits are being foretold"),
        "done": min(forecast.played, forecast.in_all),
        "total": forecast.in_all or None,
        "sentence": _("Playing a year through, again and again.") if has_begun else _("It begins in a moment."),
        "poll_url": reverse("desk:forecast_progress"),
    }


def lines_of(by: Staff, forecast: Forecast) -> list[tuple[Any, ...]]:
    """Return the rows of the file: groups and policies of the programmes that she sees."""
    divisions = {str(one.pk): one.name for one in divisions_of(by)}
    lines: list[tuple[Any, ...]] = []
    for name, content in _mine(by, forecast):
        for one in _theirs(content, divisions) if "groups" in content else ():
            of_group = (divisions.get(one["division"], ""), one["field"], None, "", 0)
            numbers = (one["women"], *one["came"], *one["foretold"])
            lines.append((name, "group", *of_group, *numbers, *[None] * 6))
        for one in content.get("ways", ()):
            lends = "yes" if one["lends"] else "no"
            middle = (one[key][1] if one[key] else None for key in ("left", "waiting", "quality"))
            half = (None, one["half"][1] if one["half"] else None, None)
            matched = (None if value < 0 else value for value in one["matched"])
            of_way = ("", "", one["every"], lends, 0)
            lines.append((name, "policy", *of_way, *[None] * 4, *half, *matched, *middle))
    return lines
