"""Restoring a backup: everything is made ready and looked through beside what is in use, then changed at one stroke.

What is in use stays whole until the last step, and is kept afterwards. That step is a list of renamings which is on the
disk before the first of them: cut short anywhere, it is gone on with when ``restore`` is called again, and until then
nothing is served.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from mentornet.backups import embedded, server
from mentornet.backups.archive import DATABASE, FILES, LEDGER, SECRET_KEY, SETTINGS
from mentornet.backups.manifest import Manifest
from mentornet.backups.place import Place, alone, here, stamp, sync_folder
from mentornet.backups.queries import is_restore_unfinished
from mentornet.backups.reaching import SQLITE, Database, connected, kind_of, live, named
from mentornet.backups.sealing import Opener
from mentornet.backups.services import copies
from mentornet.backups.services.making import fingerprint
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import LedgerError, held, read_ledger

_FILLED_BY_ITSELF: Final = (
    "auth_", "audit_head", "backups_", "common_", "django_", "learning_", "partnerships_agreementtext", "sqlite_",
)  # fmt: skip
"""Beginnings of the names of tables that the program fills before anybody has done anything."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done.

    Attributes:
        manifest: what the backup said; none where an earlier restore was only brought to its end.
        before: under which name the former state is kept; empty when there was none.
        replayed: how many erasures were carried out again.
        sealed: how many people were protected again.
        warnings: what the administrator should see to.
    """

    manifest: Manifest | None = None
    before: str = ""
    replayed: int = 0
    sealed: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Journal:
    """What is still to be done, as it stands on the disk."""

    sha256: str
    before: str
    has_schema: bool
    moves: list[tuple[str, str]] = field(default_factory=list)


def look_through(*, file: Path, opener: Opener) -> Manifest:
    """Open a backup and compare all that is in it with its manifest; nothing is changed.

    Raises:
        RefusedError: it cannot be opened, is damaged, of a newer program, or of the other kind of database.
        OSError: it cannot be read, or there is no room to look into it.
    """
    place, database = here(), live()
    with alone(place):
        folder = _emptied(place)
        try:
            manifest = copies.unpacked(file, opener, folder)
            copies.check_kind(manifest, database)
            if kind_of(database) == SQLITE:
                copies.loaded_file(manifest, folder / DATABASE, database)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return manifest


def restore(
    *,
    by: System,
    file: Path,
    opener: Opener,
    ledger: Path | None = None,
    replace: bool = False,
    say: copies.Say = copies.quiet,
) -> Restored:
    """Put a backup in the place of this installation's data, without whoever was erased since it was made.

    Args:
        by: the program, called by whoever may sign in to the machine.
        file: the backup.
        opener: the secret key or the passphrase.
        ledger: an erasure ledger that lay elsewhere, such as on the machine that is gone.
        replace: also where there are data; they are kept beside.
        say: is told each step.

    Raises:
        RefusedError: it cannot be opened, is damaged, of a newer program or another kind of database; the program still
            runs; there are data, and nobody has said that they are to be replaced. Nothing was changed then.
        OSError: something cannot be read or written.
    """
    place, database = here(), live()
    # Read before anything else: a ledger that nobody can read is no reason to find out at the end.
    ledgers = _ledgers(place, ledger)
    sha256 = copies.hash_of(file)
    with alone(place):
        if place.journal.exists():
            say(_("An earlier restore was cut short. It is brought to its end first."))
            if _finish(place, database) == sha256:
                return Restored()
        _check_target(database, replace=replace)
        folder = _emptied(place)
        try:
            say(_("Opening the backup, and comparing all that is in it …"))
            manifest = copies.unpacked(file, opener, folder)
            copies.check_kind(manifest, database)
            copies.merge_ledgers(folder / LEDGER, *ledgers)
            _entries(folder / LEDGER)
            staged = _staged(manifest, folder, database)
            say(_("Bringing the copy up to date, without whoever was erased since …"))
            said = copies.prepared(folder=folder, address=staged, file=file.name, manifest=manifest)
            journal = _swapped(place, database, manifest, sha256, stamp(by.at))
        except BaseException:
            # Once the journal is there, the copy is what the restore goes on with.
            if not place.journal.exists():
                _clear(place, database)
            raise
    return Restored(
        manifest=manifest,
        before=journal.before,
        replayed=int(said["replayed"]),
        sealed=int(said["sealed"]),
        warnings=tuple(_warnings(manifest, said)),
    )


def refuse_unfinished_restore() -> None:
    """Go on only when no restore was cut short: what lies in the database then is neither the former state nor the new.

    Raises:
        RefusedError: one was.
    """
    if is_restore_unfinished():
        raise RefusedError(
            _("A restore was cut short. Give the same command again: mentornet restore FILE. Nothing is served before.")
        )


# Before anything is changed -----------------------------------------------------------------------------------------


def _ledgers(place: Place, other: Path | None) -> list[Path]:
    found = [place.data / LEDGER, *([other] if other is not None else [])]
    if other is not None and not other.is_file():
        raise RefusedError(_("There is no file %(file)s.") % {"file": str(other)})
    for one in found:
        _entries(one)
    return found


def _entries(path: Path) -> int:
    try:
        return len(read_ledger(path))
    except LedgerError as error:
        raise RefusedError(
            _("The erasure ledger cannot be read, and nobody who was erased may come back: %(reason)s")
            % {"reason": str(error)}
        ) from error


def _check_target(database: Database, *, replace: bool) -> None:
    """Go on only when nobody works with the data, and there are none or they may be replaced.

    Raises:
        RefusedError: says which.
    """
    if kind_of(database) == SQLITE:
        path = Path(database["NAME"])
        with embedded.nobody_in(path):
            pass
        used = [] if replace else _used(embedded.tables_with_rows(path))
    else:
        with connected(database) as connection:
            server.refuse_others(connection)
            used = [] if replace else _used(server.tables_with_rows(connection))
    if used:
        raise RefusedError(
            _(
                "There are data in this installation’s database. With --replace the backup takes their place, and they "
                "are kept beside."
            )
        )


def _used(found: list[str]) -> list[str]:
    return [name for name in found if not name.startswith(_FILLED_BY_ITSELF)]


def _emptied(place: Place) -> Path:
    """Return an empty folder to make the copy ready in; what was left there by a restore cut short goes."""
    place.data.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place.restoring, ignore_errors=True)
    place.restoring.mkdir(mode=0o700)
    return place.restoring


def _beside(database: Database) -> Path:
    """Return where a file is made ready that is to take the database's place: on the same disk."""
    return Path(f"{database['NAME']}.{server.STAGED}")


def _staged(manifest: Manifest, folder: Path, database: Database) -> str:
    """Make the copy's database ready where the present one is, and return its address."""
    if kind_of(database) == SQLITE:
        path = _beside(database)
        embedded.forget(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        copies.loaded_file(manifest, folder / DATABASE, database)
        shutil.move(folder / DATABASE, path)
        return copies.address_of(named(database, path.absolute()))
    copies.loaded_schema(manifest, folder / DATABASE, database, server.STAGED)
    return copies.address_of(database, server.STAGED)


def _clear(place: Place, database: Database) -> None:
    """Take away a copy that did not become one."""
    shutil.rmtree(place.restoring, ignore_errors=True)
    if kind_of(database) == SQLITE:
        embedded.forget(_beside(database))
        return
    with connected(database) as connection:
        server.drop_schema(connection, server.STAGED)


# The change ---------------------------------------------------------------------------------------------------------


def _swapped(place: Place, database: Database, manifest: Manifest, sha256: str, when: str) -> _Journal:
    """Put the copy in the place of what is in use, unless somebody was erased or protected while it was made ready.

    Whoever erases or protects now waits for the ledger, and finds another one when it is her turn; should this be cut
    short, she is refused until it is at its end.

    Raises:
        RefusedError: somebody was, or the program has been started meanwhile. Nothing was changed then.
    """
    with held(place.data / LEDGER):
        if copies.lines_missing(place.restoring / LEDGER, place.data / LEDGER):
            raise RefusedError(
                _(
                    "Somebody was erased or protected while the copy was made ready. Nothing was changed. Stop the "
                    "program, then give the command again."
                )
            )
        _check_target(database, replace=True)
        journal = _planned(place, database, manifest, sha256, when)
        _begin(place, journal)
        _finish(place, database)
    return journal


def _planned(place: Place, database: Database, manifest: Manifest, sha256: str, when: str) -> _Journal:
    """Write down the renamings: what is in use steps aside, then the copy steps in."""
    kept, folder = place.data / f"before-{when}", place.restoring
    journal = _Journal(sha256=sha256, before="", has_schema=kind_of(database) != SQLITE)
    incoming: list[tuple[Path, Path]] = [(folder / FILES, place.files)]
    (folder / FILES).mkdir(mode=0o700, exist_ok=True)
    incoming += [(folder / name, place.data / name) for name in (SECRET_KEY, LEDGER) if (folder / name).is_file()]
    aside = [(there, kept / there.name) for _new, there in incoming if there.exists() and not _is_empty_ledger(there)]
    if (folder / SETTINGS).is_file():
        # Never in force by itself: it names a database and a mail server that may be another installation's.
        incoming.append((folder / SETTINGS, place.data / f"{SETTINGS}.of-{stamp(manifest.made_at)}"))
    if kind_of(database) == SQLITE:
        embedded.single_file(_beside(database))
        path = Path(database["NAME"])
        if path.exists():
            aside.append((path, Path(f"{path}.before-{when}")))
        incoming.append((_beside(database), path))
    if aside:
        kept.mkdir(mode=0o700, exist_ok=True)
    if aside or journal.has_schema:
        journal.before = when
    journal.moves = [(str(source), str(target)) for source, target in [*aside, *incoming]]
    return journal


def _is_empty_ledger(path: Path) -> bool:
    """Tell whether a ledger was made only to be held: nothing is lost when another takes its place."""
    return path.name == LEDGER and path.is_file() and not path.stat().st_size


def _begin(place: Place, journal: _Journal) -> None:
    """Write the journal: from here on the restore can only be brought to its end."""
    text = json.dumps(asdict(journal)).encode("ascii")
    part = place.journal.with_suffix(".part")
    with part.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    for folder in _folders_under(place.restoring):
        sync_folder(folder)
    part.rename(place.journal)
    sync_folder(place.restoring)
    sync_folder(place.data)


def _folders_under(folder: Path) -> list[Path]:
    return [Path(found) for found, _folders, _files in os.walk(folder)]


def _finish(place: Place, database: Database) -> str:
    """Do what the journal says and is not done yet; returns which backup it was."""
    told: dict[str, Any] = json.loads(place.journal.read_bytes())
    with ExitStack() as stack:
        if told["has_schema"]:
            connection = stack.enter_context(connected(database))
            server.refuse_others(connection)
            server.exchange(connection, f"{server.BEFORE}{told['before'].lower().replace('-', '_')}")
        else:
            path = Path(database["NAME"])
            # Once the copy has taken its place, nobody else may be in that one either.
            stack.enter_context(embedded.nobody_in(path))
        for source, target in ((Path(one), Path(other)) for one, other in told["moves"]):
            if source.exists() and (not target.exists() or _is_empty_ledger(target)):
                source.rename(target)
                sync_folder(target.parent)
                sync_folder(source.parent)
    place.journal.unlink()
    sync_folder(place.restoring)
    shutil.rmtree(place.restoring, ignore_errors=True)
    return str(told["sha256"])


def _warnings(manifest: Manifest, said: dict[str, Any]) -> list[str]:
    found = []
    own = settings.INSTALLATION.secret_key
    if (own and fingerprint(own) != manifest.secret_key) or (not own and not manifest.has_secret_key):
        found.append(
            _(
                "The secret key is not the one of the backup: second factors do not open. Give the former one as "
                "MENTORNET_FORMER_SECRET_KEYS, or as MENTORNET_SECRET_KEY."
            )
        )
    if said["chain"]:
        found.append(_("The audit’s chain in the backup: %(fault)s") % {"fault": said["chain"]})
    return found
