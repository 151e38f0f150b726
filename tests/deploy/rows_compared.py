"""All rows of a database, and how they differ from what they were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from django.db import connection

NOT_OURS: Final = ("sqlite_",)
# The list of migrations is what changes; everything else has to be as it was.
CHANGES: Final = frozenset({"django_migrations"})

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
"""Rows by table, then by primary key."""


def tables() -> list[str]:
    """Return the names of all tables."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    return sorted(name for name in found if not name.startswith(NOT_OURS) and name not in CHANGES)


def all_rows() -> Rows:
    """Read every row of every table."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            keys = connection.introspection.get_primary_key_columns(cursor, table)
            assert keys, f"{table} has no primary key: its rows cannot be told apart"
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            read = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
            rows[table] = {tuple(row[key] for key in keys): row for row in read}
    return rows


def differences(before: Rows, after: Rows, *, only: Collection[str] | None = None) -> Iterator[str]:
    """Tell of every row of ``before`` that is gone or has changed; what has come in addition is no difference.

    Args:
        before: what stood there.
        after: what stands there now; it may have more tables, columns and rows.
        only: the tables to look at; all of them without it.
    """
    for table, rows in before.items():
        if only is not None and table not in only:
            continue
        there = after.get(table)
        if there is None:
            yield f"{table}: the table is gone"
            continue
        for key, row in rows.items():
            now = there.get(key)
            if now is None:
                yield f"{table} {key}: the row is gone"
                continue
            for column, value in row.items():
                if column not in now:
                    yield f"{table}.{column}: the column is gone"
                elif now[column] != value:
                    yield f"{table} {key}: {column} was {value!r}, is {now[column]!r}"


def narrowed(rows: Rows, shape: Rows) -> Rows:
    """Return of ``rows`` those rows and columns that ``shape`` has too."""
    columns: Mapping[str, set[str]] = {
        table: {name for row in found.values() for name in row} for table, found in shape.items()
    }
    return {
        table: {
            key: {name: value for name, value in row.items() if name in columns[table]}
            for key, row in rows.get(table, {}).items()
            if key in found
        }
        for table, found in shape.items()
    }


def schema() -> dict[str, Any]:
    """Return columns and constraints of every table, whatever they are called."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in tables():
            columns = {
                column.name: (column.type_code, column.null_ok, column.default)
                for column in connection.introspection.get_table_description(cursor, table)
            }
            constraints = connection.introspection.get_constraints(cursor, table).values()
            found[table] = {
                "columns": columns,
                "constraints": sorted(
                    str(
                        {
                            word: one[word]
                            for word in ("columns", "unique", "index", "check", "foreign_key", "orders")
                            if word in one
                        }
                    )
                    for one in constraints
                ),
            }
    return found
