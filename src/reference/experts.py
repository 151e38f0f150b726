"""A spreadsheet of experts: read row by row, with every fault at its place. Nothing is repaired in silence.

One header row, any order of columns, header names in English or Danish. An expert needs a name and an e-mail address,
since she is told that we have her name before anything else is done with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from reference.cells import Broken, Cell, CellReader, cell_text
from reference.columns import Column, Kind, Subject
from reference.faults import Fault, Notice, UnusableFilesError
from reference.sheets import Limits, Source, is_blank, is_blank_row, load, read_grid
from reference.spoken import Listed
from reference.tables import column_letters
from reference.translation import N_, Message, Value
from reference.vocabulary import folded

EXPERT_LIMITS: Final = Limits(rows=5_000)
_LONGEST: Final = MappingProxyType({"name": 160, "email": 254, "phone": 30, "title": 200, "region": 200})
_ADDRESS: Final = re.compile(r"[^@\s<>(),;:\"\[\]]{1,64}@[^@\s<>(),;:\"\[\]]+\.[^@\s<>(),;:\"\[\].]{2,}")
_NUMBER: Final = re.compile(r"\+?[\d ()./-]{6,30}")
_NO_SUBJECTS: Final[tuple[Subject, ...]] = ()


def _column(english: str, danish: str, kind: Kind, text: str, example: str, *, required: bool = False) -> Column:
    return Column(english, danish, _NO_SUBJECTS, kind, Message(text), {"en": (example,), "da": (example,)}, required)


COLUMNS: Final = (
    _column("name", "navn", Kind.TEXT, N_("The expert’s name. Every row needs one."), "Karen Holm", required=True),
    _column(
        "email",
        "e-mail",
        Kind.TEXT,
        N_("Her e-mail address, at which she is told that we have her name. Every row needs one."),
        "karen.holm@example.org",
        required=True,
    ),
    _column("phone", "telefon", Kind.TEXT, N_("Her telephone number."), "+45 12 34 56 78"),
    _column("title", "stilling", Kind.TEXT, N_("What she does, in her own words."), "civilingeniør"),
    _column("occupation", "fag", Kind.OCCUPATION, N_("Her field: an ISCO-08 number, or a job title."), "2142"),
    _column("languages", "sprog", Kind.LANGUAGES, N_("The languages she speaks."), "da; ar"),
    _column("region", "sted", Kind.TEXT, N_("Where she can be found."), "Fyn"),
)
"""What a list of experts may hold."""
_BY_HEADER: Final[Mapping[str, Column]] = MappingProxyType(
    {
        folded(header): column
        for column in COLUMNS
        for header in (
            *(column.english, column.danish),
            *({"email": ("e-mail", "mail", "e-mailadresse"), "region": ("place", "region")}.get(column.english, ())),
        )
    }
)


@dataclass(slots=True)
class ExpertsFile:
    """What a list says, and what is wrong with it.

    Attributes:
        rows: for each expert the row's number and what it says, by the English header.
        faults: what is wrong; with any, ``rows`` is not to be used.
        notices: what is worth knowing.
    """

    name: str
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def read_experts(source: Source, *, limits: Limits = EXPERT_LIMITS, cells: CellReader | None = None) -> ExpertsFile:
    """Read a list of experts; never raises: what is wrong stands in the result."""
    try:
        loaded = load(source, limits)
        grid = read_grid(loaded, limits, _BY_HEADER.keys())
    except UnusableFilesError as error:
        return ExpertsFile(error.faults[0].file, faults=list(error.faults))
    found = ExpertsFile(grid.name)
    if not grid.rows:
        found.faults.append(
            Fault(
                grid.name, None, None, None, Message(N_("the file is empty; if it is a workbook: its first sheet is"))
            )
        )
        return found
    _Reader(found, cells or CellReader()).read(grid.rows)
    return found


class _Reader:
    """Fills a file's result from its rows."""

    def __init__(self, found: ExpertsFile, cells: CellReader) -> None:
        self._found = found
        self._cells = cells
        self._plan: list[tuple[int, Column, str]] = []
        self._width = 0
        self._addresses: dict[str, int] = {}

    def _fault(self, row: int | None, column: str | None, value: str | None, template: str, **values: Value) -> None:
        self._found.faults.append(Fault(self._found.name, row, column, value, Message(template, values)))

    def read(self, rows: Sequence[tuple[int, Sequence[Cell]]]) -> None:
        """Read the header, then each row."""
        self._header(*rows[0])
        if not self._plan:
            return
        for row, cells in rows[1:]:
            if not is_blank_row(cells):
                self._row(row, cells)
        if not self._found.rows and not self._found.faults:
            self._fault(None, None, None, N_("there is nobody in the file: write one expert in each row"))

    def _header(self, row: int, header: Sequence[Cell]) -> None:
        first: dict[str, str] = {}
        for index, cell in enumerate(header):
            if is_blank(cell):
                continue
            self._width = index + 1
            written = cell_text(cell).strip()
            column = _BY_HEADER.get(folded(written))
            if column is None:
                place = (self._found.name, row, written, None)
                self._found.notices.append(Notice(*place, Message(N_("this column is not known; it is left out"))))
            elif column.english in first:
                self._fault(
                    row,
                    written,
                    None,
                    N_("this column stands twice, first as “{first}”: keep one of them"),
                    first=first[column.english],
                )
            else:
                first[column.english] = written
                self._plan.append((index, column, written))
        if not self._plan:
            self._fault(
                row,
                None,
                None,
                N_("no column has a name that is known: the first row must name the columns, such as {headers}"),
                headers=Listed(COLUMNS[:4]),
            )
            return
        for column in COLUMNS:
            if column.required and column.english not in first:
                self._fault(
                    row,
                    None,
                    None,
                    N_("the column “{header}” is missing: the first row must name it, and every row needs one"),
                    header=column,
                )

    def _row(self, row: int, cells: Sequence[Cell]) -> None:
        beyond = next((index for index in range(self._width, len(cells)) if not is_blank(cells[index])), None)
        if beyond is not None:
            self._fault(
                row,
                None,
                cell_text(cells[beyond]),
                N_("column {letters} has no name: name it in the first row, or empty the cell"),
                letters=column_letters(beyond),
            )
            return
        before = len(self._found.faults)
        said: dict[str, Any] = {}
        for index, column, header in self._plan:
            value = self._value(row, column, header, cells[index] if index < len(cells) else "")
            if value is not None:
                said[column.english] = value
        for column in COLUMNS:
            if column.required and column.english not in said and len(self._found.faults) == before:
                self._fault(row, self._header_of(column), None, N_("expected something here: every row needs it"))
        if len(self._found.faults) > before:
            return
        address = str(said["email"]).casefold()
        if (earlier := self._addresses.setdefault(address, row)) != row:
            self._fault(
                row,
                None,
                str(said["email"]),
                N_("this address stands in row {earlier} already: keep one of the two rows"),
                earlier=earlier,
            )
            return
        self._found.rows.append((row, said))

    def _header_of(self, column: Column) -> str | None:
        return next((header for _index, one, header in self._plan if one is column), None)

    def _value(self, row: int, column: Column, header: str, cell: Cell) -> object:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and column.english == "phone":
            cell = cell_text(cell)
        verdict = self._cells.read(column.kind, cell) if cell != "" else None
        if verdict is None:
            return None
        place = (self._found.name, row, header, cell.text if isinstance(cell, Broken) else cell_text(cell))
        self._found.faults.extend(Fault(*place, message) for message in verdict.faults)
        self._found.notices.extend(Notice(*place, message) for message in verdict.notices)
        if verdict.faults or verdict.value is None:
            return None
        if column.kind is Kind.LANGUAGES:
            return self._codes(verdict.value)
        if column.kind is Kind.TEXT:
            return self._text(place, column.english, str(verdict.value))
        return verdict.value

    @staticmethod
    def _codes(skills: Any) -> list[str]:
        return [skill.code for skill in skills]

    def _text(self, place: tuple[str, int, str, str], name: str, text: str) -> str | None:
        if len(text) > _LONGEST[name]:
            self._found.faults.append(
                Fault(*place, Message(N_("expected at most {most} signs"), {"most": _LONGEST[name]}))
            )
            return None
        if name == "email" and not _ADDRESS.fullmatch(text):
            self._found.faults.append(
                Fault(*place, Message(N_("expected an e-mail address, such as karen.holm@example.org")))
            )
            return None
        if name == "phone" and not _NUMBER.fullmatch(text):
            self._found.faults.append(
                Fault(*place, Message(N_("expected a telephone number, such as +45 12 34 56 78")))
            )
            return None
        return text
