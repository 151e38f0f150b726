"""Her meetings in her own calendar: neutral words, an address that nobody guesses, and that she can stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.models import CalendarFeed, Partnership, PlannedMeeting
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import acting
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
DAY: Final = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> Iterator[None]:
    """Let no test use up what another one may try."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY)


@pytest.fixture
def mentee(pair: Partnership, as_participant: AsParticipant) -> Client:
    return as_participant(pair.mentee.person)


def test_where_they_were_to_meet_is_told_no_more_once_it_has_ended(
    pair: Partnership, coordinator: Staff, mentee: Client, as_participant: AsParticipant
) -> None:
    planned = services.plan_meeting(by=acting(pair, "mentee"), partnership=pair, at=AT + 3 * DAY, place="KANARIE place")
    past = PlannedMeeting.objects.create(
        partnership=pair, side="mentee", at=AT - 9 * DAY, place="A café", created_at=AT, changed_at=AT
    )
    mentor = as_participant(pair.mentor.person)
    pages = [
        reverse("portal:plan", args=[pair.pk]),
        reverse("portal:plan_file", args=[pair.pk, planned.pk]),
        reverse("portal:partnership", args=[pair.pk]),
    ]
    feed = reverse("portal:feed", args=[services.make_feed(by=acting(pair, "mentor"))])
    # The control: while it runs, each of them tells of it.
    for address in (*pages, feed):
        assert "KANARIE" in mentor.get(address).content.decode()
    before = Client().get(feed).content.decode()
    services.close_partnership(by=coordinator, partnership=pair, on=TODAY, reason="safety")
    assert [mentor.get(address).status_code for address in pages] == [404, 404, 200]
    assert mentor.post(pages[0], {}).status_code == 404
    assert "KANARIE" not in mentor.get(pages[2]).content.decode()
    # Calendars that have it take it away; where it was to be they are told no more.
    after = Client().get(feed).content.decode()
    assert (before.count("STATUS:CANCELLED"), after.count("STATUS:CANCELLED")) == (0, 1)
    assert "KANARIE" not in after
    assert after.count("SEQUENCE:1") == 1
    planned.refresh_from_db()
    past.refresh_from_db()
    assert (planned.called_off_at, past.called_off_at) == (coordinator.at, None)
    # Two months later it is no news any more.
    with time_machine.travel(AT + 70 * DAY):
        assert "BEGIN:VEVENT" not in Client().get(feed).content.decode()


def test_once_it_has_ended_her_partner_is_named_by_her_first_name(
    pair: Partnership, coordinator: Staff, mentee: Client
) -> None:
    address = reverse("portal:partnership", args=[pair.pk])
    assert "You and <bdi>Karen Lund</bdi>" in mentee.get(address).content.decode()
    services.close_partnership(by=coordinator, partnership=pair, on=TODAY, reason="agreed")
    page = mentee.get(address).content.decode()
    assert "You and <bdi>Karen</bdi>" in page
    assert "Lund" not in page


def test_her_calendar_follows_until_she_stops_it(pair: Partnership, mentee: Client) -> None:
    services.plan_meeting(by=acting(pair, "mentor"), partnership=pair, at=AT + DAY, place="The library")
    made = mentee.post(reverse("portal:calendar"), {"act": "make"}).content.decode()
    found = re.search(r"/my/calendar/[\w-]+/appointments\.ics", made)
    assert found is not None
    address = found[0]
    token = address.split("/")[3]
    assert len(token) >= 40
    assert token not in CalendarFeed.objects.get().token_hash
    assert token not in mentee.get(reverse("portal:calendar")).content.decode()
    read = Client().get(address)
    assert read["Content-Type"].startswith("text/calendar")
    text = read.content.decode()
    assert text.count("BEGIN:VEVENT") == 1
    for name in ("Karen", "Amina", "Lund", "entor"):
        assert name not in text
    services.call_off_meeting(by=acting(pair, "mentee"), partnership=pair, planned=PlannedMeeting.objects.get())
    assert "STATUS:CANCELLED" in Client().get(address).content.decode()
    mentee.post(reverse("portal:calendar"), {"act": "stop"})
    assert Client().get(address).status_code == 404


def test_a_wrong_address_is_answered_no_more_after_a_while(pair: Partnership) -> None:
    wrong = reverse("portal:feed", args=["x" * 43])
    answers = {Client().get(wrong).status_code for _ in range(30)}
    assert answers == {404}
    assert Client().get(wrong).status_code == 429


def test_a_new_address_stops_the_old_one(pair: Partnership) -> None:
    by = acting(pair, "mentee")
    old, new = services.make_feed(by=by), services.make_feed(by=by)
    assert Client().get(reverse("portal:feed", args=[old])).status_code == 404
    assert Client().get(reverse("portal:feed", args=[new])).status_code == 200
