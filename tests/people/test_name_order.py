"""People stand in Danish alphabetical order, by a key that both databases compare alike."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from factories.django_rows import AT
from mentornet.common.actors import System
from mentornet.common.ordering import name_key
from mentornet.people.models import Person
from mentornet.people.services import change_person, register_person

BY = System("tests", AT)
ORDER = (
    ("Aïda", "Noor"),
    ("Anna", "Sørensen"),
    ("Anna", "Åkjær"),
    ("Anna Lise", "Berg"),
    ("Đorđe", "Babić"),
    ("Dorte", "Andersen"),
    ("Łucja", "Adamska"),
    ("Lykke", "Holm"),
    ("Müge", "Aydın"),
    ("Myra", "Holm"),
    ("René", ""),
    ("Rene", "Berg"),
    ("René", "Berg"),
    ("Þóra", "Jónsdóttir"),
    ("Tilde", "Lund"),
    ("Zainab", "Ali"),
    ("Ægir", "Dam"),
    ("Ärla", "Ek"),
    ("Ørn", "Dam"),
    ("Ösp", "Ek"),
    ("Aase", "Krog"),
    ("Åse", "Lund"),
    ("فاطمة", "علي"),
)
"""Somebody of each kind, as a Danish directory lists them."""


def test_names_stand_in_danish_order() -> None:
    backwards = ORDER[::-1]
    assert sorted(backwards, key=lambda name: name_key(*name)) == list(ORDER)


def test_an_a_with_a_ring_is_one_letter() -> None:
    # Two signs or one: a browser may send either.
    assert name_key("A\u030ase", "")[:5] == name_key("\u00c5se", "")[:5]
    assert name_key("A\u030ase", "") > name_key("Zita", "")


def test_the_keys_are_those_that_stand_in_databases() -> None:
    # They were written with the names, and stay. Another order of names needs a migration that fills them anew, as
    # 0003 does; then this digest is the new one.
    keys = b"\n".join(name_key(*name) for name in ORDER)
    assert sha256(keys).hexdigest() == "e9778ebfd6843aa0c3a77c7e90752eb091370b4bf383e7ed282575109ed3335b"


def test_the_key_of_the_longest_name_fits_into_an_index() -> None:
    # U+FDFA comes apart into eighteen signs.
    assert len(name_key("\ufdfa" * 80, "\ufdfa" * 80)) < 2_700


@pytest.mark.django_db
def test_the_database_puts_people_in_danish_order() -> None:
    for first, last in reversed(ORDER):
        register_person(by=BY, facts={"first_name": first, "last_name": last})
    people = Person.objects.order_by("sort_key", "pk")
    assert [(person.first_name, person.last_name) for person in people] == list(ORDER)


@pytest.mark.django_db
def test_a_new_name_has_another_place() -> None:
    person = register_person(by=BY, facts={"first_name": "Anna"})
    register_person(by=BY, facts={"first_name": "Mette"})
    change_person(by=BY, person=person, facts={"first_name": "Åse"})
    assert [person.name for person in Person.objects.order_by("sort_key")] == ["Mette", "Åse"]


@pytest.fixture
def fill() -> Callable[..., None]:
    found: Callable[..., None] = import_module("mentornet.people.migrations.0003_fill_sort_keys").fill_sort_keys
    return found


@pytest.mark.django_db
def test_those_who_were_there_before_are_given_their_keys(fill: Callable[..., None]) -> None:
    for first, last in ORDER:
        register_person(by=BY, facts={"first_name": first, "last_name": last})
    Person.objects.update(sort_key=b"")
    fill(apps, SimpleNamespace(connection=connection))
    assert all(bytes(one.sort_key) == name_key(one.first_name, one.last_name) for one in Person.objects.all())
