"""A file of people as rows of cells: CSV or XLSX, told apart by what is in it, not by its name.

Whatever the file holds, the outcome is rows or an :class:`~reference.faults.UnusableFilesError`, soon and within the
:class:`Limits`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reference.cells import Cell
from reference.faults import Fault, UnusableFilesError
from reference.translation import N_, Message, Value
from reference.vocabulary import folded
from reference.xlsx_parts import UnusableWorkbookError
from reference.xlsx_reading import read_workbook

_MEGABYTE: Final = 1024 * 1024
# No spreadsheet program has more columns; also what keeps a hostile header from becoming a million remarks.
_MOST_COLUMNS: Final = 16_384
_DELIMITERS: Final = ",;\t"
_BLANK: Final = " \t\r\n\N{NO-BREAK SPACE}"
# Long enough for any header; the guess needs no more of the file.
_HEADER_PART: Final = 200_000

_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF_8: Final = b"\xef\xbb\xbf"
# PDF, PNG, JPEG, GIF, gzip, 7-Zip, RAR, and Word's rich text.
_FOREIGN: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"{\\rtf",
)
# æ ø å Æ Ø Å of UTF-8. As CP1252 these pairs would be Ã¦ and the like, which nobody writes.
_DANISH_UTF_8: Final = re.compile(rb"\xc3[\xa6\xb8\xa5\x86\x98\x85]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be.

    Attributes:
        megabytes: the file itself.
        rows: rows with something in them, the header not counted.
        unpacked_megabytes: what an XLSX file, which is packed, may hold.
    """

    megabytes: float = 10
    rows: int = 20_000
    unpacked_megabytes: float = 100


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is already in memory, such as an upload; ``name`` is what messages call it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a file that have something in them, the header first.

    Attributes:
        name: the file's base name.
        delimiter: what stands between the cells of a CSV file; ``None``: a workbook.
        rows: each with its number as the spreadsheet program shows it (the first is 1).
    """

    name: str
    delimiter: str | None
    rows: Sequence[tuple[int, Sequence[Cell]]]


def unusable(name: str, template: str, *, row: int | None = None, **values: Value) -> UnusableFilesError:
    """Return the error for a file that cannot be read any further."""
    return UnusableFilesError([Fault(name, row, None, None, Message(template, values))])


def load(file: Path | Source, limits: Limits) -> Source:
    """Return the file's content; never more than the limit is read.

    Raises:
        UnusableFilesError: there is no such file, it cannot be read, or it is too large.
    """
    if isinstance(file, Source):
        # An upload's name may carry a folder, in either system's writing.
        source = Source(file.name.replace("\\", "/").rstrip("/").rpartition("/")[2] or file.name, file.content)
    else:
        source = Source(file.name or str(file), _content(file, limits))
    if len(source.content) > limits.megabytes * _MEGABYTE:
        raise unusable(
            source.name,
            N_("the file is larger than {limit} MB: divide it, or delete what is not needed"),
            limit=f"{limits.megabytes:g}",
        )
    return source


def _content(file: Path, limits: Limits) -> bytes:
    name = file.name or str(file)
    try:
        with file.open("rb") as opened:
            return opened.read(int(limits.megabytes * _MEGABYTE) + 1)
    except FileNotFoundError as error:
        raise unusable(name, N_("there is no such file: check the name and the folder")) from error
    except IsADirectoryError as error:
        raise unusable(name, N_("this is a folder: name a file in it")) from error
    except PermissionError as error:
        raise unusable(
            name, N_("the file may not be opened: close it in other programs, and check who may read it")
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise unusable(name, N_("the file cannot be read: copy it to this computer, and try again")) from error


def read_grid(source: Source, limits: Limits, known_headers: Collection[str]) -> Grid:
    """Return the rows of ``source``.

    Args:
        source: the file.
        limits: how many rows and how much unpacked content are read.
        known_headers: folded headers; they tell which sign is the delimiter of a CSV file.

    Raises:
        UnusableFilesError: the file is not a readable CSV or XLSX file, or too large.
    """
    content, name = source.content, source.name
    if not content.strip():
        raise unusable(name, N_("the file is empty"))
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise unusable(
                name, N_("the file is protected with a password: save it without one in the spreadsheet program")
            )
        raise unusable(name, N_("an old Excel file (.xls) cannot be read: save it as .xlsx in the spreadsheet program"))
    if content.startswith(b"PK"):
        try:
            rows = read_workbook(content, most_bytes=int(limits.unpacked_megabytes * _MEGABYTE))
            return Grid(name, None, _filled(name, rows, limits))
        except UnusableWorkbookError as error:
            raise UnusableFilesError([Fault(name, None, None, None, error.message)]) from error
    text = _decoded(name, content)
    delimiter = _delimiter(text, known_headers)
    return Grid(name, delimiter, _filled(name, _csv_rows(name, text, delimiter), limits))


def _decoded(name: str, content: bytes) -> str:
    if content.startswith(_UTF_16) or 0 in content[:4]:
        raise unusable(
            name, N_("the letters are stored in a way that cannot be read (UTF-16): save the file as “CSV UTF-8”")
        )
    if content.startswith(_FOREIGN) or content.lstrip().startswith(b"<"):
        raise unusable(name, N_("this is not a spreadsheet: save it as .xlsx or .csv in the spreadsheet program"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not content.startswith(_UTF_8) and not _DANISH_UTF_8.search(content):
            try:
                return content.decode("cp1252")
            except UnicodeDecodeError:
                pass
        # Guessing on would turn names into nonsense without a word.
        raise unusable(
            name, N_("some letters in the file cannot be read: save it as “CSV UTF-8” in the spreadsheet program")
        ) from error


def _delimiter(text: str, known_headers: Collection[str]) -> str:
    """Return the sign that makes most known headers of the first row; of equals, the one that makes most cells."""

    def known_and_cells(delimiter: str) -> tuple[int, int]:
        head = io.StringIO(text[:_HEADER_PART], newline="")
        try:
            header = next((row for row in csv.reader(head, delimiter=delimiter) if any(row)), [])
        except csv.Error:
            return 0, 0
        return sum(folded(cell) in known_headers for cell in header), len(header)

    return max(_DELIMITERS, key=known_and_cells)


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    # strict: a quotation mark that is never closed would otherwise swallow the rest of the file without a word.
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(records, 1):
            yield row, cells
    except csv.Error as error:
        raise unusable(
            name,
            N_(
                "a quotation mark is out of place here or never closed, or a cell is far too long: everything from"
                " this row on is unread; a quotation mark inside a quoted cell is written twice"
            ),
            row=row + 1,
        ) from error


def _filled(
    name: str, rows: Iterator[tuple[int, Sequence[Cell]]], limits: Limits
) -> Sequence[tuple[int, Sequence[Cell]]]:
    filled: list[tuple[int, Sequence[Cell]]] = []
    for row, cells in rows:
        if not is_blank_row(cells):
            filled.append((row, cells))
            if len(filled) > limits.rows + 1:
                raise unusable(
                    name, N_("the file has more than {limit} rows: divide it into several files"), limit=limits.rows
                )
    if filled and len(filled[0][1]) > _MOST_COLUMNS:
        raise unusable(name, N_("the first row has more than {limit} columns"), limit=_MOST_COLUMNS)
    return filled


def is_blank(cell: Cell) -> bool:
    """Say whether nothing is in the cell but spaces."""
    return isinstance(cell, str) and not cell.strip(_BLANK)


def is_blank_row(cells: Sequence[Cell]) -> bool:
    """Say whether nothing is in the row but spaces."""
    return all(map(is_blank, cells))
