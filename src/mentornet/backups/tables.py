"""How many rows each table holds, and one hash of them all: by which a restored database is compared with its source.

Rows are hashed one by one and the hashes added up: so no order is needed, which two databases need not share, and
memory stays small. It finds what went wrong, not a forger: against those stands the seal.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from mentornet.backups.manifest import TableState

_BITS: Final = 256
_AT_ONCE: Final = 2_000
_OF_SCHEMA: Final = """
    SELECT c.relname, a.attname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname, a.attname
"""


def state_of(rows: Iterable[tuple[Any, ...]]) -> TableState:
    """Return the state of a table with these rows, in whatever order they come."""
    count, total = 0, 0
    for row in rows:
        count += 1
        # The same for the same values on every version of Python: no letters that one counts as printable, one not.
        total += int.from_bytes(hashlib.sha256(ascii(row).encode("ascii")).digest(), "big")
    return TableState(count, f"{total % (1 << _BITS):064x}")


def quoted(name: str) -> str:
    """Return a name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def differences(said: Mapping[str, TableState], found: Mapping[str, TableState]) -> list[str]:
    """Return the tables that are not the same."""
    return sorted(name for name in {*said, *found} if said.get(name) != found.get(name))


# The embedded database ----------------------------------------------------------------------------------------------


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file of the embedded database without making or changing one."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    database.text_factory = _text
    return database


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def names_in_file(database: sqlite3.Connection) -> list[str]:
    """Return the names of all tables."""
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return sorted(name for (name,) in found)


def of_file(path: Path) -> dict[str, TableState]:
    """Return the state of every table of a file of the embedded database."""
    with closing(read_only(path)) as database:
        return {name: state_of(_rows_in_file(database, name)) for name in names_in_file(database)}


def _rows_in_file(database: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    columns = sorted(row[1] for row in database.execute(f"PRAGMA table_info({quoted(table)})"))
    listed = ", ".join(map(quoted, columns))
    yield from database.execute(f"SELECT {listed} FROM {quoted(table)}")  # noqa: S608 - names of its own schema


# PostgreSQL ---------------------------------------------------------------------------------------------------------


def columns_of_schema(connection: Any, schema: str) -> dict[str, list[str]]:
    """Return the tables of a schema with their columns."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_SCHEMA, [schema])
        for table, column in cursor.fetchall():
            found.setdefault(table, []).extend([column] if column else [])
    return found


def of_schema(connection: Any, schema: str) -> dict[str, TableState]:
    """Return the state of every table of a schema; within a transaction, of one moment.

    Raises:
        DatabaseError: there are rows that this role must not see.
    """
    with connection.cursor() as cursor:
        # How values are written depends on none of the server's settings; rows that are hidden are an error.
        cursor.execute(
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; "
            "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET row_security = off"
        )
    return {
        table: state_of(_rows_in_schema(connection, schema, table, columns))
        for table, columns in columns_of_schema(connection, schema).items()
    }


def _rows_in_schema(connection: Any, schema: str, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    listed = ", ".join(f"{quoted(column)}::text" for column in columns) or "NULL"
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM {quoted(schema)}.{quoted(table)}")  # noqa: S608 - names of its own schema
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from map(tuple, rows)
