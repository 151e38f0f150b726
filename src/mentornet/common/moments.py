"""Days and hours as one says them, in the reader's language: the same in a letter, on her own pages and on the desk."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, pgettext


def day_words(day: date) -> str:
    """Return a day that is near: Monday 9 March."""
    # Translators: a day in a list of times to choose from, in the letters of Django's date formats: Monday 9 March.
    return date_format(day, pgettext("a day to choose", "l j F"))


def dated_words(day: date) -> str:
    """Return a day with its year, which holds whenever it is read: Monday 9 March 2026."""
    # Translators: how a day is written in a letter, in the letters of Django's date formats: Monday 9 March 2026.
    return date_format(day, pgettext("a day in a letter", "l j F Y"))


def hour_words(hour: time | datetime) -> str:
    """Return an hour; of a moment, the hour on the wall: 17:30."""
    local = timezone.localtime(hour) if isinstance(hour, datetime) else hour
    # Translators: how a time is written in a letter, in the letters of Django's date formats: 14:30.
    return time_format(local, pgettext("a time in a letter", "H:i"))


def when_words(moment: datetime) -> str:
    """Return a moment that is near: Monday 9 March at 17:30."""
    return _at(day_words(timezone.localdate(moment)), moment)


def dated_when_words(moment: datetime) -> str:
    """Return a moment with its year: Monday 9 March 2026 at 17:30."""
    return _at(dated_words(timezone.localdate(moment)), moment)


def _at(day: str, moment: datetime) -> str:
    return gettext("%(day)s at %(time)s") % {"day": day, "time": hour_words(moment)}


def months_later(day: date, months: int) -> date:
    """Return the same day some months later; the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
