"""Files that mean harm, or are damaged: one clear refusal, soon, in little memory; never another exception."""

from __future__ import annotations

import io
import random
import runpy
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.faults import Fault, UnusableFilesError
from reference.people import Mentor
from reference.reading import Limits, Source, read_people
from reference.xlsx_reading import read_workbook
from spreadsheet_files import MENTEES, PARTS, faults_of, lines, packed, read, sheet_source, text_cell, workbook_source

# The fuzz target is a program of its own, not a module on the path.
_FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_reader.py")))
SEEDS: Sequence[bytes] = _FUZZ["SEEDS"]
mutated: Callable[[bytes, random.Random], bytes] = _FUZZ["mutated"]
read_everyhow: Callable[..., tuple[Fault, ...]] = _FUZZ["read_everyhow"]

DAMAGED = "mentors.xlsx: the workbook is damaged: open it in the spreadsheet program and save it as a new .xlsx file"
TOO_MANY = "mentors.xlsx: the workbook holds too many cells: copy the rows into a new workbook"
NO_ROOM = "mentors.xlsx: the workbook holds more than 100 MB when unpacked: copy the rows into a new workbook"
ROWS = f"<row>{text_cell('A1', 'id')}</row><row>{text_cell('A2', 'a')}</row>"

BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def replaced(part: str, content: str | bytes) -> Source:
    """Return a workbook in which one part is another."""
    good = sheet_source(ROWS).content
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return packed({**parts, part: content})


def without(part: str) -> Source:
    """Return a workbook in which one part is missing."""
    with zipfile.ZipFile(io.BytesIO(sheet_source(ROWS).content)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist() if name != part})


def test_plain_workbook_is_read() -> None:
    assert read(sheet_source(ROWS)).mentors == (Mentor(id="a", row=2),)


@pytest.mark.parametrize("part", [*PARTS, "xl/worksheets/sheet1.xml"])
def test_missing_part_is_one_fault(part: str) -> None:
    [fault] = lines(faults_of(without(part)))
    if part == "[Content_Types].xml":
        assert fault == (
            "mentors.xlsx: this is a packed folder or damaged, not a spreadsheet: unpack it and choose the file in it"
        )
    else:
        assert fault == DAMAGED


@pytest.mark.parametrize("part", [*PARTS, "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("document_type", [BILLION_LAUGHS, OUTSIDE, "<!DOCTYPE x>"])
def test_document_type_in_any_part_that_is_read_is_refused(part: str, document_type: str) -> None:
    source = replaced(part, f"{document_type}<worksheet>&a;</worksheet>")
    if part == "[Content_Types].xml":  # never opened
        assert len(read(source).mentors) == 1
    else:
        assert lines(faults_of(source)) == [DAMAGED]


@pytest.mark.parametrize("part", [part for part in PARTS if part != "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<a>", b"\xff\xfe<", b"<a/><b/>", b'<?xml version="1.0" encoding="x"?><a/>'])
def test_damaged_xml_is_one_fault(part: str, content: bytes) -> None:
    assert lines(faults_of(replaced(part, content))) == [DAMAGED]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048577"/>',
        '<row r="0"/>',
        '<row r="x"/>',
        '<row r="2"/><row r="1"/>',
        '<row><c r="B1"/><c r="A1"/></row>',
        '<row><c r="XFE1"/></row>',
        '<row><c r="ZZZZZZZZZZ1"/></row>',
        '<row><c r="æ1"/></row>',
        '<row><c t="s"><v>0</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c t="secret"><v>0</v></c></row>',
        "<row><c><v>many</v></c></row>",
        '<row><c s="x"><v>1</v></c></row>',
        '<row><c t="d"><v>yesterday</v></c></row>',
    ],
)
def test_impossible_cell_is_one_fault(rows: str) -> None:
    assert lines(faults_of(sheet_source(rows))) == [DAMAGED]


@pytest.mark.parametrize(
    ("piece", "times", "expected"),
    [
        pytest.param("<c/>", 20_000, DAMAGED, id="cells"),
        pytest.param("9", 200_000, DAMAGED, id="digits"),
        pytest.param("<x/>", 6_000_000, TOO_MANY, id="elements"),
        pytest.param('</row><row><c r="XFD1"><v>1</v></c>', 400, TOO_MANY, id="wide rows"),
    ],
)
def test_endless_cells_are_one_fault(piece: str, times: int, expected: str) -> None:
    rows = f"<row>{piece * times}</row>" if piece != "9" else f"<row><c><v>{piece * times}</v></c></row>"
    assert lines(faults_of(sheet_source(rows))) == [expected]


def test_absurd_dimension_is_not_believed() -> None:
    source = sheet_source(ROWS, before='<dimension ref="A1:XFD1048576"/>')
    assert measured(source)[1] < 5_000_000
    assert read(source).mentors == (Mentor(id="a", row=2),)


def measured(source: Source) -> tuple[float, int]:
    """Return seconds and bytes at most that reading takes."""
    tracemalloc.start()
    started = time.perf_counter()
    try:
        read_everyhow(source)
        return time.perf_counter() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def cells_bomb() -> Source:
    """Return a small file of 25 million cells; openpyxl takes gigabytes for it."""
    return sheet_source("<row>" + "<c/>" * 24_000_000 + "</row>")


def test_bomb_of_cells_is_refused_soon_in_little_memory() -> None:
    source = cells_bomb()
    assert len(source.content) < 200_000
    seconds, memory = measured(source)
    assert lines(faults_of(source)) == [DAMAGED]
    assert (seconds < 5, memory < 5_000_000) == (True, True)


def test_bomb_beyond_the_limit_is_refused_unopened() -> None:
    source = packed({**PARTS, "xl/worksheets/sheet1.xml": "<x>" + " " * 120 * 1024 * 1024})
    seconds, memory = measured(source)
    assert lines(faults_of(source)) == [NO_ROOM]
    assert (seconds < 2, memory < 5_000_000) == (True, True)


def test_bomb_that_lies_about_its_size_unpacks_no_further() -> None:
    parts = {**PARTS, "xl/worksheets/sheet1.xml": "<x>" + " " * 120 * 1024 * 1024}
    content = packed(parts).content
    size = len(parts["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    assert content.count(size) == 2
    lying = Source("mentors.xlsx", content.replace(size, (1000).to_bytes(4, "little")))
    _seconds, memory = measured(lying)
    assert lines(faults_of(lying)) == [DAMAGED]
    assert memory < 5_000_000


def test_limit_of_unpacked_content_is_the_callers() -> None:
    source = sheet_source(ROWS + " " * 1024)
    with pytest.raises(UnusableFilesError) as raised:
        read_people(source, MENTEES, limits=Limits(unpacked_megabytes=1 / 1024))
    assert lines(raised.value.faults) == [
        "mentors.xlsx: the workbook holds more than 0.000976562 MB when unpacked: copy the rows into a new workbook"
    ]


def test_protected_part_is_said_to_be_protected() -> None:
    content = bytearray(sheet_source(ROWS).content)
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    assert lines(faults_of(Source("mentors.xlsx", bytes(content)))) == [
        "mentors.xlsx: the file is protected with a password: save it without one in the spreadsheet program"
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for part, text in PARTS.items():
            archive.writestr(part, text)
    assert lines(faults_of(Source("mentors.xlsx", buffer.getvalue()))) == [DAMAGED]


def test_more_rows_than_allowed_end_the_reading() -> None:
    rows = f"<row>{text_cell('A1', 'id')}</row>" + "<row><c><v>1</v></c></row>" * 30_000
    assert lines(faults_of(sheet_source(rows))) == [
        "mentors.xlsx: the file has more than 20000 rows: divide it into several files"
    ]


def test_header_of_a_million_columns_is_one_fault() -> None:
    text = "id," + ",".join(f"c{number}" for number in range(1_000_000)) + "\n1\n"
    assert lines(faults_of(Source("m.csv", text.encode()))) == ["m.csv: the first row has more than 16384 columns"]


def test_list_of_a_million_wrong_items_is_one_fault() -> None:
    text = "id,meeting\n1," + ";".join(f"x{number}" for number in range(15_000)) + "\n"
    assert len(faults_of(Source("m.csv", text.encode()))) == 1


def test_endless_quoted_cell_is_one_fault() -> None:
    text = 'id,name\n1,"' + "x\n" * 1_000_000
    [fault] = faults_of(Source("m.csv", text.encode()))
    assert (fault.row, fault.message.template[:26]) == (2, "a quotation mark is out of")


def test_workbooks_of_openpyxl_are_read_alike() -> None:
    rows: list[list[object]] = [
        ["id", "name", "hours per month"],
        ["a", " Åse\n<&>", 2.5],
        [7, None, "2,5"],
        ["x" * 30_000, "y", 1e300],
    ]
    source = workbook_source(rows)
    found = [[*cells] for _row, cells in read_workbook(source.content, most_bytes=10**8)]
    assert found == [["" if cell is None else cell for cell in row] for row in rows]


# Anything at all: the only exception is the refusal.


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + bytes(18))
@example(b"\x00")
@example(b'id\n"')
@example("id\n\ufeff\n".encode())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_everyhow(Source("f", content))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["id,", "id;", "id\t", ""]))
def test_any_text_is_read_or_refused(text: str, before: str) -> None:
    read_everyhow(Source("f", (before + text).encode("utf-8", "replace")))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_any_mutated_file_is_read_or_refused(seed: bytes, number: int) -> None:
    read_everyhow(Source("f", mutated(seed, random.Random(number))))
