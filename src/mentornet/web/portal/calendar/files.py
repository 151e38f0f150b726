"""Calendar files: neutral words, no names, so that whoever sees the calendar learns a time and a place alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from mentornet.partnerships.models import PlannedMeeting

TYPE: Final = "text/calendar; charset=utf-8"


def calendar_of(meetings: Iterable[PlannedMeeting], *, title: str = "") -> bytes:
    """Return planned meetings as an iCalendar file. One that was called off is told as cancelled, so that it goes."""
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    if title:
        calendar.add("x-wr-calname", title)
    for meeting in meetings:
        event = Event()
        # The same in every file: a calendar that has it already moves it.
        event.add("uid", f"{meeting.pk}@calendar.invalid")
        event.add("sequence", meeting.changes)
        event.add("dtstamp", meeting.changed_at.astimezone(UTC))
        event.add("dtstart", meeting.at.astimezone(UTC))
        event.add("dtend", (meeting.at + timedelta(minutes=meeting.minutes)).astimezone(UTC))
        event.add("summary", _("Appointment"))
        if meeting.place:
            event.add("location", meeting.place)
        event.add("status", "CANCELLED" if meeting.called_off_at else "CONFIRMED")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def calendar_file(meetings: Iterable[PlannedMeeting], name: str) -> HttpResponse:
    """Answer with a calendar file to be saved or opened."""
    response = HttpResponse(calendar_of(meetings), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
