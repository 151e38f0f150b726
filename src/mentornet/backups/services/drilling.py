"""A drill: a backup is restored elsewhere, compared, brought up to date and signed in on; then it is gone again."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.audit.services import record
from mentornet.backups import server
from mentornet.backups.archive import DATABASE, LEDGER
from mentornet.backups.enums import Kind
from mentornet.backups.manifest import Manifest
from mentornet.backups.models import Run
from mentornet.backups.place import alone, here, work_folder
from mentornet.backups.queries import nightly_files
from mentornet.backups.reaching import SQLITE, kind_of, live, named
from mentornet.backups.sealing import Opener, read_identities, read_passphrase
from mentornet.backups.services import copies
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError


def usual_opener() -> Opener:
    """Return with what this installation opens its own backups.

    Raises:
        RefusedError: nobody has said.
        OSError: the file cannot be read.
    """
    identity, passphrase = settings.BACKUP_IDENTITY, settings.BACKUP_PASSPHRASE_FILE
    if not identity and not passphrase:
        raise RefusedError(
            _(
                "Say with what the backup is to be opened: a file with the secret key, by --identity or "
                "MENTORNET_BACKUP_IDENTITY, or one with the passphrase, by --passphrase-file or "
                "MENTORNET_BACKUP_PASSPHRASE_FILE."
            )
        )
    return Opener(
        identities=read_identities(Path(identity)) if identity else (),
        passphrase=read_passphrase(Path(passphrase)) if passphrase else "",
    )


def newest_file() -> Path:
    """Return the newest backup of the nights.

    Raises:
        RefusedError: there is none.
    """
    found = nightly_files()
    if not found:
        raise RefusedError(_("There is no backup in MENTORNET_BACKUP_FOLDER yet. Name one: mentornet drill FILE."))
    return found[0]


def drill(*, by: System, file: Path, opener: Opener) -> Run:
    """Restore a backup beside what is in use, compare every table, and sign in on it; what is in use is not touched.

    How it ended is written down, also when it ended badly.

    Raises:
        RefusedError: the backup is not one to rely on; says why.
        OSError: it cannot be read, or there is no room for the copy.
    """
    found = list[Manifest]()
    try:
        with alone(here()):
            replayed = _tried(file, opener, found)
    except (RefusedError, OSError) as error:
        problem = str(error) if isinstance(error, RefusedError) else os.strerror(error.errno or 0)
        _written(by, file, found, problem=problem)
        raise
    return _written(by, file, found, replayed=replayed)


def _tried(file: Path, opener: Opener, found: list[Manifest]) -> int:
    database, place = live(), here()
    with ExitStack() as stack:
        folder = stack.enter_context(work_folder(place))
        manifest = copies.unpacked(file, opener, folder)
        found.append(manifest)
        copies.check_kind(manifest, database)
        copies.merge_ledgers(folder / LEDGER, place.data / LEDGER)
        if kind_of(database) == SQLITE:
            path = folder / "mentornet.sqlite3"
            shutil.move(folder / DATABASE, path)
            copies.loaded_file(manifest, path, database)
            address = copies.address_of(named(database, path.absolute()))
        else:
            elsewhere = named(database, f"{server.OURS}drill_{os.getpid()}")
            stack.enter_context(server.another_database(database, elsewhere["NAME"]))
            copies.loaded_schema(manifest, folder / DATABASE, elsewhere, server.PUBLIC)
            address = copies.address_of(elsewhere)
        said = copies.prepared(folder=folder, address=address, file=file.name, manifest=manifest)
        if said["chain"]:
            raise RefusedError(_("The audit’s chain in the backup: %(fault)s") % {"fault": said["chain"]})
        copies.within("sign_in", folder=folder, address=address)
    return int(said["replayed"])


def _written(by: System, file: Path, found: list[Manifest], *, replayed: int = 0, problem: str = "") -> Run:
    manifest = found[0] if found else None
    run = Run.objects.create(
        kind=Kind.DRILL,
        created_at=by.at,
        finished_at=timezone.now(),
        file=file.name,
        made_at=manifest.made_at if manifest else None,
        size=file.stat().st_size if file.is_file() else 0,
        tables=len(manifest.tables) if manifest else 0,
        rows=manifest.rows if manifest else 0,
        replayed=replayed,
        has_signed_in=not problem,
        problem=problem,
    )
    record(by=by, act="backups.drill", of=run, detail={"good": not problem})
    return run
