"""Those who may be known already: found in the division alone, decided on one by one, never by the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from factories.django_rows import make_enrolment, make_person, user_of
from imports_steps import Journey, all_rows
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division
from mentornet.imports.services import work, writing
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Enrolment
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.services import write_languages, write_profile
from mentornet.programmes.models import Programme
from signing import enter

Begin = Callable[..., Journey]
LIST = "id;name;email;phone;postcode;occupation;languages\nE1;Amina Yusuf;AMINA@example.org;;8000;2221;ar:C2\n"


@pytest.fixture
def amina(division: Division) -> Person:
    person = make_person("Amina", "Yusuf", email="amina@example.org", postcode="8000")
    make_enrolment(Role.MENTOR, division, person=person)
    return person


def keys(journey: Journey) -> list[list[str]]:
    return [[match["key"] for match in one["matches"]] for one in journey.content["duplicates"]]


def test_somebody_known_here_is_found_and_must_be_decided_on(journey: Begin, amina: Person) -> None:
    checked = journey(mentees=LIST).checked()

    assert keys(checked) == [[f"person:{amina.pk}"]]
    assert checked.content["duplicates"][0]["matches"][0]["why"] == ["email", "name_postcode"]
    with pytest.raises(RefusedError, match="Choose first"):
        checked.write()


def test_somebody_known_in_another_division_does_not_exist(journey: Begin, other_division: Division) -> None:
    hidden = make_person("Amina", "Yusuf", email="amina@example.org", postcode="8000")
    make_enrolment(Role.MENTEE, other_division, person=hidden)

    assert keys(journey(mentees=LIST).checked()) == []
    # The control: the same person, once she is known here too.
    make_enrolment(Role.MENTEE, Division.objects.get(name="Odense"), person=hidden)
    assert keys(journey(mentees=LIST).checked()) == [[f"person:{hidden.pk}"]]


@pytest.mark.parametrize(("first", "second"), [("20 11 22 33", "+45 20112233"), ("0045 20112233", "20-11-22-33")])
def test_telephone_numbers_are_compared_as_numbers(journey: Begin, first: str, second: str) -> None:
    checked = journey(mentees=f"id,name,phone\n1,Amina,{first}\n2,Rania,{second}\n").checked()
    assert keys(checked) == [["row:mentees:2"]]


def test_the_same_person_is_updated_and_undo_gives_her_former_facts_back(
    journey: Begin, amina: Person, programme: Programme
) -> None:
    before = all_rows()
    checked = journey(mentees=LIST).checked()
    done = checked.choose(mentees_2=f"same:person:{amina.pk}").write()

    assert Person.objects.count() == 1
    amina.refresh_from_db()
    assert amina.email == "AMINA@example.org"
    waiting = Enrolment.objects.get(person=amina, role=Role.MENTEE)
    assert waiting.programme == programme
    assert list(amina.languages.values_list("code", "level")) == [("ar", "C2")]
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    # That another address was written down for her stays known, and she is told of it: undoing does not unsay that.
    left = {"people.languageskill", "people.writtenreach", "messaging.letter"}
    without_keys = {name: rows for name, rows in all_rows().items() if name not in left}
    assert without_keys == {name: rows for name, rows in before.items() if name not in left}
    assert set(Letter.objects.values_list("event", flat=True)) == {"reached_elsewhere"}
    assert list(amina.languages.values_list("code", "level")) == [("da", "B2")]


def test_what_she_has_confirmed_herself_stays(journey: Begin, amina: Person) -> None:
    by = journey(mentees="id\n1\n").by
    write_profile(by=by, person=amina, role=Role.MENTOR, facts={"occupation": "2330"}, source="confirmed")
    checked = journey(mentors=LIST.replace("E1", "M1")).checked()

    checked.choose(mentors_2=f"same:person:{amina.pk}").write()

    assert amina.profiles.get(role=Role.MENTOR).occupation == "2330"


def test_another_person_is_taken_in_and_a_row_can_be_left_out(journey: Begin, amina: Person) -> None:
    rows = LIST + "E2;Amina Yusuf;;;8000;;\n"
    checked = journey(mentees=rows, pairs="mentee id,mentor id\n").checked()
    checked.choose(mentees_2="new", mentees_3="out").write()

    assert list(Enrolment.objects.filter(role=Role.MENTEE).values_list("application__reference", flat=True)) == ["E1"]
    assert Person.objects.count() == 2


def test_one_person_in_both_lists_can_have_both_roles(journey: Begin) -> None:
    checked = journey(
        mentors="id,name,email\nM1,Amina Yusuf,amina@example.org\n",
        mentees="id,name,email\nE1,Amina Yusuf,amina@example.org\n",
    ).checked()
    assert keys(checked) == [["row:mentors:2"]]

    checked.choose(mentees_2="same:row:mentors:2").write()

    person = Person.objects.get()
    assert sorted(person.enrolments.values_list("role", flat=True)) == ["mentee", "mentor"]


def test_a_choice_that_was_not_offered_is_not_kept(journey: Begin, amina: Person) -> None:
    stranger = make_person()
    checked = journey(mentees=LIST).checked()
    checked.choose(mentees_2=f"same:person:{stranger.pk}")
    with pytest.raises(RefusedError, match="Choose first"):
        checked.write()


def test_the_same_list_again_finds_everybody_and_changes_nothing_twice(journey: Begin) -> None:
    text = "id,name,postcode\nE1,Amina Yusuf,8000\nE2,Rania Haddad,\n"
    journey(mentees=text).done()

    again = journey(mentees=text).checked()
    again.choose(rest="same").write()

    assert Person.objects.count() == 2
    assert Enrolment.objects.count() == 2


def changed_meanwhile(
    journey: Begin, amina: Person, monkeypatch: pytest.MonkeyPatch, *, with_control: bool
) -> tuple[str, list[tuple[str, str]]]:
    """Return her occupation and languages when she confirms them between the making of the rows and the writing."""
    checked = journey(mentors=LIST.replace("E1", "M1")).checked().choose(mentors_2=f"same:person:{amina.pk}")

    def confirm_then(**values: Any) -> writing.Ready:
        ready = writing.make_ready(**values)
        write_profile(by=checked.by, person=amina, role=Role.MENTOR, facts={"occupation": "2330"}, source="confirmed")
        write_languages(by=checked.by, person=amina, skills=[("uk", "C2")], source="confirmed")
        return ready

    with monkeypatch.context() as patched:
        patched.setattr(work, "make_ready", confirm_then)
        if with_control:
            patched.setattr(writing, "is_as_read", lambda *_: True)
        checked.write()
    return amina.profiles.get(role=Role.MENTOR).occupation, list(amina.languages.values_list("code", "level"))


def test_somebody_changed_after_the_rows_were_made_is_looked_at_again(
    journey: Begin, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changed_meanwhile(journey, amina, monkeypatch, with_control=False) == ("2330", [("uk", "C2")])


def test_without_looking_again_what_she_confirmed_meanwhile_would_be_lost(
    journey: Begin, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changed_meanwhile(journey, amina, monkeypatch, with_control=True) == ("2221", [("ar", "C2")])


def test_those_who_are_known_already_count_as_read(
    journey: Begin, amina: Person, division: Division, settings: Settings
) -> None:
    settings.READING_ASKS_AT, settings.READING_STOPS_AT = 2, 6
    others = [make_person(f"Rania{n}", "Haddad", email=f"rania{n}@example.org", phone=f"+456200000{n}") for n in "123"]
    for one in others:
        make_enrolment(Role.MENTOR, division, person=one)
    known = "".join(f"R{one.pk};{one.name};{one.email};;;;\n" for one in others)
    pages = []
    for text in (LIST, LIST + known):
        checked = journey(mentees=text).checked()
        pages.append(enter(Client(), user_of(checked.by)).get(reverse("desk:import", args=[checked.batch.pk])))
    few, many = pages
    assert "amina@example.org" in few.content.decode(), "the control"
    assert many.status_code == 403
    assert others[0].phone not in many.content.decode()
