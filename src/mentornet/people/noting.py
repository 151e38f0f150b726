"""The ledger's lines about protection: on the disk before the database says yes, as those of erasures are.

Whoever is protected by the newest of them, and open in a backup that is restored, is sealed again
(:func:`mentornet.intake.services.protection.protect_again`). That it was lifted counts once it was done, and never
because it was begun: in doubt she stays protected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction

from mentornet.common.actors import Actor, System
from mentornet.common.ledger import (
    LIFTED,
    PROTECTED,
    LedgerEntry,
    Step,
    Writer,
    hashed,
    held,
    ledger_path,
    read_ledger,
    unsettled,
)
from mentornet.people.models import ProtectedIdentity
from mentornet.people.recipients import person_key

_KINDS: Final = (PROTECTED, LIFTED)


@dataclass(slots=True)
class Noting:
    """What is to stand in the ledger of one transaction; handed to whoever seals, so that nobody forgets it."""

    by: Actor
    acts: list[tuple[str, str]] = field(default_factory=list)

    def protected(self, person_id: UUID) -> None:
        """Note that somebody becomes protected."""
        self.acts.append((PROTECTED, hashed(person_key(person_id))))

    def lifted(self, person_id: UUID) -> None:
        """Note that somebody is protected no more."""
        self.acts.append((LIFTED, hashed(person_key(person_id))))


@contextmanager
def noted(by: Actor) -> Iterator[Noting]:
    """One transaction in which somebody becomes protected, or is so no more; the ledger is held around it.

    Raises:
        OSError: the ledger cannot be written; nothing was done.
        RefusedError: a restore is not finished.
        RuntimeError: there is a transaction around, which could take it back after the ledger has it.
    """
    with held(ledger_path()) as ledger:
        _settle(ledger)
        try:
            with transaction.atomic(durable=True):
                noting = Noting(by)
                yield noting
                # The last thing before the database says yes.
                ledger.write(Step.BEGUN, _entries(noting, ledger))
        finally:
            _settle(ledger)


def _entries(noting: Noting, ledger: Writer) -> list[LedgerEntry]:
    standing = read_ledger(ledger.path)
    entries = []
    for number, (kind, key) in enumerate(noting.acts, start=ledger.next_number()):
        # Never before what stands there of her: whoever waited longest for the ledger came last.
        at = max([noting.by.at, *(entry.at for entry in standing if entry.key == key)])
        entries.append(LedgerEntry(number, at, key, kind))
    return entries


def _settle(ledger: Writer) -> int:
    begun = unsettled(ledger.path, _KINDS)
    if begun:
        sealed = _sealed()
        done = [entry for entry in begun if (entry.kind == PROTECTED) == (entry.key in sealed)]
        ledger.write(Step.DONE, done)
        ledger.write(Step.VOID, [entry for entry in begun if entry not in done])
    return len(begun)


def _sealed() -> set[str]:
    return {hashed(person_key(pk)) for pk in ProtectedIdentity.objects.values_list("person_id", flat=True)}


def protected_by(entries: Iterable[LedgerEntry]) -> dict[str, LedgerEntry]:
    """Return who is protected by the newest line about her: the lines, by the hash of her key."""
    newest: dict[str, LedgerEntry] = {}
    mine = [entry for entry in entries if entry.kind in _KINDS]
    for entry in sorted(mine, key=lambda one: (one.at, one.number, one.kind == PROTECTED)):
        newest[entry.key] = entry
    return {key: entry for key, entry in newest.items() if entry.kind == PROTECTED}


def settle_protection(*, by: System) -> int:
    """Say of each act that was begun whether it was done, and note who is protected and stands in no ledger yet.

    So those whom an earlier version of the program has protected come to stand there, and whoever came back protected
    with a backup. Returns how many lines it was.

    Raises:
        LedgerError: the ledger cannot be read.
        OSError: the ledger cannot be written.
        RefusedError: a restore is not finished.
    """
    path = ledger_path()
    if not unsettled(path, _KINDS) and _sealed() <= protected_by(read_ledger(path)).keys():
        return 0
    # Whoever protects holds the ledger until the database has answered: what is open now, nobody is at work on.
    with held(path) as ledger:
        settled = _settle(ledger)
        missing = sorted(_sealed() - protected_by(read_ledger(path)).keys())
        entries = _entries(Noting(by, [(PROTECTED, key) for key in missing]), ledger)
        for step in (Step.BEGUN, Step.DONE):
            ledger.write(step, entries)
    return settled + len(missing)
