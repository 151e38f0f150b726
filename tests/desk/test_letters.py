"""The outbox on the desk, and a demonstration's letter box."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_person
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.letters import TEMPLATES
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import queue_letter
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.web.desk.letters.shown import EVENTS, TONES
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db


def _letter(division: Division, person: Person | None = None, event: str = "application_received") -> Letter:
    person = person or make_person("Amina", email="amina@example.org")
    by = System("test", timezone.now())
    with transaction.atomic():
        return queue_letter(
            by=by,
            recipient=person_key(person.pk),
            event=event,
            values={},
            about_id=None,
            division_id=division.pk,
            delay=timedelta(minutes=1),
        )


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def test_every_template_and_state_has_words() -> None:
    assert set(EVENTS) == set(TEMPLATES)
    assert set(TONES) == set(LetterState)


def test_list_shows_hers_and_counts_agree(desk: Client, division: Division, other_division: Division) -> None:
    for _ in range(3):
        _letter(division)
    _letter(other_division)
    page = desk.get(reverse("desk:letters"), {"state": "queued"}).content.decode()
    assert page.count("data-row") == 3
    assert "The program that sends letters is not running" in page


def test_letter_is_shown_as_it_would_be_sent(desk: Client, division: Division) -> None:
    letter = _letter(division, make_person("Amina", email="a@example.org", language="en"))
    page = desk.get(reverse("desk:letter", kwargs={"letter_id": letter.pk})).content.decode()
    assert "Amina" in page
    assert reverse("desk:letter_take_back", kwargs={"letter_id": letter.pk}) in page


def test_taken_back_once_and_told_the_second_time(desk: Client, division: Division) -> None:
    letter = _letter(division)
    address = reverse("desk:letter_take_back", kwargs={"letter_id": letter.pk})
    assert "The letter stays here" in desk.post(address, follow=True).content.decode()
    assert "can no longer be taken back" in desk.post(address, follow=True).content.decode()
    letter.refresh_from_db()
    assert letter.state == LetterState.TAKEN_BACK


def test_what_could_not_leave_is_sent_again(desk: Client, division: Division) -> None:
    letter = _letter(division)
    address = reverse("desk:letter_resend", kwargs={"letter_id": letter.pk})
    assert "Only a letter that could not be sent" in desk.post(address, follow=True).content.decode()
    Letter.objects.update(state=LetterState.UNREACHABLE, problem="no_address")
    assert "on its way again" in desk.post(address, follow=True).content.decode()


@pytest.mark.parametrize("name", ["letter", "letter_take_back", "letter_resend"])
def test_letters_of_other_divisions_are_not_there(desk: Client, other_division: Division, name: str) -> None:
    address = reverse(f"desk:{name}", kwargs={"letter_id": _letter(other_division).pk})
    assert (desk.get(address) if name == "letter" else desk.post(address)).status_code == 404


def test_queries_do_not_grow_with_rows(
    desk: Client, division: Division, django_assert_num_queries: CountQueries
) -> None:
    for rows in (1, 3):
        for _ in range(rows):
            _letter(division)
        with django_assert_num_queries(9):
            desk.get(reverse("desk:letters"))


def test_nothing_is_left_untranslated(desk: Client, division: Division) -> None:
    letter = _letter(division)
    desk.cookies["django_language"] = "xb"
    for address in (reverse("desk:letters"), reverse("desk:letter", kwargs={"letter_id": letter.pk})):
        assert untranslated(desk.get(address).content.decode()) == []
