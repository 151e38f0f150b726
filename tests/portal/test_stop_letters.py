"""Saying no to letters of a kind, by the address in each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from factories.django_rows import make_person
from mentornet.messaging.models import OptOut
from mentornet.messaging.queries import kinds_refused
from mentornet.messaging.refusing import HOLDS_FOR, stop_address
from mentornet.messaging.templates import Kind
from mentornet.people.recipients import person_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipient() -> str:
    return person_key(make_person("Amal", email="amal@example.org", language="en").pk)


def path(recipient: str, *kinds: Kind) -> str:
    return (
        "/"
        + stop_address(recipient, kinds or [Kind.REMINDERS], timezone.localdate()).partition("//")[2].partition("/")[2]
    )


def test_opening_the_page_changes_nothing(client: Client, recipient: str) -> None:
    page = client.get(path(recipient)).content.decode()
    assert "Do you not want these messages?" in page
    assert "that something is still open" in page
    assert not OptOut.objects.exists()
    # Neither the page nor its address tells who she is.
    assert "Amal" not in page
    assert "Your page" in page


def test_button_stops_and_takes_it_back(client: Client, recipient: str) -> None:
    page = client.post(path(recipient), {"stop": "1"}).content.decode()
    assert "You do not get these messages any more" in page
    assert kinds_refused(recipient) == {"reminders"}
    page = client.post(path(recipient), {"again": "1"}).content.decode()
    assert "You get these messages again" in page
    assert kinds_refused(recipient) == set()


def test_mail_program_stops_them_with_one_click(recipient: str) -> None:
    # It has neither a session nor our cookie against forged forms.
    program = Client(enforce_csrf_checks=True)
    answer = program.post(path(recipient, Kind.NEWS), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert kinds_refused(recipient) == {"news"}


def test_page_speaks_her_language_unless_another_was_chosen(client: Client, recipient: str) -> None:
    person = make_person("Leyla", language="ar")
    assert 'lang="ar"' in client.get(path(person_key(person.pk))).content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get(path(person_key(person.pk))).content.decode()


def test_wrong_address_says_nothing(client: Client, recipient: str) -> None:
    wrong = path(recipient)[:-2] + "x/"
    for answer in (client.get(wrong), client.post(wrong), client.get("/l/off/x/")):
        assert answer.status_code == 404
        assert "no longer works" in answer.content.decode()
    assert not OptOut.objects.exists()


def test_refusing_all_kinds_shows_all(client: Client, recipient: str) -> None:
    page = client.post(path(recipient, *Kind), {"stop": "1"}).content.decode()
    for kind in Kind:
        assert str(kind.label) in page
    assert OptOut.objects.count() == len(Kind)


def test_address_of_an_old_letter_opens_nothing_any_more(client: Client, recipient: str) -> None:
    address = path(recipient)
    with time_machine.travel(timezone.now() + HOLDS_FOR + timedelta(days=1)):
        assert client.post(address, {"stop": "1"}).status_code == 404
    assert not OptOut.objects.exists()
