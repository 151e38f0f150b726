"""When a letter may reach somebody: in her safe hours, and ordinary ones together at one hour of the day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

HOUR_OF_ORDINARY_LETTERS: Final = time(16, 0)
"""When the day's ordinary letters leave, in the installation's time zone."""


def _at(day: datetime, clock: time) -> datetime:
    """Return an hour of somebody's day, in the installation's time zone."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day.date(), clock, tzinfo=zone)


def next_ordinary_hour(at: datetime) -> datetime:
    """Return when an ordinary letter of this moment leaves."""
    here = timezone.localtime(at, timezone.get_default_timezone())
    today = _at(here, HOUR_OF_ORDINARY_LETTERS)
    return today if today >= at else _at(here + timedelta(days=1), HOUR_OF_ORDINARY_LETTERS)


def is_safe(at: datetime, since: time | None, until: time | None) -> bool:
    """Tell whether a moment lies in the hours of the day between two; everything does where there are none."""
    if since is None or until is None or since == until:
        return True
    clock = timezone.localtime(at, timezone.get_default_timezone()).time()
    return since <= clock < until if since < until else clock >= since or clock < until


def next_safe_moment(at: datetime, since: time | None, until: time | None) -> datetime:
    """Return the first moment from now on in the hours of the day between two; over midnight if the first is later."""
    if since is None or is_safe(at, since, until):
        return at
    here = timezone.localtime(at, timezone.get_default_timezone())
    today = _at(here, since)
    # On the night when clocks go forward an hour is missing, and what was to begin in it begins an hour later.
    return today if today > at else _at(here + timedelta(days=1), since)
