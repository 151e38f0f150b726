"""Databases of a run's own: copied for each lane, thrown away afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, connections


def prepare() -> None:
    """Make the program's tables, unless the database has them already."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if "intake_enrolment" not in tables:
        call_command("migrate", interactive=False, verbosity=0)
    if "common_cache" not in tables:
        call_command("createcachetable", verbosity=0)


@contextmanager
def copies(count: int) -> Iterator[list[str]]:
    """Copy the database so many times, and give the copies' names; nobody is in it meanwhile."""
    connections.close_all()
    origin = str(connection.settings_dict["NAME"])
    names = [f"{origin}_{number}" for number in range(count)]
    if connection.vendor == "sqlite":
        for name in names:
            shutil.copyfile(origin, name)
        yield names
        for name in names:
            for path in Path(name).parent.glob(f"{Path(name).name}*"):
                path.unlink()
        return
    with closing(_beside(connection.get_connection_params())) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')
        try:
            yield names
        finally:
            for name in names:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def enter(name: str) -> None:
    """Let this process work in a copy."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


def counts() -> dict[str, int]:
    """Return how many rows each table has: one question, one moment."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        quoted = [connection.ops.quote_name(table) for table in tables]
        cursor.execute(" UNION ALL ".join(f"SELECT {at}, count(*) FROM {name}" for at, name in enumerate(quoted)))
        return {tables[at]: int(number) for at, number in cursor.fetchall()}


def backend() -> int:
    """Return the process of PostgreSQL that works for this connection; 0 where there is none."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def is_at_work(pid: int) -> bool:
    """Tell whether a process of PostgreSQL still works for somebody who is gone: it may be about to commit."""
    if not pid:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return bool(cursor.fetchone()[0])


def damages() -> Iterator[str]:
    """Yield what the embedded database finds wrong with its own file."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for question in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            cursor.execute(question)
            yield from (f"{question}: {row}" for row in cursor.fetchall() if row != ("ok",))


def _beside(params: dict[str, Any]) -> psycopg.Connection[Any]:
    wanted = {name: params[name] for name in ("host", "port", "user", "password") if params.get(name)}
    return psycopg.connect(dbname="postgres", autocommit=True, **wanted)
