"""The order of names has its index, whichever way a database has come here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from factories.django_rows import make_person
from mentornet.common.ordering import name_key
from mentornet.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "people_person_order"


@pytest.fixture(autouse=True)
def _forward_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def _columns() -> list[str] | None:
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, Person._meta.db_table)
    return known[INDEX]["columns"] if INDEX in known else None


def test_the_index_comes_after_the_keys_have_been_filled() -> None:
    person = make_person("Åse", "Lund")
    call_command("migrate", "people", "0003", verbosity=0)
    assert _columns() is None
    Person.objects.update(sort_key=b"")
    call_command("migrate", "people", "0002", verbosity=0)
    call_command("migrate", verbosity=0)
    person.refresh_from_db()
    assert bytes(person.sort_key) == name_key("Åse", "Lund")
    assert _columns() == ["sort_key", "id"]


def test_a_database_that_has_the_index_already_keeps_it() -> None:
    # As 0002 made it in its first form.
    call_command("migrate", "people", "0004", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {INDEX} ON people_person (sort_key, id)")
    call_command("migrate", verbosity=0)
    assert _columns() == ["sort_key", "id"]
