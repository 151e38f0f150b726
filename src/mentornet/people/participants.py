"""A participant at work on what is hers: by a personal link, or signed in at her own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from mentornet.people.recipients import person_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person who acts for herself, at one moment.

    She reaches what is hers and nothing else: a rule compares ``person_id`` with the row's.
    """

    person_id: UUID
    name: str
    at: datetime

    @property
    def key(self) -> str:
        """The key under which she acts."""
        return person_key(self.person_id)

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""
        return timezone.localdate(self.at)
