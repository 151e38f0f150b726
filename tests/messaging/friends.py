"""A recipient whose address can change, and the moment at which tests begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from mentornet.common.actors import System
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import Recipient

NOON: Final = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
DIVISION: Final = UUID(int=7)

Queue = Callable[..., Letter]


class Friends:
    """Who stands behind ``friend:…``; changed by a test as people change."""

    def __init__(self) -> None:
        self.known: dict[str, Recipient] = {"amal": Recipient("Amal", "amal@example.org", "en")}

    def find(self, name: str) -> Recipient | None:
        return self.known.get(name)


def program(minutes: float = 0) -> System:
    """The program at so many minutes past noon."""
    return System("deliver letters", NOON + timedelta(minutes=minutes))


def coordinator(minutes: float = 0, *, divisions: tuple[UUID, ...] = (DIVISION,), number: int = 1) -> Staff:
    """A coordinator at so many minutes past noon."""
    return Staff(
        user_id=UUID(int=number),
        name="Bodil",
        at=NOON + timedelta(minutes=minutes),
        casework=frozenset(divisions),
    )
