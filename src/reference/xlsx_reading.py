"""The first sheet of an XLSX workbook as rows of cells, read in one pass and in little memory.

Why not openpyxl: it builds trees of what it reads, so that a file of 100 KB that unpacks to 25 million empty cells
takes gigabytes; it needs a second pass to find formulas without a result; and it takes several times as long. Here
the parts stream through expat, and the first sign of harm ends the reading.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.parsers import expat

from reference.cells import Cell
from reference.translation import N_, Message
from reference.xlsx_parts import (
    Part,
    Relationships,
    SharedStrings,
    Styles,
    UnusableWorkbookError,
    Workbook,
    Worksheet,
    damaged,
)

_CHUNK: Final = 1 << 16
_ENCRYPTED_FLAG: Final = 1
# What zipfile, zlib and expat raise for damaged content; programming mistakes are not among them, save that zipfile
# says RuntimeError for a password and ValueError or LookupError for impossible sizes, names and encodings.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def read_workbook(content: bytes, *, most_bytes: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows of the first visible sheet, each with its number; rows that are not stored are left out.

    Raises:
        UnusableWorkbookError: not a workbook, damaged, protected, or larger than ``most_bytes`` when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, most_bytes)
            yield from _rows(archive)
    except _DAMAGE as error:
        raise damaged() from error


def _check_archive(archive: zipfile.ZipFile, most_bytes: int) -> None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise UnusableWorkbookError(
            Message(N_("an Excel file of the kind .xlsb cannot be read: save it as .xlsx in the spreadsheet program"))
        )
    if "[Content_Types].xml" not in names:
        if "mimetype" in names or "Index/Document.iwa" in names:
            raise UnusableWorkbookError(
                Message(N_("this kind of spreadsheet cannot be read: save it as .xlsx in the spreadsheet program"))
            )
        raise UnusableWorkbookError(
            Message(N_("this is a packed folder or damaged, not a spreadsheet: unpack it and choose the file in it"))
        )
    if not any(name.startswith("xl/") for name in names):
        raise UnusableWorkbookError(
            Message(N_("this is not a spreadsheet: save it as .xlsx or .csv in the spreadsheet program"))
        )
    # zipfile never unpacks a part beyond the size that the archive declares for it, so the sum is the truth or less.
    if sum(info.file_size for info in archive.infolist()) > most_bytes:
        raise UnusableWorkbookError(
            Message(
                N_("the workbook holds more than {limit} MB when unpacked: copy the rows into a new workbook"),
                {"limit": f"{most_bytes / 1024 / 1024:g}"},
            )
        )
    for info in archive.infolist():
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise UnusableWorkbookError(
                Message(N_("the file is protected with a password: save it without one in the spreadsheet program"))
            )
        # Others are not used in workbooks, and can ask for gigabytes to unpack a few bytes.
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise damaged()


def _rows(archive: zipfile.ZipFile) -> Iterator[tuple[int, Sequence[Cell]]]:
    package = _relationships(archive, "")
    workbook_name = package.first("/officeDocument")
    if workbook_name is None:
        raise damaged()
    workbook = Workbook()
    _read(archive, workbook_name, workbook)
    links = _relationships(archive, workbook_name)
    sheet_name = next(
        (name for key in workbook.visible_sheets if (name := links.by_id("/worksheet", key)) is not None), None
    )
    if sheet_name is None:
        raise UnusableWorkbookError(
            Message(N_("the workbook has no sheet with cells: check that it is the right file"))
        )
    strings, styles = SharedStrings(), Styles()
    for part, kind in ((strings, "/sharedStrings"), (styles, "/styles")):
        name = links.first(kind)
        if name is not None:
            _read(archive, name, part)
    sheet = Worksheet(strings.texts, styles.formats, since_1904=workbook.since_1904)
    for _ in _streamed(archive, sheet_name, sheet):
        yield from sheet.take_rows()


class _Links:
    """The relationships of one part; their targets are names in the archive."""

    def __init__(self, relationships: Relationships, resolve: Callable[[str], str]) -> None:
        self._found = [(key, kind, resolve(target)) for key, kind, target in relationships.found]

    def first(self, kind: str) -> str | None:
        return next((name for _, found, name in self._found if found.endswith(kind)), None)

    def by_id(self, kind: str, key: str) -> str | None:
        return next((name for found, sort, name in self._found if found == key and sort.endswith(kind)), None)


def _relationships(archive: zipfile.ZipFile, part_name: str) -> _Links:
    folder, _, base = part_name.rpartition("/")
    relationships = Relationships()
    _read(archive, posixpath.join(folder, "_rels", base + ".rels"), relationships)
    return _Links(relationships, lambda target: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))


def _read(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    for _ in _streamed(archive, name, part):
        pass


def _streamed(archive: zipfile.ZipFile, name: str, part: Part) -> Iterator[None]:
    """Feed a part through expat; yield after each piece, so that what has been found can be taken away."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.text
    # Every entity bomb and every outside reference needs a document type declaration; workbooks have none.
    parser.StartDoctypeDeclHandler = part.refuse_document_type
    with archive.open(name) as opened:
        while chunk := opened.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
    parser.Parse(b"", True)
    yield
