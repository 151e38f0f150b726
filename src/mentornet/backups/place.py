"""The installation's own files, beside its database: what of them belongs into a backup, and where work goes on."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mentornet.backups.archive import FILES, LEDGER, SECRET_KEY, SETTINGS
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import UNFINISHED

UNDER_WAY, JOURNAL = UNFINISHED.parts
"""The folder in which a restored copy is made ready; while its journal lies there, a restore is not finished."""
_WORK: Final = "backing-up-"
_LOCK: Final = "backups.lock"
_PART: Final = ".part-"


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder."""

    data: Path
    files: Path

    @property
    def restoring(self) -> Path:
        """Where a restored copy is made ready."""
        return self.data / UNDER_WAY

    @property
    def journal(self) -> Path:
        """What is still to be done of a restore that has begun to change things."""
        return self.restoring / JOURNAL

    def singles(self) -> dict[str, Path]:
        """Return the single files that belong into a backup, by their names in it; those that are there."""
        found = {name: self.data / name for name in (SECRET_KEY, LEDGER, SETTINGS)}
        return {name: path for name, path in found.items() if path.is_file()}

    def uploads(self) -> Iterator[tuple[str, Path]]:
        """Yield the files that the program keeps beside the database, by their names in a backup."""
        for folder, folders, names in os.walk(self.files):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_file() and not path.is_symlink():
                    yield f"{FILES}/{path.relative_to(self.files).as_posix()}", path


def here() -> Place:
    """Return this installation's data folder."""
    return Place(data=Path(settings.DATA_FOLDER), files=Path(settings.MEDIA_ROOT))


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Be the only one on this machine who makes or restores a backup of this installation.

    Raises:
        RefusedError: somebody is at it.
    """
    place.data.mkdir(parents=True, exist_ok=True)
    lock = os.open(place.data / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusedError(
                _("A backup or a restore is under way already. Wait until it has ended, then try again.")
            ) from error
        yield
    finally:
        # Let go by the system too, however this process ends.
        os.close(lock)


@contextmanager
def work_folder(place: Place) -> Iterator[Path]:
    """Yield an empty folder that nobody else may look into, gone afterwards; whoever has :func:`alone` calls it.

    What a process that was killed has left is deleted first: a copy of the database would lie there.
    """
    for left in place.data.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = place.data / f"{_WORK}{os.getpid()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Be sure that what a folder lists is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # A folder of another machine's may know no such thing.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write a new file: it stands under its name once it is whole and on the disk, or not at all.

    Raises:
        RefusedError: there is one already.
        OSError: it cannot be written.
    """
    if path.exists():
        raise _there_already(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f"{path.name}{_PART}*"):
        left.unlink(missing_ok=True)
    part = path.with_name(f"{path.name}{_PART}{os.getpid()}")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b") as file:  # noqa: PTH123 - for its owner alone from the start
            yield file
            file.flush()
            os.fsync(file.fileno())
        try:
            # Never over a file that has come meanwhile.
            os.link(part, path)
        except FileExistsError as error:
            raise _there_already(path) from error
        except OSError:
            part.rename(path)
        sync_folder(path.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _there_already(path: Path) -> RefusedError:
    return RefusedError(_("%(file)s is there already. Name another file.") % {"file": str(path)})


def stamp(at: datetime) -> str:
    """Return a moment as it stands in names of files."""
    return f"{at:%Y-%m-%dT%H%M%SZ}"
