"""What is wrong in the files is told by file, row and column, all of it, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from imports_steps import Journey, upload
from mentornet.common.answers import RefusedError
from mentornet.imports.enums import BatchState
from mentornet.imports.findings import faults_in
from mentornet.imports.models import ColumnMapping
from mentornet.imports.services import batches
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from reference.columns import Subject
from reference.faults import UnusableFilesError
from reference.mapped import look_into
from reference.sheets import Limits, Source

Begin = Callable[..., Journey]
FOREIGN = "Kode;Who;What is your first language?\n1;Karen Lund;dansk\n2;Bodil Dam;klingonsk af en slags\n"
FOREIGN_FIELDS = {"mentors": {0: "id", 1: "name", 2: "languages"}}


def said(journey: Journey) -> list[tuple[str, tuple[int, ...], str | None, str | None]]:
    return [(line.file, line.rows, line.column, line.value) for line in journey.faults]


def test_a_fault_under_a_foreign_header_names_the_header_as_written(journey: Begin) -> None:
    checked = journey(mentors=FOREIGN).columns(FOREIGN_FIELDS).check()

    assert said(checked) == [("mentors.csv", (3,), "What is your first language?", "klingonsk af en slags")]
    assert faults_in(checked.content, "da")[0].text != checked.faults[0].text


def test_what_a_header_means_is_remembered_for_the_next_list(journey: Begin) -> None:
    journey(mentors=FOREIGN).columns(FOREIGN_FIELDS)

    layout = journey(mentors=FOREIGN.replace("What is", "WHAT  is")).batch.files.get().layout

    assert [(entry["field"], entry["source"]) for entry in layout] == [
        ("id", "remembered"),
        ("name", "remembered"),
        ("languages", "remembered"),
        ("", "rows"),
    ]


def test_our_own_headers_are_not_remembered_and_a_change_of_mind_is(journey: Begin) -> None:
    first = journey(mentors=FOREIGN).columns(FOREIGN_FIELDS)
    first.columns({"mentors": {2: ""}})
    journey(mentors="id,name\n1,Karen\n").columns()

    assert sorted(ColumnMapping.objects.values_list("header", "field")) == [("kode", "id"), ("who", "name")]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({0: "", -1: ""}, "Choose the column with the ids, or"),
        ({0: "id", 1: "id"}, "Two columns are chosen as id"),
        ({0: "id", 1: "name", 2: "first_name"}, "not both"),
    ],
)
def test_columns_that_cannot_be_are_refused(journey: Begin, fields: dict[int, str], word: str) -> None:
    with pytest.raises(Exception, match=word):
        journey(mentors=FOREIGN).columns({"mentors": fields})
    assert not ColumnMapping.objects.exists()


def test_briefing_must_be_answered_where_no_column_says_it(journey: Begin) -> None:
    with pytest.raises(Exception, match="briefed"):
        journey(mentors="id\n1\n").columns(are_briefed=None, briefed_on=None)
    journey(mentors="id,briefed on\n1,2026-01-01\n").columns(are_briefed=None, briefed_on=None)


def test_all_faults_of_all_files_come_at_once(journey: Begin) -> None:
    checked = journey(
        mentors="id,capacity,hours per month\nM1,1,4\nM2,many,4\nM3,1,900\n",
        mentees="id,waiting since,email\nE1,2027-01-01,amina@\nE2,,\n",
        pairs="mentee id,mentor id,since,until\nE1,M1,2025-01-01,\nE2,M1,2025-01-01,\nE2,M1,2025-02-01,\n"
        "X9,M2,2026-01-01,2025-01-01\n",
    ).checked()

    assert said(checked) == [
        ("mentors.csv", (2,), "capacity", "1"),
        ("mentors.csv", (3,), "capacity", "many"),
        ("mentors.csv", (4,), "hours per month", "900.0"),
        ("mentees.csv", (2,), "waiting since", "2027-01-01"),
        ("mentees.csv", (2,), "email", "amina@"),
        ("pairs.csv", (4,), "mentee id", "E2"),
        ("pairs.csv", (5,), "mentee id", "X9"),
        ("pairs.csv", (5,), "until", "2025-01-01"),
    ]
    with pytest.raises(RefusedError):
        checked.write()
    assert not Person.objects.exists()


def test_another_division_in_the_list_is_a_fault(journey: Begin) -> None:
    assert said(journey(mentees="id,division\n1,odense\n2,Aarhus\n").checked()) == [
        ("mentees.csv", (3,), "division", "Aarhus")
    ]


def test_active_pairs_without_a_file_of_pairs_keep_their_places(journey: Begin) -> None:
    done = journey(mentors="id,name,capacity,active pairs\nM1,Karen Lund,3,2\nM2,Bodil Dam,1,1\n").checked()

    assert [line.value for line in done.notices] == ["2", "1"]
    done.write()
    mentor = Enrolment.objects.get(application__reference="M1")
    assert (mentor.capacity, mentor.active) == (1, 0)
    assert "2 of her 3 places" in mentor.application.decision.reason
    assert Enrolment.objects.get(application__reference="M2").capacity == 0


def test_more_active_pairs_than_places_is_a_fault(journey: Begin) -> None:
    assert said(journey(mentors="id,active pairs\nM1,2\n").checked()) == [("mentors.csv", (2,), "active pairs", "2")]


def test_reasons_and_days_of_pairs_become_states(journey: Begin) -> None:
    journey(
        mentors="id,capacity\nM1,9\n",
        mentees="id\n" + "".join(f"E{number}\n" for number in range(1, 6)),
        pairs="mentee id,mentor id,since,until,reason\nE1,M1,,,\nE2,M1,2025-01-01,2026-12-01,\n"
        "E3,M1,2025-01-01,,moved away\nE4,M1,2024-01-01,2025-01-01,she found it all too much\n",
    ).done()

    found = Partnership.objects.order_by("mentee__application__reference")
    columns = ("state", "first_met_on__year", "agreed_until__year", "closing_reason", "imported_reason")
    assert list(found.values_list(*columns)) == [
        ("matched", None, None, "", ""),
        ("active", 2025, 2026, "", ""),
        ("closed", 2025, None, "moved", "moved away"),
        ("closed", 2024, None, "unknown", "she found it all too much"),
    ]


HOSTILE = [
    "=SUM(A1:A9)",
    "+45 cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE people_person; --",
    "{{7*7}}",
]


def test_hostile_texts_stay_texts(journey: Begin) -> None:
    rows = "".join(f'{number};"{text}";"{text}"\n' for number, text in enumerate(HOSTILE))
    journey(mentees="id;name;wishes\n" + rows).done()

    kept = Enrolment.objects.order_by("application__reference").select_related("person", "profile")
    assert [enrolment.profile.wishes for enrolment in kept] == HOSTILE
    assert [enrolment.person.name for enrolment in kept] == [" ".join(text.split()) for text in HOSTILE]


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", b"PK\x03\x04 not really", b"", b"\x00\x01\x02\x03"],
)
def test_files_that_are_no_spreadsheet_are_refused_by_the_reader(content: bytes) -> None:
    with pytest.raises(UnusableFilesError):
        look_into(Source("list.xlsx", content), Subject.MENTORS, Limits())


def test_a_file_of_mentors_given_as_mentees_is_noticed() -> None:
    found = look_into(Source("x.csv", b"id,name,capacity,idle since\n1,Karen,2,\n"), Subject.MENTEES, Limits())
    assert found.seems_to_be() is Subject.MENTORS
    assert upload("id,name\n1,Karen\n", "mentees").found.seems_to_be() is None


def test_twenty_thousand_rows_with_one_fault_write_nothing(journey: Begin) -> None:
    rows = [f"{number},Name {number},{'2025-13-01' if number == 17_345 else '2025-05-01'}" for number in range(20_000)]
    checked = journey(mentees="id,name,waiting since\n" + "\n".join(rows)).checked()

    assert said(checked) == [("mentees.csv", (17_347,), "waiting since", "2025-13-01")]
    assert checked.batch.state == BatchState.CHECKED
    assert not Person.objects.exists()


def test_a_row_too_many_is_refused() -> None:
    with pytest.raises(UnusableFilesError, match="more than 20000 rows"):
        look_into(Source("x.csv", b"id\n" + b"1\n" * 20_001), Subject.MENTEES, Limits())


def test_an_import_into_a_division_that_is_not_hers_is_refused(
    journey: Begin, other_coordinator: object, programme: object, division: object
) -> None:
    with pytest.raises(RefusedError):
        Journey.begin(other_coordinator, division, programme, {"mentees": "id\n1\n"})  # type: ignore[arg-type]
    batch = journey(mentees="id\n1\n").batch
    with pytest.raises(RefusedError):
        batches.ask_for_check(by=other_coordinator, batch=batch)  # type: ignore[arg-type]
