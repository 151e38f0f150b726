"""Her first page: one next step on top, her place in words, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.services.restricting import restrict_data
from mentornet.programmes.models import Programme
from mentornet.web.portal import steps
from mentornet.web.portal.home import steps as own_steps
from mentornet.web.portal.home.shown import nothing_to_do, places_of
from mentornet.web.portal.standing import Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

HOME = "/my/"
AsParticipant = Callable[[Person], Client]


def page_of(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def only_home_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no other area have a next step: this is about what is said where there is none."""
    monkeypatch.setattr(steps, "_STEPS", [(own_steps.AFTER_ANSWERS, own_steps.return_step)])


@pytest.mark.usefixtures("only_home_steps")
def test_mentee_who_waits_reads_since_when_and_when_she_hears(
    division: Division, as_participant: AsParticipant
) -> None:
    mentee = make_enrolment(
        Role.MENTEE, division, enrolment={"word_due_on": TODAY + timedelta(days=12), "last_word_on": TODAY}
    )
    page = page_of(as_participant(mentee.person), HOME)
    assert f"Hello <bdi>{mentee.person.first_name}</bdi>" in page
    assert "You do not need to do anything now" in page
    assert page.count("We write to you by 14 March 2026") == 1
    assert "You have been on our list since 31 January 2026." in page
    assert "I need to wait a little" in page
    assert "How many mentees" not in page


@pytest.mark.usefixtures("only_home_steps")
def test_a_promise_that_was_not_kept_is_owned(division: Division, as_participant: AsParticipant) -> None:
    mentee = make_enrolment(Role.MENTEE, division, enrolment={"word_due_on": TODAY - timedelta(days=1)})
    page = page_of(as_participant(mentee.person), HOME)
    assert "We should have written to you already. We are sorry." in page


@pytest.mark.usefixtures("only_home_steps")
def test_whose_data_rest_is_promised_nothing_else(
    division: Division, coordinator: Staff, as_participant: AsParticipant
) -> None:
    facts = {"word_due_on": TODAY + timedelta(days=12), "last_word_on": TODAY}
    mentee = make_enrolment(Role.MENTEE, division, enrolment=facts)
    restrict_data(by=coordinator, person=mentee.person, reason="She has asked for it.")
    page = page_of(as_participant(mentee.person), HOME)
    assert "Your data rest since" in page
    assert "You keep your place." in page
    assert page.count("Your data rest since") == 1
    for promise in ("We write to you by", "We are looking for a mentor", "on our list since", "last wrote to you"):
        assert promise not in page


def test_that_her_data_rest_stands_there_beside_another_step(
    division: Division, coordinator: Staff, as_participant: AsParticipant, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = steps.Step(title="A course", words="It helps you.", url=HOME, button="Begin")
    monkeypatch.setattr(steps, "_STEPS", [(1, lambda _standing: course)])
    mentee = make_enrolment(Role.MENTEE, division)
    restrict_data(by=coordinator, person=mentee.person, reason="She has asked for it.")
    assert page_of(as_participant(mentee.person), HOME).count("Your data rest since") == 1


@pytest.mark.usefixtures("only_home_steps")
def test_mentor_reads_her_places_and_her_rest(division: Division, as_participant: AsParticipant) -> None:
    mentor = make_enrolment(Role.MENTOR, division, enrolment={"capacity": 3, "active": 1})
    browser = as_participant(mentor.person)
    page = page_of(browser, HOME)
    assert "You have 1 mentee." in page
    assert "You have room for 2 more mentees." in page
    assert "I need a break" in page
    Enrolment.objects.update(resting_until=TODAY + timedelta(days=30), returns_when_asked=True)
    page = page_of(browser, HOME)
    assert "You have a break. We ask you again on 1 April 2026." in page
    assert "Change or end your break" in page


def test_who_is_over_her_break_is_asked_on_top(division: Division, as_participant: AsParticipant) -> None:
    mentor = make_enrolment(
        Role.MENTOR, division, enrolment={"resting_until": TODAY, "returns_when_asked": True, "return_asked_on": TODAY}
    )
    page = page_of(as_participant(mentor.person), HOME)
    assert "Do you want to be a mentor again?" in page
    assert reverse("portal:return", args=[mentor.pk]) in page
    assert page.count('class="next-step') == 1


def test_only_the_first_step_is_shown(division: Division, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(title: str) -> steps.NextStep:
        return lambda _by: steps.Step(title=title, words="", url="/", button="Go")

    monkeypatch.setattr(steps, "_STEPS", [])
    for order in (30, 10, 20):
        steps.register(order, step(str(order)))
    mentee = make_enrolment(Role.MENTEE, division)
    found = steps.next_step(Standing(Participant(person_id=mentee.person_id, name="Amina", at=AT)))
    assert found is not None
    assert found.title == "10"


@pytest.mark.usefixtures("only_home_steps")
def test_two_roles_and_two_programmes_stand_beside_each_other(
    division: Division, programme: Programme, as_participant: AsParticipant
) -> None:
    person = make_person("Amina")
    make_enrolment(Role.MENTEE, division, person=person, programme=programme)
    make_enrolment(Role.MENTEE, division, person=person)
    make_enrolment(Role.MENTOR, division, person=person, programme=programme)
    page = page_of(as_participant(person), HOME)
    assert page.count("As a mentee") == 2
    assert page.count("As a mentor") == 1


def test_applicant_and_whoever_has_left_are_told_what_comes(division: Division) -> None:
    applied = make_application(Role.MENTEE, division, state=ApplicationState.RECEIVED)
    by = Standing(Participant(person_id=applied.person_id, name="Amina", at=AT))
    assert "We have your application" in nothing_to_do(by).words
    assert places_of(by) == []
    left = make_enrolment(Role.MENTEE, division, enrolment={"ended_on": TODAY, "end_reason": "moved"})
    gone = Standing(Participant(person_id=left.person_id, name="Amina", at=AT))
    assert "call the office" in nothing_to_do(gone).words
    assert places_of(gone) == []
    nobody = Standing(Participant(person_id=make_person().pk, name="Amina", at=AT))
    assert "call the office" in nothing_to_do(nobody).words


def test_nothing_of_anybody_else_stands_there(division: Division, as_participant: AsParticipant) -> None:
    other = make_enrolment(Role.MENTOR, division, person=make_person("KANARIE", "KANARIE"))
    mentee = make_enrolment(Role.MENTEE, division)
    browser = as_participant(mentee.person)
    assert "KANARIE" not in page_of(browser, HOME)
    for name in ("rest", "places", "return", "rest_end"):
        url = reverse(f"portal:{name}", args=[other.pk])
        assert browser.post(url).status_code == 404
        if name != "rest_end":
            assert browser.get(url).status_code == 404


def test_title_of_the_window_tells_nothing(division: Division, as_participant: AsParticipant) -> None:
    mentee = make_enrolment(Role.MENTEE, division)
    assert "<title>Your page</title>" in page_of(as_participant(mentee.person), HOME)


def test_as_many_questions_to_the_database_for_three_places_as_for_one(
    division: Division, as_participant: AsParticipant
) -> None:
    person = make_person("Amina")
    make_enrolment(Role.MENTOR, division, person=person)
    browser = as_participant(person)
    browser.get(HOME)
    with CaptureQueriesContext(connection) as few:
        browser.get(HOME)
    for _ in range(2):
        make_enrolment(Role.MENTOR, division, person=person)
    with CaptureQueriesContext(connection) as many:
        browser.get(HOME)
    assert len(many) == len(few)
