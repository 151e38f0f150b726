"""Reached elsewhere from now on, nothing that lies at the former address opens anything; nobody is kept out."""

from __future__ import annotations

from typing import Any

import pytest

from factories.django_rows import AT, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.queries import code_waiting, open_link
from mentornet.accounts.services.codes import ask_code, check_code, code_of
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System, Visitor
from mentornet.people.entrance import sole_person
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.people.services import change_person

pytestmark = pytest.mark.django_db
BY = System("tests", AT)


@pytest.fixture
def amina() -> Person:
    return make_person("Amina", email="amina@example.org", phone="61 00 00 01")


def given(person: Person) -> tuple[str, OneTimeCode]:
    key = person_key(person.pk)
    token = make_link(by=BY, purpose=Purpose.STATUS, subject="x", person_key=key)
    return token, ask_code(by=Visitor(AT), purpose=Purpose.STATUS, subject="x", recipient=key)


@pytest.mark.parametrize(
    ("facts", "moves"),
    [
        ({"email": "new@example.org"}, True),
        ({"contact_way": ContactWay.TEXT}, True),
        ({"contact_way": ContactWay.CALL}, True),
        ({"email": ""}, True),
        ({"phone": "61 00 00 02"}, False),
        ({"contact_way": ContactWay.EMAIL}, False),
        ({"first_name": "Amna", "hides_network": True}, False),
    ],
)
def test_links_and_codes_end_with_the_address_they_were_sent_to(
    facts: dict[str, Any], moves: bool, amina: Person
) -> None:
    token, code = given(amina)
    change_person(by=BY, person=amina, facts=facts)
    assert (open_link(token, AT) is None) is moves
    assert (code_waiting(code.pk, AT) is None) is moves
    assert check_code(by=Visitor(AT), challenge=code, code=code_of(code)) is not moves


def test_links_of_others_stay_open(amina: Person) -> None:
    token, _code = given(make_person("Bodil", email="bodil@example.org"))
    change_person(by=BY, person=amina, facts={"email": "new@example.org"})
    assert open_link(token, AT) is not None


@pytest.mark.parametrize("way", [ContactWay.CALL, ContactWay.TEXT])
def test_somebody_who_only_names_her_address_does_not_keep_her_out(way: str, amina: Person) -> None:
    # Nobody was asked to confirm it: a call is wanted, or the code went to a telephone.
    make_person("Bodil", email=amina.email, phone="99 99 99 99", contact_way=way)
    assert sole_person(amina.email) == amina


def test_two_who_are_both_written_to_there_are_nobody(amina: Person) -> None:
    make_person("Bodil", email=amina.email, contact_way=ContactWay.EMAIL)
    assert sole_person(amina.email) is None


def test_a_telephone_is_hers_who_wants_text_messages_there(amina: Person) -> None:
    amina.contact_way = ContactWay.TEXT
    amina.save()
    make_person("Bodil", email="bodil@example.org", phone=amina.phone, contact_way=ContactWay.EMAIL)
    assert sole_person(amina.phone) == amina
