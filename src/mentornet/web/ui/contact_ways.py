"""By which ways somebody can ask to be reached: none that this installation could not keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from mentornet.messaging.models import Channel
from mentornet.messaging.post import texting

Label = TypeVar("Label")


def sends_texts() -> bool:
    """Tell whether text messages leave from here."""
    return texting() is not None


def ways_offered(ways: Iterable[tuple[str, Label]], *, kept: str = "") -> list[tuple[str, Label]]:
    """Return the ways to choose from: without text messages where none leave from here, unless she has that way now.

    Taken away from her, it would leave her without a way, and be written to where others may read.
    """
    return [(way, label) for way, label in ways if way in {"", kept} or way != Channel.TEXT or sends_texts()]
