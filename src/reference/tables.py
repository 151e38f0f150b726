"""One spreadsheet checked against its columns: what each row says, and all that is wrong, at its place."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reference.cells import Broken, Cell, CellReader, cell_text
from reference.columns import Column, Subject, columns_by_header, columns_of
from reference.custom_cells import custom_columns, read_answer
from reference.customs import Custom
from reference.extra_columns import all_columns_by_header
from reference.faults import Fault, Notice, UnusableFilesError
from reference.sheets import Grid, Limits, Source, is_blank, load, read_grid
from reference.spoken import Listed
from reference.translation import N_, Message, Value
from reference.verdicts import Verdict
from reference.vocabulary import folded

_ELSEWHERE: Final = {
    Subject.MENTORS: Message(N_("this column belongs in the file of mentors; it is left out here")),
    Subject.MENTEES: Message(N_("this column belongs in the file of mentees; it is left out here")),
    Subject.PAIRS: Message(N_("this column belongs in the file of pairs; it is left out here")),
}

_REPORTED_EVERY: Final = 250


@dataclass(slots=True)
class CheckedTable:
    """What a file says and what is wrong with it.

    Attributes:
        name: the file's base name.
        subject: what the file was read as.
        rows: for each row its number and the values by the name of their field; only cells that say something.
        headers: the headers as written, by the name of their field.
        elsewhere: how many headers belong to another subject only.
        faults: what is wrong; with any, ``rows`` is incomplete.
        notices: what is worth knowing.
        is_numbered: no column is the id; each row has its number for one.
    """

    name: str
    subject: Subject
    rows: list[tuple[int, dict[str, Any]]] = dataclasses.field(default_factory=list)
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    elsewhere: Counter[Subject] = dataclasses.field(default_factory=Counter)
    faults: list[Fault] = dataclasses.field(default_factory=list)
    notices: list[Notice] = dataclasses.field(default_factory=list)
    is_numbered: bool = False

    def is_of(self, subject: Subject) -> bool:
        """Tell whether the headers speak for another ``subject``: some are only its own, and none only this one's."""
        own = {column.field for column in columns_of(self.subject)} - {column.field for column in columns_of(subject)}
        return self.elsewhere[subject] > 0 and own.isdisjoint(self.headers)


def column_letters(index: int) -> str:
    """Return the letters of the column ``index`` (0 is A) as a spreadsheet program shows them."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_table(
    file: Path | Source,
    subject: Subject,
    cells: CellReader,
    limits: Limits,
    *,
    columns: Sequence[Column | None] | None = None,
    numbers_rows: bool = False,
    on_row: Callable[[int], None] | None = None,
    customs: Sequence[Custom] = (),
) -> CheckedTable:
    """Read a file of ``subject``; never raises: what is wrong stands in the result.

    With ``columns`` the headers mean what stands there by their place, ``None`` is left out, and nothing is guessed.
    With ``numbers_rows`` no column need be the id. ``on_row`` is told now and then how many rows are read. The columns
    of ``customs``, a programme's own criteria, are known beside the others.
    """
    try:
        source = load(file, limits)
        known = columns_by_header(subject) if columns is None else all_columns_by_header(subject)
        own = custom_columns(customs)
        grid = read_grid(source, limits, {**known, **own}.keys())
    except UnusableFilesError as error:
        return CheckedTable(error.faults[0].file, subject, faults=list(error.faults))
    table = CheckedTable(grid.name, subject, is_numbered=numbers_rows)
    _Checker(table, grid, subject, cells, columns, on_row, own).check()
    return table


@dataclass(slots=True)
class _Planned:
    """A column of the file that is read; each distinct text is read once."""

    index: int
    column: Column
    field: str
    header: str
    custom: Custom | None = None
    seen: dict[str, Verdict] = dataclasses.field(default_factory=dict)


class _Checker:
    """Fills a table from a grid."""

    def __init__(
        self,
        table: CheckedTable,
        grid: Grid,
        subject: Subject,
        cells: CellReader,
        columns: Sequence[Column | None] | None,
        on_row: Callable[[int], None] | None,
        own: Mapping[str, tuple[Column, Custom]],
    ) -> None:
        self._table = table
        self._grid = grid
        self._subject = subject
        self._cells = cells
        self._columns = columns
        self._on_row = on_row
        self._own = own
        self._plan: list[_Planned] = []
        self._unnamed: dict[int, int | None] = {}
        self._width = 0
        self._first_rows: dict[str, int] = {}

    def check(self) -> None:
        """Check header and rows."""
        if not self._grid.rows:
            self._fault(None, None, None, N_("the file is empty; if it is a workbook: its first sheet is"))
            return
        header_row, header = self._grid.rows[0]
        self._check_header(header_row, header)
        if not self._plan:
            return
        for count, (row, cells) in enumerate(self._grid.rows[1:], 1):
            if self._fits(row, cells):
                self._check_row(row, cells)
            if self._on_row is not None and count % _REPORTED_EVERY == 0:
                self._on_row(count)
        for index, first_row in self._unnamed.items():
            if first_row is not None:
                self._fault(
                    header_row,
                    None,
                    None,
                    N_(
                        "column {letters} has no name, but row {filled_row} has something in it: name the column in"
                        " the first row, or empty it"
                    ),
                    letters=column_letters(index),
                    filled_row=first_row,
                )

    def _fault(self, row: int | None, column: str | None, value: str | None, template: str, **values: Value) -> None:
        self._table.faults.append(Fault(self._table.name, row, column, value, Message(template, values)))

    def _check_header(self, row: int, header: Sequence[Cell]) -> None:
        notices: list[Notice] = []
        for index, cell in enumerate(header):
            if is_blank(cell):
                self._unnamed[index] = None
                continue
            self._width = index + 1
            written = cell_text(cell).strip()
            column, custom = self._meant(index, written), None
            if column is None and self._columns is None and folded(written) in self._own:
                column, custom = self._own[folded(written)]
            if column is None and self._columns is not None:
                continue
            if isinstance(cell, Broken):
                self._table.faults.append(Fault(self._table.name, row, written, None, cell.fault))
            elif column is None:
                notices.append(Notice(self._table.name, row, written, None, self._unknown(written)))
            elif column.field in self._table.headers:
                self._fault(
                    row,
                    written,
                    None,
                    N_("this column stands twice, first as “{first}”: keep one of them"),
                    first=self._table.headers[column.field],
                )
            else:
                self._table.headers[column.field] = written
                self._plan.append(_Planned(index, column, column.field, written, custom))
        if self._grid.delimiter is not None:
            self._width = len(header)
        if not self._plan:
            self._fault(
                row,
                None,
                None,
                N_("no column has a name that is known: the first row must name the columns, such as {headers}"),
                headers=Listed(tuple(columns_of(self._subject)[:5])),
            )
            return
        self._table.notices.extend(notices)
        for column in columns_of(self._subject):
            if column.required and column.field not in self._table.headers and not self._stands_for(column):
                self._fault(
                    row,
                    None,
                    None,
                    N_("the column “{header}” is missing: the first row must name it, and every row needs one"),
                    header=column,
                )

    def _meant(self, index: int, written: str) -> Column | None:
        """Return the column that a header stands for, as somebody has said or as its name says."""
        if self._columns is None:
            return columns_by_header(self._subject).get(folded(written))
        return self._columns[index] if index < len(self._columns) else None

    def _unknown(self, header: str) -> Message:
        for subject, message in _ELSEWHERE.items():
            if subject is not self._subject and folded(header) in columns_by_header(subject):
                self._table.elsewhere[subject] += 1
                return message
        return Message(N_("this column is not known; it is left out"))

    def _fits(self, row: int, cells: Sequence[Cell]) -> bool:
        """Check the row's length; say whether its cells stand under their own headers."""
        if len(cells) <= self._width:
            return True
        beyond = next((index for index in range(self._width, len(cells)) if not is_blank(cells[index])), None)
        if self._grid.delimiter is None:
            if beyond is not None:
                self._fault(
                    row,
                    None,
                    cell_text(cells[beyond]),
                    N_("column {letters} has no name: name it in the first row, or empty the cell"),
                    letters=column_letters(beyond),
                )
            return True
        counts = {"cells": len(cells), "columns": self._width}
        if beyond is None:
            self._fault(
                row,
                None,
                None,
                N_(
                    "the row has {cells} cells, but the first row names {columns} columns: delete the empty cells at"
                    " its end"
                ),
                **counts,
            )
        elif self._grid.delimiter == ";":
            self._fault(
                row,
                None,
                None,
                N_(
                    "the row has {cells} cells, but the first row names {columns} columns: a list with ; between its"
                    ' items must stand in quotation marks, "da; ar"'
                ),
                **counts,
            )
        else:
            self._fault(
                row,
                None,
                None,
                N_(
                    "the row has {cells} cells, but the first row names {columns} columns: a text with the sign that"
                    " divides the cells must stand in quotation marks"
                ),
                **counts,
            )
        # With something beyond the header the cells have most likely moved to the right: each would look wrong.
        return beyond is None

    def _stands_for(self, column: Column) -> bool:
        """Tell whether row numbers stand for a column."""
        return self._table.is_numbered and column.field == "id"

    def _check_row(self, row: int, cells: Sequence[Cell]) -> None:
        values: dict[str, Any] = {"id": str(row)} if self._table.is_numbered else {}
        filled = len(cells)
        for planned in self._plan:
            if planned.index >= filled:
                break
            cell = cells[planned.index]
            if cell == "":
                continue
            if isinstance(cell, str):
                verdict = planned.seen.get(cell)
                if verdict is None:
                    verdict = planned.seen[cell] = self._read(planned, cell)
            else:
                verdict = self._read(planned, cell)
            if verdict.value is not None:
                values[planned.field] = verdict.value
            if verdict.faults or verdict.notices:
                place = (self._table.name, row, planned.header, cell_text(cell))
                self._table.faults.extend(Fault(*place, message) for message in verdict.faults)
                self._table.notices.extend(Notice(*place, message) for message in verdict.notices)
                if verdict.faults:
                    values[planned.field] = None
        self._check_required(row, values)
        for index, first_row in self._unnamed.items():
            if first_row is None and index < filled and not is_blank(cells[index]):
                self._unnamed[index] = row
        self._table.rows.append((row, values))

    def _read(self, planned: _Planned, cell: Cell) -> Verdict:
        if planned.custom is not None:
            return read_answer(self._cells, planned.custom, cell)
        return self._cells.read(planned.column.kind, cell)

    def _check_required(self, row: int, values: dict[str, Any]) -> None:
        for planned in self._plan:
            if not planned.column.required:
                continue
            if planned.field not in values:
                self._fault(row, planned.header, None, N_("expected an id: every row needs one"))
            elif planned.field == "id" and (given := values["id"]) is not None:
                first_row = self._first_rows.setdefault(given, row)
                if first_row != row:
                    self._fault(
                        row,
                        planned.header,
                        given,
                        N_("expected an id that nobody else has: row {first_row} has the same"),
                        first_row=first_row,
                    )
