"""Lists as people keep them: without ids, with headers of their own, with values as they write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from imports_steps import PAIRS, Journey, all_rows
from mentornet.imports.models import ColumnMapping
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Application, Enrolment
from mentornet.people.models import Person

Begin = Callable[..., Journey]
PLAIN = (
    "Fornavn;Efternavn;Mail;Mobil;Postnr.;Bydel;Stilling;Ledige pladser;Sprog\n"
    'Karen;Holm;karen@example.org;20112233;5000;Vollsmose;sygeplejerske;2;"Dansk C2, engelsk B2"\n'
    "Bodil;Dam;bodil@example.org;;5000;;2330;;dansk\n"
)


def fields(journey: Journey) -> list[tuple[str, str, str]]:
    layout = journey.batch.files.get().layout
    return [(entry["written"], entry["field"], entry["source"]) for entry in layout]


def test_a_plain_list_without_ids_is_taken_over_as_it_is(journey: Begin) -> None:
    begun = journey(mentors=PLAIN)
    assert fields(begun) == [
        ("Fornavn", "first_name", "known"),
        ("Efternavn", "last_name", "known"),
        ("Mail", "email", "known"),
        ("Mobil", "phone", "known"),
        ("Postnr.", "postcode", "known"),
        ("Bydel", "area", "known"),
        ("Stilling", "occupation", "known"),
        ("Ledige pladser", "capacity", "known"),
        ("Sprog", "languages", "known"),
        ("", "id", "rows"),
    ]

    done = begun.done()

    karen = Person.objects.get(first_name="Karen")
    assert (karen.last_name, karen.phone, karen.area) == ("Holm", "20112233", "Vollsmose")
    assert list(karen.languages.values_list("code", "level")) == [("da", "C2"), ("en", "B2")]
    assert set(Application.objects.values_list("reference", flat=True)) == {""}
    assert not ColumnMapping.objects.exists()
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("Nr.,Navn\n1,Karen\n2,Bodil\n", True),
        ("No.,Name\n1,Karen\n2,Bodil\n", True),
        ("Nr,Navn\n1,Karen\n1,Bodil\n", False),
        ("Nr,Navn\n1,Karen\n,Bodil\n", False),
    ],
)
def test_a_number_is_taken_for_the_id_only_where_it_tells_the_rows_apart(
    journey: Begin, text: str, *, is_id: bool
) -> None:
    layout = journey(mentors=text).batch.files.get().layout
    assert [entry["field"] for entry in layout] == (["id", "name", ""] if is_id else ["", "name", "id"])


def test_our_own_name_goes_before_another_and_what_was_said_before_both(journey: Begin) -> None:
    text = "Nr,ID,Mobil,Telefon,Navn\n1,a,1,2,Karen\n"
    assert [entry[1] for entry in fields(journey(mentors=text))] == ["", "id", "", "phone", "name", ""]
    journey(mentors=text).columns({"mentors": {2: "phone", 3: ""}})
    assert [entry[1] for entry in fields(journey(mentors=text))] == ["", "id", "phone", "", "name", ""]


def test_of_two_columns_that_seem_the_same_the_filled_one_is_taken(journey: Begin) -> None:
    begun = journey(mentors="id,Telefon,Mobil,Tlf\n1,,20112233,30112233\n")
    assert fields(begun)[1:4] == [("Telefon", "", "taken"), ("Mobil", "phone", "known"), ("Tlf", "", "taken")]
    begun.columns()
    assert not ColumnMapping.objects.exists()


def test_a_name_beside_a_last_name_is_the_first_name_and_that_is_not_remembered(journey: Begin) -> None:
    begun = journey(mentors="id,Navn,Efternavn\n1,Karen,Holm\n")
    assert [entry[1] for entry in fields(begun)] == ["id", "first_name", "last_name", ""]
    begun.columns()
    assert [entry[1] for entry in fields(journey(mentors="id,Navn\n1,Karen Holm\n"))] == ["id", "name", ""]
    both = journey(mentors="id,Fornavn,Efternavn,Fulde navn\n1,Karen,Holm,Karen Holm\n")
    assert [entry[1] for entry in fields(both)] == ["id", "first_name", "last_name", "", ""]


def test_a_column_chosen_as_the_id_takes_the_place_of_the_row_numbers(journey: Begin) -> None:
    text = "Kode,Navn\nA7,Karen Holm\n"
    journey(mentors=text).columns({"mentors": {0: "id", -1: "id"}}).check().write()
    assert Application.objects.get().reference == "A7"
    # Remembered, and still to be changed for one list: then the column is left out first.
    again = journey(mentors=text.replace("Karen", "Bodil"))
    with pytest.raises(Exception, match="Both a column and the row numbers are chosen as id"):
        again.columns({"mentors": {-1: "id"}})
    again.columns({"mentors": {0: "", -1: "id"}}).check().write()
    assert set(Application.objects.values_list("reference", flat=True)) == {"A7", ""}


def test_without_ids_a_name_is_needed(journey: Begin) -> None:
    with pytest.raises(Exception, match="Choose the column with the names"):
        journey(mentors="Mail\nkaren@example.org\n").columns()
    checked = journey(mentors="Navn,Mail\nKaren,\n,bodil@example.org\n").checked()
    assert [(line.rows, line.column, line.text) for line in checked.faults] == [
        ((3,), "Navn", "expected a name: without an id nothing else says who this is")
    ]


def test_a_file_of_pairs_cannot_refer_to_rows_without_ids(journey: Begin) -> None:
    checked = journey(mentors=PLAIN, mentees="id,navn\nE1,Amina\nE3,Oksana\n", pairs=PAIRS.replace("M1", "2")).checked()
    assert [(line.file, line.rows, line.column, line.value) for line in checked.faults] == [
        ("pairs.csv", (2,), "mentor id", "2"),
        ("pairs.csv", (3,), "mentor id", "M2"),
    ]
    assert "the rows of mentors.csv have none, only their numbers" in checked.faults[0].text
    assert "each row is known by its number in this import alone" in " ".join(line.text for line in checked.notices)


def test_the_same_list_without_ids_again_finds_everybody(journey: Begin) -> None:
    text = "Navn\nKaren Holm\nBodil Dam\n"
    journey(mentors=text).done()
    between = all_rows()
    again = journey(mentors=text).checked()
    assert [one["matches"][0]["why"] for one in again.content["duplicates"]] == [["name"], ["name"]]
    again.choose(rest="same").write()
    assert Enrolment.objects.count() == 2
    assert all_rows()["people.person"] == between["people.person"]


@pytest.mark.parametrize(
    ("header", "cell", "text"),
    [
        ("email", "amina@", "expected one e-mail address, such as amina@example.org; leave the cell empty if unknown"),
        ("birth year", "19", "expected a number from 1900 to 2100"),
        ("birth year", "99999", "expected a number from 1900 to 2100"),
        ("birth year", "nineteen", "expected a whole number, 0 or more"),
        ("hours per month", "900", "expected a number from 0.25 to 200"),
        ("postcode", "12345678901", "expected at most 10 signs"),
        ("name", "x" * 81, "expected at most 80 signs"),
        ("interests", "x" * 101, "expected short words: at most 100 signs between two semicolons"),
        ("language of letters", "klingonsk", "expected a language by name or code, such as Danish or ar"),
        ("languages", "dansk flydende", "expected a level A1, A2, B1, B2, C1, C2 or native after the language"),
        ("topics", "tennis", "expected topics of this list, with a semicolon between: job_search"),
    ],
)
def test_faults_say_in_our_words_what_to_write(journey: Begin, header: str, cell: str, text: str) -> None:
    checked = journey(mentees=f"id,{header}\nE1,\nE2,{cell}\n").checked()
    (fault,) = checked.faults
    assert (fault.file, fault.rows, fault.column) == ("mentees.csv", (3,), header)
    assert fault.text.startswith(text)


def test_values_are_read_as_the_desk_shows_them(journey: Begin) -> None:
    row = 'E1,"Arabic C2, Danish B1","Finding a job; cv\'et","Monday evening, lør-formiddag"'
    journey(mentees=f"id,languages,topics,availability\n{row}\n").done()

    enrolment = Enrolment.objects.select_related("profile", "person").get()
    assert list(enrolment.person.languages.values_list("code", "level")) == [("ar", "C2"), ("da", "B1")]
    assert enrolment.profile.topics == ("job_search", "cv")
    assert enrolment.profile.availability == ("mon-evening", "sat-morning")


def test_telephone_number_that_an_export_has_guarded_comes_back_as_it_was(journey: Begin) -> None:
    journey(mentors="id,name,phone\n1,Karen Holm,'+4520112233\n2,Else Holm,+4530112233\n").done()
    numbers = dict(Person.objects.values_list("first_name", "phone"))
    assert numbers == {"Karen": "+4520112233", "Else": "+4530112233"}
