"""Lists whose columns somebody maps by hand."""

from __future__ import annotations

from reference.cells import CellReader
from reference.columns import Column, Subject
from reference.extra_columns import EXTRA_COLUMNS, all_columns_by_header, all_columns_of
from reference.mapped import look_into, read_mapped
from reference.sheets import Limits
from reference.tables import CheckedTable
from spreadsheet_files import csv_source, workbook_source

FOREIGN = "Nr.;Who;What is your first language?;Notes\n7;Karen;dansk;x\n8;Bodil;klingonsk;\n"


def columns(*fields: str) -> list[Column | None]:
    by_field = {column.field: column for column in all_columns_of(Subject.MENTORS)}
    return [by_field.get(field) for field in fields]


def read(text: str, *fields: str) -> CheckedTable:
    return read_mapped(csv_source(text), Subject.MENTORS, columns(*fields), cells=CellReader(), limits=Limits())


def test_headers_are_guessed_in_both_languages_and_shown_with_samples() -> None:
    rows = [["ID", "Navn", "E-mail", None, "Farve"], ["1", "Karen", "k@example.org", None, "blå"]]
    rows += [[str(number), "Karen", "", None, "rød"] for number in range(2, 9)]
    found = look_into(workbook_source(rows), Subject.MENTORS, Limits())

    assert found.rows == 8
    shown = [(header.index, header.written, header.guess and header.guess.field) for header in found.headers]
    assert shown == [(0, "ID", "id"), (1, "Navn", "name"), (2, "E-mail", "email"), (4, "Farve", None)]
    assert [header.samples for header in found.headers] == [
        ("1", "2", "3"),
        ("Karen",),
        ("k@example.org",),
        ("blå", "rød"),
    ]


def test_a_mapped_file_is_read_by_place_and_its_faults_name_the_header_as_written() -> None:
    table = read(FOREIGN, "id", "name", "languages", "")

    assert [values.get("name") for _row, values in table.rows] == ["Karen", "Bodil"]
    assert [(fault.row, fault.column, fault.value) for fault in table.faults] == [
        (3, "What is your first language?", "klingonsk")
    ]
    assert table.notices == []


def test_a_column_beyond_what_was_mapped_is_left_out() -> None:
    table = read(FOREIGN, "id")
    assert [values for _row, values in table.rows] == [{"id": "7"}, {"id": "8"}]


def test_a_required_column_that_nobody_mapped_is_a_fault() -> None:
    assert [fault.row for fault in read(FOREIGN, "", "name").faults] == [1]


def test_nothing_mapped_is_a_fault_and_not_an_empty_list() -> None:
    assert len(read(FOREIGN).faults) == 1


def test_extra_columns_have_names_of_their_own() -> None:
    for subject in (Subject.MENTORS, Subject.MENTEES):
        fields = [column.field for column in all_columns_of(subject)]
        assert len(fields) == len(set(fields))
    assert all_columns_by_header(Subject.MENTORS)["fødselsår"] in EXTRA_COLUMNS
    assert "briefed on" not in all_columns_by_header(Subject.MENTEES)


def test_a_list_of_another_subject_is_told_from_one_of_few_columns() -> None:
    def seems(text: str, subject: Subject) -> Subject | None:
        return look_into(csv_source(text), subject, Limits()).seems_to_be()

    assert seems("id;waiting since\n", Subject.MENTORS) is Subject.MENTEES
    assert seems("mentee id;mentor id\n", Subject.MENTEES) is Subject.PAIRS
    assert seems("id;e-mail;kapacitet\n", Subject.MENTEES) is Subject.MENTORS
    assert seems("id;name\n", Subject.MENTEES) is None
    assert seems("Nr.;Who;since\n", Subject.MENTEES) is None
    assert seems("id;capacity;waiting since\n", Subject.MENTEES) is None


def test_progress_is_told_as_rows_are_read() -> None:
    told: list[int] = []
    text = "id\n" + "".join(f"{number}\n" for number in range(600))
    read_mapped(
        csv_source(text), Subject.MENTORS, columns("id"), cells=CellReader(), limits=Limits(), on_row=told.append
    )
    assert told == [250, 500]
