"""An appointment as a calendar file, which says no more than a day, an hour and a place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from icalendar import Calendar, Event

LASTS: Final = timedelta(hours=1)


def appointment_file(
    *, key: str, title: str, on: date, starts: time | None, place: str, at: datetime, lasts: timedelta = LASTS
) -> bytes:
    """Return an appointment in the iCalendar format; without an hour it takes the whole day.

    Others may see her calendar: the title is a neutral word, and nothing else is written into it.

    Args:
        key: the same for the same appointment, so that a later file moves it.
        title: a neutral word.
        on: the day.
        starts: the hour, in the installation's time zone.
        place: where.
        at: when the file is made; the latest one holds.
        lasts: how long.
    """
    event = Event()
    event.add("uid", key)
    event.add("dtstamp", at.astimezone(UTC))
    # Programs move what they have only for a higher number: minutes grow, and fit into what they can hold.
    event.add("sequence", int(at.timestamp()) // 60)
    event.add("summary", title)
    if starts is None:
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
    else:
        # In universal time: such a file needs no table of summer times.
        begins = timezone.make_aware(datetime.combine(on, starts)).astimezone(UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + lasts)
    event.add("location", place)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//Appointment//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
