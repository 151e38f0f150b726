"""Links and codes that went to an address which an import replaces, or its undoing, open nothing any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factories.django_rows import make_enrolment, make_person
from imports_steps import Journey
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode, PersonalLink
from mentornet.accounts.services.codes import ask_code
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import Actor
from mentornet.divisions.models import Division
from mentornet.imports.services.undoing import undo_import
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.recipients import person_key

Begin = Callable[..., Journey]
CHANGED = "id;name;email;postcode\nE1;Amina Yusuf;amina.yusuf@example.com;5000\n"
SAME = "id;name;email;postcode\nE1;Amina Yusuf;amina@example.org;8000\n"


@pytest.fixture
def amina(division: Division) -> Person:
    person = make_person("Amina", "Yusuf", email="amina@example.org", postcode="5000")
    make_enrolment(Role.MENTOR, division, person=person)
    return person


def sent_to(by: Actor, person: Person) -> None:
    """Let her have a letter with a link, and a code."""
    key = person_key(person.pk)
    make_link(by=by, purpose=Purpose.STATUS, subject=str(person.pk), person_key=key)
    ask_code(by=by, purpose=Purpose.STATUS, subject="x", recipient=key)


def opening(by: Actor) -> tuple[int, int]:
    """Return how many links and codes open something."""
    links = PersonalLink.objects.filter(closed_at__isnull=True)
    return links.count(), OneTimeCode.objects.filter(used_at__isnull=True, expires_at__gt=by.at).count()


def taken_over(journey: Begin, amina: Person, text: str) -> Journey:
    return journey(mentees=text).checked().choose(mentees_2=f"same:person:{amina.pk}").write()


def test_undoing_ends_what_went_to_the_address_that_goes(journey: Begin, amina: Person) -> None:
    done = taken_over(journey, amina, CHANGED)
    amina.refresh_from_db()
    assert amina.email == "amina.yusuf@example.com"
    sent_to(done.by, amina)
    assert opening(done.by) == (1, 1)
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    amina.refresh_from_db()
    assert amina.email == "amina@example.org"
    assert opening(done.by) == (0, 0)


def test_an_import_ends_what_went_to_the_address_that_it_replaces(journey: Begin, amina: Person) -> None:
    begun = journey(mentees=CHANGED).checked().choose(mentees_2=f"same:person:{amina.pk}")
    sent_to(begun.by, amina)
    begun.write()
    assert opening(begun.by) == (0, 0)


def test_where_her_address_stays_her_letters_open_what_they_did(journey: Begin, amina: Person) -> None:
    begun = journey(mentees=SAME).checked().choose(mentees_2=f"same:person:{amina.pk}")
    sent_to(begun.by, amina)
    done = begun.write()
    assert Person.objects.get().postcode == "8000"
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    assert opening(done.by) == (1, 1)
