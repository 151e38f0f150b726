"""The worker: one process that does what is due, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from mentornet.common.beats import beating
from mentornet.common.jobs import run_round, worker_name

REST_SECONDS: Final = 0.5
BRIEF_REST_SECONDS: Final = 0.05
"""After a round that had something to do: there may be more, such as the next letters of many."""
TROUBLE_SECONDS: Final = 5.0
"""How long to wait before a database that is busy or gone is asked again."""

_log: Final = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs jobs and delivers letters."""

    help = "Run jobs and deliver letters until stopped. Any number may run at the same time."

    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="do everything that is due, then end")

    def handle(self, *, once: bool = False, **_: Any) -> None:
        """Work until there is nothing due (``--once``) or a signal comes.

        Raises:
            OperationalError: with ``--once``, the database cannot be used.
        """
        name = worker_name()
        if once:
            while run_round(name, timezone.now):
                pass
            return
        before = {one: signal.signal(one, self._stop) for one in (signal.SIGTERM, signal.SIGINT)}
        _log.info("worker %s begins", name)
        try:
            with beating(name, timezone.now):
                while not self.stopping:
                    self.run_a_round(name)
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
        _log.info("worker %s ends", name)

    def _stop(self, signum: int, _frame: FrameType | None) -> None:
        """End after the job under way; a second signal ends at once."""
        self.stopping = True
        signal.signal(signum, signal.SIG_DFL)

    def run_a_round(self, name: str) -> None:
        """Do what is due, then rest; longer when the database cannot be used, which is waited out."""
        rest = REST_SECONDS
        close_old_connections()
        try:
            if run_round(name, timezone.now, stopping=lambda: self.stopping):
                rest = BRIEF_REST_SECONDS
        except (OperationalError, InterfaceError) as error:
            # Somebody holds the lock for long, or the server restarts: nothing is lost by waiting.
            _log.warning("the database cannot be used now: %s", type(error).__name__)
            connection.close()
            rest = TROUBLE_SECONDS
        until = time.monotonic() + rest
        while not self.stopping and time.monotonic() < until:
            # In small steps: a signal does not cut a sleep short.
            time.sleep(min(rest, 0.1))
