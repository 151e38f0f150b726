"""The record of processing and the assessment: nothing about people is left out, and what is named is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from factories.django_rows import AT, make_application, make_enrolment, make_person, make_staff, make_user
from mentornet.audit.models import Entry
from mentornet.audit.services import record
from mentornet.common import fields
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.common.fields import Level
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Concern
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy import processing
from mentornet.privacy.assessing import mark_of_register, register_now, standing_of_assessment
from mentornet.privacy.harms import HARMS
from mentornet.privacy.models import Assessment
from mentornet.privacy.processing import ACTIVITIES, columns_about_people, parts_of, tables_without_an_activity
from mentornet.privacy.reading import Asked, entries_asked, rows_of_entries
from mentornet.privacy.services.signing_off import sign_assessment
from sources import ROOT


@pytest.fixture
def officer(db: None) -> Staff:
    return make_staff(Role.DATA_PROTECTION_OFFICER, name="Olga Dam")


def test_every_column_about_people_falls_under_an_activity() -> None:
    # Red? Name the table at the activity for which it is used, in `privacy/processing.py`.
    assert tables_without_an_activity() == []
    assert len(list(columns_about_people())) > 300


def test_table_that_no_activity_holds_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "ACTIVITIES", ACTIVITIES[1:])
    assert "intake.Application" in tables_without_an_activity()


def test_no_table_stands_under_two_activities_and_each_is_there() -> None:
    tables = [table for activity in ACTIVITIES for table in activity.tables]
    assert len(tables) == len(set(tables))
    assert {part.table for activity in ACTIVITIES for part in parts_of(activity)} == set(tables)


def test_the_twelve_harms_name_tests_that_are_there() -> None:
    assert [harm.number for harm in HARMS] == list(range(1, 13))
    assert [name for harm in HARMS for name in harm.tests if not (ROOT / name).exists()] == []
    for harm in HARMS:
        assert harm.tests
        assert (harm.after.likelihood, harm.after.severity) <= (harm.before.likelihood, harm.before.severity)


@pytest.mark.django_db
def test_what_changed_since_the_sign_off_is_told(officer: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    assert standing_of_assessment().last is None
    sign(officer)
    assert standing_of_assessment().is_current
    policy = fields.declared("people.Person")["phone"]
    monkeypatch.setitem(fields._REGISTRY["people.Person"], "phone", replace(policy, level=Level.OPEN))
    monkeypatch.setitem(fields._REGISTRY["people.Person"], "fax", policy)
    monkeypatch.delitem(fields._REGISTRY["people.Person"], "birth_year")
    standing = standing_of_assessment()
    assert (standing.added, standing.gone) == (("people.Person.fax",), ("people.Person.birth_year",))
    assert standing.changed == ("people.Person.phone",)
    assert not standing.is_current


def sign(by: Staff, **facts: Any) -> Assessment:
    usual = {"mark": mark_of_register(register_now()), "words": "Read.", "program": "1.0", "author_name": by.name}
    return sign_assessment(by=by, **(usual | facts))


@pytest.mark.django_db
def test_only_the_officer_signs_and_only_what_she_has_read(officer: Staff, national_lead: Staff) -> None:
    with pytest.raises(NotAllowedError):
        sign(national_lead)
    with pytest.raises(ChangedMeanwhileError):
        sign(officer, mark="another register")
    assert [sign(officer).number, sign(officer).number] == [1, 2]
    assert Entry.objects.filter(act="privacy.sign_assessment").count() == 2


# The audit, read as a whole -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_audit_is_found_by_whom_about_what_and_when(officer: Staff, coordinator: Staff, division: Division) -> None:
    person = make_enrolment("mentee", division).person
    record(by=coordinator, act="people.change", of=person, division_id=division.pk)
    record(by=System("tests", AT + timedelta(days=3)), act="people.protect", of=person)

    def acts(**asked: Any) -> list[str]:
        return [entry.act for entry in entries_asked(officer, Asked(**asked))]

    assert acts() == ["people.protect", "people.change"]
    assert acts(who="inger") == ["people.change"]
    assert acts(who=coordinator.key) == ["people.change"]
    assert acts(what=str(person.pk)) == ["people.protect", "people.change"]
    assert acts(what="Enrolment") == []
    assert acts(act="protect") == ["people.protect"]
    assert acts(since=AT.date() + timedelta(days=1)) == ["people.protect"]
    assert acts(until=AT.date()) == ["people.change"]


@pytest.mark.django_db
def test_what_is_told_in_confidence_is_not_found(officer: Staff, coordinator: Staff, division: Division) -> None:
    person = make_enrolment("mentee", division).person
    concern = Concern(raised_by=person, division=division, about="other", addressee="coordinator", words="X")
    record(by=coordinator, act="followup.raise", of=concern, division_id=division.pk)
    assert not entries_asked(officer, Asked()).exists()
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_participants_are_keys_to_the_officer_and_a_protected_one_has_no_division(
    officer: Staff, national_lead: Staff, coordinator: Staff, division: Division
) -> None:
    plain, hidden = make_person("Amina", "Sørby"), make_person("Alias", "Nobody")
    for person in (plain, hidden):
        make_application("mentee", division, person=person)
        record(by=coordinator, act="people.change", of=person, division_id=division.pk)
    Person.objects.filter(pk=hidden.pk).update(is_protected=True, last_name="")
    rows = {row.about: row for row in rows_of_entries(officer, entries_asked(officer, Asked()))}
    assert rows[str(plain.pk)].division == division.name
    assert rows[str(hidden.pk)].division == ""
    assert rows[str(hidden.pk)].who == coordinator.name
    # The national lead works with both.
    rows = {row.about: row for row in rows_of_entries(national_lead, entries_asked(national_lead, Asked()))}
    assert rows["Amina Sørby"].division == division.name
    assert rows["Alias"].division == ""


@pytest.mark.django_db
def test_whatever_row_of_a_protected_one_it_is_and_whoever_acts_no_division_stands_there(
    officer: Staff, coordinator: Staff, division: Division
) -> None:
    hers, others = make_enrolment("mentee", division), make_enrolment("mentee", division)
    user = make_user("Hers")
    Person.objects.filter(pk=hers.person_id).update(is_protected=True, last_name="", user=user)
    herself, another = (Participant(person_id=one.person_id, name="x", at=AT) for one in (hers, others))
    own, theirs = make_application("mentor", division), make_application("mentor", division)
    for by, of in (
        (herself, own),
        (another, theirs),
        (coordinator, hers.application),
        (coordinator, others.application),
        (coordinator, hers),
        (coordinator, user),
    ):
        record(by=by, act="tests.act", of=of, division_id=division.pk)
    rows = {(row.who, row.about): row.division for row in rows_of_entries(officer, entries_asked(officer, Asked()))}
    assert rows == {
        (herself.key, str(own.pk)): "",
        (another.key, str(theirs.pk)): division.name,
        (coordinator.name, str(hers.application_id)): "",
        (coordinator.name, str(others.application_id)): division.name,
        (coordinator.name, str(hers.pk)): "",
        (coordinator.name, str(user.pk)): "",
    }


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_entries(
    officer: Staff, coordinator: Staff, division: Division, django_assert_num_queries: Any
) -> None:
    def add() -> None:
        record(by=coordinator, act="people.change", of=make_person(), division_id=division.pk)

    add()
    with django_assert_num_queries(5):
        rows_of_entries(officer, entries_asked(officer, Asked()))
    for _ in range(3):
        add()
    with django_assert_num_queries(5):
        rows_of_entries(officer, entries_asked(officer, Asked()))
