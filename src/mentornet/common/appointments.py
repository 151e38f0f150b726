"""Appointments as a calendar file, which says no more than days, hours and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

TYPE: Final = "text/calendar; charset=utf-8"
LASTS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """What a calendar is told.

    Attributes:
        key: the same for the same appointment, so that a later file moves it.
        begins: the moment; a day alone is taken as a whole.
        lasts: how long, from a moment on.
        place: where; empty where nobody has said.
        told_at: when the file was made, or the appointment changed.
        edition: programs move what they have only for a higher number.
        is_off: it was called off, and goes from the calendars that have it.
        url: where it is worked on; empty for participants, whose calendars others may see.
    """

    key: str
    begins: datetime | date
    lasts: timedelta = LASTS
    place: str = ""
    told_at: datetime
    edition: int
    is_off: bool = False
    url: str = ""


def edition_at(moment: datetime) -> int:
    """Return an edition that grows with time: in minutes, which fit into what programs can hold."""
    return int(moment.timestamp()) // 60


def calendar_of(appointments: Iterable[Appointment], *, name: str = "") -> bytes:
    """Return appointments in the iCalendar format, under a neutral word: a calendar is often shared.

    ``name`` is what a calendar that follows an address is called.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> Event:
    event, begins = Event(), appointment.begins
    event.add("uid", appointment.key)
    event.add("dtstamp", appointment.told_at.astimezone(UTC))
    event.add("sequence", appointment.edition)
    event.add("summary", _("Appointment"))
    if isinstance(begins, datetime):
        # In universal time: such a file needs no table of summer times.
        event.add("dtstart", begins.astimezone(UTC))
        event.add("dtend", (begins + appointment.lasts).astimezone(UTC))
    else:
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(days=1))
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.url:
        event.add("url", appointment.url)
    event.add("status", "CANCELLED" if appointment.is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event
