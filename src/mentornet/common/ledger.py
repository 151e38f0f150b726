"""The ledger: a file of who was erased or protected, or has said no, read again whenever an older backup is restored.

A line tells a number, a moment, the kind of act and the SHA-256 of a person's key: of somebody who is in an older
backup it says that she shall not be, or not openly; of anybody else, nothing. A random key is found from its hash by
nobody who does not have the key already.

**When a line counts.** It is written, and on the disk, before the database says yes; a second line with the same number
says afterwards that it was done, or that it was not. So no act is lost by a power cut, and none that the database took
back is carried out on a restored copy. A line of which neither was said yet is settled by whoever wrote its kind
(:mod:`mentornet.privacy.services.erasing`, :mod:`mentornet.people.noting`, :mod:`mentornet.sourcing.noting`), who asks
the database. Where even that is
gone (a restore straight after a power cut), it counts: somebody had decided on it, with a reason, a moment before. Not
so that a protection was lifted: in doubt she stays protected.

The file has one writer at a time, whatever the number of processes: whoever writes holds a lock on it. While a restore
has changed one thing and not yet the other, nobody writes: it would be on one side alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mentornet.common.answers import RefusedError

FILE_NAME: Final = "erasure-ledger.jsonl"
UNFINISHED: Final = Path("restoring/journal.json")
"""In the data folder: while it lies there, a restore has begun to change things and is not at its end."""
PERSON: Final = "person"
"""The kind of an entry that says that somebody was erased."""
PROTECTED: Final = "protected"
LIFTED: Final = "lifted"
SAID_NO: Final = "said_no"
"""The kind of an entry that says that an expert has said no for ever: its key is a hash by which she is known again."""


class LedgerError(Exception):
    """The file cannot be read as a ledger; the message names the line."""


class Step(StrEnum):
    """What a line says of an act."""

    BEGUN = "begun"
    DONE = "done"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One act.

    Attributes:
        key: SHA-256, in hexadecimal, of the key of whom it was about (:func:`hashed`); for :data:`SAID_NO` one made
            with a key (:mod:`mentornet.sourcing.known_again`).
        kind: :data:`PERSON`, :data:`PROTECTED`, :data:`LIFTED` or :data:`SAID_NO`.
        emptied: how many entries of the audit an erasure has emptied, and a hash of which
            (:func:`mentornet.audit.queries.emptied_by`); empty in lines of earlier versions, and for other kinds.
    """

    number: int
    at: datetime
    key: str
    kind: str = PERSON
    emptied: str = ""


def ledger_path() -> Path:
    """Return where the installation's ledger lies."""
    return Path(settings.DATA_FOLDER) / FILE_NAME


def hashed(key: str) -> str:
    """Return how a key, such as ``person:…``, stands in the ledger."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_ledger(path: Path) -> tuple[LedgerEntry, ...]:
    """Return what stands in a ledger, each once, in the order in which it was begun.

    Those that were not carried out are left out. No file is an empty ledger. A last line without its end was never on
    the disk as a whole, so nothing was carried out for it, and it is passed over.

    Raises:
        LedgerError: a line is not one of a ledger.
        OSError: the file cannot be read.
    """
    lines = _lines_of(path)
    done = {_of(entry) for step, entry in lines if step == Step.DONE}
    return tuple(entry for entry in _standing(lines) if entry.kind != LIFTED or _of(entry) in done)


def unsettled(path: Path, kinds: Collection[str]) -> tuple[LedgerEntry, ...]:
    """Return the acts of these kinds of which the ledger does not say whether they were carried out.

    Raises:
        As :func:`read_ledger`.
    """
    lines = _lines_of(path)
    said = {_of(entry) for step, entry in lines if step != Step.BEGUN}
    return tuple(entry for entry in _standing(lines) if entry.kind in kinds and _of(entry) not in said)


def emptied_in(path: Path) -> dict[str, set[str]]:
    """Return what the erasures in a ledger have emptied of the audit, by the key of whoever was erased.

    Several where somebody was erased again, in an older backup; nothing where an earlier version has erased.

    Raises:
        As :func:`read_ledger`.
    """
    lines = _lines_of(path)
    found: dict[str, set[str]] = {entry.key: set() for entry in _standing(lines) if entry.kind == PERSON}
    for step, entry in lines:
        if entry.emptied and step != Step.VOID and entry.key in found:
            found[entry.key].add(entry.emptied)
    return found


@contextmanager
def held(path: Path) -> Iterator[Writer]:
    """Hold the ledger for writing; others wait. Taken before any row of the database is, never after.

    Raises:
        OSError: the file cannot be written.
        RefusedError: a restore was cut short: what is done now would be lost, or carried out on nobody.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = _locked(path)
    try:
        if is_new:
            _sync_folder(path.parent)
        if (path.parent / UNFINISHED).exists():
            raise RefusedError(_("A restore is not finished. Nothing was done: try again when it is."))
        _cut_torn_end(descriptor)
        yield Writer(path, descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Writer:
    """Whoever holds the ledger (:func:`held`)."""

    path: Path
    descriptor: int

    def write(self, step: Step, entries: Iterable[LedgerEntry]) -> None:
        """Add a line for each entry; all are on the disk when this returns.

        Raises:
            OSError: the disk is full or gone; whoever acts takes that as a no.
        """
        text = "".join(_line(step, entry) for entry in entries)
        if not text:
            return
        left = memoryview(text.encode())
        while left:
            left = left[os.write(self.descriptor, left) :]
        os.fsync(self.descriptor)

    def next_number(self) -> int:
        """Return a number above all that the ledger holds, those of acts that came to nothing too."""
        return 1 + max((entry.number for _step, entry in _lines_of(self.path)), default=0)


def _line(step: Step, entry: LedgerEntry) -> str:
    said = {name: value for name, value in asdict(entry).items() if name != "emptied" or value}
    return json.dumps({**said, "at": entry.at.isoformat(), "step": step.value}, sort_keys=True) + "\n"


def _lines_of(path: Path) -> tuple[tuple[Step, LedgerEntry], ...]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    whole, _end, _torn = content.rpartition(b"\n")
    return tuple(_read(path, number, line) for number, line in enumerate(whole.splitlines(), start=1))


def _read(path: Path, number: int, line: bytes) -> tuple[Step, LedgerEntry]:
    try:
        said = json.loads(line)
        entry = LedgerEntry(
            int(said["number"]),
            datetime.fromisoformat(said["at"]),
            str(said["key"]),
            str(said["kind"]),
            str(said.get("emptied", "")),
        )
        return Step(said["step"]), entry
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{path}: line {number} is not one of a ledger") from error


def _of(entry: LedgerEntry) -> tuple[int, str, str]:
    return entry.number, entry.key, entry.kind


def _standing(lines: Iterable[tuple[Step, LedgerEntry]]) -> tuple[LedgerEntry, ...]:
    standing: dict[tuple[int, str, str], LedgerEntry] = {}
    for step, entry in lines:
        if step == Step.VOID:
            standing.pop(_of(entry), None)
        else:
            standing.setdefault(_of(entry), entry)
    return tuple(standing.values())


def _locked(path: Path) -> int:
    """Open a file and lock it; anew where another file took its name while this one waited."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _cut_torn_end(descriptor: int) -> None:
    """Take away a last line without its end: whoever wrote it died before anything was carried out."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    whole = content.rfind(b"\n") + 1
    if whole != size:
        os.ftruncate(descriptor, whole)
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Make the file's name in its folder last as well: without it a power cut may take the whole file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
