"""What is written to the log when something fails: where and of what kind, never what a row held."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


class Discreet(logging.Formatter):
    """Tells an exception's kind and the places in our code, without its words: a database's may name people."""

    def formatException(  # noqa: N802 - the name is logging's own
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the calls that led to the exception, and its kind."""
        kind, _error, trace = ei
        places = "".join(traceback.format_tb(trace))
        return f"{places}{kind.__module__}.{kind.__qualname__}" if kind is not None else places
