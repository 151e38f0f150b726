"""Acts at the same moment, each in a thread and a connection of its own."""

from __future__ import annotations

import threading
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
            start.wait(10)
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
