"""Files written aside first and put in place at the end: a run that fails leaves everything as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_PREFIX: Final = ".mentornet-"


_ABANDONED: Final = 24 * 3600
"""Seconds after which a temporary folder is taken for one that a killed run has left."""


def _sweep(folder: Path) -> None:
    """Take away what runs that were killed have left in ``folder``: it may name people."""
    for left in folder.glob(f"{_PREFIX}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


class Placing:
    """Collects files in temporary folders beside their destinations, and moves them there together.

    Each destination's folder gets a temporary folder of its own, because a move is only sure to be whole within one
    file system.
    """

    def __init__(self) -> None:
        self._aside: dict[Path, Path] = {}
        self._files: dict[Path, Path] = {}
        self._old: list[Path] = []
        self._made: list[Path] = []
        self.placed: tuple[Path, ...] = ()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the temporary folders away, with whatever was not put in place."""
        for folder in self._aside.values():
            shutil.rmtree(folder, ignore_errors=True)
        if kind is not None:
            for folder in reversed(self._made):
                # Somebody else may have put something there meanwhile.
                with suppress(OSError):
                    folder.rmdir()

    def new(self, destination: Path) -> Path:
        """Return where to write what will stand at ``destination``; its folder is made if need be."""
        # A link stays a link: what it leads to is replaced. Devices and pipes are no place for a file.
        destination = destination.resolve()
        if destination.exists() and not destination.is_file():
            raise FileExistsError(17, "is not a file", str(destination))
        folder = destination.parent
        if folder not in self._aside:
            self._make(folder)
            _sweep(folder)
            self._aside[folder] = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        aside = self._aside[folder] / destination.name
        self._files[destination] = aside
        return aside

    def _make(self, folder: Path) -> None:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir()
            self._made.append(place)
        if not folder.is_dir():
            raise NotADirectoryError(20, "is not a folder", str(folder))

    def write(self, destination: Path, content: bytes) -> None:
        """Keep ``content`` for ``destination``."""
        aside = self.new(destination)
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def remove(self, destination: Path) -> None:
        """Take away what an earlier run left at ``destination``, when the files are put in place."""
        self._old.append(destination)

    def place(self) -> None:
        """Put every file in place."""
        for old in self._old:
            old.unlink(missing_ok=True)
        for destination, aside in self._files.items():
            aside.replace(destination)
        self.placed = tuple(self._files)
