"""How long women will wait: this network's own past, played on by the simulation under one policy or another.

What is kept and shown is of groups. A group of fewer than five women, or of fewer than five who were matched, is
widened: from her division and field to her division, to the programme; where just one would be hidden, so is the
smallest of the others, since from the sum one could tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from mentornet.common.computed import ComputedState
from mentornet.intake.models import Enrolment
from mentornet.matching.models import Forecast
from mentornet.matching.past import Past
from mentornet.matching.waits import WEEKS_UNTIL, days_in_words, words_of_waits
from mentornet.people.enums import Role
from pairing import trials
from pairing.features import Bool
from pairing.habits import Course, Habits, Way
from pairing.history import YEAR, foretold_waits, habits_of, real_waits, standing_on, tries, waits_of
from pairing.simulate import Scores, Solver
from pairing.trials import Learned, Stage, Trial, learned, widened_waits

UNKNOWN: Final = "unknown"
"""The field of whoever has not said what she wants to work with: counted, and not told."""
NEEDED: Final = 100
"""So many partnerships of a programme are needed before anything is foretold."""
FEWEST: Final = 5
"""A group of fewer women, or with fewer matches, is not told."""
READ_DAYS: Final = 2 * YEAR
"""From so many days habits are read: what was before is another network."""
SEEDS: Final = tuple(range(1, 13))
MONTH: Final = 30
WAYS: Final = tuple(Way(every, lends) for lends in (False, True) for every in (0, 7, MONTH))
"""The policies that are compared."""
NOW: Final = WAYS[0]
"""As the desk works without meetings: whoever is ready is taken up."""


# Computing ------------------------------------------------------------------------------------------------------------


def runs_of(past: Past, today: int) -> int:
    """Return how many runs a programme's forecast takes."""
    if len(past.history.matched) < NEEDED:
        return 0
    return trials.runs(past.history, today, len(SEEDS)) + tries() + len(SEEDS) * len(WAYS)


def stage_of(past: Past, scores: Scores, *, solve: Solver, tell: Callable[[], None]) -> Stage:
    """Return what a programme's years are played with."""
    return Stage(history=past.history, scores=scores, solve=solve, seeds=SEEDS, read=READ_DAYS, tell=tell)


def foretell(past: Past, today: int, *, solve: Solver, tell: Callable[[], None]) -> dict[str, Any]:
    """Return what is foretold of one programme, ready to be stored; of fewer than ``NEEDED`` matches only how many.

    Args:
        past: of the programme.
        today: the day whose morning it is read from.
        solve: the engine.
        tell: is called after each run.
    """
    history = past.history
    matches = len(history.matched)
    if matches < NEEDED:
        return {"matches": matches}
    stage = stage_of(past, Scores(history.cast), solve=solve, tell=tell)
    tried = [trials.try_on(stage, cut, NOW, today) for cut in trials.cuts_of(history, today)]
    known = learned(tried)
    plain = habits_of(history, since=today - READ_DAYS, until=today)
    habits = stage.habits(today, NOW)
    standing = standing_on(history, today)
    ways: list[dict[str, Any]] = []
    as_now: list[Course] = []
    for way in WAYS:
        courses = stage.play(habits, today, standing, way)
        as_now = courses if way is NOW else as_now
        ways.append({"every": way.every, "lends": way.lends, **figures_of(courses, known.figures)})
    return {
        "matches": matches,
        "tried": _tried(tried, known, today),
        "ways": ways,
        "groups": _groups(past, as_now, today, known),
        # With these a year is played through again when somebody asks what five more mentors would change.
        "habits": {"hands": _times(habits, plain), "fair": habits.fair},
        # Of the division that gets them; what its quality is, is not widened.
        "wider": _stored_widening({**known.figures, "matched": known.homes}),
    }


def _stored_widening(known: Mapping[str, float]) -> dict[str, float | None]:
    # What came lay once beyond all that was foretold: without end, for which JSON has no number.
    return {name: by if isfinite(by) else None for name, by in known.items()}


def widening_of(found: Mapping[str, Any]) -> dict[str, float]:
    """Return by how much ranges are widened, in logarithms, of what :func:`foretell` has returned."""
    stored: Mapping[str, float | None] = found["wider"]
    return {name: inf if by is None else by for name, by in stored.items()}


def _times(habits: Habits, plain: Habits) -> float:
    """Return how many times as many hands were found as proposals were made."""
    made = float(plain.hands.sum())
    return float(habits.hands.sum()) / made if made else 1.0


def figures_of(
    courses: Sequence[Course], wider: Mapping[str, float], among: Bool | None = None
) -> dict[str, list[float] | None]:
    """Return what some runs came to, for some profiles of women or all: ranges, as wide as the tries have taught."""
    each = [trials.come_to(course, among) for course in courses]
    found = {name: trials.range_of(run[name] for run in each) for name in trials.FIGURES}
    return {
        name: _stored(some if name == "quality" else trials.widened(some, wider.get(name, 0.0), trials.ADDED[name]))
        for name, some in found.items()
    }


def _stored(some: Sequence[float]) -> list[float] | None:
    """Return a range as it is stored: nothing where its middle was never seen, and no upper end where that was not."""
    low, middle, high = some
    if not isfinite(middle):
        return None
    return [round(low, 1), round(middle, 1), round(high, 1) if isfinite(high) else -1.0]


def _tried(tried: Sequence[Trial], known: Learned, today: int) -> dict[str, Any] | None:
    """Return how wrong it was: the last year beside what came, and all the tries; nothing where none could be made."""
    if not tried:
        return None
    last = tried[0]
    matched, really = last.figures["matched"]
    quality, fitted = last.figures["quality"]
    return {
        "since": today - last.cut,
        "matched": _stored(matched),
        "really": round(really),
        "foretold": _kept(last.waits[0][0]),
        "came": _kept(last.waits[0][1]),
        "quality": [round(quality[1]), round(fitted)],
        "divisions": len(last.homes),
        "inside": sum(some[0] <= came <= some[2] for some, came in last.homes),
        "tries": known.tries,
        "is_enough": trials.is_enough(known.tries),
        "held": [known.inside, known.inside_widened],
        "of_divisions": [known.homes_told, known.homes_inside, known.homes_inside_widened],
    }


def _kept(quarters: Sequence[float | None]) -> list[float | None]:
    return [None if day is None else round(day, 1) for day in quarters]


# Groups ---------------------------------------------------------------------------------------------------------------


def field_of(occupation: str | None) -> str:
    """Return the field of an occupation: the first digit of ISCO-08, or nothing where it is unknown."""
    return (occupation or "")[:1]


def _groups(past: Past, courses: Sequence[Course], today: int, known: Learned) -> list[dict[str, Any]]:
    """Return what is told of each group: the programme, its divisions, their fields; none of them small."""
    homes = past.history.cast.mentee_home
    fields = np.array([field_of(one.occupation) or UNKNOWN for one in past.mentees], dtype=np.str_)
    everybody = np.ones(len(homes), np.bool_)
    found = _told(past, courses, today, [("", "", everybody)], known.waits)
    wider = known.waits_of_homes
    each = [(key, "", homes == home) for home, key in enumerate(past.divisions)]
    divisions = _told(past, courses, today, each, wider)
    for one in divisions:
        home = past.divisions.index(one["division"])
        names = sorted(set(fields[homes == home].tolist()))
        # Whose field is unknown counts beside the others, lest she be told by what is left of the sum.
        each = [(one["division"], name, (homes == home) & (fields == name)) for name in names]
        found += _told(past, courses, today, each, wider)
    return [one for one in found if one["field"] != UNKNOWN] + divisions


def _told(
    past: Past, courses: Sequence[Course], today: int, groups: Sequence[tuple[str, str, Bool]], wider: float = 0.0
) -> list[dict[str, Any]]:
    rows = []
    for division, field, among in groups:
        real = waits_of(*real_waits(past.history, since=today - READ_DAYS, until=today, among=among))
        if real.women:
            rows.append((real, division, field, among))
    rows.sort(key=lambda row: (-row[0].women, row[1], row[2]))
    shown = [row for row in rows if row[0].matched >= FEWEST]
    if len(rows) - len(shown) == 1 and shown:
        shown.pop()
    return [
        {
            "division": division,
            "field": field,
            "women": real.women,
            "came": _kept(real.quarters),
            "foretold": _kept(widened_waits(waits_of(*foretold_waits(courses, among)).quarters, wider)),
        }
        for real, division, field, among in shown
    ]


# Reading what was computed --------------------------------------------------------------------------------------------


def newest_forecast() -> Forecast | None:
    """Return what was computed last, if anything was."""
    return Forecast.objects.filter(state=ComputedState.DONE).order_by("-computed_at", "pk").first()


def forecast_at_work() -> Forecast | None:
    """Return what is being computed now, or waits for the worker."""
    return Forecast.objects.exclude(state=ComputedState.DONE).first()


@dataclass(frozen=True, slots=True)
class Expected:
    """How long a woman may wait: what women like her did, and what is foretold of those who come now.

    Attributes:
        women: how many are like her, of the last two years.
        came: days after which a quarter, half and three quarters of them had a mentor, as far as that was seen.
        foretold: the same, played on; the first and the last as much further apart as earlier forecasts were wrong.
        is_whole_programme: all of the programme stand for her; else those of her division, or of her field in it.
        is_of_field: those who want to work in her field.
    """

    women: int
    came: tuple[float | None, float | None, float | None]
    foretold: tuple[float | None, float | None, float | None]
    is_whole_programme: bool
    is_of_field: bool


def expected_wait(
    forecast: Forecast | None, *, programme_id: UUID, division_id: UUID, occupation: str | None = None
) -> Expected | None:
    """Return how long a woman may wait, from the smallest group like her that is told; ``None`` where it is too early.

    Args:
        forecast: what was computed (:func:`newest_forecast`).
        programme_id: hers.
        division_id: hers.
        occupation: what she wants to work with; empty where her field is not to count.
    """
    if forecast is None:
        return None
    content = forecast.content.get("programmes", {}).get(str(programme_id), {})
    groups = {(one["division"], one["field"]): one for one in content.get("groups", ())}
    field = field_of(occupation)
    for key in ((str(division_id), field), (str(division_id), ""), ("", "")):
        if key in groups:
            one = groups[key]
            return Expected(
                women=int(one["women"]),
                came=tuple(one["came"]),
                foretold=tuple(one["foretold"]),
                is_whole_programme=not key[0],
                is_of_field=bool(key[1]),
            )
    return None


def wait_in_words(quarters: Sequence[float | None], women: int) -> str:
    """Say how long some women waited, as a range with its base; never as one number."""
    first, half, third = quarters
    if first is None:
        return _("Of %(women)s women like her, fewer than a quarter had a mentor within a year.") % {"women": women}
    in_weeks = (third or half or first) <= WEEKS_UNTIL
    low = days_in_words(first, in_weeks=in_weeks)
    if third is not None:
        return _("Of %(women)s women like her, half waited between %(low)s and %(high)s.") % {
            "women": women,
            "low": low,
            "high": days_in_words(third, in_weeks=in_weeks),
        }
    if half is not None:
        return _(
            "Of %(women)s women like her, a quarter had a mentor within %(low)s, and half within %(half)s. How long "
            "the others wait is not known."
        ) % {"women": women, "low": low, "half": days_in_words(half, in_weeks=in_weeks)}
    return _(
        "Of %(women)s women like her, a quarter had a mentor within %(low)s. How long the others wait is not known."
    ) % {"women": women, "low": low}


def words_for_her(enrolment: Enrolment) -> str:
    """Say to a woman who waits how long is expected, without a promise; empty where it is too early to tell.

    Nothing but the programme and the division counts: not who she is. The range is that which was made wider by how
    wrong earlier forecasts were.
    """
    if enrolment.role != Role.MENTEE:
        return ""
    found = expected_wait(newest_forecast(), programme_id=enrolment.programme_id, division_id=enrolment.division_id)
    return words_of_waits(found.foretold, found.women) if found is not None else ""
