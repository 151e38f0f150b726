"""Computing in the background what is shown later: asked for once, and begun anew when it has stopped.

The work only reads until the end, and then writes one row: killed on the way, it is as if it had not begun. What is
computed, who may ask and what becomes of older rows is the caller's, who also enqueues the job and keeps the record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from mentornet.common.computed import Computed, ComputedState

C = TypeVar("C", bound=Computed)


class SupersededError(Exception):
    """It was begun anew meanwhile: this attempt ends without a word."""


def ask_once(fresh: C, *, among: QuerySet[C], at: datetime, **counters: int) -> tuple[C, bool]:
    """Keep a row for work that is to be done, unless it is being done. Call it inside a transaction.

    Args:
        fresh: the row, not saved yet.
        among: the rows of the same work that are not done; a constraint lets there be one.
        at: the moment; what has stopped by then is begun anew.
        counters: columns that begin anew with it.

    Returns:
        The row, and whether its work is to be begun: the caller enqueues it, with the row's attempt.
    """
    there = among.first()
    if there is not None and not there.has_stopped(at):
        return there, False
    if there is not None:
        among.filter(attempt=there.attempt).update(
            attempt=there.attempt + 1, created_at=at, heartbeat_at=None, **counters
        )
        return among.get(), True
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        # Somebody else has just asked.
        return among.get(), False
    return fresh, True


class Attempt(Generic[C]):
    """One attempt at some work: it counts until another one is begun, or the work is done."""

    def __init__(self, model: type[C], key: UUID, number: int, clock: Callable[[], datetime]) -> None:
        self.rows: QuerySet[C] = model._default_manager.filter(pk=key, attempt=number, state=ComputedState.AT_WORK)
        self.clock = clock
        self._all: QuerySet[C] = model._default_manager.filter(pk=key)

    def tell(self, at: datetime | None = None, **counters: int) -> None:
        """Show that it is alive, at a moment or now, and how far it is.

        Raises:
            SupersededError: it was begun anew, or is done.
        """
        if not self.rows.update(heartbeat_at=self.clock() if at is None else at, **counters):
            raise SupersededError

    def keep(self, **found: object) -> C | None:
        """Keep what was found; ``None`` where the attempt does not count any more. Call it inside a transaction."""
        if not self.rows.update(state=ComputedState.DONE, **found):
            return None
        return self._all.get()
