"""Entries to tamper with, and the ways of somebody who may write to the database past the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from factories.django_rows import AT
from mentornet.audit.chain import signed
from mentornet.audit.guards import guard, unguard
from mentornet.audit.models import Entry, Head, Kind
from mentornet.audit.queries import verify_chain
from mentornet.audit.services import record, seal_entries
from mentornet.common.actors import System
from mentornet.common.models import PeriodicRun

SEALER: Final = System("audit.seal", AT)
DIVISION: Final = UUID(int=7)
OTHER: Final = UUID(int=8)
LATER: Final = AT + timedelta(days=1)
FORGED: Final = "0" * 64

COLUMNS: Final[dict[str, Any]] = {
    "at": LATER,
    "kind": Kind.READ,
    "actor": "user:somebody else",
    "act": "test.other",
    "object_type": "people.Person",
    "object_id": "99",
    "division_id": OTHER,
    "detail": {"number": 99},
    "nonce": "ab" * 16,
    "commitment": FORGED,
    "seal": FORGED,
    "redaction": 3,
}
"""What may be written into each column of an entry past the program."""


def write(count: int) -> list[Entry]:
    """Write entries that differ, as services do."""
    before = set(Entry.objects.values_list("pk", flat=True))
    for number in range(count):
        by = System(f"job {number}", AT + timedelta(seconds=number))
        record(by=by, act="test.act", of=PeriodicRun(pk=number), division_id=DIVISION, detail={"number": number})
    return list(Entry.objects.exclude(pk__in=before).order_by("pk"))


def write_sealed(count: int) -> list[Entry]:
    """Write entries and seal them."""
    entries = write(count)
    seal_entries(by=SEALER)
    return [Entry.objects.get(pk=entry.pk) for entry in entries]


def adopt(through: int) -> None:
    """Let the chain take in what stands up to a key, as the migration does where there are rows already.

    There may be no head: other tests empty the database.
    """
    mark = signed(sealed=0, seal="", adopted_through=through)
    Head.objects.update_or_create(pk=Head.ONLY, defaults={"adopted_through": through, "mark": mark})


@contextmanager
def off_guard() -> Iterator[None]:
    """Do as somebody who may change the schema does."""
    unguard(connection)
    yield
    guard(connection)


def change(entry: Entry, **columns: Any) -> None:
    """Write into a row past the program."""
    Entry.objects.filter(pk=entry.pk).update(**columns)


def head() -> Head:
    return Head.objects.get()


def fault() -> tuple[str, int | None] | None:
    """Return what verifying finds first, and where in the chain."""
    found = verify_chain().first_fault
    return None if found is None else (found.what.value, found.position)
