"""Tables as XLSX workbooks; the same table gives the same bytes on every day."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from reference.guard import guarded
from reference.writing import Table, Value, plain_number

HEADER_FONT: Final = Font(name="Calibri", size=11, bold=True)
DATE_FORMAT: Final = "yyyy-mm-dd"
TEXT_FORMAT: Final = "@"

_NARROWEST: Final = 8
_WIDEST: Final = 50
_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no time zones
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
# Signs that XML cannot hold, the carriage return that it would change, and what looks like such a sign written out.
_ESCAPED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class _TimelessArchive(zipfile.ZipFile):
    """An archive in which every part has the same age, whenever it is written."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: bytes | str,  # type: ignore[override]  # openpyxl gives nothing else
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        part = zipfile.ZipInfo(name, _ZIP_EPOCH)
        part.external_attr = 0o600 << 16
        super().writestr(part, data, compress_type or zipfile.ZIP_DEFLATED, compresslevel)

    def write(  # type: ignore[override]  # openpyxl gives nothing else
        self,
        filename: str,
        arcname: str,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        self.writestr(arcname, Path(filename).read_bytes(), compress_type, compresslevel)


def workbook_bytes(workbook: Workbook) -> bytes:
    """Return the workbook as a file, without any trace of the time of writing."""
    workbook.properties.creator = "Mentornet"
    workbook.properties.created = workbook.properties.modified = _EPOCH
    buffer = io.BytesIO()
    # Workbook.save would set the time of writing.
    ExcelWriter(workbook, _TimelessArchive(buffer, "w", zipfile.ZIP_DEFLATED)).save()
    return buffer.getvalue()


def escaped(text: str) -> str:
    """Return ``text`` as the format stores it: a sign that XML cannot hold as ``_x000D_`` (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)


def xlsx_bytes(table: Table, title: str) -> bytes:
    """Return the table as a workbook with one sheet named ``title``; its header is bold and stays in sight."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, width in enumerate(_widths(table), 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    header = [_cell(sheet, name) for name in table.headers]
    for cell in header:
        cell.font = HEADER_FONT
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.append(header)
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])
    return workbook_bytes(workbook)


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell:
    if isinstance(value, str):
        cell: Cell = WriteOnlyCell(sheet, escaped(guarded(value)))
        # openpyxl would take “#N/A” for an error and “=1” for a formula.
        cell.data_type = "s"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime(value.year, value.month, value.day))  # noqa: DTZ001 - as above
        cell.number_format = DATE_FORMAT
        return cell
    return WriteOnlyCell(sheet, None if value is None else plain_number(value))


def _widths(table: Table) -> Sequence[int]:
    """Return a width for each column, in letters: the longest cell, within reason."""
    widest = [len(header) for header in table.headers]
    for row in table.rows:
        widest = [max(width, len(str(value or ""))) for width, value in zip(widest, row, strict=True)]
    return [min(max(width + 2, _NARROWEST), _WIDEST) for width in widest]
