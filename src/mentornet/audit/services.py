"""Writing the audit: whoever changes something writes its entry in the same transaction; sealed it is afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from mentornet.audit.chain import new_nonce, signed
from mentornet.audit.models import Entry, Head, Kind
from mentornet.audit.queries import REDACT, ChainReport, chain_head, head_is_signed, verify_all
from mentornet.common.actors import Actor, System
from mentornet.common.bulk import updating

BATCH: Final = 500
"""Entries sealed in one transaction: with the embedded database everybody else waits meanwhile."""
BATCHES: Final = 20
"""Transactions a round: between rounds the worker delivers letters."""

_log: Final = logging.getLogger(__name__)


class BrokenChainError(Exception):
    """The audit's chain does not fit: it is not sealed on until somebody has looked."""


def entry_of(
    *,
    by: Actor,
    act: str,
    of: models.Model,
    division_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
    kind: Kind = Kind.WRITE,
) -> Entry:
    """Return an entry, not yet written: for acts that touch many rows at once."""
    return Entry(
        at=by.at,
        kind=kind,
        actor=by.key,
        act=act,
        object_type=of._meta.label,
        object_id=str(of.pk),
        division_id=division_id,
        detail=dict(detail or {}),
    )


def record(
    *,
    by: Actor,
    act: str,
    of: models.Model,
    division_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write that something was changed. ``detail`` names fields and states, never what people wrote."""
    entry_of(by=by, act=act, of=of, division_id=division_id, detail=detail).save(force_insert=True)


def record_all(entries: Iterable[Entry]) -> None:
    """Write many entries."""
    Entry.objects.bulk_create(entries, batch_size=500)


def record_read(*, by: Actor, act: str, of: models.Model, division_id: UUID | None = None) -> None:
    """Write that a restricted field was read."""
    entry_of(by=by, act=act, of=of, division_id=division_id, kind=Kind.READ).save(force_insert=True)


def record_refusal(*, by: Actor, act: str, object_type: str, object_id: str, reason: str) -> None:
    """Write that somebody was refused, in a transaction of its own: the refused work is rolled back, this stays.

    Raises:
        RuntimeError: there is a transaction around, which could take the entry back.
    """
    with transaction.atomic(durable=True):
        Entry.objects.create(
            at=by.at,
            kind=Kind.REFUSAL,
            actor=by.key,
            act=act,
            object_type=object_type,
            object_id=object_id,
            detail={"reason": reason},
        )


# The chain ------------------------------------------------------------------------------------------------------------


def seal_entries(*, by: System) -> int:
    """Give entries that have been committed their place in the chain, and return how many.

    The order is that in which they are found, so that an entry whose transaction ended late is not passed over: it
    stays without a place until it is seen. One worker seals at a time; another one leaves it to that.

    Raises:
        BrokenChainError: the head is gone, or was not signed by this installation; nothing is sealed on top of it.
    """
    sealed = 0
    for _ in range(BATCHES):
        done = _seal_batch(by.at)
        sealed += done
        if done < BATCH:
            break
    return sealed


@transaction.atomic
def _seal_batch(at: datetime) -> int:
    head = _take_head()
    if head is None:
        return 0
    if not head_is_signed(head):
        raise BrokenChainError("the head of the audit's chain is not signed: run the command audit")
    # Rows that somebody is just erasing are sealed once she has done.
    unsealed = Entry.objects.filter(position=None).order_by("pk").select_for_update(skip_locked=True)
    entries = list(unsealed[:BATCH])
    adopted = [entry for entry in entries if not entry.commitment and entry.pk <= head.adopted_through]
    for entry in adopted:
        _adopt(entry)
    before, position = head.seal, head.sealed
    for entry in entries:
        position += 1
        entry.position, entry.seal = position, entry.sealed_after(before, position)
        before = entry.seal
    updating(Entry, adopted, ["nonce", "commitment"]).run()
    updating(Entry, entries, ["position", "seal"]).run()
    if entries:
        _move_head(head, position, before, at)
    return len(entries)


def _take_head() -> Head | None:
    """Return the head, locked; nothing while another worker has it.

    Raises:
        BrokenChainError: there are sealed entries and no head.
    """
    only = Head.objects.filter(pk=Head.ONLY)
    if not only.exists():
        # Another worker may have begun the chain since the head was looked for: then it is there now.
        if Entry.objects.filter(position__isnull=False).exists() and not only.exists():
            raise BrokenChainError("the head of the audit's chain is missing: run the command audit")
        # A database that was emptied begins anew.
        first = Head(mark=signed(sealed=0, seal="", adopted_through=0))
        Head.objects.bulk_create([first], ignore_conflicts=True)
    return only.select_for_update(skip_locked=True).first()


def _adopt(entry: Entry) -> None:
    """Let an entry from before there was a chain commit to what it says now."""
    entry.nonce = new_nonce()
    entry.commitment = entry.says()
    if entry.redaction is not None:
        entry.nonce = ""


def _move_head(head: Head, sealed: int, seal: str, at: datetime | None) -> None:
    """Let the head say what is sealed now, signed with the present secret key.

    Raises:
        BrokenChainError: somebody else has moved it meanwhile.
    """
    mark = signed(sealed=sealed, seal=seal, adopted_through=head.adopted_through)
    as_read = Head.objects.filter(pk=head.pk, sealed=head.sealed, seal=head.seal)
    if not as_read.update(sealed=sealed, seal=seal, mark=mark, sealed_at=at or head.sealed_at):
        raise BrokenChainError("the head of the audit's chain was moved by somebody else")


@transaction.atomic
def sign_anew(*, by: System) -> bool:
    """Sign the head with the present secret key where a former one has signed it, and tell whether it was so."""
    head = Head.objects.filter(pk=Head.ONLY).select_for_update(skip_locked=True).first()
    if head is None or head_is_signed(head, former=False) or not head_is_signed(head):
        return False
    _move_head(head, head.sealed, head.seal, None)
    _log.info("the head of the audit's chain is signed anew by %s", by.key)
    return True


def sign_unknown_head(*, by: System) -> ChainReport:
    """Sign a head whose key is lost, provided that all the rest fits; the audit tells of it.

    Who does this vouches that nobody has written the chain anew: the signature alone would have shown it.

    Returns:
        What was found; signed where it is whole.
    """
    report = verify_all(unsigned=True)
    with transaction.atomic():
        head = Head.objects.filter(pk=Head.ONLY).select_for_update().first()
        if head is not None and report.ok:
            record(by=by, act="audit.sign", of=head, detail={"sealed": head.sealed})
            _move_head(head, head.sealed, head.seal, None)
    return report


def check_chain(*, by: System) -> None:
    """Write the chain's head to the log, for whoever wants to know later, and verify all of it.

    Raises:
        BrokenChainError: something does not fit; the log says what.
    """
    _log.info("the audit's chain: head %s", chain_head())
    fault = verify_all().first_fault
    if fault is not None:
        place = f"position {fault.position}, row {fault.entry}"
        _log.error("the audit's chain is broken (%s, %s): %s; run the command audit", by.job, place, fault.what.value)
        raise BrokenChainError(fault.what.value)


def redact(*, by: Actor, entries: Q, number: int) -> int:
    """Empty entries about somebody who is erased, in the caller's transaction, and return how many.

    When, what kind, which act and of which kind of row stays, and so do commitment and seal: the chain still fits, and
    nobody can tell from the commitment what the entry said. One entry tells how many were emptied; verifying counts
    them. Who erased stands in the erasure's own entry, not here, for this one is never emptied. ``number`` is the
    erasure's in the ledger, from 1; 0 where the time to keep them is over. Those emptied before stay as they are.
    """
    with transaction.atomic():
        found = Entry.objects.filter(entries, redaction__isnull=True).exclude(act=REDACT)
        count = found.update(actor="", object_id="", division_id=None, detail={}, nonce="", redaction=number)
        if count:
            Entry.objects.create(
                at=by.at,
                kind=Kind.WRITE,
                actor="system:redact",
                act=REDACT,
                object_type=Entry._meta.label,
                object_id=str(number),
                detail={"entries": count},
            )
    return count
