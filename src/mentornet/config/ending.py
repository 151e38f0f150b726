"""Being asked to end by another program: as by Ctrl-C, and remembered."""

from __future__ import annotations

import signal
from types import FrameType

_asked: list[int] = []


def listen() -> None:
    """End by SIGTERM as by Ctrl-C: nothing half-written stays behind."""
    signal.signal(signal.SIGTERM, _end)


def heed() -> None:
    """End now where that was asked before and came to nothing.

    What a signal raises is lost where Python is within a callback of its own, such as the one that lets go of a
    module's lock after an import. A program that is still starting would then go on for good.

    Raises:
        KeyboardInterrupt: it was asked.
    """
    if _asked:
        raise KeyboardInterrupt


def _end(signum: int, frame: FrameType | None) -> None:
    _asked.append(signum)
    signal.default_int_handler(signum, frame)
