"""Breaks on her own pages, and the question whether she is back, by a personal link alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY, make_enrolment
from mentornet.accounts.enums import Purpose
from mentornet.common.moments import months_later
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment, Wish
from mentornet.people.enums import Role
from mentornet.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

AsParticipant = Callable[[Person], Client]


class WithLink(Protocol):
    def __call__(self, purpose: Purpose, subject: str, person: Person | None, *, code: bool = True) -> Client: ...


def page_of(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def mentor(division: Division) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, enrolment={"capacity": 2})


@pytest.fixture
def asked(division: Division) -> Enrolment:
    """A mentor whose break is over, and who has been asked."""
    rested = {"resting_until": TODAY, "returns_when_asked": True, "return_asked_on": TODAY}
    return make_enrolment(Role.MENTOR, division, enrolment=rested)


@pytest.mark.parametrize(
    ("data", "until"),
    [
        ({"when": "1"}, date(2026, 4, 2)),
        ({"when": "3"}, date(2026, 6, 2)),
        ({"when": "month", "month": "2026-09-01"}, date(2026, 9, 1)),
        ({"when": "day", "day": "2026-05-17"}, date(2026, 5, 17)),
    ],
)
def test_she_says_when_we_ask_again(
    mentor: Enrolment, as_participant: AsParticipant, data: dict[str, str], until: date
) -> None:
    browser, url = as_participant(mentor.person), reverse("portal:rest", args=[mentor.pk])
    assert "In one month, on 2 April 2026" in page_of(browser, url)
    answer = browser.post(url, data | {"note": "A baby"}, follow=True)
    assert "Saved. We ask you again on" in answer.content.decode()
    mentor.refresh_from_db()
    assert (mentor.resting_until, mentor.returns_when_asked, mentor.rest_note) == (until, True, "A baby")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"when": "month"}, "Choose the month"),
        ({"when": "day"}, "Choose the day"),
        ({"when": "day", "day": "2026-03-02"}, "Choose a day after today."),
        ({"when": "day", "day": "2031-03-02"}, "too far ahead"),
        ({}, "Choose one of these."),
        ({"when": "month", "month": "2031-01-01"}, "Select a valid choice"),
    ],
)
def test_a_day_that_cannot_be_keeps_what_she_wrote(
    mentor: Enrolment, as_participant: AsParticipant, data: dict[str, str], error: str
) -> None:
    url = reverse("portal:rest", args=[mentor.pk])
    answer = as_participant(mentor.person).post(url, data | {"note": "A baby"})
    assert answer.status_code == 200
    assert error in answer.content.decode()
    assert "A baby" in answer.content.decode()
    mentor.refresh_from_db()
    assert mentor.resting_until is None


def test_she_ends_her_break_early(mentor: Enrolment, as_participant: AsParticipant) -> None:
    Enrolment.objects.update(resting_until=TODAY + timedelta(days=40), returns_when_asked=True)
    browser, url = as_participant(mentor.person), reverse("portal:rest", args=[mentor.pk])
    assert "End the break now" in page_of(browser, url)
    assert "Welcome back" in browser.post(reverse("portal:rest_end", args=[mentor.pk]), follow=True).content.decode()
    mentor.refresh_from_db()
    assert mentor.resting_until is None


def test_mentee_reads_that_she_keeps_her_place(division: Division, as_participant: AsParticipant) -> None:
    mentee = make_enrolment(Role.MENTEE, division)
    browser, url = as_participant(mentee.person), reverse("portal:rest", args=[mentee.pk])
    page = page_of(browser, url)
    assert "I need to wait a little" in page
    assert "You keep your place on the list." in page
    assert browser.post(url, {"when": "1"}).status_code == 302


def test_places(mentor: Enrolment, as_participant: AsParticipant) -> None:
    browser, url = as_participant(mentor.person), reverse("portal:places", args=[mentor.pk])
    assert "2 more" in page_of(browser, url)
    assert browser.post(url, {"more": "0"}).status_code == 302
    mentor.refresh_from_db()
    assert mentor.capacity == 0
    assert "2 more" not in page_of(browser, url)
    assert browser.post(url, {"more": "1"}).status_code == 302
    assert browser.post(url, {"more": "2"}).status_code == 200
    mentor.refresh_from_db()
    assert mentor.capacity == 1


# By a link ---------------------------------------------------------------------------------------------------------


def test_by_the_link_alone_she_says_that_she_is_ready(asked: Enrolment, with_link: WithLink) -> None:
    browser = with_link(Purpose.RETURN, str(asked.pk), asked.person, code=False)
    url = reverse("portal:return", args=[asked.pk])
    assert "Do you want to be a mentor again?" in page_of(browser, url)
    page = browser.post(url, {"answer": "ready"}, follow=True).content.decode()
    assert "Good to have you back" in page
    asked.refresh_from_db()
    assert asked.resting_until is None
    # The link opens this page, and none of her others.
    assert browser.get("/my/profile/").status_code == 302


def test_not_yet_is_asked_again(asked: Enrolment, with_link: WithLink) -> None:
    browser = with_link(Purpose.RETURN, str(asked.pk), asked.person, code=False)
    url = reverse("portal:return", args=[asked.pk])
    assert "Choose the month" in browser.post(url, {"answer": "later", "when": "month"}).content.decode()
    page = browser.post(url, {"answer": "later", "when": "month", "month": "2026-09-01"}, follow=True).content.decode()
    assert "We ask you again on 1 September 2026" in page
    asked.refresh_from_db()
    assert (asked.resting_until, asked.return_asked_on) == (date(2026, 9, 1), None)


def test_to_stop_leads_to_the_coordinator(asked: Enrolment, with_link: WithLink) -> None:
    browser = with_link(Purpose.RETURN, str(asked.pk), asked.person, code=False)
    url = reverse("portal:return", args=[asked.pk])
    page = browser.post(url, {"answer": "stop"}, follow=True).content.decode()
    assert "Your coordinator calls you before anything is changed." in page
    assert Wish.objects.get().kind == "leave"
    asked.refresh_from_db()
    assert asked.ended_on is None
    assert asked.is_resting(TODAY)


def test_a_link_for_somebody_else_opens_nothing(asked: Enrolment, mentor: Enrolment, with_link: WithLink) -> None:
    browser = with_link(Purpose.RETURN, str(mentor.pk), mentor.person, code=False)
    url = reverse("portal:return", args=[asked.pk])
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"answer": "ready"}).status_code == 404
    assert Client().get(url).status_code == 404
    # Nor one whose subject is hers and whose person is not.
    crossed = with_link(Purpose.RETURN, str(asked.pk), mentor.person, code=False)
    assert crossed.get(url).status_code == 404


def test_an_answer_that_is_none_changes_nothing(asked: Enrolment, with_link: WithLink) -> None:
    browser = with_link(Purpose.RETURN, str(asked.pk), asked.person, code=False)
    url = reverse("portal:return", args=[asked.pk])
    assert browser.post(url, {"answer": "perhaps"}).status_code == 200
    asked.refresh_from_db()
    assert asked.is_resting(TODAY)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 2), 3, date(2026, 6, 2)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
