"""Letters that could not be sent stand on Today at once, in the right division, until somebody has seen to them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from factories.django_rows import AT, make_person
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Channel, Letter, LetterState, Problem
from mentornet.messaging.queries import have_left
from mentornet.messaging.services import call_back_letters, queue_letter, settle_letter, unsettle_letter
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db
HEADING = "Letters that could not be sent"


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def write(by: Staff, division: Division, person: Person) -> Letter:
    with transaction.atomic():
        return queue_letter(
            by=by,
            recipient=person_key(person.pk),
            event="application_received",
            values={},
            about_id=None,
            division_id=division.pk,
        )


def today(client: Client) -> str:
    return client.get(reverse("desk:today")).content.decode()


def passes(moment: datetime, *, until: timedelta) -> None:
    """Let the worker look twice a minute, as it does oftener, for some minutes."""
    for seconds in range(0, int(until.total_seconds()) + 1, 30):
        with time_machine.travel(moment + timedelta(seconds=seconds)):
            call_command("work", "--once")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"email": ""}, "There is no e-mail address."),
        ({"email": "a@example.org", "contact_way": "call", "phone": "20202020"}, "She wants to be called"),
        ({"email": "a@example.org", "contact_way": "text"}, "there is no telephone number"),
    ],
)
def test_letter_that_cannot_be_sent_is_seen_within_five_minutes(
    client: Client,
    sign_in: SignIn,
    coordinator: Staff,
    other_coordinator: Staff,
    division: Division,
    facts: dict[str, str],
    words: str,
) -> None:
    write(coordinator, division, make_person("Amina", "Noor", **facts))
    passes(AT, until=timedelta(minutes=2))
    with time_machine.travel(AT + timedelta(minutes=5)):
        page = today(sign_in(client, coordinator))
        assert HEADING in page
        assert words in page
        assert "Amina Noor" in page
        # Another division's people do not exist for her.
        assert HEADING not in today(sign_in(Client(), other_coordinator))


def test_address_that_is_refused_is_seen_within_five_minutes(
    client: Client, sign_in: SignIn, coordinator: Staff, division: Division, settings: Settings
) -> None:
    settings.SMS_URL = "gatewayapi+http://token@127.0.0.1:9"
    person = make_person("Amina", email="", phone="no number", contact_way="text")
    write(coordinator, division, person)
    passes(AT, until=timedelta(minutes=2))
    with time_machine.travel(AT + timedelta(minutes=5)):
        assert "No text message can be sent to this number." in today(sign_in(client, coordinator))


def test_letter_that_nobody_sends_is_told_of_within_five_minutes(
    client: Client, sign_in: SignIn, coordinator: Staff, division: Division
) -> None:
    letter = write(coordinator, division, make_person("Amina", email="a@example.org"))
    with time_machine.travel(AT + timedelta(minutes=4)):
        assert "should have left" not in today(sign_in(client, coordinator))
    with time_machine.travel(letter.send_after + timedelta(minutes=5)):
        assert "1 letter should have left" in today(sign_in(client, coordinator))


def test_letter_leaves_today_when_it_is_sent_or_told(desk: Client, coordinator: Staff, division: Division) -> None:
    letter = write(coordinator, division, make_person("Amina", phone="20202020"))
    Letter.objects.update(state=LetterState.UNREACHABLE, problem=Problem.CALLS)
    page = today(desk)
    address = reverse("desk:letter", kwargs={"letter_id": letter.pk})
    assert address in page
    assert "20202020" in desk.get(address).content.decode()
    done = desk.post(reverse("desk:letter_told", kwargs={"letter_id": letter.pk}), follow=True).content.decode()
    assert "she has been told" in done
    assert HEADING not in today(desk)
    undone = desk.post(reverse("desk:letter_untold", kwargs={"letter_id": letter.pk}), follow=True).content.decode()
    assert "back on your list" in undone
    assert HEADING in today(desk)
    desk.post(reverse("desk:letter_resend", kwargs={"letter_id": letter.pk}))
    assert HEADING not in today(desk)


def test_told_twice_is_told_once(desk: Client, coordinator: Staff, division: Division) -> None:
    letter = write(coordinator, division, make_person("Amina"))
    address = reverse("desk:letter_told", kwargs={"letter_id": letter.pk})
    assert "waits for a call" in desk.post(address, follow=True).content.decode()
    Letter.objects.update(state=LetterState.FAILED, problem=Problem.REFUSED)
    desk.post(address)
    assert "waits for a call" in desk.post(address, follow=True).content.decode()
    letter.refresh_from_db()
    assert letter.state == LetterState.SETTLED
    unsettle_letter(by=coordinator, letter=letter)
    assert letter.state == LetterState.FAILED
    with pytest.raises(ChangedMeanwhileError):
        unsettle_letter(by=coordinator, letter=letter)


def test_what_she_was_told_on_the_telephone_is_corrected_too(coordinator: Staff, division: Division) -> None:
    letter = write(coordinator, division, make_person("Amina"))
    Letter.objects.update(state=LetterState.UNREACHABLE, problem=Problem.CALLS)
    letter.refresh_from_db()
    assert have_left([letter]) == []
    settle_letter(by=coordinator, letter=letter)
    assert have_left([letter]) == [letter]
    assert call_back_letters(by=coordinator, letters=[letter]) == [letter]


@pytest.mark.parametrize("name", ["letter_told", "letter_untold", "letter_arrived"])
def test_letters_of_other_divisions_are_not_there(
    desk: Client, other_coordinator: Staff, other_division: Division, name: str
) -> None:
    letter = write(other_coordinator, other_division, make_person("Amina"))
    assert desk.post(reverse(f"desk:{name}", kwargs={"letter_id": letter.pk})).status_code == 404


def test_many_letters_stand_under_letters(
    desk: Client, coordinator: Staff, division: Division, django_assert_num_queries: CountQueries
) -> None:
    today(desk)
    for rows in (1, 6):
        for _ in range(rows):
            write(coordinator, division, make_person("Amina"))
        Letter.objects.update(state=LetterState.UNREACHABLE, problem=Problem.NO_ADDRESS)
        with django_assert_num_queries(13):
            today(desk)
    page = today(desk)
    assert page.count("data-letter") == 5
    assert "All letters that could not be sent" in page
    stuck = desk.get(reverse("desk:letters"), {"state": "stuck"}).content.decode()
    assert stuck.count("data-row") == 7
    assert "Not sent: tell her yourself" in stuck


def test_text_message_that_may_not_have_arrived_stands_on_today_until_somebody_knows(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    letter = write(coordinator, division, make_person("Amina", phone="20202020"))
    Letter.objects.update(
        state=LetterState.UNCERTAIN, problem=Problem.UNANSWERED, channel=Channel.TEXT, may_have_arrived=True
    )
    address = reverse("desk:letter", kwargs={"letter_id": letter.pk})
    arrived = reverse("desk:letter_arrived", kwargs={"letter_id": letter.pk})
    assert "may not have arrived" in today(desk)
    assert address in desk.get(reverse("desk:letters"), {"state": "stuck"}).content.decode()
    page = desk.get(address).content.decode()
    for words in (arrived, "20202020", "Send it again", "She may have got it; ask her."):
        assert words in page
    done = desk.post(arrived, follow=True).content.decode()
    assert "Noted: she has it." in done
    assert "ask her" not in done
    assert HEADING not in today(desk)
    assert "seen to this letter already" in desk.post(arrived, follow=True).content.decode()
    undo = reverse("desk:letter_untold", kwargs={"letter_id": letter.pk})
    assert "It has not arrived after all" in done
    desk.post(undo)
    assert "may not have arrived" in today(desk)
    desk.post(reverse("desk:letter_resend", kwargs={"letter_id": letter.pk}))
    assert HEADING not in today(desk)


def test_letter_that_surely_was_not_sent_cannot_have_arrived(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    letter = write(coordinator, division, make_person("Amina"))
    Letter.objects.update(state=LetterState.FAILED, problem=Problem.REFUSED)
    arrived = reverse("desk:letter_arrived", kwargs={"letter_id": letter.pk})
    assert arrived not in desk.get(reverse("desk:letter", kwargs={"letter_id": letter.pk})).content.decode()
    assert "may not have arrived" not in today(desk)
    assert "seen to this letter already" in desk.post(arrived, follow=True).content.decode()
