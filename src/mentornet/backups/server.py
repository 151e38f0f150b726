"""PostgreSQL: read by its own programs at one moment, loaded into a schema beside, exchanged in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from mentornet.backups.embedded import STILL_RUNNING
from mentornet.backups.reaching import Database, connected
from mentornet.backups.tables import columns_of_schema, quoted
from mentornet.common.answers import RefusedError

PUBLIC: Final = "public"
"""Where the program's tables are."""
OURS: Final = "mentornet_"
"""How schemas and databases begin that were made here, beside what is in use."""
STAGED: Final = f"{OURS}restoring"
HELD: Final = f"{OURS}held"
BEFORE: Final = f"{OURS}before_"
_PROGRAMS: Final = ("pg_dump", "pg_restore", "psql")
_FOLDERS: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/*/bin")
_NAMES: Final[Mapping[str, str]] = {
    "dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "passfile": "PGPASSFILE", "service": "PGSERVICE", "sslmode": "PGSSLMODE", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "sslrootcert": "PGSSLROOTCERT", "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip
_PIECE: Final = 1 << 20
LEAVING: Final = 5.0
"""Seconds in which whoever leaves the database has left."""


class ProgramFailedError(RefusedError):
    """One of the database's own programs gave up."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of programs that are as new as the server, or newer."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """Return one of them."""
        return str(self.folder / name)


def programs(server: int, folders: Sequence[str] = _FOLDERS, path: str | None = None) -> Programs:
    """Return the oldest programs that can read a server of this version.

    Raises:
        RefusedError: there are none; says what to install.
    """
    found = [place for pattern in folders for place in sorted(Path("/").glob(pattern.removeprefix("/")))]
    on_path = shutil.which("pg_dump", path=path)
    usable = []
    for folder in [*found, *([Path(on_path).parent] if on_path else [])]:
        version = _version(folder / "pg_dump")
        if version >= server and all((folder / name).exists() for name in _PROGRAMS):
            usable.append(Programs(folder, version))
    if not usable:
        raise RefusedError(
            _(
                "The database is PostgreSQL %(version)s. Its programs pg_dump, pg_restore and psql, of that version or "
                "newer, are not on this machine. Install them: on Debian with apt-get install "
                "postgresql-client-%(version)s."
            )
            % {"version": server}
        )
    return min(usable, key=lambda one: one.version)


def _version(program: Path) -> int:
    try:
        said = subprocess.run([str(program), "--version"], capture_output=True, check=True, text=True).stdout  # noqa: S603 - a program of the database
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _environment(connection: Any) -> dict[str, str]:
    """Return what those programs read of how the server is reached; the password stands in no command line."""
    said = connection.get_connection_params()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return own | {
        _NAMES[name]: str(value) for name, value in said.items() if name in _NAMES and value not in {None, ""}
    }


def server_version(connection: Any) -> int:
    """Return the server's major version."""
    return int(connection.pg_version) // 10_000


def migrations_in(connection: Any, schema: str = PUBLIC) -> tuple[str, ...]:
    """Return which migrations have been run."""
    if "django_migrations" not in columns_of_schema(connection, schema):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT app || '.' || name FROM {quoted(schema)}.django_migrations")  # noqa: S608 - ours
        return tuple(sorted(name for (name,) in cursor.fetchall()))


# Reading ------------------------------------------------------------------------------------------------------------


@contextmanager
def one_moment(connection: Any) -> Iterator[str]:
    """Let all that is read in the block be of one moment, and yield the name by which others can join in.

    Raises:
        RefusedError: the tables are elsewhere than where they are looked for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        if cursor.fetchone() != (PUBLIC,):
            raise RefusedError(_("The program’s tables must lie in the schema “public” for a backup."))
        connection.set_autocommit(False)
        try:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            yield snapshot
        finally:
            connection.rollback()
            connection.set_autocommit(True)


def dumped(connection: Any, snapshot: str) -> Iterator[bytes]:
    """Yield what pg_dump tells of a moment (:func:`one_moment`).

    Raises:
        ProgramFailedError: it did not come to its end.
        RefusedError: it is not here.
    """
    command = [
        programs(server_version(connection)).path("pg_dump"), "--format=custom", "--compress=0", "--no-password",
        f"--snapshot={snapshot}", f"--exclude-schema={OURS}*", "--no-owner",
    ]  # fmt: skip
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=_environment(connection), stdout=subprocess.PIPE, stderr=said) as program,  # noqa: S603 - a program of the database
    ):
        assert program.stdout is not None
        try:
            while data := program.stdout.read(_PIECE):
                yield data
        except BaseException:
            program.kill()
            raise
        if program.wait():
            raise _failed("pg_dump", said)


def _failed(name: str, said: Any) -> ProgramFailedError:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    # The first line says what is wrong; later ones may quote rows.
    return ProgramFailedError(
        _("%(program)s could not do its work: %(reason)s") % {"program": name, "reason": (lines or ["?"])[0][:300]}
    )


# Writing ------------------------------------------------------------------------------------------------------------


def load(database: Database, dump: Path, schema: str) -> None:
    """Write a dump into a new schema beside the one in use, which nobody sees changed; all of it or nothing.

    A dump names the schema that it was read from. So that one stands aside for as long as the transaction lasts.

    Raises:
        ProgramFailedError: the database did not take it.
        RefusedError: the programs are not here.
    """
    with connected(database) as connection:
        found, environment = programs(server_version(connection)), _environment(connection)
        before = "SET lock_timeout = '60s';\n"
        after = ""
        if schema != PUBLIC:
            before += (
                f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE;\n"
                f"ALTER SCHEMA {PUBLIC} RENAME TO {HELD};\nCREATE SCHEMA {PUBLIC};\n"
            )
            after = f"ALTER SCHEMA {PUBLIC} RENAME TO {quoted(schema)};\nALTER SCHEMA {HELD} RENAME TO {PUBLIC};\n"
    restore = [found.path("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--file=-", str(dump)]
    write = [
        found.path("psql"),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
    ]
    with (
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as said,
        subprocess.Popen(write, stdin=subprocess.PIPE, stderr=said, env=environment) as psql,  # noqa: S603 - a program of the database
        subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=told, env=environment) as script,  # noqa: S603 - a program of the database
    ):
        assert psql.stdin is not None
        assert script.stdout is not None
        # Without its last word the transaction is taken back, whoever of us is killed before it.
        with suppress(BrokenPipeError):
            psql.stdin.write(f"BEGIN;\n{before}".encode())
            while data := script.stdout.read(_PIECE):
                psql.stdin.write(data)
            if not script.wait():
                psql.stdin.write(f"{after}COMMIT;\n".encode())
        with suppress(BrokenPipeError):
            psql.stdin.close()
        # It may wait for somebody who has stopped listening.
        script.stdout.close()
        if psql.wait():
            raise _failed("psql", said)
        if script.wait():
            raise _failed("pg_restore", told)


def has_schema(connection: Any, schema: str) -> bool:
    """Tell whether there is a schema of this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone() is not None


def drop_schema(connection: Any, schema: str) -> None:
    """Delete one of the schemas that were made here."""
    assert schema.startswith(OURS)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE")


def exchange(connection: Any, before: str) -> bool:
    """Put what was restored in the place of what is in use, which is kept as ``before``; both at once, or neither.

    Returns:
        Whether there was anything to be exchanged: a second call finds nothing.
    """
    if not has_schema(connection, STAGED):
        return False
    connection.set_autocommit(False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '60s'")
            cursor.execute(f"ALTER SCHEMA {PUBLIC} RENAME TO {quoted(before)}")
            cursor.execute(f"ALTER SCHEMA {STAGED} RENAME TO {PUBLIC}")
        connection.commit()
    finally:
        connection.rollback()
        connection.set_autocommit(True)
    return True


def tables_with_rows(connection: Any) -> list[str]:
    """Return the tables in use that hold anything."""
    found = []
    with connection.cursor() as cursor:
        for table in columns_of_schema(connection, PUBLIC):
            cursor.execute(f"SELECT 1 FROM {PUBLIC}.{quoted(table)} LIMIT 1")  # noqa: S608 - names of its own schema
            if cursor.fetchone():
                found.append(table)
    return found


def refuse_others(connection: Any) -> None:
    """Go on only when nobody else is in the database: a program that runs would write into what is kept beside.

    Raises:
        RefusedError: somebody is, and stays.
    """
    # The server still names for a moment whoever has just left.
    until = time.monotonic() + LEAVING
    while _others(connection):
        if time.monotonic() >= until:
            raise RefusedError(STILL_RUNNING)
        time.sleep(0.1)


def _others(connection: Any) -> int:
    with connection.cursor() as cursor:
        # Within a transaction the server goes on telling who was there when it was first asked.
        cursor.execute("SELECT pg_catalog.pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


# A database for a drill ---------------------------------------------------------------------------------------------


@contextmanager
def another_database(database: Database, name: str) -> Iterator[None]:
    """Make an empty database of this name on the same server, gone again when the block ends.

    Raises:
        RefusedError: this role may not make one.
    """
    assert name.startswith(OURS)
    with connected(database) as connection, connection.cursor() as cursor:
        try:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE template0 ENCODING 'UTF8'")
        except DatabaseError as error:
            raise RefusedError(
                _(
                    "A drill needs a database of its own for a minute, and the role “%(role)s” may not make one. Let "
                    "the server’s administrator run: ALTER ROLE %(role)s CREATEDB;"
                )
                % {"role": connection.settings_dict["USER"] or "…"}
            ) from error
        try:
            yield
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
