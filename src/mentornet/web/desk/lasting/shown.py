"""How long pairs last, in words and stairs: always with how many it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from mentornet.common.actors import Actor
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.followup.courses import (
    AGREED,
    ALL,
    DIVISION,
    IN_TIME,
    LATER,
    MET,
    MET_WITHIN,
    PROGRAMME,
    met_soon,
)
from mentornet.followup.lasting import FEWEST, HORIZONS, NEEDED, YEAR
from mentornet.followup.models import SurvivalFit
from mentornet.followup.sign_queries import newest_fit
from mentornet.followup.signs import LOOKED_AT
from mentornet.partnerships.models import Partnership
from mentornet.programmes.queries import programmes_in
from mentornet.web.ui.charts import stair_marks

TITLES: Final[Mapping[str, str | Promise]] = {
    ALL: gettext_lazy("All pairs"),
    MET: gettext_lazy("By when they first met"),
    AGREED: gettext_lazy("By when they signed their agreement"),
    PROGRAMME: gettext_lazy("By programme"),
    DIVISION: gettext_lazy("By division"),
}
_NAMES: Final[Mapping[tuple[str, str], str | Promise]] = {
    (ALL, ALL): gettext_lazy("All pairs"),
    (MET, IN_TIME): gettext_lazy("Met within three weeks"),
    (MET, LATER): gettext_lazy("Met later, or not at all"),
    (AGREED, IN_TIME): gettext_lazy("Signed within a month"),
    (AGREED, LATER): gettext_lazy("Signed later, or not at all"),
}
HORIZON_WORDS: Final[Mapping[int, str | Promise]] = {
    HORIZONS[0]: pgettext_lazy("how long pairs last", "3 months"),
    HORIZONS[1]: pgettext_lazy("how long pairs last", "6 months"),
    HORIZONS[2]: pgettext_lazy("how long pairs last", "12 months"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table: of a hundred pairs, so many; with the band, and how many were still looked at."""

    share: int
    low: int
    high: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that have something in common.

    Attributes:
        sentence: the same in words.
        marks: the stair with its band.
        cells: by horizon; ``None`` where too few are left to tell.
    """

    name: str
    count: int
    endings: int
    sentence: str
    marks: Mapping[str, str]
    cells: Sequence[Cell | None]

    @property
    def by_horizon(self) -> list[tuple[str | Promise, Cell | None]]:
        """Each cell with the words of its horizon."""
        return list(zip(HORIZON_WORDS.values(), self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Part:
    """One way to tell pairs apart.

    Attributes:
        note: who is not counted, and what is hidden.
        foretold: how well the groups foretell; empty where it cannot be told.
    """

    title: str
    note: str
    groups: Sequence[Group]
    foretold: Sequence[str]


def parts_of(by: Staff, fit: SurvivalFit) -> list[Part]:
    """Return what was found, part by part; of the divisions those in which she works."""
    programmes = {str(one.pk): one.name for one in programmes_in(by.casework)}
    divisions = {str(one.pk): one.name for one in divisions_of(by)}
    named = {PROGRAMME: programmes, DIVISION: divisions}
    parts = []
    for name, title in TITLES.items():
        content = fit.content["dimensions"].get(name)
        if content is None:
            continue
        groups = [
            _group(one, _name(name, one["key"], named), int(content["known_after"]))
            for one in content["groups"]
            if name not in named or one["key"] in named[name]
        ]
        if groups:
            parts.append(Part(str(title), _note(name, content), groups, _foretold(content["held_out"])))
    return parts


def _name(part: str, key: str, named: Mapping[str, Mapping[str, str]]) -> str:
    # What the network calls its programmes and divisions is fenced, as names are.
    return format_html("<bdi>{}</bdi>", named[part][key]) if part in named else str(_NAMES[part, key])


def _note(name: str, content: Mapping[str, Any]) -> str:
    words = []
    if content["known_after"]:
        words.append(
            ngettext(
                "Counted are pairs that still ran %(count)s day after the match: only then is it known.",
                "Counted are pairs that still ran %(count)s days after the match: only then is it known.",
                int(content["known_after"]),
            )
            % {"count": int(content["known_after"])}
        )
    if content["hidden"]:
        words.append(_("Groups with fewer than %(fewest)s early endings are not shown.") % {"fewest": FEWEST})
    if name == DIVISION:
        words.append(_("You see the divisions in which you work."))
    return " ".join(words)


def hundredths(share: float) -> int:
    """Return a share as so many of a hundred."""
    return round(100 * share)


def _group(one: Mapping[str, Any], name: str, known_after: int) -> Group:
    cells = [_cell(one["at"][str(day)]) for day in HORIZONS]
    return Group(
        name=name,
        count=int(one["count"]),
        endings=int(one["endings"]),
        sentence=_sentence(cells),
        marks=stair_marks(one["steps"], since=known_after, until=YEAR),
        cells=cells,
    )


def _cell(value: Sequence[float] | None) -> Cell | None:
    if value is None:
        return None
    share, low, high, at_risk = value
    return Cell(hundredths(share), hundredths(low), hundredths(high), int(at_risk))


def _sentence(cells: Sequence[Cell | None]) -> str:
    _quarter, half, year = cells
    if half is not None and year is not None:
        return _(
            "Of 100 pairs like these, about %(half)s last their first half year, and %(year)s their first year."
        ) % {
            "half": half.share,
            "year": year.share,
        }
    if half is not None:
        return _("Of 100 pairs like these, about %(half)s last their first half year.") % {"half": half.share}
    return _("Too few of them have run for half a year.")


def _foretold(held_out: Mapping[str, Any] | None) -> list[str]:
    """Say how well the groups of the first pairs told what became of the last."""
    if held_out is None or held_out["concordance"] is None:
        return []
    words = [
        _(
            "Foretold from %(learnt)s pairs what became of the %(count)s that were matched after them: of two, the "
            "group told rightly which would last longer in %(right)s of 100 cases. 50 would be by lot."
        )
        % {
            "learnt": held_out["learnt_from"],
            "count": held_out["count"],
            "right": hundredths(held_out["concordance"]),
        }
    ]
    if held_out["brier"] >= held_out["brier_of_all"]:
        words.append(_("That is no better than knowing nothing of the group: do not lean on it."))
    words += [
        _("Foretold to last a year: %(foretold)s of 100. Came: %(seen)s (of %(count)s pairs).")
        % {"foretold": hundredths(foretold), "seen": hundredths(seen), "count": int(count)}
        for foretold, seen, count in held_out["calibration"]
    ]
    return words


def too_early(fit: SurvivalFit) -> str:
    """Say how many endings there are yet; empty where there are enough."""
    if fit.content.get("dimensions"):
        return ""
    if 0 < fit.endings < FEWEST:
        return _("Too early: fewer than %(fewest)s of %(needed)s endings.") % {"fewest": FEWEST, "needed": NEEDED}
    return _("Too early: %(count)s of %(needed)s endings.") % {"count": fit.endings, "needed": NEEDED}


def progress_of(fit: SurvivalFit) -> dict[str, object]:
    """Return what the progress says."""
    has_begun = fit.heartbeat_at is not None
    return {
        "title": _("How long pairs last is being computed"),
        "done": min(fit.read, fit.in_all),
        "total": fit.in_all or None,
        "sentence": _("Reading partnerships.") if has_begun else _("It begins in a moment."),
        "poll_url": reverse("desk:how_long_progress"),
    }


def of_pair(by: Actor, pair: Partnership) -> str:
    """Say of a running pair what became of others like it, with how many they were; empty where nothing can be told.

    Like it is who met as soon and has lasted as long.
    """
    if pair.state not in LOOKED_AT or pair.matched_on is None:
        return ""
    fit, days = newest_fit(), (by.today - pair.matched_on).days
    if fit is None or not fit.content.get("dimensions"):
        return ""
    part, key = (MET, IN_TIME if met_soon(pair.matched_on, pair.first_met_on) else LATER)
    if days <= MET_WITHIN:
        part = key = ALL
    groups = {one["key"]: one for one in fit.content["dimensions"][part]["groups"]}
    horizon = next((day for day in HORIZONS if day > days), None)
    if key not in groups or horizon is None or groups[key]["at"][str(horizon)] is None:
        return ""
    one = groups[key]
    until_now = next((step[1] for step in reversed(one["steps"]) if step[0] <= days), 1.0)
    share = one["at"][str(horizon)][0] / until_now
    return _(
        "Of 100 pairs that had lasted as long (%(group)s), about %(share)s lasted %(horizon)s. Read from %(count)s "
        "pairs."
    ) % {
        "group": _NAMES[part, key],
        "share": hundredths(share),
        "horizon": HORIZON_WORDS[horizon],
        "count": one["count"],
    }
