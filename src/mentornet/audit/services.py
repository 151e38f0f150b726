"""Writing the audit. Who changes something writes its entry in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import models, transaction

from mentornet.audit.models import Entry, Kind
from mentornet.common.actors import Actor


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
