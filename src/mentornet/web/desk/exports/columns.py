"""What a column of a file holds, from which fields, and whether these may leave the program at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

from mentornet.common.fields import Level, level_of
from mentornet.common.spoken import reference_language
from reference.columns import Subject
from reference.extra_columns import all_columns_by_header
from reference.writing import Value

HIGHEST: Final = Level.CASEWORK
"""Who reaches the lists does casework. What named staff alone may read leaves the program in no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a file.

    Attributes:
        header: in the reader's language.
        value: from a row of the list to a cell.
        shows: the fields that it tells of, as ``app.Model.field``: what is declared of them decides.
        reaches: tells how to get hold of somebody; left out unless it is asked for.
        is_read_back: the import knows this column by this header.
    """

    header: str | Promise
    value: Callable[[Any], Value]
    shows: tuple[str, ...]
    reaches: bool = False
    is_read_back: bool = False


def of_import(field: str, value: Callable[[Any], Value], *shows: str, reaches: bool = False) -> Column:
    """Return a column that the import reads back: its header stands in the lists of ``reference``."""
    found = next(
        column
        for subject in (Subject.MENTORS, Subject.MENTEES)
        for column in all_columns_by_header(subject).values()
        if column.field == field
    )
    return Column(
        header=found.header(reference_language()), value=value, shows=shows, reaches=reaches, is_read_back=True
    )


def allowed(columns: Iterable[Column], *, with_contact: bool) -> list[Column]:
    """Return the columns that may leave: no field in them is guarded more closely than casework."""
    return [
        column
        for column in columns
        if (with_contact or not column.reaches) and all(_level(field) <= HIGHEST for field in column.shows)
    ]


def _level(field: str) -> Level:
    model, _dot, name = field.rpartition(".")
    return level_of(model, name)
