"""Calendar files: days, hours and places, and no word that tells more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.utils import translation
from icalendar import Calendar

from mentornet.common.appointments import Appointment, calendar_of, edition_at

AT: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event_of(**changes: Any) -> Any:
    values: dict[str, Any] = {"key": "one", "begins": AT, "told_at": AT, "edition": edition_at(AT)}
    (event,) = Calendar.from_ical(calendar_of([Appointment(**values | changes)])).walk("VEVENT")
    return event


def test_moment_takes_an_hour_and_a_day_the_whole_of_it() -> None:
    event = event_of()
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)
    event = event_of(begins=date(2026, 3, 9))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 3, 9), date(2026, 3, 10))


def test_nothing_is_written_that_is_not_known() -> None:
    event = event_of()
    assert set(event) == {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "STATUS", "CLASS"}
    assert {"LOCATION", "URL"} <= set(event_of(place="The library", url="https://example.org/"))


def test_what_is_called_off_goes() -> None:
    assert event_of()["STATUS"] == "CONFIRMED"
    assert event_of(is_off=True)["STATUS"] == "CANCELLED"


def test_later_file_moves_what_an_earlier_one_brought() -> None:
    later = AT + timedelta(minutes=1)
    assert edition_at(AT) < edition_at(later) < 2**31


def test_title_is_neutral_and_in_the_readers_language() -> None:
    with translation.override("da"):
        calendar = Calendar.from_ical(calendar_of([], name="Aftaler"))
        assert event_of()["SUMMARY"] == "Aftale"
    assert calendar["X-WR-CALNAME"] == "Aftaler"
