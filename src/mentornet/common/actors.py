"""Who acts, and when: handed to every service, so that no code deep down asks a clock or a thread for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone


class Actor(Protocol):
    """Somebody, or something, who acts at one moment."""

    @property
    def key(self) -> str:
        """An opaque key, such as ``user:…``: what the audit and the rows keep."""

    @property
    def at(self) -> datetime:
        """The moment, aware."""

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""


@dataclass(frozen=True, slots=True)
class System:
    """The program itself, named after the job that acts."""

    job: str
    at: datetime

    @property
    def key(self) -> str:
        """``system:`` and the job's name."""
        return f"system:{self.job}"

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""
        return timezone.localdate(self.at)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the public site of whom nothing is known: she may begin, but nothing that is there is hers."""

    at: datetime

    @property
    def key(self) -> str:
        """The same for everybody: nobody is told from another."""
        return "visitor"

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""
        return timezone.localdate(self.at)


def user_key(user_id: object) -> str:
    """Return the key under which a user acts."""
    return f"user:{user_id}"
