"""The day on which the tests run: one for all of them, also when midnight passes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Final

import time_machine
from django.utils import timezone

TODAY: Final = timezone.localdate()
"""What modules of tests take for today when they are read, long before the last of their tests runs."""
NEARLY_OVER: Final = time(23, 50)


@contextmanager
def day_kept() -> Iterator[None]:
    """Let it be TODAY: the clock is set back to its noon where midnight has passed since, or soon will."""
    now = timezone.localtime()
    if now.date() == TODAY and now.time() < NEARLY_OVER:
        yield
        return
    with time_machine.travel(datetime.combine(TODAY, time(12), now.tzinfo)):
        yield
