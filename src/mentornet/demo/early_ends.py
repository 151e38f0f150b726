"""When a partnership of the demo network ends before its time.

Every pair has a patience of its own that nobody sees, and every week its own danger: high at first, higher in the
summer and around Christmas, high for everybody in the months in which there was no money. A slow beginning counts for
some months, and then no more. So dangers are neither constant nor in a fixed proportion to each other: whoever
estimates from this history does not find the model by which it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import exp, log
from typing import Final

from mentornet.demo.world import World

WEEK: Final = 7
_BASE: Final = 0.0078
"""The danger of a week when nothing speaks for or against it."""
_SPREAD: Final = 0.7
"""How much pairs differ for no reason that is written down: the spread of the logarithm of their danger."""
_SEASON: Final[Mapping[int, float]] = {1: 1.25, 6: 1.2, 7: 1.7, 8: 1.3, 12: 1.6}
_WITHOUT_MONEY: Final = ((1_270, 1_130, 2.3), (420, 380, 1.6))
"""From how many days ago until when there was less help for everybody, and how much that weighed."""
_SLOW: Final = 21
"""Days until the first meeting from which it began slowly."""


def ends_early_after(world: World, on: date, length: float, met_after: int | None, has_agreed: bool) -> int | None:
    """Return after how many days it ends before its time; ``None`` where it lasts as long as it was meant to.

    Args:
        world: the chances.
        on: the day of the match.
        length: for how many days it was meant.
        met_after: days until the first meeting; ``None`` where it never came to one.
        has_agreed: both signed in the first weeks.
    """
    temper = exp(world.random.gauss(0, _SPREAD) - _SPREAD**2 / 2)
    left = -log(1 - world.random.random())
    for days in range(WEEK, int(length * 0.94), WEEK):
        left -= temper * _danger(world, on + timedelta(days=days), days, met_after, has_agreed)
        if left <= 0:
            return days - world.random.randrange(WEEK)
    return None


def _danger(world: World, day: date, days: int, met_after: int | None, has_agreed: bool) -> float:
    danger = _BASE * (1 + 0.3 * exp(-days / 60)) * _SEASON.get(day.month, 1.0)
    ago = (world.today - day).days
    for first, last, weight in _WITHOUT_MONEY:
        if last <= ago <= first:
            danger *= weight
    # What was slow at first is forgotten once they know each other.
    if met_after is None:
        danger *= 3.0
    elif met_after > _SLOW:
        danger *= 1 + 2.4 * exp(-days / 110)
    if not has_agreed and days > 30:
        danger *= 1 + 0.9 * exp(-days / 150)
    return danger
