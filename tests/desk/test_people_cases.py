"""What is done with an enrolment from her page: each act, its refusal, its way back, and the second press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_enrolment, make_staff, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTEE, division, programme=programme)


@pytest.fixture
def mentor(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, programme=programme)


def act(client: Client, name: str, enrolment: Enrolment, given: Mapping[str, Any] | None = None) -> Any:
    return client.post(reverse(f"desk:{name}", args=[enrolment.pk]), given or {})


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_an_empty_post_gives_her_a_word_by_letter(desk: Client, mentee: Enrolment) -> None:
    response = act(desk, "give_word", mentee, {"next": reverse("desk:waiting")})
    assert response["Location"] == reverse("desk:waiting")
    assert "leaves in a minute" in said(response)
    mentee.refresh_from_db()
    assert (mentee.last_word_on, mentee.word_due_on) == (TODAY, TODAY + 28 * DAY)
    again = act(desk, "give_word", mentee)
    assert "No second letter is sent." in again.content.decode()
    assert Letter.objects.count() == 1


def test_a_call_is_noted_without_a_letter(desk: Client, mentee: Enrolment) -> None:
    act(desk, "give_word", mentee, {"how": "call", "next_on": (TODAY + 7 * DAY).isoformat()})
    mentee.refresh_from_db()
    assert mentee.word_due_on == TODAY + 7 * DAY
    assert not Letter.objects.exists()


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example/", "no-view-of-this-name", "a\x00b"])
def test_a_way_back_leads_nowhere_else(desk: Client, mentee: Enrolment, way: str) -> None:
    response = act(desk, "give_word", mentee, {"next": way})
    assert response["Location"] == reverse("desk:person", args=[mentee.person_id])


def test_rest_is_taken_back(desk: Client, mentor: Enrolment) -> None:
    assert "after today" in act(desk, "enrolment_rest", mentor, {"until": TODAY.isoformat()}).content.decode()
    response = act(desk, "enrolment_rest", mentor, {"until": (TODAY + 30 * DAY).isoformat()})
    undo = reverse("desk:enrolment_wake", args=[mentor.pk])
    assert undo in desk.get(response["Location"]).content.decode()
    desk.post(undo)
    mentor.refresh_from_db()
    assert mentor.resting_until is None


def test_a_briefing_is_noted_once(desk: Client, mentor: Enrolment) -> None:
    Enrolment.objects.update(briefed_on=None)
    act(desk, "enrolment_brief", mentor, {"on": TODAY.isoformat()})
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    again = act(desk, "enrolment_brief", mentor, {"on": TODAY.isoformat()})
    assert "She has been briefed already." in again.content.decode()


def test_places_are_changed(desk: Client, mentor: Enrolment) -> None:
    act(desk, "enrolment_capacity", mentor, {"capacity": "3"})
    mentor.refresh_from_db()
    assert mentor.capacity == 3


def test_an_end_is_taken_back(desk: Client, mentee: Enrolment) -> None:
    assert act(desk, "enrolment_end", mentee).status_code == 200
    response = act(desk, "enrolment_end", mentee, {"reason": "moved"})
    html = desk.get(response["Location"]).content.decode()
    assert "moved away" in html
    assert reverse("desk:enrolment_resume", args=[mentee.pk]) in html
    assert "She has left already." in act(desk, "enrolment_end", mentee, {"reason": "moved"}).content.decode()
    act(desk, "enrolment_resume", mentee)
    assert "She is back already." in said(act(desk, "enrolment_resume", mentee))
    mentee.refresh_from_db()
    assert mentee.ended_on is None


def test_a_case_is_handed_over_within_the_division(
    desk: Client, mentee: Enrolment, division: Division, other_coordinator: Staff
) -> None:
    other = make_staff(StaffRole.COORDINATOR, division, name="Mette Lund")
    assert "Mette Lund" in desk.get(reverse("desk:enrolment_hand_over", args=[mentee.pk])).content.decode()
    wrong = act(desk, "enrolment_hand_over", mentee, {"coordinator": str(other_coordinator.user_id)})
    assert wrong.status_code == 200
    act(desk, "enrolment_hand_over", mentee, {"coordinator": str(other.user_id)})
    mentee.refresh_from_db()
    assert mentee.coordinator == user_of(other)


def test_nothing_is_left_untranslated(desk: Client, mentee: Enrolment, mentor: Enrolment) -> None:
    Enrolment.objects.filter(pk=mentor.pk).update(briefed_on=None)
    desk.cookies["django_language"] = "xb"
    for name, enrolment in (
        ("give_word", mentee), ("enrolment_rest", mentor), ("enrolment_brief", mentor), ("enrolment_capacity", mentor),
        ("enrolment_end", mentee), ("enrolment_hand_over", mentee),
    ):  # fmt: skip
        assert untranslated(desk.get(reverse(f"desk:{name}", args=[enrolment.pk])).content.decode()) == [], name
        assert untranslated(act(desk, name, enrolment, {"how": "x", "next_on": "x"}).content.decode()) == [], name
