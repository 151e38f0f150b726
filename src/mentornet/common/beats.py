"""Workers say that they are alive, so that the jobs of a dead one are begun again within minutes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from mentornet.common.fields import declare, setup
from mentornet.common.models import WorkerBeat

BEAT_SECONDS: Final = 10.0
LOST_AFTER: Final = timedelta(minutes=3)
"""Much longer than a beat: a long write to the embedded database holds the beats up."""
UNSEEN_AFTER: Final = timedelta(hours=1)
"""For how long a worker may be at one job that has never been seen: ``work --once`` does not beat."""

_log: Final = logging.getLogger(__name__)

declare("common.WorkerBeat", setup("name", "seen_at"))


def is_a_worker_alive(at: datetime) -> bool:
    """Tell whether letters and jobs are being seen to; the desk warns when they are not."""
    return WorkerBeat.objects.filter(seen_at__gt=at - LOST_AFTER).exists()


def is_lost(worker: str, began: datetime, at: datetime) -> bool:
    """Tell whether a worker that began a job at ``began`` must be dead by now."""
    seen_at = WorkerBeat.objects.filter(name=worker).values_list("seen_at", flat=True).first()
    if seen_at is None:
        return began <= at - UNSEEN_AFTER
    return max(began, seen_at) <= at - LOST_AFTER


def forget_lost_workers(at: datetime) -> None:
    """Delete the traces of workers that died; those that ended well leave none."""
    WorkerBeat.objects.filter(seen_at__lte=at - timedelta(days=1)).delete()


@contextmanager
def beating(worker: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Let a worker be seen, by a thread of its own, for as long as the block lasts: also during a long job."""
    ending = threading.Event()
    thread = threading.Thread(target=_beat, args=(worker, clock, ending), name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(BEAT_SECONDS)


def _beat(worker: str, clock: Callable[[], datetime], ending: threading.Event) -> None:
    try:
        while not ending.is_set():
            _once(lambda: WorkerBeat.objects.update_or_create(name=worker, defaults={"seen_at": clock()}))
            ending.wait(BEAT_SECONDS)
        _once(lambda: WorkerBeat.objects.filter(name=worker).delete())
    finally:
        connection.close()


def _once(write: Callable[[], object]) -> None:
    try:
        write()
    except (OperationalError, InterfaceError) as error:
        # The next beat may do; if none does for minutes, nobody else can write either.
        _log.warning("a beat was missed: %s", type(error).__name__)
        connection.close()
