"""Files for the tests of the reader: CSV from text, workbooks from rows or from raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reference.faults import Remark, UnusableFilesError
from reference.reading import PeopleFiles, Source, read_people

MENTORS = Source("mentors.csv", b"id\nM1\n")
MENTEES = Source("mentees.csv", b"id\nE1\n")

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

PARTS: Mapping[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships {_RELATIONS}><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships {_RELATIONS}><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


def csv_source(text: str, name: str = "mentors.csv") -> Source:
    """Return a CSV file with ``text`` in it."""
    return Source(name, text.encode())


def workbook_source(rows: Sequence[Sequence[object]], name: str = "mentors.xlsx") -> Source:
    """Return a workbook with ``rows``, written by openpyxl."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return Source(name, buffer.getvalue())


def packed(parts: Mapping[str, str | bytes], name: str = "mentors.xlsx") -> Source:
    """Return an archive of ``parts``, the same bytes at every call: without the clock, which would name tests anew."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return Source(name, buffer.getvalue())


def sheet_source(rows: str, before: str = "", after: str = "", **parts: str) -> Source:
    """Return a workbook whose sheet holds the raw XML ``rows``."""
    sheet = f"<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    return packed({**PARTS, **parts, "xl/worksheets/sheet1.xml": sheet})


def text_cell(place: str, text: str) -> str:
    """Return the XML of a cell with ``text``."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def read(mentors: Source = MENTORS, mentees: Source = MENTEES, history: Source | None = None) -> PeopleFiles:
    """Read files of which the test has one or two in mind."""
    return read_people(mentors, mentees, history)


def faults_of(
    mentors: Source = MENTORS, mentees: Source = MENTEES, history: Source | None = None
) -> tuple[Remark, ...]:
    """Return the faults of files that have some."""
    try:
        read(mentors, mentees, history)
    except UnusableFilesError as error:
        return error.faults
    msg = "the files were read without a fault"
    raise AssertionError(msg)


def lines(remarks: Sequence[Remark]) -> list[str]:
    """Return the remarks as they are shown in English."""
    return [remark.text("en") for remark in remarks]
