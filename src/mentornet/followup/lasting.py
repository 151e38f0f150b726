"""How long partnerships last: Kaplan and Meier's estimate, by group, and how well it foretells.

Plain arrays in, plain numbers out; it knows neither rows nor people. E. L. Kaplan and P. Meier, *Nonparametric
estimation from incomplete observations*, JASA 53 (1958); bands by Greenwood's formula on the log-log scale
(J. D. Kalbfleisch and R. L. Prentice, *The Statistical Analysis of Failure Time Data*, 2002, section 1.4); concordance:
F. E. Harrell, *Regression Modeling Strategies*, 2015, section 20.10; Brier's score with censoring: E. Graf and others,
Statistics in Medicine 18 (1999).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shares = NDArray[np.float64]
Codes = NDArray[np.int64]

HORIZONS: Final = (91, 183, 365)
"""A quarter, half a year and a year, in days since the match."""
YEAR: Final = HORIZONS[-1]
NEEDED: Final = 100
"""So many early endings are needed before anything is estimated."""
FEWEST: Final = 5
"""A group with fewer endings, or a number at risk below, is not told."""
Z: Final = 1.959963984540054
"""The normal quantile of a band that holds in 95 of 100 cases."""
TRAINED_ON: Final = 0.7
"""The share of partnerships, the first matched, from which what happened to the others is foretold."""


@dataclass(frozen=True, slots=True)
class Curve:
    """An estimate: a stair that begins at 1.

    Attributes:
        days: of each step, growing: a day on which at least one ended.
        share: after each step, how large a share still lasts.
        low, high: the band around it, in which it lies in 95 of 100 cases.
        at_risk: how many were looked at on that day.
        lasted: of all that were looked at, sorted.
    """

    days: Days
    share: Shares
    low: Shares
    high: Shares
    at_risk: Days
    lasted: Days

    def at(self, day: int) -> tuple[float, float, float]:
        """Return the share on a day, with its band."""
        step = int(np.searchsorted(self.days, day, side="right")) - 1
        if step < 0:
            return 1.0, 1.0, 1.0
        return float(self.share[step]), float(self.low[step]), float(self.high[step])

    def looked_at(self, day: int) -> int:
        """Return how many were still looked at on a day."""
        return int(self.lasted.size - np.searchsorted(self.lasted, day, side="left"))


def curve_of(days: Days, ended: Flags) -> Curve:
    """Estimate how large a share lasts for how long.

    Args:
        days: int64 (n,), how long each has lasted, until it ended or was last looked at.
        ended: bool (n,), it ended on that day; false where it was only looked at until then. Of those of one day,
            whoever ended is taken to have ended before the others were lost from sight.

    O(n log n); the order of the rows does not matter.
    """
    lasted = np.sort(days)
    steps, counts = np.unique(days[ended], return_counts=True)
    at_risk = lasted.size - np.searchsorted(lasted, steps, side="left")
    share: Shares = np.cumprod(1 - counts / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(counts / (at_risk * (at_risk - counts)))) / np.abs(np.log(share))
        low, high = share ** np.exp(Z * spread), share ** np.exp(-Z * spread)
    # Nobody is left: the share is 0, and so is its band.
    low, high = np.where(share > 0, low, 0.0), np.where(share > 0, high, 0.0)
    return Curve(steps, share, low, high, at_risk, lasted)


def concordance(risk: Shares, days: Days, ended: Flags) -> float | None:
    """Return of how large a share of comparable pairs the one with the higher risk ended first; ties count half.

    Two are comparable when the one ended while the other still lasted. ``None`` where no two are. For each of the few
    distinct risks O(n log n).
    """
    levels = np.unique(risk)
    by_level = [(np.sort(days[risk == level]), np.sort(days[(risk == level) & ended])) for level in levels]
    right, in_all = 0.0, 0
    for mine, (_, when) in enumerate(by_level):
        for others, (lasted, over) in enumerate(by_level):
            # Longer than I lasted; or just as long, and not ended.
            longer = lasted.size - np.searchsorted(lasted, when, side="left")
            as_long_and_over = np.searchsorted(over, when, side="right") - np.searchsorted(over, when, side="left")
            count = int((longer - as_long_and_over).sum())
            in_all += count
            right += count * (1.0 if others < mine else 0.5 if others == mine else 0.0)
    return right / in_all if in_all else None


def brier(lasts: Shares, days: Days, ended: Flags, horizon: int) -> float:
    """Return the mean squared distance between what was foretold for a day and what happened (0 is best).

    Those who were lost from sight before stand for nobody; the others are weighted by how likely it was that they were
    not.

    Args:
        lasts: float64 (n,), the foretold share that lasts beyond ``horizon``.
        days: as for :func:`curve_of`.
        ended: likewise.
        horizon: the day.
    """
    seen = curve_of(days, ~ended)
    steps = np.concatenate([[1.0], seen.share])
    just_before = steps[np.searchsorted(seen.days, np.minimum(days, horizon), side="left")]
    on_the_day = steps[np.searchsorted(seen.days, horizon, side="right")]
    over, beyond = ended & (days <= horizon), days > horizon
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(over, lasts**2 / just_before, 0.0) + np.where(beyond, (1 - lasts) ** 2 / on_the_day, 0.0)
    return float(scores.mean())


# Groups, and how well they foretell -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Courses:
    """How partnerships have gone, one after the other; all arrays are of one length.

    Attributes:
        matched: int64, the day of the match as a number (its order is what counts).
        days: int64, how long it lasted, or has been looked at.
        ended: bool, it ended before its time.
    """

    matched: Days
    days: Days
    ended: Flags

    def among(self, wanted: Flags) -> Courses:
        """Return some of them."""
        return Courses(self.matched[wanted], self.days[wanted], self.ended[wanted])


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to tell partnerships apart.

    Attributes:
        codes: int64 (n,), the group of each: a place in ``keys``.
        keys: the names of the groups.
        known_after: days after the match on which the group is known. Whoever ended before is not counted, lest those
            who had no time to meet stand for those who did not.
    """

    codes: Codes
    keys: Sequence[str]
    known_after: int = 0


def told(courses: Courses, dimension: Dimension) -> dict[str, object]:
    """Return what may be told of each group, ready to be stored: those with enough endings, the largest first.

    Where just one would be left out, so is the smallest of the others: from the sum one could tell it.
    """
    within = courses.days > dimension.known_after
    groups = []
    for code, key in enumerate(dimension.keys):
        some = courses.among(within & (dimension.codes == code))
        if some.days.size:
            groups.append((key, some))
    groups.sort(key=lambda one: (-one[1].days.size, one[0]))
    shown = [one for one in groups if int(one[1].ended.sum()) >= FEWEST]
    if len(groups) - len(shown) == 1 and shown:
        shown.pop()
    return {
        "known_after": dimension.known_after,
        "groups": [{"key": key, **_told_of(some)} for key, some in shown],
        "hidden": len(groups) - len(shown),
        "held_out": held_out(courses.among(within), dimension.codes[within]),
    }


def _told_of(courses: Courses) -> dict[str, object]:
    curve = curve_of(courses.days, courses.ended)
    lasts = [
        [int(day), *(round(float(value), 4) for value in values)]
        for day, *values in zip(curve.days, curve.share, curve.low, curve.high, strict=True)
        if day <= YEAR and curve.looked_at(int(day)) >= FEWEST
    ]
    return {
        "count": int(courses.days.size),
        "endings": int(courses.ended.sum()),
        "steps": lasts,
        "at": {str(day): _on(curve, day) for day in HORIZONS},
    }


def _on(curve: Curve, day: int) -> list[float] | None:
    """Return the share on a day with its band, and how many were still looked at; nothing where they are too few."""
    left = curve.looked_at(day)
    return [*(round(value, 4) for value in curve.at(day)), left] if left >= FEWEST else None


def held_out(courses: Courses, codes: Codes) -> dict[str, object] | None:
    """Foretell the last matched from the first, as one could have on the day on which the first of them was matched.

    ``None`` where there is too little to tell: fewer than ``FEWEST`` endings on either side.
    """
    order = np.argsort(courses.matched, kind="stable")
    cut = int(TRAINED_ON * order.size)
    if cut < 1 or cut >= order.size:
        return None
    day = int(courses.matched[order[cut]])
    first, last = courses.matched < day, courses.matched >= day
    known = np.minimum(courses.days, day - courses.matched)
    train = Courses(courses.matched, known, courses.ended & (courses.days <= known)).among(first)
    test = courses.among(last)
    if min(int(train.ended.sum()), int(test.ended.sum())) < FEWEST:
        return None
    everybody = curve_of(train.days, train.ended).at(YEAR)[0]
    lasts = np.full(test.days.size, everybody)
    calibration: list[list[float]] = []
    for code in np.unique(codes[first]):
        mine = codes[last] == code
        learnt = train.among(codes[first] == code)
        if int(learnt.ended.sum()) < FEWEST:
            continue
        lasts[mine] = foretold = curve_of(learnt.days, learnt.ended).at(YEAR)[0]
        some = test.among(mine)
        if int(some.ended.sum()) >= FEWEST:
            seen = curve_of(some.days, some.ended).at(YEAR)[0]
            calibration.append([round(foretold, 4), round(seen, 4), int(some.days.size)])
    found = concordance(1 - lasts, test.days, test.ended)
    return {
        "learnt_from": int(train.days.size),
        "count": int(test.days.size),
        "endings": int(test.ended.sum()),
        "concordance": None if found is None else round(found, 4),
        "brier": round(brier(lasts, test.days, test.ended, YEAR), 4),
        "brier_of_all": round(brier(np.full(test.days.size, everybody), test.days, test.ended, YEAR), 4),
        "calibration": calibration,
    }


def estimate(courses: Courses, dimensions: Mapping[str, Dimension]) -> dict[str, object]:
    """Return all that is told of a network's history; of fewer than ``NEEDED`` endings nothing but how many."""
    if int(courses.ended.sum()) < NEEDED:
        return {"count": int(courses.days.size), "dimensions": {}}
    return {
        "count": int(courses.days.size),
        "dimensions": {name: told(courses, dimension) for name, dimension in dimensions.items()},
    }
