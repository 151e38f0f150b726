"""The files in a backup: a packed tar, written and read from one end to the other.

Reading believes nothing: only plain files with names that are known here, each once, each as the manifest says, and
none besides. Whoever knows the public key can seal a file to it; a seal alone is no proof of where a backup comes from.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from mentornet.backups import manifest as manifests
from mentornet.backups.manifest import Manifest, Member
from mentornet.backups.sealing import damaged

DATABASE: Final = "database"
FILES: Final = "files"
SECRET_KEY: Final = "secret-key"  # noqa: S105 - the name of a file
LEDGER: Final = "erasure-ledger.jsonl"
SETTINGS: Final = "mentornet.env"
PIECE: Final = 4 << 20
"""The database lies in pieces of this size: a tar wants to know a file's size before it is written."""
_SINGLE: Final = frozenset({SECRET_KEY, LEDGER, SETTINGS})
_PACKED: Final = 4
_LONGEST_MANIFEST: Final = 256 << 20
_PART: Final = re.compile(r"[^/\\\x00-\x1f]+")
_BLOCK: Final = 1 << 20


class Writer:
    """Writes members one after the other, and the manifest last."""

    def __init__(self, out: BinaryIO) -> None:
        self.members: dict[str, Member] = {}
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=_PACKED, fileobj=out, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed with the writer

    def add(self, name: str, file: BinaryIO, size: int) -> None:
        """Write a member of a known size.

        Raises:
            OSError: there is less in ``file``.
        """
        counted = _Hashed(file)
        self._put(name, cast(BinaryIO, counted), size)
        self.members[name] = Member(counted.hash.hexdigest(), size)

    def add_pieces(self, folder: str, data: Iterable[bytes]) -> None:
        """Write what comes in pieces as ``folder/000000``, ``folder/000001`` …; at least one, if it is empty."""
        number, kept = 0, bytearray()
        for one in data:
            kept += one
            while len(kept) >= PIECE:
                self._add_piece(folder, number, bytes(kept[:PIECE]))
                del kept[:PIECE]
                number += 1
        if kept or not number:
            self._add_piece(folder, number, bytes(kept))

    def _add_piece(self, folder: str, number: int, data: bytes) -> None:
        self.add(f"{folder}/{number:06}", io.BytesIO(data), len(data))

    def _put(self, name: str, file: BinaryIO, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, file)

    def close(self, manifest: bytes) -> None:
        """Write the manifest, and end."""
        self._put(manifests.NAME, io.BytesIO(manifest), len(manifest))
        self._tar.close()
        self._gzip.close()


class _Hashed:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def is_safe(name: str) -> bool:
    """Tell whether a member's name leads nowhere but into its own place."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} or not _PART.fullmatch(part) for part in parts):
        return False
    if len(parts) == 1:
        return name in _SINGLE or name == manifests.NAME
    if parts[0] == DATABASE:
        return len(parts) == 2 and re.fullmatch(r"[0-9]{6}", parts[1]) is not None
    return parts[0] == FILES


def unpack(source: Any, folder: Path) -> Manifest:
    """Write a backup's members into an empty folder of ours, and return its manifest once all of them agree with it.

    The database's pieces become one file, ``database``.

    Raises:
        DamagedError: it is not what a backup looks like, or does not agree with its manifest.
        OSError: the folder cannot be written.
    """
    seen: dict[str, Member] = {}
    told: bytes | None = None
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as unpacked:
            with tarfile.open(fileobj=unpacked, mode="r|") as tar:
                for entry in tar:
                    # The manifest is the last one: nothing that comes after it is vouched for.
                    if told is not None or not entry.isreg() or not is_safe(entry.name) or entry.name in seen:
                        raise damaged()
                    data = tar.extractfile(entry)
                    assert data is not None
                    if entry.name == manifests.NAME:
                        told = data.read(_LONGEST_MANIFEST)
                        continue
                    seen[entry.name] = _write(entry.name, cast(BinaryIO, data), folder, len(seen))
            while rest := unpacked.read(_BLOCK):
                if rest.strip(b"\0"):
                    raise damaged()
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged() from error
    if told is None:
        raise damaged()
    manifest = manifests.read(told)
    if manifest.members != seen or not seen.get(f"{DATABASE}/000000"):
        raise damaged()
    return manifest


def _write(name: str, data: BinaryIO, folder: Path, number: int) -> Member:
    path, how = folder / name, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    if name.startswith(f"{DATABASE}/"):
        # They stand first and in order, or the file that they become would be another one.
        if name != f"{DATABASE}/{number:06}":
            raise damaged()
        path, how = folder / DATABASE, how | os.O_APPEND | (0 if number else os.O_EXCL)
    else:
        for parent in list(Path(name).parents)[-2::-1]:
            (folder / parent).mkdir(mode=0o700, exist_ok=True)
        how |= os.O_EXCL
    hashed, size = hashlib.sha256(), 0
    with open(os.open(path, how, 0o600), "wb") as file:  # noqa: PTH123 - never through a link, and for its owner alone
        while block := data.read(_BLOCK):
            hashed.update(block)
            file.write(block)
            size += len(block)
        file.flush()
        os.fsync(file.fileno())
    return Member(hashed.hexdigest(), size)
