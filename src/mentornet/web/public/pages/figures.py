"""The network's figures: cumulative and current ones apart, each with the day it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.cache import cache
from django.db.models import Min

from mentornet.divisions.queries import all_divisions, open_divisions
from mentornet.intake.queries import people_ever_and_now
from mentornet.partnerships.queries import partnerships_ever_and_now

MINUTES: Final = 10
FEWEST: Final = 5
"""A figure below this is not shown: in a small place a count of two is somebody one knows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the network is.

    Attributes:
        since: the year in which the first division opened; ``None`` while there is none.
        people_ever, partnerships_ever: since the beginning.
        people_now, partnerships_now: on ``on``.
    """

    on: date
    since: int | None
    divisions: int
    people_ever: int
    people_now: int
    partnerships_ever: int
    partnerships_now: int

    @property
    def is_worth_showing(self) -> bool:
        """The network is large enough for its figures to tell nothing about anybody."""
        return min(self.people_now, self.partnerships_now) >= FEWEST


def figures(today: date) -> Figures:
    """Return the figures of today, counted anew every ten minutes at most."""
    # The names stand in the key: after an upgrade nobody meets figures that lack one.
    key = f"public-figures:{today.isoformat()}:{','.join(Figures.__slots__)}"
    counted: Figures | None = cache.get(key)
    if counted is None:
        counted = _count(today)
        cache.set(key, counted, MINUTES * 60)
    return counted


def _count(today: date) -> Figures:
    # The figures "ever" go back to the first division, though it may have closed.
    first = all_divisions().filter(opened_on__lte=today).aggregate(day=Min("opened_on"))["day"]
    people, partnerships = people_ever_and_now(today), partnerships_ever_and_now()
    return Figures(
        on=today,
        since=first.year if first else None,
        divisions=open_divisions(today).count(),
        people_ever=people[0],
        people_now=people[1],
        partnerships_ever=partnerships[0],
        partnerships_now=partnerships[1],
    )
