"""Text that a spreadsheet program would run as a formula, and the apostrophe that keeps it from doing so."""

from __future__ import annotations

from typing import Final

_RUN: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return ``text``, with an apostrophe before it if a spreadsheet program would run it as a formula."""
    return "'" + text if text.startswith(_RUN) else text


def unguarded(text: str) -> str:
    """Return ``text`` without the apostrophe that :func:`guarded` put before it: an id has to come back as it went."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUN) else text
