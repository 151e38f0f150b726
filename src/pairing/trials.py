"""How wrong a forecast is, tried on what came; and ranges made as much wider as that asks for.

A year is foretold again and again from what was known on its first day (rolling origins: L. J. Tashman, International
Journal of Forecasting 16 (2000)). A range of runs knows chance and how badly rates are known, and nothing of what no
model knows. So it is widened until it would have held what came in as large a share of those years as it claims:
conformalized quantile regression (Y. Romano, E. Patterson, E. Candes, NeurIPS 2019), on a scale of logarithms. See
``docs/pairing.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, inf, isfinite, log
from typing import Final

import numpy as np

from pairing.features import Bool
from pairing.habits import Course, Fate, Habits, Standing, Way
from pairing.history import (
    STAYS_WITHIN,
    TRIED_WITH,
    YEAR,
    History,
    doubts_of,
    drawn,
    foretold_waits,
    real_waits,
    standing_on,
    tries,
    tuned,
    waits_of,
)
from pairing.simulate import Scores, Solver, simulate
from pairing.terms import UNITS

SHARE: Final = 0.8
"""So large a share of what comes a range claims to hold."""
STEP: Final = 182
"""Days from one first day to the next."""
MOST: Final = 6
"""So many years are foretold again, the latest first."""
BEFORE: Final = 30
"""From fewer matches before its first day no year is foretold again."""
FIGURES: Final = ("matched", "left", "waiting", "half", "quality")
"""What a year comes to: how many were matched, left, and wait at its end; days until half have a mentor; how well the
pairs fit, of 100. The last is not widened: pairs that somebody chose by what she knew are no error of the weights."""
ADDED: Final[Mapping[str, float]] = {"matched": 1, "left": 1, "waiting": 1, "half": 7, "quality": 1}
"""Is added before the logarithm is taken, lest one more or less of few weigh."""
WEEK: Final = 7.0

Range = tuple[float, float, float]
"""The tenth, the middle and the ninth tenth of the runs; ``inf`` where that was never seen."""
Quarters = tuple[float | None, float | None, float | None]


# What a year comes to -------------------------------------------------------------------------------------------------


def range_of(values: Iterable[float]) -> Range:
    """Return between what eight of ten runs lie, with the middle."""
    some = list(values)
    # Between a day and never lies no day.
    low, middle, high = np.percentile(some, (10, 50, 90), method="linear" if all(map(isfinite, some)) else "higher")
    return float(low), float(middle), float(high)


def come_to(course: Course, among: Bool | None = None) -> dict[str, float]:
    """Return what one run came to; ``among``, bool (n,), for these profiles only."""
    theirs = np.ones(len(course.profile), np.bool_) if among is None else among[course.profile]
    counts = np.bincount(course.fate[theirs], minlength=len(Fate))
    half = waits_of(*foretold_waits([course], among)).quarters[1]
    scores = course.score[theirs & (course.fate == Fate.MATCHED)]
    return {
        "matched": float(counts[Fate.MATCHED]),
        "left": float(counts[Fate.LEFT]),
        "waiting": float(counts[Fate.WAITS] + counts[Fate.ASKED]),
        "half": inf if half is None else half,
        "quality": float(100 * scores.mean() / UNITS) if len(scores) else 0.0,
    }


def came_to(history: History, scores: Scores, *, since: int, until: int, known: int) -> dict[str, float]:
    """Return what the days from one to before another really came to, counted as a run is.

    Args:
        history: of the network.
        scores: of its cast.
        since: the first day.
        until: the day after the last.
        known: until when it is known how long they waited who came then.
    """
    paired = np.full(len(history.listed), -1, np.int64)
    before = history.matched < until
    np.maximum.at(paired, history.couples[before, 0], history.closed[before])
    # Who leaves soon after a pair has not waited for another.
    left = (history.unlisted >= since) & (history.unlisted < until) & (history.unlisted > paired + STAYS_WITHIN)
    then = standing_on(history, until)
    new = history.couples[(history.matched >= since) & (history.matched < until)].tolist()
    fits = [max(0, int(scores.row(hers)[theirs])) for hers, theirs in new]
    return {
        "matched": float(len(new)),
        "left": float(left.sum()),
        "waiting": float(len(then.waiting) + len(then.asked)),
        "half": _came(history, since, until, known)[1] or 0.0,
        "quality": float(100 * np.mean(fits) / UNITS) if fits else 0.0,
    }


def _came(history: History, since: int, until: int, known: int, among: Bool | None = None) -> Quarters:
    """Return the quarters of the wait of those who came; one that was never seen is as long as the longest wait seen.

    It is longer still, but how much longer nobody knows: no forecast is said to be wrong by more than was seen.
    """
    days, matched = real_waits(history, since=since, until=until, among=among, known=known)
    longest = float(days.max(initial=0.0))
    first, half, third = (longest if day is None else day for day in waits_of(days, matched).quarters)
    return first, half, third


# Playing through ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What runs are played with.

    Attributes:
        scores: of the history's cast.
        seeds: one for each run.
        read: from so many days before its first a year is foretold.
        tell: is called after each run.
    """

    history: History
    scores: Scores
    solve: Solver
    seeds: Sequence[int]
    read: int
    tell: Callable[[], None]
    tuned_with: Sequence[int] = TRIED_WITH

    def habits(self, until: int, way: Way) -> Habits:
        """Read habits as they were known on a day."""
        return tuned(
            self.history, since=until - self.read, until=until, way=way, solve=self.solve, scores=self.scores,
            tell=self.tell, seeds=self.tuned_with,
        )  # fmt: skip

    def play(
        self, habits: Habits, until: int, standing: Standing, way: Way, scores: Scores | None = None
    ) -> list[Course]:
        """Play the year after a day through once for each seed, each with rates as they may be."""
        doubts = doubts_of(self.history, since=until - self.read, until=until)
        courses = []
        theirs = scores or self.scores
        for seed in self.seeds:
            maybe = drawn(habits, doubts, seed)
            courses.append(
                simulate(theirs.cast, maybe, standing, way, solve=self.solve, seed=seed, days=YEAR, scores=theirs)
            )
            self.tell()
        return courses


def cuts_of(history: History, today: int) -> list[int]:
    """Return the first days of the years that are foretold again, the latest first."""
    first = int(min(history.listed.min(initial=today), history.matched.min(initial=today)))
    found = []
    for number in range(MOST):
        cut = today - YEAR - number * STEP
        if cut - first >= YEAR and history.matches(first, cut) >= BEFORE:
            found.append(cut)
    return found


def runs(history: History, today: int, seeds: int) -> int:
    """Return how many runs it takes to foretell those years."""
    return len(cuts_of(history, today)) * (tries() + seeds)


@dataclass(frozen=True, slots=True)
class Trial:
    """One year, foretold with nothing that was known later, and what came.

    Attributes:
        figures: by name (:data:`FIGURES`), the range of the runs and what came.
        homes: for each division with any match, the range of its matches and how many came.
        waits: foretold and real quarters of the wait, of the whole programme first, then of each of these divisions.
    """

    cut: int
    figures: Mapping[str, tuple[Range, float]]
    homes: Sequence[tuple[Range, float]]
    waits: Sequence[tuple[Quarters, Quarters]]


def try_on(stage: Stage, cut: int, way: Way, known: int) -> Trial:
    """Foretell the year after a day, and put beside it what came, as far as it is known on a later one."""
    history, until = stage.history, cut + YEAR
    courses = stage.play(stage.habits(cut, way), cut, standing_on(history, cut), way)
    each = [come_to(course) for course in courses]
    real = came_to(history, stage.scores, since=cut, until=until, known=known)
    home = history.cast.mentee_home
    new = (history.matched >= cut) & (history.matched < until)
    came = np.bincount(home[history.couples[new, 0]], minlength=history.cast.homes)
    homes, waits = [], [_waits(history, courses, cut, known)]
    for one in np.flatnonzero(came).tolist():
        matched = (float(((course.fate == Fate.MATCHED) & (home[course.profile] == one)).sum()) for course in courses)
        homes.append((range_of(matched), float(came[one])))
        waits.append(_waits(history, courses, cut, known, one))
    return Trial(cut, {name: (range_of(run[name] for run in each), real[name]) for name in FIGURES}, homes, waits)


def _waits(
    history: History, courses: Sequence[Course], cut: int, known: int, home: int | None = None
) -> tuple[Quarters, Quarters]:
    among = None if home is None else history.cast.mentee_home == home
    foretold = waits_of(*foretold_waits(courses, among)).quarters
    return foretold, _came(history, cut, cut + YEAR, known, among)


# Widening -------------------------------------------------------------------------------------------------------------


def miss(low: float, high: float, came: float, added: float) -> float:
    """Return how far outside a range something came, in logarithms; below 0 where it came inside."""
    return max(_apart(low, came, added), _apart(came, high, added))


def _apart(one: float, other: float, added: float) -> float:
    """Return how much larger one is than another, in logarithms; never is larger than any day, as large as itself."""
    if one == other:
        return 0.0
    if not isfinite(one) or not isfinite(other):
        return inf if one > other else -inf
    return log((one + added) / (other + added))


def miss_of_waits(foretold: Quarters, came: Quarters) -> float:
    """Return how far the first or the last quarter of the wait came outside what was foretold, in logarithms."""
    one, other = ([inf if day is None else day for day in quarters] for quarters in (foretold, came))
    return max(_apart(one[0], other[0], WEEK), _apart(other[2], one[2], WEEK))


def is_enough(count: int, share: float = SHARE) -> bool:
    """Tell whether so many tries are enough to claim a share: for eight of ten, four."""
    return ceil((count + 1) * share - 1e-9) <= count


def widening(misses: Sequence[float], share: float = SHARE) -> float:
    """Return by how much a range is widened, in logarithms: the k-th smallest miss, k = ceil((n + 1) share), or 0.

    Then of n + 1 misses, each as likely the new one, at least that share is no larger. Of too few the largest.
    """
    if not misses:
        return 0.0
    place = min(len(misses), ceil((len(misses) + 1) * share - 1e-9))
    return max(0.0, sorted(misses)[place - 1])


def widened(some: Range, by: float, added: float) -> Range:
    """Return a range made wider on both sides; its middle stays."""
    low, middle, high = some
    return max(0.0, _less(low, by, added)), middle, _more(high, by, added)


def _less(day: float, by: float, added: float) -> float:
    if not isfinite(by):
        return 0.0
    return (day + added) * exp(-by) - added


def _more(day: float, by: float, added: float) -> float:
    return (day + added) * exp(by) - added if isfinite(by) else inf


def widened_waits(quarters: Quarters, by: float) -> Quarters:
    """Return quarters of the wait whose first and last are further apart; what was never seen stays so."""
    first, half, third = quarters
    if first is None or not isfinite(by):
        return None, half, None
    last = None if third is None else _more(third, by, WEEK)
    return max(0.0, _less(first, by, WEEK)), half, last


@dataclass(frozen=True, slots=True)
class Learned:
    """By how much ranges are widened, in logarithms, and what the tries came to.

    Attributes:
        figures: of the programme, by name; ``homes``: of a division's matches.
        waits, waits_of_homes: of the quarters of the wait, of the programme and of a division.
        tries: how many years were foretold again.
        inside, told: in how many of the tries what came lay in the range of the runs, as it was, of the matches of the
            programme; ``homes_inside``, ``homes_told``, of those of a division.
        inside_widened, homes_inside_widened: likewise, each try's range widened by what the others teach.
    """

    figures: Mapping[str, float]
    homes: float
    waits: float
    waits_of_homes: float
    tries: int
    inside: int
    inside_widened: int
    homes_told: int
    homes_inside: int
    homes_inside_widened: int


def learned(trials: Sequence[Trial]) -> Learned:
    """Learn from tries by how much ranges are to be widened."""
    whole = [_misses(trial) for trial in trials]
    homes = [[miss(one[0], one[2], came, 1) for one, came in trial.homes] for trial in trials]
    matched = [one["matched"] for one in whole]
    return Learned(
        figures={name: widening([one[name] for one in whole]) for name in FIGURES},
        homes=widening([one for some in homes for one in some]),
        waits=widening([miss_of_waits(*trial.waits[0]) for trial in trials]),
        waits_of_homes=widening([miss_of_waits(*one) for trial in trials for one in trial.waits[1:]]),
        tries=len(trials),
        inside=sum(one <= 0 for one in matched),
        inside_widened=sum(
            one <= widening([other for at, other in enumerate(matched) if at != place])
            for place, one in enumerate(matched)
        ),
        homes_told=sum(len(some) for some in homes),
        homes_inside=sum(one <= 0 for some in homes for one in some),
        homes_inside_widened=sum(
            one <= widening([other for at, others in enumerate(homes) if at != place for other in others])
            for place, some in enumerate(homes)
            for one in some
        ),
    )


def _misses(trial: Trial) -> dict[str, float]:
    return {name: miss(some[0], some[2], came, ADDED[name]) for name, (some, came) in trial.figures.items()}
