"""When people can meet: seven days of three parts, 21 slots in a week."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class Day(IntEnum):
    """A day of the week, Monday first."""

    # Python's own enum hashes through a method; slots are looked up in every inner loop.
    __hash__ = int.__hash__

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


class Part(IntEnum):
    """A part of a day."""

    __hash__ = int.__hash__

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2


PARTS_OF_A_DAY: Final = len(Part)
SLOTS_IN_A_WEEK: Final = len(Day) * PARTS_OF_A_DAY


class Slot(NamedTuple):
    """One part of one day; sorts by its place in the week."""

    day: Day
    part: Part

    @property
    def number(self) -> int:
        """The slot's place in the week, 0 to 20."""
        return self.day * PARTS_OF_A_DAY + self.part
