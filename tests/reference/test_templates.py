from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reference.columns import Kind, Subject, columns_of
from reference.reading import PairsFile, PeopleFiles, Source, read_pairs
from reference.templates import template_bytes, write_template
from reference.topics import Topic
from reference.translation import LANGUAGES, Language
from spreadsheet_files import MENTEES, MENTORS, read

EVERY_TEMPLATE = [
    pytest.param(subject, language, id=f"{subject}-{language}") for subject in Subject for language in LANGUAGES
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_reads_back_without_fault_or_people(language: Language) -> None:
    mentors, mentees, pairs = (Source(f"{subject}.xlsx", template_bytes(subject, language)) for subject in Subject)
    assert read(mentors, mentees, pairs) == PeopleFiles((), ())
    assert read_pairs(pairs) == PairsFile(())


@pytest.mark.parametrize(("subject", "language"), EVERY_TEMPLATE)
def test_template_has_every_column_with_help(subject: Subject, language: Language) -> None:
    workbook = load_workbook(io.BytesIO(template_bytes(subject, language)))
    sheet, guide = workbook.worksheets
    headers = [column.header(language) for column in columns_of(subject)]
    assert [cell.value for cell in sheet[1]] == headers
    assert sheet.max_row == 1
    for column, cell in zip(columns_of(subject), sheet[1], strict=True):
        assert cell.comment is not None
        assert cell.comment.text.startswith(column.help.text(language))
    rows = list(guide.iter_rows(min_row=3, values_only=True))
    # One topic has the name of a column.
    explained = {row[0]: row for row in reversed(rows)}
    meanings = {row[0]: row[2] for row in rows}
    for column in columns_of(subject):
        _name, needed, text, examples = explained[column.header(language)]
        assert (bool(needed), text) == (column.required, column.help.text(language))
        assert examples == "\n".join(column.examples[language])
    if subject is not Subject.PAIRS:
        assert {topic.value: meanings[topic.value] for topic in Topic} == {
            topic.value: topic.label.text(language) for topic in Topic
        }


@pytest.mark.parametrize(("subject", "language"), EVERY_TEMPLATE)
def test_template_formats_and_checks_every_column(subject: Subject, language: Language) -> None:
    sheet = load_workbook(io.BytesIO(template_bytes(subject, language))).worksheets[0]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    for index, column in enumerate(columns_of(subject), 1):
        letter = get_column_letter(index)
        number_format = sheet.column_dimensions[letter].number_format
        if column.kind in {Kind.AMOUNT, Kind.COUNT, Kind.EDUCATION}:
            assert number_format == "General"
        else:
            assert number_format == ("yyyy-mm-dd" if column.kind is Kind.DATE else "@")
        checked = {Kind.AMOUNT, Kind.COUNT, Kind.EDUCATION, Kind.DATE, Kind.LEVEL, Kind.YES_NO, Kind.MEETING}
        assert (f"{letter}2:{letter}20001" in checks) is (column.kind in checked)


def test_drop_downs_are_in_the_language() -> None:
    sheet = load_workbook(io.BytesIO(template_bytes(Subject.MENTEES, "da"))).worksheets[0]
    lists = {check.formula1 for check in sheet.data_validations.dataValidation if check.type == "list"}
    assert lists == {'"ja,nej"', '"fysisk,online,fysisk; online"', '"0,1,2,3,4,5,6,7,8"'}


@pytest.mark.parametrize(("subject", "language"), EVERY_TEMPLATE)
def test_examples_are_read_without_fault(subject: Subject, language: Language) -> None:
    columns = columns_of(subject)
    header = ";".join(column.header(language) for column in columns)
    most = max(len(column.examples[language]) for column in columns)
    rows = []
    for index in range(most):
        cells = [column.examples[language][min(index, len(column.examples[language]) - 1)] for column in columns]
        cells[0] = f"{cells[0]}-{index}"
        rows.append(";".join(f'"{cell}"' for cell in cells))
    source = Source("examples.csv", "\n".join([header, *rows]).encode())
    if subject is Subject.MENTORS:
        assert len(read(source, MENTEES).mentors) == most
    elif subject is Subject.MENTEES:
        assert len(read(MENTORS, source).mentees) == most
    else:
        assert len(read_pairs(source).pairs) == most


def test_template_is_the_same_at_any_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = template_bytes(Subject.MENTORS, "en")
    later = time.localtime(time.time() + 100_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    write_template(tmp_path / "mentors.xlsx", subject=Subject.MENTORS, language="en")
    assert (tmp_path / "mentors.xlsx").read_bytes() == first
