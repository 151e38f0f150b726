"""What reading a cell gives: a value, faults or notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reference.translation import Message, Value


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cell says; ``value`` is ``None`` where it says nothing or is at fault."""

    value: object = None
    faults: tuple[Message, ...] = ()
    notices: tuple[Message, ...] = ()


NOTHING: Final = Verdict()
"""The cell is empty: unknown."""


def wrong(template: str, **values: Value | Message) -> Verdict:
    """Return a verdict with one fault."""
    return Verdict(faults=(Message(template, values),))
