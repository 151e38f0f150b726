"""Making a backup while the program is in use."""

from __future__ import annotations

import base64
import errno
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.audit.queries import chain_head
from mentornet.audit.services import record
from mentornet.backups import embedded, manifest, server, tables
from mentornet.backups.archive import DATABASE, SECRET_KEY, Writer
from mentornet.backups.enums import Kind
from mentornet.backups.manifest import Manifest, TableState
from mentornet.backups.models import Run
from mentornet.backups.place import Place, alone, here, new_file, work_folder
from mentornet.backups.reaching import POSTGRESQL, SQLITE, connected, kind_of, live
from mentornet.backups.sealing import Seal, read_passphrase, sealed
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError

_KEPT_IN_MEMORY: Final = 8 << 20
_BLOCK: Final = 1 << 20


class NoRoomError(RefusedError):
    """The disk is full."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """The database as it stood at one moment."""

    kind: str
    version: str
    migrations: tuple[str, ...]
    pieces: Iterator[bytes]
    states: dict[str, TableState]
    """Filled in once all pieces have been taken."""


def usual_seal() -> Seal:
    """Return with what this installation seals its backups.

    Raises:
        RefusedError: nobody has said.
        OSError: the passphrase's file cannot be read.
    """
    if settings.BACKUP_KEYS:
        return Seal(keys=tuple(settings.BACKUP_KEYS))
    if settings.BACKUP_PASSPHRASE_FILE:
        return Seal(passphrase=read_passphrase(Path(settings.BACKUP_PASSPHRASE_FILE)))
    raise RefusedError(
        _(
            "Say with what the backup is to be sealed: name a public key with --key or MENTORNET_BACKUP_KEY, or a file "
            "with a passphrase with --passphrase-file or MENTORNET_BACKUP_PASSPHRASE_FILE."
        )
    )


def make_backup(*, by: System, file: Path, seal: Seal) -> Run:
    """Write a new, sealed file with all that this installation has: database, files, erasure ledger, secret key.

    The program may be in use: the database is read as it stood at one moment. The file stands under its name once it
    is whole and on the disk, or not at all.

    Raises:
        RefusedError: the file is there already, somebody else is at it, the disk is full.
        OSError: something cannot be read or written.
    """
    place = here()
    with alone(place):
        try:
            with work_folder(place) as work, new_file(file) as out:
                counted = _Counted(out)
                said = _write(place, work, counted, seal)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise NoRoomError(
                    _("There is not enough room for the backup. Nothing was left behind: make room, then try again.")
                ) from error
            raise
    run = Run.objects.create(
        kind=Kind.BACKUP,
        created_at=by.at,
        finished_at=timezone.now(),
        file=file.name,
        made_at=said.made_at,
        size=counted.size,
        sha256=counted.hash.hexdigest(),
        seal=seal.words,
        tables=len(said.tables),
        rows=said.rows,
    )
    record(by=by, act="backups.make", of=run, detail={"bytes": run.size, "rows": run.rows})
    return run


def fingerprint(secret_key: str) -> str:
    """Return by what a secret key is known again, and which tells nothing of it."""
    derived = HKDF(algorithm=SHA256(), length=12, salt=None, info=b"mentornet backup: which key").derive(
        secret_key.encode()
    )
    return base64.urlsafe_b64encode(derived).decode("ascii")


class _Counted:
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0
        self.hash = hashlib.sha256()

    def write(self, data: Any) -> int:
        self._file.write(data)
        self.hash.update(data)
        self.size += len(data)
        return len(data)


def _write(place: Place, work: Path, out: Any, seal: Seal) -> Manifest:
    made_at = timezone.now()
    chain = str(chain_head())
    with ExitStack() as stack:
        copy = stack.enter_context(_copied(work))
        inner = stack.enter_context(sealed(out, seal))
        writer = Writer(inner)
        writer.add_pieces(DATABASE, copy.pieces)
        # After the database: what it knows of is there, unless somebody has deleted it since.
        for name, path in [*place.singles().items(), *place.uploads()]:
            _add(writer, name, path)
        told = Manifest(
            made_at=made_at,
            program=metadata.version("mentornet"),
            database=copy.kind,
            server=copy.version,
            migrations=copy.migrations,
            members=writer.members,
            tables=copy.states,
            secret_key=fingerprint(settings.SECRET_KEY),
            has_secret_key=SECRET_KEY in writer.members,
            chain=chain,
        )
        writer.close(manifest.written(told))
    return told


def _add(writer: Writer, name: str, path: Path) -> None:
    """Add a file as it is now; one that has gone meanwhile is left out. It may still grow: a copy of it does not."""
    with tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY, dir=str(here().data)) as kept:
        try:
            with path.open("rb") as file:
                while data := file.read(_BLOCK):
                    kept.write(data)
        except FileNotFoundError:
            return
        size = kept.tell()
        kept.seek(0)
        writer.add(name, cast(BinaryIO, kept), size)


@contextmanager
def _copied(work: Path) -> Iterator[_Copy]:
    database = live()
    if kind_of(database) == SQLITE:
        path = work / "database.sqlite3"
        embedded.copy_to(database, path)
        with closing(tables.read_only(path)) as opened:
            (version,) = opened.execute("SELECT sqlite_version()").fetchone()
        yield _Copy(SQLITE, version, embedded.migrations_in(path), embedded.pieces_of(path), tables.of_file(path))
        return
    with connected(database) as connection, server.one_moment(connection) as snapshot:
        states: dict[str, TableState] = {}

        def pieces() -> Iterator[bytes]:
            yield from server.dumped(connection, snapshot)
            states.update(tables.of_schema(connection, server.PUBLIC))

        version = str(server.server_version(connection))
        yield _Copy(POSTGRESQL, version, server.migrations_in(connection), pieces(), states)
