"""Statements made ready before a transaction write the same rows as the usual way, and tables are counted anew."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from factories.django_rows import AT, make_enrolment, make_person
from mentornet.audit.models import Entry
from mentornet.audit.services import entry_of
from mentornet.common.actors import System
from mentornet.common.bulk import count_anew, inserting, updating
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.people.models import LanguageSkill, Person, Profile

BY = System("tests", AT)


def profile_of(person: Person) -> Profile:
    words: dict[str, Any] = {"topics": ("cv", "network"), "interests": None}
    return Profile(
        **words,
        person=person,
        role="mentor",
        hours_per_month=2.5,
        practise_danish=True,
        provenance={"topics": ["imported", "2026-03-02"]},
        created_at=AT,
        changed_at=AT,
    )


def test_inserted_rows_are_as_the_model_would_have_saved_them(db: None) -> None:
    person = make_person()
    ready = profile_of(person)
    skills = [LanguageSkill(person=person, code=code, level="B1", position=at) for at, code in enumerate(("ar", "uk"))]
    entries = [entry_of(by=BY, act="tests.act", of=person, detail={"role": "mentor"}) for _ in range(3)]
    person.languages.all().delete()

    for statement in (inserting(Profile, [ready]), inserting(LanguageSkill, skills), inserting(Entry, entries)):
        statement.run()

    kept = Profile.objects.get()
    names = [field.attname for field in Profile._meta.concrete_fields]
    assert [getattr(kept, name) for name in names] == [getattr(ready, name) for name in names]
    assert list(person.languages.values_list("code", flat=True)) == ["ar", "uk"]
    assert Entry.objects.filter(act="tests.act", detail={"role": "mentor"}).count() == 3


def test_updated_rows_change_in_the_named_fields_alone(db: None) -> None:
    people = [make_person(f"Name {number}") for number in range(3)]
    for person in people[:2]:
        person.area, person.birth_year, person.email = "Vollsmose", 1980, "left@example.org"
    updating(Person, people[:2], ("area", "birth_year")).run()
    for person in people:
        person.refresh_from_db()
    assert [(person.area, person.birth_year) for person in people[:2]] == [("Vollsmose", 1980)] * 2
    assert people[2].area == ""
    assert "left@example.org" not in {person.email for person in people}


def test_nothing_asks_the_database_for_nothing(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        inserting(Person, []).run()
    assert len(asked) == 0


def test_a_row_that_cannot_be_takes_all_of_them_back(division: Division) -> None:
    good = make_enrolment("mentor", division)
    bad = Enrolment(**{field.attname: getattr(good, field.attname) for field in Enrolment._meta.concrete_fields})
    bad.pk, bad.capacity, bad.active, bad.since = uuid4(), 0, 5, date(2026, 1, 1)
    person = Person(first_name="New", created_at=AT)
    statements = [inserting(Person, [person]), inserting(Enrolment, [bad])]

    @transaction.atomic
    def write() -> None:
        for statement in statements:
            statement.run()

    with pytest.raises(IntegrityError):
        write()
    assert not Person.objects.filter(pk=person.pk).exists()


@pytest.mark.sqlite_only
def test_the_embedded_database_counts_the_tables_that_it_is_told(db: None) -> None:
    make_person()
    count_anew(Person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        assert {row[0] for row in cursor.fetchall()} == {"people_person"}


@pytest.mark.postgresql_only
def test_postgresql_counts_the_tables_that_it_is_told(db: None) -> None:
    for number in range(20):
        make_person(f"Name {number}")

    def counted() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'people_person'")
            return int(cursor.fetchone()[0])

    before = counted()
    count_anew(Person)
    assert counted() == 20 != before
