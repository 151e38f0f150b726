"""What is written to the log when something fails: where and of what kind, never what a row held or what opens one.

An address with a token in it is a key: who reads the log of a server, or of whoever keeps it, must not hold it.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from contextlib import suppress
from types import TracebackType
from typing import Final

_SLASH: Final = r"(?:/|%2F)"
_KEYS: Final = re.compile(
    rf"({_SLASH}l{_SLASH}|{_SLASH}my{_SLASH}calendar{_SLASH}|{_SLASH}password{_SLASH}reset{_SLASH}key{_SLASH})"
    # To the end of the line, whatever a mail program has put before or after the token, save what a log adds itself.
    r".+?(?=\sHTTP/\d|$)",
    re.IGNORECASE | re.MULTILINE,
)
# Only what follows the sign is looked for, wherever that stands: a pattern with the path before it would look through a
# long path once for each of its slashes.
_ASKED: Final = re.compile(r"(\?)\S+")
_HIDDEN: Final = "…"
# What begins a line, moves the cursor or turns the direction: shown, not obeyed.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def without_keys(text: str) -> str:
    """Return a line of the log without what opens something: after ``/l/`` and the like, and what an address asks."""
    return _ASKED.sub(rf"\1{_HIDDEN}", _KEYS.sub(rf"\1{_HIDDEN}", text))


class WithoutKeys(logging.Filter):
    """Hides tokens in what is logged, before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, its words as they may be kept."""
        with suppress(TypeError, ValueError):
            # Words and values that do not fit together are told by the handler, as always.
            record.msg, record.args = without_keys(record.getMessage()), None
        return True


class Discreet(logging.Formatter):
    """Tells an exception's kind and the places in our code, without its words: a database's may name people.

    Each entry is one line, with its moment in UTC; only the places of an exception follow on lines of their own. What
    somebody else has sent, a mail server or a browser, begins no line that looks like an entry.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's own
        """Return the line of an entry, as one line."""
        return _CONTROLS.sub(
            lambda sign: sign[0].encode("unicode_escape").decode("ascii"), super().formatMessage(record)
        )

    def formatException(  # noqa: N802 - the name is logging's own
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the calls that led to the exception, and its kind."""
        kind, _error, trace = ei
        places = "".join(traceback.format_tb(trace))
        return f"{places}{kind.__module__}.{kind.__qualname__}" if kind is not None else places
