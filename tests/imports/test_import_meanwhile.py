"""What others do between the working out of an import and its writing: all of it stands, or it says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from factories.django_rows import make_application, make_enrolment, make_person, make_programme
from imports_steps import MENTEES, MENTORS, Journey
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.imports.services import work, writing
from mentornet.imports.services.making import as_read
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import LanguageSkill, Person
from mentornet.people.services import write_languages
from mentornet.programmes.models import Programme
from racing import DONE, each_at_once

Begin = Callable[..., Journey]
Meanwhile = Callable[[Callable[[], object]], None]
ENDED_PAIR = "mentee id;mentor id;since;until;reason\nE1;M1;2024-01-10;2025-01-10;goal reached\n"


@pytest.fixture(params=["before the rows are made", "after"])
def meanwhile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets something happen once the import is worked out, before or after its rows are made."""
    make_ready = writing.make_ready

    def happens(act: Callable[[], object]) -> None:
        def late(**values: Any) -> writing.Ready:
            if request.param == "after":
                ready = make_ready(**values)
                act()
                return ready
            act()
            return make_ready(**values)

        monkeypatch.setattr(work, "make_ready", late)

    return happens


def worked_out(begun: Journey) -> Journey:
    checked = begun.checked()
    return checked.choose(rest="same") if checked.content.get("duplicates") else checked


@pytest.mark.parametrize(
    "later",
    [
        {"mentors": "id;name;postcode\nM1;Karen Lund Holm;8000\n"},
        {"mentors": "id;name;must not meet\nM9;Gudrun Friis;E1\n"},
        {"pairs": ENDED_PAIR},
    ],
    ids=["told anew", "kept apart", "paired"],
)
def test_people_whose_import_is_undone_meanwhile_are_not_brought_back_half(
    later: dict[str, str], journey: Begin, meanwhile: Meanwhile
) -> None:
    first = journey(mentors=MENTORS, mentees=MENTEES).done()
    second = worked_out(journey(**later))
    meanwhile(lambda: undo_import(by=first.by, batch=first.batch, author="Inger Holm"))

    with pytest.raises(ChangedMeanwhileError, match=r"taken out.*Start again"):
        second.write()

    second.batch.refresh_from_db()
    assert (second.batch.state, second.batch.problem) == ("writing", "ChangedMeanwhileError")
    assert not Person.objects.exists()
    assert not Partnership.objects.exists()


def test_started_again_after_that_it_takes_her_over_as_new(journey: Begin) -> None:
    first = journey(mentors=MENTORS).done()
    second = worked_out(journey(mentors="id;name;postcode\nM1;Karen Lund Holm;8000\n"))
    with pytest.MonkeyPatch.context() as patched:
        real = writing.make_ready

        def late(**values: Any) -> writing.Ready:
            undo_import(by=first.by, batch=first.batch, author="Inger Holm")
            return real(**values)

        patched.setattr(work, "make_ready", late)
        with pytest.raises(ChangedMeanwhileError):
            second.write()

    second.batch.refresh_from_db()
    second.write()

    assert second.batch.state == "done"
    assert Enrolment.objects.get().person.postcode == "8000"


def test_somebody_who_shares_a_row_of_the_same_import_is_still_made_once(journey: Begin) -> None:
    text = "id;name;email\n{};Amina Yusuf;amina@example.org\n"
    both = worked_out(journey(mentors=text.format("M1"), mentees=text.format("E1"))).write()
    assert both.batch.state == "done"
    assert Person.objects.get().enrolments.count() == 2


def test_somebody_enrolled_meanwhile_is_told_in_words(
    journey: Begin, meanwhile: Meanwhile, division: Division, programme: Programme
) -> None:
    person = make_person("Karen", "Holm", postcode="5000")
    make_application("mentor", division, person=person, programme=make_programme("Job mentors"))
    begun = worked_out(journey(mentors="id;name;postcode\nM1;Karen Holm;5000\nM2;Bodil Dam;5000\n"))
    meanwhile(lambda: make_enrolment("mentor", division, person=person, programme=programme))

    with pytest.raises(ChangedMeanwhileError, match=r"enrolled by somebody else.*Start again"):
        begun.write()

    begun.batch.refresh_from_db()
    assert (begun.batch.state, begun.batch.problem) == ("writing", "ChangedMeanwhileError")
    assert Enrolment.objects.get().person == person
    assert not Person.objects.filter(last_name="Dam").exists()


def test_an_import_stands_though_the_tables_could_not_be_counted(
    journey: Begin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("database is locked by Amina")

    monkeypatch.setattr(work, "COUNTED_FROM", 1)
    monkeypatch.setattr(work, "count_anew", fail)

    done = journey(mentors=MENTORS).done()

    assert (done.batch.state, done.batch.problem) == ("done", "")
    assert [record.getMessage() for record in caplog.records if record.name == work.__name__] == [
        "the tables could not be counted anew after an import: OperationalError"
    ]


def test_one_enrolment_is_one_place_by_whichever_id_the_lists_call_her(journey: Begin) -> None:
    one = "id;name;email;capacity\n{};Karen Holm;karen@example.org;2\n"
    journey(mentors=one.format("M1"), mentees=MENTEES).done()
    pairs = "mentee id;mentor id;since\nE1;M1;2026-01-10\nE2;M7;2026-01-11\n"
    worked_out(journey(mentors=one.format("M7"), pairs=pairs)).write()

    mentor = Enrolment.objects.get(role="mentor")
    assert (mentor.active, Partnership.objects.filter(mentor=mentor).count()) == (2, 2)


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_an_import_and_languages_written_at_the_desk_wait_for_each_other(
    journey: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = journey(mentors=MENTORS).done().by
    person = Person.objects.get(first_name="Bodil")
    begun = worked_out(journey(mentors="id;name;languages\nM2;Bodil Dam;uk\n"))
    held, begins = threading.Event(), threading.Event()

    def slowly(plan: Any) -> Any:
        if connection.in_atomic_block:
            held.set()
            begins.wait(2)
        return as_read(plan)

    def at_the_desk() -> None:
        held.wait(10)
        write_languages(by=by, person=person, skills=[("ar", "C1")], source="heard")

    monkeypatch.setattr(writing, "as_read", slowly)
    assert each_at_once(begun.write, at_the_desk, refusals=(DatabaseError,)) == [DONE, DONE]
    assert list(LanguageSkill.objects.filter(person=person).values_list("code", flat=True)) == ["ar"]


@pytest.mark.postgresql_only
def test_everybody_whom_an_import_changes_is_held_before_the_first_change(journey: Begin) -> None:
    journey(mentors=MENTORS, mentees=MENTEES).done()
    begun = worked_out(journey(mentors="id;name;must not meet\nM2;Bodil Dam;E3\n"))
    with CaptureQueriesContext(connection) as asked:
        begun.write()
    changes = [
        query["sql"].replace("-", "") for query in asked if '"people_' in query["sql"] and "UPDATE" in query["sql"]
    ]
    first = [sql.split(" WHERE ")[0].split(" FROM ")[-1] for sql in changes if "FOR NO KEY UPDATE" in sql]
    assert first[:2] == ['"people_person"', '"people_profile"']
    assert all("FOR NO KEY UPDATE" in sql for sql in changes[:2])
    # She of the row, and she who is only named in it.
    named = Enrolment.objects.filter(application__reference__in=["M2", "E3"])
    assert all(key.hex in changes[0] for key in named.values_list("person_id", flat=True))
    assert all(key.hex in changes[1] for key in named.values_list("profile_id", flat=True))
