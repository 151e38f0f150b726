"""A list of experts: what it says, row by row, and every fault at its place, whatever is in the file."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from reference.experts import COLUMNS, read_experts
from reference.sheets import Limits, Source


def read(text: str, name: str = "list.csv") -> list[str]:
    """Return the faults of a list, in English."""
    return [fault.text("en") for fault in read_experts(Source(name, text.encode())).faults]


def test_headers_in_either_language_and_any_order() -> None:
    danish = read_experts(Source("a.csv", b"sted;E-Mail;navn;fag\nFyn;a@example.org;Karen;2221\n"))
    english = read_experts(Source("b.csv", b"region,email,name,occupation\nFyn,a@example.org,Karen,2221\n"))
    assert danish.rows == english.rows
    assert danish.rows == [(2, {"region": "Fyn", "email": "a@example.org", "name": "Karen", "occupation": "2221"})]
    assert not danish.faults


def test_workbook_is_read_as_well() -> None:
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "email", "phone", "secret"])
    sheet.append(["Karen Holm", "karen@example.org", 12345678, "x"])
    book.save(content)
    found = read_experts(Source("list.xlsx", content.getvalue()))
    assert found.rows == [(2, {"name": "Karen Holm", "email": "karen@example.org", "phone": "12345678"})]
    assert [notice.column for notice in found.notices] == ["secret"]


def test_every_fault_is_named_at_its_place() -> None:
    rows = (";a@example.org;;", "Karen;nowhere;9999;call me", "Lone;b@example.org;;", "Mie;B@example.org;;")
    found = read("\n".join(("name;email;fag;telefon", *rows)))
    expected = "expected an ISCO-08 number of 1 to 4 digits that exists, such as 2221, or a job title in words"
    assert found == [
        "list.csv, row 2, name: expected something here: every row needs it",
        "list.csv, row 3, email: “nowhere”: expected an e-mail address, such as karen.holm@example.org",
        f"list.csv, row 3, fag: “9999”: {expected}",
        "list.csv, row 3, telefon: “call me”: expected a telephone number, such as +45 12 34 56 78",
        "list.csv, row 5: “B@example.org”: this address stands in row 4 already: keep one of the two rows",
    ]


@pytest.mark.parametrize("text", ["name;email\n", "name;email;name\n", "email\na@example.org\n", "x\ny\n"])
def test_list_without_people_or_columns_is_refused(text: str) -> None:
    assert read(text)


def test_too_many_rows_are_refused() -> None:
    text = "name;email\n" + "".join(f"Karen;karen{number}@example.org\n" for number in range(3))
    assert not read_experts(Source("list.csv", text.encode()), limits=Limits(rows=3)).faults
    assert read_experts(Source("list.csv", text.encode()), limits=Limits(rows=2)).faults


@given(st.binary(max_size=400))
def test_whatever_is_in_a_file_it_is_read_or_refused(content: bytes) -> None:
    found = read_experts(Source("list.csv", content))
    assert found.faults or all({"name", "email"} <= set(said) for _row, said in found.rows)


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=12), min_size=len(COLUMNS), max_size=len(COLUMNS))
)
def test_whatever_stands_in_a_row_it_is_read_or_refused(cells: list[str]) -> None:
    row = ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells)
    header = ";".join(column.english for column in COLUMNS)
    found = read_experts(Source("list.csv", f"{header}\n{row}\n".encode()))
    assert found.faults or all({"name", "email"} <= set(said) for _row, said in found.rows)
