"""What a letter must not keep: links that open something, and codes. They are made at the moment of sending.

The outbox is kept for years and read by many. So a letter's value ``link`` or ``code`` only says what to make, such as
``proposal:<id>:<person id>``; whoever knows how has registered a maker in ``AppConfig.ready``. What was sent is kept
with the link and the code masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

MASKS: Final[Mapping[str, str]] = {"link": "https://…/l/…", "code": "••••••"}
"""What stands in a kept letter instead."""


class GoneError(Exception):
    """Raised by a maker: what the link was to open, or the code was for, is no longer there. The letter is not sent."""


class Maker(Protocol):
    """Makes what stands in the letter from what the outbox keeps.

    It is asked again when a letter is tried again. What it made before must then still be good: both letters have one
    Message-ID, and a mail program may show the first one alone.
    """

    def __call__(self, spec: str, recipient_key: str, language: str, at: datetime) -> str:
        """Return the address or the code.

        Raises:
            GoneError: there is nothing any more to make it for.
        """


_MAKERS: Final[dict[str, Maker]] = {}


def register(name: str, maker: Maker) -> None:
    """Register who makes the values of this name: ``link`` or ``code``.

    Raises:
        ValueError: another maker is registered for it, or letters have no such value.
    """
    if name not in MASKS:
        raise ValueError(f"letters have no value {name} that is made when they are sent")
    if _MAKERS.setdefault(name, maker) is not maker:
        raise ValueError(f"the maker of {name} is registered twice")


def minted(values: Mapping[str, str | int], *, recipient: str, language: str, at: datetime) -> dict[str, str]:
    """Return what a letter's values stand for, made now.

    Raises:
        GoneError: there is nothing any more to make it for.
        KeyError: nobody has registered how it is made.
    """
    return {name: _MAKERS[name](str(spec), recipient, language, at) for name, spec in values.items() if name in MASKS}


def masked(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return a letter's values as they may be kept and shown."""
    return {name: MASKS.get(name, value) for name, value in values.items()}
