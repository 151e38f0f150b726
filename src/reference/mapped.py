"""Lists whose columns somebody maps by hand: first a look into the file, then its rows as she has mapped them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reference.cells import Broken, CellReader, cell_text
from reference.columns import Column, Subject, columns_by_header, columns_of
from reference.extra_columns import all_columns_by_header, all_columns_of, guessed, is_own_name
from reference.sheets import Grid, Limits, Source, is_blank, load, read_grid, unusable
from reference.tables import CheckedTable, read_table
from reference.translation import N_
from reference.vocabulary import folded

__all__ = ["ID", "FoundFile", "FoundHeader", "look_into", "read_mapped"]

ID: Final = "id"
_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header of a file.

    Attributes:
        index: its column, 0 is A.
        written: as it stands in the file.
        guess: the column that it names, in either language; ``None``: not known.
        samples: up to three distinct cells under it.
        is_sure: it is called as we call it, not only as other lists do.
    """

    index: int
    written: str
    guess: Column | None
    samples: tuple[str, ...]
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that can be read, before anybody has said what its columns mean.

    Attributes:
        rows: how many, the header not counted.
        first_rows: the numbers of the first of them, as the spreadsheet program counts.
    """

    name: str
    subject: Subject
    rows: int
    headers: tuple[FoundHeader, ...]
    first_rows: tuple[int, ...] = ()

    def seems_to_be(self) -> Subject | None:
        """Return the subject that the headers speak for instead.

        They name all that the other subject requires (but an id, which row numbers can stand for) and something that
        is only its own, and nothing that is only this one's: a single word that both could use is no evidence.
        """
        written = {folded(header.written) for header in self.headers}
        known = {header.guess.field for header in self.headers if header.guess is not None and header.is_sure}
        mine = {column.field for column in all_columns_of(self.subject)}
        for other in Subject:
            theirs = {column.field for column in all_columns_of(other)}
            named = {column.field for header, column in columns_by_header(other).items() if header in written}
            required = {column.field for column in columns_of(other) if column.required} - {ID}
            if other is not self.subject and required <= named and not named <= mine and known <= theirs:
                return other
        return None


def look_into(file: Path | Source, subject: Subject, limits: Limits) -> FoundFile:
    """Return the headers of a file, what they most probably mean, and what stands under them.

    Raises:
        UnusableFilesError: it is not a spreadsheet, too large, or empty.
    """
    source = load(file, limits)
    known = all_columns_by_header(subject)
    grid = read_grid(source, limits, known.keys())
    if not grid.rows:
        raise unusable(source.name, N_("the file is empty; if it is a workbook: its first sheet is"))
    headers = []
    for index, cell in enumerate(grid.rows[0][1]):
        if is_blank(cell):
            continue
        written = cell_text(cell).strip()
        guess = None if isinstance(cell, Broken) else guessed(written, subject)
        is_sure = is_own_name(written, subject)
        if guess is not None and guess.field == ID and not is_sure and not _tells_apart(grid, index):
            guess = None
        samples: dict[str, None] = {}
        for _row, cells in grid.rows[1:]:
            if index < len(cells) and not is_blank(cells[index]):
                samples.setdefault(cell_text(cells[index]).strip())
                if len(samples) == _SAMPLES:
                    break
        headers.append(FoundHeader(index, written, guess, tuple(samples), is_sure))
    first_rows = tuple(row for row, _cells in grid.rows[1 : _SAMPLES + 1])
    return FoundFile(source.name, subject, len(grid.rows) - 1, tuple(headers), first_rows)


def _tells_apart(grid: Grid, index: int) -> bool:
    """Tell whether every row has something of its own in a column: then a number in it may be an id."""
    cells = [cells[index] if index < len(cells) else "" for _row, cells in grid.rows[1:]]
    texts = {cell_text(cell).strip() for cell in cells if not is_blank(cell)}
    return len(texts) == len(cells)


def read_mapped(
    file: Path | Source,
    subject: Subject,
    columns: Sequence[Column | None],
    *,
    cells: CellReader,
    limits: Limits,
    numbers_rows: bool = False,
    on_row: Callable[[int], None] | None = None,
) -> CheckedTable:
    """Read a file with what somebody has said of its columns; never raises: what is wrong stands in the result.

    Args:
        file: the file.
        subject: what it is about.
        columns: by their place in the file (0 is A); ``None``, or beyond the end: left out.
        cells: reads the cells; shared by the files of one import, so that a title is resolved once.
        limits: how large the file may be.
        numbers_rows: no column is the id: each row is known by its number.
        on_row: told from time to time how many rows are read.
    """
    return read_table(file, subject, cells, limits, columns=columns, numbers_rows=numbers_rows, on_row=on_row)
