"""Public holidays of Denmark, and the days on which offices and libraries are closed like on one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from django.utils import timezone

_BY_DATE: Final = ((1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))
"""Month and day; Constitution Day, Christmas Eve and New Year's Eve close libraries though they are no holidays."""
_FROM_EASTER: Final = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday and Monday, counted in days."""
WORKING_DAYS: Final = 5
"""Days of a week on which offices work, from Monday on."""
_PRAYER_DAY: Final = 26
_LAST_PRAYER_DAY: Final = 2023
"""Great Prayer Day, the fourth Friday after Easter, was a holiday until this year."""


def easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar."""
    # The anonymous rule as Meeus prints it: the lunar cycle, the leap days left out, then the Sunday after.
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays_in(year: int) -> frozenset[date]:
    """Return the days of a year on which nobody is asked to come."""
    sunday = easter(year)
    moving = [*_FROM_EASTER, *([_PRAYER_DAY] if year <= _LAST_PRAYER_DAY else [])]
    fixed = {date(year, month, day) for month, day in _BY_DATE}
    return frozenset(fixed | {sunday + timedelta(days=days) for days in moving})


def is_holiday(day: date) -> bool:
    """Tell whether a day is one on which nobody is asked to come."""
    return day in holidays_in(day.year)


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on a day: Monday to Friday, and no holiday."""
    return day.weekday() < WORKING_DAYS and not is_holiday(day)


def working_day_from(day: date) -> date:
    """Return a day itself where offices work on it, and the next one on which they do otherwise."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    """Return the next day on which an office talks with people."""
    return working_day_from(day + timedelta(days=1))


def working_days_later(at: datetime, days: int) -> datetime:
    """Return the moment by which so many working days have gone by since another one, at the same hour.

    What comes while offices are closed counts from the morning on which they open again.
    """
    local = timezone.localtime(at)
    day, hour = local.date(), local.time()
    if not is_working_day(day):
        day, hour = working_day_from(day), time.min
    for _ in range(days):
        day = working_day_after(day)
    return timezone.make_aware(datetime.combine(day, hour))
