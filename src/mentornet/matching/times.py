"""When two could meet for the first time: dates and hours from what both have said of their week."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from mentornet.common.holidays import is_holiday
from mentornet.people.validators import SLOTS
from reference.slots import Part, Slot

NOT_BEFORE: Final = timedelta(days=4)
"""Both must read their letters, choose, and be told."""
NOT_AFTER: Final = timedelta(days=21)
SUGGESTED: Final = 3
STARTS: Final = {Part.MORNING: time(10, 0), Part.AFTERNOON: time(14, 0), Part.EVENING: time(17, 30)}
"""When a meeting begins in each part of a day; libraries are open then."""


def common_slots(one: Collection[str] | None, other: Collection[str] | None) -> frozenset[Slot]:
    """Return the slots that suit both; of whom nothing is known may be asked for any that suits the other."""
    if one is None or other is None:
        return frozenset(SLOTS[code] for code in (one if other is None else other) or ())
    return frozenset(SLOTS[code] for code in set(one) & set(other))


def _candidates(slots: frozenset[Slot], today: date) -> Iterator[datetime]:
    for days in range(NOT_BEFORE.days, NOT_AFTER.days + 1):
        day = today + timedelta(days=days)
        if is_holiday(day):
            continue
        for slot in sorted(slots):
            if slot.day == day.weekday():
                yield timezone.make_aware(datetime.combine(day, STARTS[slot.part]))


def suggested_times(slots: frozenset[Slot], today: date) -> list[datetime]:
    """Return up to three times, the first possible ones, on different days and as different as the slots allow.

    The same question has the same answer: nothing is drawn.
    """
    candidates = list(_candidates(slots, today))
    chosen: list[datetime] = []
    # First each slot once; then, where there are fewer than three, later days of the same ones.
    for is_repeated in (False, True):
        for at in candidates:
            is_new = is_repeated or all(_slot(at) != _slot(one) for one in chosen)
            if len(chosen) < SUGGESTED and is_new and all(at.date() != one.date() for one in chosen):
                chosen.append(at)
    return sorted(chosen)


def _slot(at: datetime) -> tuple[int, time]:
    return at.weekday(), at.time()
