"""A letter in a coordinator's own words: seen before it leaves, and a minute to take it back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, saved
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.messaging.models import Letter, LetterState
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = pytest.mark.django_db
KEY = "6f1c7d3e-0000-4000-8000-000000000001"
TEXT = "I tried to call you.\r\n\r\nPlease call me on Monday."


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def amina(division: Division, programme: Programme) -> Person:
    division.phone = "66 12 34 56"
    division.save()
    person = make_person("Amina", "Noor", email="amina@example.org", language="en")
    make_application(division=division, person=person, programme=programme)
    return person


def address(person: Person) -> str:
    return reverse("desk:letter_by_hand", kwargs={"person_id": person.pk})


def test_letter_leaves_after_its_minute_signed_and_plain(desk: Client, amina: Person, division: Division) -> None:
    assert address(amina) in desk.get(reverse("desk:person", args=[amina.pk])).content.decode()
    page = desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY}, follow=True).content.decode()
    letter = Letter.objects.get()
    assert "leaves in a minute" in page
    assert reverse("desk:letter_take_back", kwargs={"letter_id": letter.pk}) in page
    assert (letter.state, letter.division_id) == (LetterState.QUEUED, division.pk)
    assert timedelta(seconds=55) < letter.send_after - timezone.now() <= timedelta(seconds=60)
    Letter.objects.update(send_after=timezone.now())
    call_command("work", "--once")
    assert mail.outbox[0].body == (
        "Hello Amina,\n\nI tried to call you.\n\nPlease call me on Monday.\n\n"
        "Do you have a question? Call Inger Holm. The phone number is 66 12 34 56.\n\nKind regards\nInger Holm\n"
    )
    assert mail.outbox[0].subject == "A message for you"


def test_letter_is_taken_back_within_its_minute(desk: Client, amina: Person) -> None:
    desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY})
    letter = Letter.objects.get()
    desk.post(reverse("desk:letter_take_back", kwargs={"letter_id": letter.pk}))
    letter.refresh_from_db()
    assert letter.state == LetterState.TAKEN_BACK


def test_sent_twice_it_is_written_once(desk: Client, amina: Person) -> None:
    page = desk.get(address(amina)).content.decode()
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found is not None
    typed = {"text": TEXT, "send": "1", "key": found[1]}
    for _ in range(2):
        assert "leaves in a minute" in desk.post(address(amina), typed, follow=True).content.decode()
    assert Letter.objects.count() == 1
    # The control: with another key it is another letter.
    desk.post(address(amina), typed | {"key": KEY})
    assert Letter.objects.count() == 2


def test_preview_sends_nothing(desk: Client, amina: Person) -> None:
    fragment = desk.post(
        address(amina),
        {"text": TEXT, "preview": "1", "key": KEY},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    ).content.decode()
    assert "Please call me on Monday." in fragment
    assert "Hello Amina," in fragment
    assert "<html" not in fragment
    page = desk.post(address(amina), {"text": TEXT, "preview": "1", "key": KEY}).content.decode()
    assert page.count("Please call me on Monday.") == 2
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write what she is to know."),
        ("x" * 1_001, "at most 1000"),
        ("Your mentornet in Odense", "“Odense” tells who writes"),
    ],
)
def test_what_would_not_do_is_told_and_kept(desk: Client, amina: Person, text: str, words: str) -> None:
    answer = desk.post(address(amina), {"text": text, "send": "1", "key": KEY})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert text in answer.content.decode()
    assert not Letter.objects.exists()


def test_sign_of_a_placeholder_stays_as_it_is(desk: Client, amina: Person) -> None:
    desk.post(address(amina), {"text": "100 % and %(day)s", "send": "1", "key": KEY})
    Letter.objects.update(send_after=timezone.now())
    call_command("work", "--once")
    assert "100 % and %(day)s" in mail.outbox[0].body


def test_who_wants_to_be_called_is_not_written_to(desk: Client, amina: Person) -> None:
    Person.objects.update(contact_way="call", phone="20 20 20 20", safe_contact="only before noon")
    page = desk.get(address(amina)).content.decode()
    assert "She wants to be called" in page
    assert "20 20 20 20" in page
    assert "only before noon" in page
    assert "<textarea" not in page
    desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY})
    assert not Letter.objects.exists()


def test_people_of_other_divisions_are_not_there(
    client: Client, sign_in: SignIn, other_coordinator: Staff, amina: Person
) -> None:
    stranger = sign_in(client, other_coordinator)
    assert stranger.get(address(amina)).status_code == 404
    assert stranger.post(address(amina), {"text": TEXT, "send": "1", "key": KEY}).status_code == 404
    assert not Letter.objects.exists()


def test_who_took_her_application_back_is_not_written_to(desk: Client, amina: Person) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    page = desk.get(address(amina)).content.decode()
    assert "was told that we write to her no more" in page
    assert "<textarea" not in page
    for more in ({}, {"anyway": "on"}):
        page = desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY} | more).content.decode()
        assert "was told that we write to her no more" in page
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [(ApplicationState.DECLINED, "her application was declined"), (ApplicationState.APPROVED, "takes part no more")],
)
def test_who_has_left_is_written_to_after_a_second_thought(
    desk: Client, amina: Person, state: ApplicationState, words: str
) -> None:
    Application.objects.update(state=state)
    assert words in desk.get(address(amina)).content.decode()
    answer = desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY})
    assert answer.status_code == 422
    assert "Tick this if she is to get the letter all the same." in answer.content.decode()
    assert "Please call me on Monday." in answer.content.decode()
    assert not Letter.objects.exists()
    # Looking at it needs no tick.
    assert desk.post(address(amina), {"text": TEXT, "preview": "1", "key": KEY}).status_code == 200
    desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY, "anyway": "on"})
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(("state", "has_left"), [("asked", False), ("confirmed", False), ("left", True)])
def test_who_helps_as_a_contact_person_has_not_left(
    desk: Client, amina: Person, division: Division, state: str, has_left: bool
) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    saved(ContactPerson(person=amina, division=division, state=state, asked_on=TODAY, created_at=AT))
    assert ("was told that we write to her no more" in desk.get(address(amina)).content.decode()) is has_left
    desk.post(address(amina), {"text": TEXT, "send": "1", "key": KEY})
    assert Letter.objects.exists() is not has_left


def test_contact_person_of_another_division_has_left_here(
    desk: Client, amina: Person, other_division: Division
) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    saved(ContactPerson(person=amina, division=other_division, asked_on=TODAY, created_at=AT))
    assert "was told that we write to her no more" in desk.get(address(amina)).content.decode()


def test_who_takes_part_again_has_not_left(desk: Client, amina: Person, division: Division) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    make_enrolment("mentee", division, person=amina)
    assert "She takes no part now" not in desk.get(address(amina)).content.decode()
    Enrolment.objects.update(ended_on=TODAY, end_reason="moved")
    assert "She takes no part now" in desk.get(address(amina)).content.decode()
