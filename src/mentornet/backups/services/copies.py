"""Making a copy out of a backup, beside what is in use: shared by restore and drill."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from mentornet.backups import elsewhere, embedded, server, tables
from mentornet.backups.archive import LEDGER, SECRET_KEY, unpack
from mentornet.backups.manifest import Manifest
from mentornet.backups.place import sync_folder
from mentornet.backups.reaching import POSTGRESQL, Database, connected, kind_of
from mentornet.backups.sealing import DamagedError, Opener, opened
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import held

Say = Callable[[str], None]
_BLOCK: Final = 1 << 20
_PATIENCE: Final = 3600


def quiet(_line: str) -> None:
    """Say nothing."""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpacked(file: Path, opener: Opener, folder: Path) -> Manifest:
    """Open a backup and write what is in it into an empty folder; every member has then been compared with its hash.

    Raises:
        RefusedError: it is damaged, sealed to another key, of a newer program or of another kind of database.
        OSError: there is not enough room, or the file cannot be read.
    """
    with file.open("rb") as sealed, opened(sealed, opener) as source:
        manifest = unpack(source, folder)
    unknown = sorted(set(manifest.migrations) - _known_migrations())
    if unknown:
        raise RefusedError(
            _(
                "This backup was made by a newer version of the program (%(version)s). Install that version first, "
                "then restore."
            )
            % {"version": manifest.program}
        )
    return manifest


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {one for found in loader.disk_migrations.values() for one in found.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def check_kind(manifest: Manifest, database: Database) -> None:
    """Go on only with a backup of the same kind of database.

    Raises:
        RefusedError: it is of the other.
    """
    if manifest.database != kind_of(database):
        words = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise RefusedError(
            _(
                "This backup is of a database of the kind %(theirs)s, and this installation uses %(ours)s. Set "
                "MENTORNET_DATABASE_URL to one of the same kind."
            )
            % {"theirs": words.get(manifest.database, "?"), "ours": words[kind_of(database)]}
        )


def compare(manifest: Manifest, found: dict[str, Any]) -> None:
    """Compare every table with what the backup says of it.

    Raises:
        DamagedError: one is not the same.
    """
    if other := tables.differences(manifest.tables, found):
        raise DamagedError(
            _("These tables are not what they were when the backup was made: %(tables)s. Nothing was changed.")
            % {"tables": ", ".join(other)}
        )


def loaded_file(manifest: Manifest, path: Path, database: Database) -> None:
    """Look through a copy in a file of the embedded database, table by table.

    Raises:
        DamagedError: it is not what the backup says.
    """
    embedded.check(path, database)
    compare(manifest, tables.of_file(path))


def loaded_schema(manifest: Manifest, dump: Path, database: Database, schema: str) -> None:
    """Load a copy into a schema of PostgreSQL, and compare it table by table.

    Raises:
        RefusedError: it cannot be loaded, or is not what the backup says.
    """
    server.load(database, dump, schema)
    with connected(database) as connection:
        connection.set_autocommit(False)
        compare(manifest, tables.of_schema(connection, schema))
        connection.rollback()


def merge_ledgers(target: Path, *others: Path) -> int:
    """Add to a ledger the lines that others have and it has not; returns how many there are now.

    It is written beside and takes its place at one stroke: cut short, what stood there before stands there still.
    """
    if not any(_whole_lines(path) for path in (target, *others)):
        return 0
    with held(target):
        lines = dict.fromkeys(line for path in (target, *others) for line in _whole_lines(path))
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - for its owner alone
            file.write(b"".join(line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        sync_folder(target.parent)
    return len(lines)


def lines_missing(target: Path, other: Path) -> int:
    """Return how many lines of a ledger another one does not hold."""
    return len(set(_whole_lines(other)) - set(_whole_lines(target)))


def _whole_lines(path: Path) -> list[bytes]:
    # A last line without its end was never on the disk as a whole.
    return path.read_bytes().split(b"\n")[:-1] if path.is_file() else []


# Work in the copy ---------------------------------------------------------------------------------------------------


def address_of(database: Database, schema: str = "") -> str:
    """Return a database as an installation would name it, seen through one schema alone."""
    if kind_of(database) != POSTGRESQL:
        return f"sqlite:///{database['NAME']}"
    own = urlsplit(settings.INSTALLATION.owner_database_url or settings.INSTALLATION.database_url)
    asked = [(name, value) for name, value in parse_qsl(own.query) if name != "options" or not schema]
    if schema:
        asked.append(("options", f"-c search_path={schema}"))
    return urlunsplit(own._replace(path=f"/{quote(str(database['NAME']))}", query=urlencode(asked, quote_via=quote)))


def prepared(*, folder: Path, address: str, file: str, manifest: Manifest) -> dict[str, Any]:
    """Bring a loaded copy up to date, without whoever was erased since, and return what is said of it.

    Raises:
        RefusedError: it could not be.
    """
    # Without the mark no process works in a folder: it could be the one that is in use.
    (folder / elsewhere.MARK).write_text("", encoding="ascii")
    return within(
        "prepare",
        folder=folder,
        address=address,
        file=file,
        made_at=manifest.made_at.isoformat(),
        chain=manifest.chain,
    )


def within(work: str, *, folder: Path, address: str, **told: Any) -> dict[str, Any]:
    """Let a process of its own work in a copy, and return what it says.

    Raises:
        RefusedError: it could not.
    """
    own = settings.INSTALLATION
    key = own.secret_key or (_key_in(folder) or settings.SECRET_KEY)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MENTORNET_")} | {
        "DJANGO_SETTINGS_MODULE": os.environ.get("MENTORNET_COPY_SETTINGS", "mentornet.config.settings"),
        "MENTORNET_DATA": str(folder.absolute()),
        "MENTORNET_DATABASE_URL": address,
        "MENTORNET_SECRET_KEY": key,
        "MENTORNET_FORMER_SECRET_KEYS": " ".join(
            dict.fromkeys(one for one in (_key_in(folder), settings.SECRET_KEY, *own.former_secret_keys) if one)
        ),
        "MENTORNET_TIME_ZONE": own.time_zone,
        "MENTORNET_HOSTS": "localhost",
        "MENTORNET_HTTPS": "no",
        # Nothing leaves it: no worker runs on it, and what a page itself would send goes nowhere.
        "MENTORNET_MAIL_URL": "dummymail://",
        # Pages find their styles where they lie, not where those of what is in use have been gathered.
        "MENTORNET_DEBUG": "yes",
    }
    command = [sys.executable, "-m", elsewhere.MODULE, work, json.dumps(told), str(os.getpid())]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError(_("The restored copy could not be made ready within an hour.")) from error
    if done.returncode:
        # The last line alone: the kind of error and its words, on the administrator's own terminal.
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise RefusedError(_("The restored copy could not be made ready: %(reason)s") % {"reason": last[:300]})
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _key_in(folder: Path) -> str:
    path = folder / SECRET_KEY
    return path.read_text(encoding="ascii") if path.is_file() else ""


def ledger_of(folder: Path) -> Path:
    """Return where a copy's ledger lies."""
    return folder / LEDGER
