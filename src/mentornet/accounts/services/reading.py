"""How much somebody reads: written down, asked for the second factor above a limit, and stopped above another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from mentornet.accounts.models import Opening, User
from mentornet.accounts.queries import COUNTED_FOR
from mentornet.accounts.rules import may_forget
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require

KEEP_OPENINGS: Final = timedelta(days=1)
A_FILE_COUNTS: Final = 20
"""A list that leaves as a file counts as so many people, however long it is: it has asked for the second factor."""


def note_openings(*, by: Actor, reader_id: UUID, opened: Collection[UUID]) -> None:
    """Write down what somebody has opened: one statement, whatever is there already."""
    Opening.objects.bulk_create(
        [Opening(reader_id=reader_id, opened=key, at=by.at) for key in opened],
        update_conflicts=True,
        unique_fields=["reader_id", "opened"],
        update_fields=["at"],
    )


def note_file(*, by: Actor, reader_id: UUID) -> None:
    """Count a list that leaves as a file."""
    rows = [Opening(reader_id=reader_id, opened=uuid4(), at=by.at, is_looked_at=True) for _ in range(A_FILE_COUNTS)]
    Opening.objects.bulk_create(rows)


def settle_openings(*, by: Actor, openings: Iterable[Opening]) -> None:
    """Keep whom some openings are about, and which are the reader's own cases."""
    del by
    rows = list(openings)
    for row in rows:
        row.is_looked_at = True
    Opening.objects.bulk_update(rows, ["subject", "is_own", "is_looked_at"], batch_size=200)


@transaction.atomic
def ask_reader(*, by: Actor, user: User) -> bool:
    """Ask somebody for her second factor again, in every session; ``False`` where it was asked for in this hour."""
    before = Q(reading_asked_at__isnull=True) | Q(reading_asked_at__lte=by.at - COUNTED_FOR)
    asked = bool(User.objects.filter(before, pk=user.pk).update(reading_asked_at=by.at))
    if asked:
        user.reading_asked_at = by.at
        record(by=by, act="accounts.ask_reader", of=user)
    return asked


@transaction.atomic
def pause_reader(*, by: Actor, user: User) -> bool:
    """Show somebody nobody any more; ``False`` where it is so already."""
    paused = bool(User.objects.filter(pk=user.pk, reading_paused_at__isnull=True).update(reading_paused_at=by.at))
    if paused:
        user.reading_paused_at = by.at
        record(by=by, act="accounts.pause_reader", of=user)
    return paused


@transaction.atomic
def let_reader_on(*, by: Actor, user_id: UUID) -> bool:
    """Show somebody people again, counting from nothing. Whoever calls has asked whether the actor may."""
    user = User.objects.filter(pk=user_id, reading_paused_at__isnull=False).first()
    if user is None or not User.objects.filter(pk=user_id, reading_paused_at__isnull=False).update(
        reading_paused_at=None, reading_asked_at=None
    ):
        return False
    Opening.objects.filter(reader_id=user_id).delete()
    record(by=by, act="accounts.let_reader_on", of=user)
    return True


def forget_openings(*, by: Actor) -> int:
    """Delete what was opened longer than a day ago; returns how many.

    Raises:
        NotAllowedError: a person asks for it.
    """
    require(may_forget(by))
    return Opening.objects.filter(at__lt=by.at - KEEP_OPENINGS).delete()[0]
