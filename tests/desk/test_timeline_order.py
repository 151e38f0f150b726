"""In which order a timeline tells of one day: some things have an hour, of others only the day is known."""

from __future__ import annotations

from datetime import timedelta

from factories.django_rows import AT
from mentornet.web.desk.people.history import Event, ordered

HOUR = timedelta(hours=1)
TODAY = AT.date()


def test_things_of_one_day_stand_where_they_were_noted() -> None:
    events = [
        Event(AT, "Proposed"),
        Event(TODAY, "Matched", noted_at=AT + HOUR),
        Event(TODAY, "Met", noted_at=AT + 2 * HOUR),
        Event(TODAY, "Signed", noted_at=AT + 2 * HOUR),
        Event(AT + 3 * HOUR, "Active"),
    ]
    assert [event.title for event in ordered(events)] == ["Active", "Signed", "Met", "Matched", "Proposed"]


def test_what_was_noted_days_later_begins_its_day() -> None:
    events = [Event(AT, "A call"), Event(TODAY, "Met", noted_at=AT + timedelta(days=3))]
    assert [event.title for event in ordered(events)] == ["A call", "Met"]


def test_newest_stands_first_whatever_the_order_of_telling() -> None:
    events = [Event(TODAY, "Then"), Event(AT - timedelta(days=2), "Before"), Event(TODAY + timedelta(days=1), "After")]
    assert [event.title for event in ordered(events)] == ["After", "Then", "Before"]
