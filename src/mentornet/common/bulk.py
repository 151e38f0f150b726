"""Many rows at once: Python's part of the work before a transaction, the database's alone inside it.

``bulk_create`` turns every value into what the database takes while it writes. With the embedded database, which has
one writer, everybody else waits meanwhile, and most of that time is Python's. Here it is done before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models

# So many entries of an index are looked at: enough to tell a long table from an empty one, and soon done.
_SQLITE_LOOKS_AT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with the values of many rows, in the database's own kinds of value."""

    sql: str
    rows: Sequence[tuple[Any, ...]]

    def run(self) -> None:
        """Write the rows."""
        if self.rows:
            with connection.cursor() as cursor:
                cursor.executemany(self.sql, self.rows)


def inserting(model: type[models.Model], rows: Iterable[models.Model]) -> Statement:
    """Return what inserts new rows; keys that the database draws itself are left to it."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of columns
    return Statement(sql, _values(fields, rows, is_new=True))


def updating(model: type[models.Model], rows: Iterable[models.Model], names: Iterable[str]) -> Statement:
    """Return what writes the fields ``names`` of rows that stand."""
    key = model._meta.pk
    fields = [model._meta.get_field(name) for name in names]
    concrete = [field for field in fields if isinstance(field, models.Field)]
    columns = ", ".join(f"{_quoted(field.column)} = %s" for field in concrete)
    table = _quoted(model._meta.db_table)
    sql = f"UPDATE {table} SET {columns} WHERE {_quoted(key.column)} = %s"  # noqa: S608 - names of columns
    return Statement(sql, _values([*concrete, key], rows, is_new=False))


def _quoted(name: str | None) -> str:
    if name is None:
        raise ValueError("a field without a column of its own")
    return connection.ops.quote_name(name)


def _values(
    fields: Sequence[models.Field[Any, Any]], rows: Iterable[models.Model], *, is_new: bool
) -> list[tuple[Any, ...]]:
    return [
        tuple(field.get_db_prep_save(field.pre_save(row, is_new), connection=connection) for field in fields)
        for row in rows
    ]


def count_anew(*tables: type[models.Model]) -> None:
    """Let the database count what is in these tables, or in all: after thousands of rows have come in at once.

    Until then it plans for what was there before: PostgreSQL's own counting comes up to a minute later, the embedded
    database never counts unless asked.
    """
    names = [_quoted(model._meta.db_table) for model in tables]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {_SQLITE_LOOKS_AT}")
            for name in names or [""]:
                cursor.execute(f"ANALYZE {name}")
        else:
            cursor.execute(f"ANALYZE {', '.join(names)}")
