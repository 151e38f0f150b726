"""A staff member at work: who she is, at which moment, and how far her roles reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import user_key
from mentornet.common.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A user with the roles that she holds at one moment.

    Attributes:
        casework: divisions whose people she works with.
        leads: divisions whose set-up she may change.
        is_national_lead: she works in all divisions (they stand in ``casework`` and ``leads``) and sets up programmes.
        is_administrator: the technical side; no casework through this role.
        is_data_protection_officer: sees that people's data are treated rightly; no casework through this role.
        hidden: the keys of people whom she must not see. They go with ``casework``, which is a
            :class:`mentornet.common.reach.Reach` then: whatever is asked for these divisions leaves them out.
    """

    user_id: UUID
    name: str
    at: datetime
    casework: frozenset[UUID] = field(default_factory=frozenset)
    leads: frozenset[UUID] = field(default_factory=frozenset)
    is_national_lead: bool = False
    is_administrator: bool = False
    is_data_protection_officer: bool = False
    hidden: frozenset[UUID] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.hidden:
            object.__setattr__(self, "casework", Reach(self.casework, self.hidden))

    @property
    def key(self) -> str:
        """The key under which she acts."""
        return user_key(self.user_id)

    @property
    def today(self) -> date:
        """The day, in the installation's time zone."""
        return timezone.localdate(self.at)
