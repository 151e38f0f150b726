"""Two who write about the same people at one moment wait for each other, and never in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final

import pytest
from django.db import transaction

from factories.django_rows import AT, make_person, make_profile
from mentornet.common.actors import System
from mentornet.people import services
from mentornet.people.models import LanguageSkill, Person, Profile
from racing import each_at_once, until_somebody_waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql_only]

BY: Final = System("tests", AT)
WRITES: Final[Mapping[str, Callable[[Person], object]]] = {
    "languages": lambda person: services.write_languages(by=BY, person=person, skills=[("ar", "C1")], source="heard"),
    "profile and languages": lambda person: (
        services.write_profile(by=BY, person=person, role="mentor", facts={"sector": "Care"}, source="heard"),
        services.write_languages(by=BY, person=person, skills=[("ar", "C1")], source="heard"),
    ),
    "mentee and languages": lambda person: (
        services.write_profile(by=BY, person=person, role="mentee", facts={"sector": "Care"}, source="heard"),
        services.write_languages(by=BY, person=person, skills=[("ar", "C1")], source="heard"),
    ),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("begins", ["holding her", "holding her profiles too"])
def test_an_import_beside_what_she_is_heard_to_speak(begins: str, write: str) -> None:
    person = make_person("Karen")
    make_profile(person, "mentor", languages={"da": "C2"})
    make_profile(person, "mentee")
    held = threading.Event()

    def bring() -> None:
        # As an import does it: people and their profiles first, then what is written anew of them.
        with transaction.atomic():
            list(Person.objects.select_for_update().filter(pk=person.pk))
            if begins == "holding her":
                held.set()
                until_somebody_waits()
            list(Profile.objects.select_for_update().filter(person=person).order_by("pk"))
            if not held.is_set():
                held.set()
                until_somebody_waits()
            LanguageSkill.objects.filter(person=person).delete()

    def hear() -> None:
        held.wait(10)
        with transaction.atomic():
            WRITES[write](person)

    assert each_at_once(bring, hear) == ["done", "done"]
    assert list(person.languages.values_list("code", flat=True)) == ["ar"]


def test_people_in_any_order_are_held_in_one_order() -> None:
    one, other = make_person("Karen"), make_person("Bodil")
    for person in (one, other):
        make_profile(person, "mentor")

    def keep_apart(*two: Person) -> Callable[[], object]:
        return lambda: services.keep_apart(by=BY, person=two[0], other=two[1])

    for _round in range(5):
        assert each_at_once(keep_apart(one, other), keep_apart(other, one)) == ["done", "done"]
        for avoidance in one.avoids.all() | one.avoided_by.all():
            services.let_meet(by=BY, avoidance=avoidance)
