"""Acts at the same moment, each in a thread and a connection of its own."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from mentornet.common.answers import RefusedError

REFUSALS: Final = (RefusedError, ValidationError, IntegrityError)
DONE: Final = "done"


def each_at_once(*acts: Callable[[], object], refusals: tuple[type[Exception], ...] = REFUSALS) -> list[str]:
    """Do all acts at the same moment; return ``done``, or the name of the refusal, of each in order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(120)
            act()
        except refusals as error:
            return type(error).__name__
        finally:
            connection.close()
        return DONE

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def at_once(*acts: Callable[[], object], refusals: tuple[type[Exception], ...] = REFUSALS) -> Counter[str]:
    """Do all acts at the same moment; count ``done`` and the refusals by their names."""
    return Counter(each_at_once(*acts, refusals=refusals))


def until_somebody_waits() -> None:
    """Wait until another connection waits for what this one holds; on PostgreSQL."""
    end = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            # Within a transaction the server shows who was there when it was first asked.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
