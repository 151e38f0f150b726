"""When people can meet: seven days of three parts, 21 slots in a week."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Day(IntEnum):
    """A day of the week, Monday first."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


class Part(IntEnum):
    """A part of a day."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2


SLOTS_IN_A_WEEK: Final = len(Day) * len(Part)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One part of one day."""

    day: Day
    part: Part

    @property
    def number(self) -> int:
        """The slot's place in the week, 0 to 20."""
        return self.day * len(Part) + self.part
