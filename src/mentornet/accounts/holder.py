"""A user at work on how she herself signs in, whatever else she may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import user_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds an account, at one moment: staff and participants alike."""

    user_id: UUID
    at: datetime

    @property
    def key(self) -> str:
        """The key under which she acts."""
        return user_key(self.user_id)

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""
        return timezone.localdate(self.at)
