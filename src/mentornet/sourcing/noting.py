"""The ledger's lines about experts who have said no: an older backup that is restored does not bring them back.

A line holds one of the hashes of an expert (:mod:`mentornet.sourcing.known_again`): with it whoever is in the backup is
ended again, and no list that comes after brings her back. It lies on the disk before the database says yes, as those of
erasures do. Should the program die in between, it counts: she has said no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from mentornet.common.actors import Actor, System
from mentornet.common.ledger import (
    SAID_NO,
    LedgerEntry,
    Step,
    Writer,
    held,
    ledger_path,
    read_ledger,
    unsettled,
)
from mentornet.sourcing.models import OptOut

_KINDS: Final = (SAID_NO,)


@dataclass(slots=True)
class Noting:
    """What is to stand in the ledger of one transaction."""

    by: Actor
    digests: set[str] = field(default_factory=set)

    def said_no(self, digests: Iterable[str]) -> None:
        """Note the hashes of somebody who says no."""
        self.digests |= set(digests)


@contextmanager
def noted(by: Actor) -> Iterator[Noting]:
    """One transaction in which somebody says no; the ledger is held around it.

    Raises:
        OSError: the ledger cannot be written; nothing was done.
        RefusedError: a restore is not finished.
        RuntimeError: there is a transaction around, which could take it back after the ledger has it.
    """
    with held(ledger_path()) as ledger:
        try:
            with transaction.atomic(durable=True):
                noting = Noting(by)
                yield noting
                # The last thing before the database says yes.
                ledger.write(Step.BEGUN, _entries(noting, ledger))
        finally:
            _settle(ledger)


def _entries(noting: Noting, ledger: Writer) -> list[LedgerEntry]:
    new = sorted(noting.digests - said_no_by(read_ledger(ledger.path)))
    first = ledger.next_number()
    return [LedgerEntry(number, noting.by.at, digest, SAID_NO) for number, digest in enumerate(new, start=first)]


def _settle(ledger: Writer) -> int:
    begun = unsettled(ledger.path, _KINDS)
    here = set(OptOut.objects.filter(digest__in=[entry.key for entry in begun]).values_list("digest", flat=True))
    ledger.write(Step.DONE, [entry for entry in begun if entry.key in here])
    ledger.write(Step.VOID, [entry for entry in begun if entry.key not in here])
    return len(begun)


def said_no_by(entries: Iterable[LedgerEntry]) -> set[str]:
    """Return the hashes that a ledger holds of those who have said no."""
    return {entry.key for entry in entries if entry.kind == SAID_NO}


def settle_noes(*, by: System) -> int:
    """Say of each no that was begun whether it was done, and note those that stand in no ledger yet.

    So those of an earlier version of the program come to stand there. Returns how many lines it was.

    Raises:
        LedgerError: the ledger cannot be read.
        OSError: the ledger cannot be written.
        RefusedError: a restore is not finished.
    """
    path = ledger_path()
    here = set(OptOut.objects.values_list("digest", flat=True))
    if not unsettled(path, _KINDS) and here <= said_no_by(read_ledger(path)):
        return 0
    # Whoever says no holds the ledger until the database has answered: what is open now, nobody is at work on.
    with held(path) as ledger:
        settled = _settle(ledger)
        entries = _entries(Noting(by, here), ledger)
        for step in (Step.BEGUN, Step.DONE):
            ledger.write(step, entries)
    return settled + len(entries)
