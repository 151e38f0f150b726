"""Waiting for a database that is busy for a moment, instead of failing at once or for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import IntegrityError, OperationalError, connection

T = TypeVar("T")

PAUSES: Final = (0.25, 0.5, 1.0)
"""How long to wait, in seconds, between one try and the next."""
_WAIT_FOR_LOCK_MS: Final = 1_000
_BUSY: Final = ("locked", "busy", "deadlock", "could not serialize", "lock timeout", "too many connections")


class BusyError(Exception):
    """The database was busy all the time. Nothing was written; the same can be tried again."""


def is_busy(error: OperationalError) -> bool:
    """Tell whether a database has only been busy: what was refused now may well be taken in a moment."""
    words = str(error).lower()
    return any(word in words for word in _BUSY)


def leads_nowhere(error: IntegrityError) -> bool:
    """Tell whether what a row was to be tied to is gone: somebody has erased it, or made it one with another."""
    return "foreign key" in str(error).lower()


@contextmanager
def _short_waits() -> Iterator[None]:
    """Let the embedded database give up soon: it would hold the request, and who waits for it, for a minute."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_FOR_LOCK_MS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")


def patiently(act: Callable[[], T], *, pauses: Sequence[float] = PAUSES) -> T:
    """Do something that writes in one transaction, again if the database is busy, and return what it returns.

    Raises:
        BusyError: it was busy at every try.
        OperationalError: the database has another trouble.
    """
    with _short_waits():
        for pause in (*pauses, None):
            try:
                return act()
            except OperationalError as error:
                if not is_busy(error):
                    raise
                if pause is None:
                    raise BusyError from error
                time.sleep(pause)
    raise AssertionError
