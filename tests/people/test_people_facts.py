"""Where facts come from, who must not meet, and what the audit keeps of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from factories.django_rows import make_person, make_profile
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.staff import Staff
from mentornet.people import services
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person, Profile
from mentornet.people.queries import are_kept_apart, avoidances_of, languages_of, profiles_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db: None) -> Person:
    person = make_person("Amina", "Yusuf", email="amina@example.org")
    make_profile(person, Role.MENTEE, languages={"ar": "C2", "da": "B1"})
    return person


def _write(by: Staff, person: Person, source: Provenance, seen: int | None = None, **facts: object) -> Profile:
    return services.write_profile(by=by, person=person, role=Role.MENTEE, facts=facts, source=source, seen=seen)


def test_a_fact_keeps_its_source_and_day(coordinator: Staff, person: Person) -> None:
    profile = _write(coordinator, person, Provenance.HEARD, sector="health", education=6)
    day = coordinator.today.isoformat()
    assert profile.provenance == {"sector": ["heard", day], "education": ["heard", day]}


def test_what_she_confirmed_stays_confirmed_when_the_same_is_heard(coordinator: Staff, person: Person) -> None:
    _write(coordinator, person, Provenance.CONFIRMED, sector="health")
    later = replace(coordinator, at=coordinator.at + timedelta(days=9))
    profile = _write(later, person, Provenance.HEARD, sector="health", education=6)
    assert profile.provenance["sector"] == ["confirmed", coordinator.today.isoformat()]
    assert profile.provenance["education"][0] == "heard"


def test_what_is_heard_is_confirmed_by_her_later(coordinator: Staff, person: Person) -> None:
    _write(coordinator, person, Provenance.HEARD, sector="health")
    profile = _write(coordinator, person, Provenance.CONFIRMED, sector="health", wishes="")
    assert profile.provenance == {"sector": ["confirmed", coordinator.today.isoformat()]}


def test_something_else_heard_is_no_longer_confirmed(coordinator: Staff, person: Person) -> None:
    _write(coordinator, person, Provenance.CONFIRMED, sector="health")
    assert _write(coordinator, person, Provenance.HEARD, sector="trade").provenance["sector"][0] == "heard"


def test_a_fact_that_is_emptied_loses_its_source(coordinator: Staff, person: Person) -> None:
    _write(coordinator, person, Provenance.HEARD, sector="health", topics=("cv",))
    profile = _write(coordinator, person, Provenance.HEARD, sector="", topics=None)
    assert (profile.sector, profile.topics, profile.provenance) == ("", None, {})


def test_a_profile_changed_meanwhile_is_not_written_over(coordinator: Staff, person: Person) -> None:
    [before] = profiles_of(person, [Role.MENTEE])
    _write(coordinator, person, Provenance.HEARD, sector="health")
    with pytest.raises(ChangedMeanwhileError):
        _write(coordinator, person, Provenance.HEARD, seen=before.stamp, sector="trade")
    [after] = profiles_of(person, [Role.MENTEE])
    assert after.sector == "health"


def test_languages_without_any_have_no_source(coordinator: Staff, person: Person) -> None:
    services.write_languages(by=coordinator, person=person, skills=[("fa", "")], source="heard")
    [profile] = profiles_of(person, [Role.MENTEE])
    assert profile.provenance["languages"][0] == "heard"
    services.write_languages(by=coordinator, person=person, skills=[], source="confirmed")
    [profile] = profiles_of(person, [Role.MENTEE])
    assert "languages" not in profile.provenance
    assert languages_of(person) == []


def test_the_audit_names_fields_and_not_what_they_held(coordinator: Staff, person: Person) -> None:
    services.change_person(by=coordinator, person=person, facts={"email": "new@example.org", "first_name": "Amina"})
    [entry] = Entry.objects.filter(act="people.change")
    assert entry.detail == {"fields": ["email"]}
    assert "example.org" not in str(entry.detail)


def test_an_audit_row_goes_with_its_rolled_back_change(coordinator: Staff, person: Person) -> None:
    def both() -> None:
        with transaction.atomic():
            services.change_person(by=coordinator, person=person, facts={"phone": "12345678"})
            services.change_person(by=coordinator, person=person, facts={"email": "no address"})

    with pytest.raises(ValidationError):
        both()
    assert not Entry.objects.filter(act="people.change").exists()
    assert Person.objects.get(pk=person.pk).phone == ""


def test_keeping_two_apart_counts_for_both(coordinator: Staff, person: Person) -> None:
    other, third = make_person("Karen", "Lund"), make_person("Nadia")
    avoidance = services.keep_apart(by=coordinator, person=person, other=other, reason="neighbours")
    assert services.keep_apart(by=coordinator, person=person, other=other) == avoidance
    assert list(avoidances_of(coordinator, other)) == [avoidance]
    assert [are_kept_apart(coordinator, one) for one in (person, other, third)] == [True, True, False]
    services.let_meet(by=coordinator, avoidance=avoidance)
    assert not are_kept_apart(coordinator, person)
