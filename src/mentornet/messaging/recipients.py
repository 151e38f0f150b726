"""Who a letter goes to: an opaque key now, an address at the moment of sending.

Apps above know their own people. Each registers, in ``AppConfig.ready``, how a key with its prefix is looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Final


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter.

    Attributes:
        name: how the letter greets her: the first name.
        email: empty when she has none, or may not be written to.
        language: a language code; letters fall back to English where they are not translated.
        phone: as it was written down; empty when she has none.
        way: what may be written to her: ``email``, ``text``, ``call`` (nothing); empty where she has not said.
        hours_from, hours_until: the hours of the day in which it may reach her, both or neither; over midnight when
            the first is the later one.
        hides_network: not even the sender's name may tell who writes.
        is_sealed: where she is reached is told to nobody, and kept with no letter.
        is_restricted: her data rest: she is written about nothing but what she has asked.
    """

    name: str
    email: str
    language: str
    phone: str = ""
    way: str = ""
    hours_from: time | None = None
    hours_until: time | None = None
    hides_network: bool = False
    is_sealed: bool = False
    is_restricted: bool = False


Resolver = Callable[[str], Recipient | None]

_RESOLVERS: Final[dict[str, Resolver]] = {}


def register(prefix: str, resolver: Resolver) -> None:
    """Register how keys ``prefix:id`` are looked up; ``resolver`` gets the id and returns ``None`` for nobody.

    Raises:
        ValueError: the prefix is taken by another resolver.
    """
    if _RESOLVERS.setdefault(prefix, resolver) is not resolver:
        raise ValueError(f"recipients {prefix}: are registered twice")


def is_known(key: str) -> bool:
    """Tell whether a key has a shape and a prefix that can be looked up."""
    prefix, colon, rest = key.partition(":")
    return bool(colon and rest) and prefix in _RESOLVERS


def look_up(key: str) -> Recipient | None:
    """Return who stands behind a key, as of now; ``None`` when there is nobody any more.

    Raises:
        KeyError: nobody has registered the key's prefix.
    """
    prefix, _, rest = key.partition(":")
    return _RESOLVERS[prefix](rest)
