"""The embedded database: copied while in use, looked through, and exchanged for another one."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from mentornet.backups.reaching import Database, connected, named
from mentornet.backups.sealing import DamagedError
from mentornet.backups.tables import names_in_file, quoted, read_only
from mentornet.common.answers import RefusedError

_BLOCK: Final = 1 << 20
_BESIDE: Final = ("-wal", "-shm", "-journal")
STILL_RUNNING: Final = _(
    "The program is still running on this database. Stop “serve” and every “worker” first, then try again."
)


def copy_to(database: Database, path: Path) -> None:
    """Write the database as it stands at one moment into a new file; others go on reading and writing meanwhile.

    What has been deleted is not in it, as it still may be on the free pages of the database's own file.

    Raises:
        OSError: there is no room for it.
    """
    with connected(database) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("VACUUM INTO %s", [str(path)])
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlite_errorname", "")
            if code == "SQLITE_FULL" or code.startswith("SQLITE_IOERR_WRITE"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
            raise


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces."""
    with path.open("rb") as file:
        while data := file.read(_BLOCK):
            yield data


def migrations_in(path: Path) -> tuple[str, ...]:
    """Return which migrations have been run on a file."""
    with closing(read_only(path)) as database:
        if "django_migrations" not in names_in_file(database):
            return ()
        found = database.execute("SELECT app || '.' || name FROM django_migrations")
        return tuple(sorted({name for (name,) in found}))


def check(path: Path, database: Database) -> None:
    """Look whether a file is a whole database, each page of it, and whether its rows belong together.

    Raises:
        DamagedError: it is not.
    """
    try:
        with connected(named(database, path)) as connection, connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            said = cursor.fetchall()
            cursor.execute("PRAGMA foreign_key_check")
            orphans = cursor.fetchall()
    except Exception as error:
        raise _broken() from error
    if said != [("ok",)] or orphans:
        raise _broken()


def _broken() -> DamagedError:
    return DamagedError(_("The database in this backup is damaged. Nothing was changed. Take another backup."))


def tables_with_rows(path: Path) -> list[str]:
    """Return the tables of a file that hold anything; none of a file that is not there.

    Raises:
        DamagedError: the file is no database.
    """
    if not path.exists() or not path.stat().st_size:
        return []
    try:
        with closing(read_only(path)) as database:
            return [
                name
                for name in names_in_file(database)
                if database.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchone()  # noqa: S608 - its own names
            ]
    except sqlite3.DatabaseError as error:
        raise RefusedError(
            _(
                "The file of the present database is damaged. With --replace it is kept beside, and the backup takes "
                "its place."
            )
        ) from error


@contextmanager
def nobody_in(path: Path) -> Iterator[None]:
    """Hold the present database's file for as long as the block lasts, if nobody else has it open.

    A program that has it open would go on writing into a file that nobody looks at any more.

    Raises:
        RefusedError: somebody has.
    """
    if not path.exists() or not path.stat().st_size:
        yield
        return
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.5)) as database:
        try:
            # Leaving the write-ahead log asks for every other connection to be closed; also idle ones count.
            (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
            is_alone = mode == "delete"
            if is_alone:
                database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            is_alone = False
        except sqlite3.DatabaseError:
            # What is no database is nobody's; it is kept beside all the same.
            is_alone = True
        if not is_alone:
            raise RefusedError(STILL_RUNNING)
        yield


def single_file(path: Path) -> None:
    """Make a database one file, with no log beside it, and be sure that it is on the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def forget(path: Path) -> None:
    """Delete a file of the embedded database with all that lies beside it."""
    for end in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{path}{end}").unlink()
