"""Where a participant stands: what her first page hangs on, read once for all that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from mentornet.divisions.models import Division
from mentornet.followup.models import ImpactLetter, TenureThanks
from mentornet.followup.value_queries import is_led_to_certificates, letters_new_to, thanked_lately
from mentornet.intake.applicants import own_contacts
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.intake.queries import own_open_applications, own_places
from mentornet.intake.waiting import with_why
from mentornet.matching.models import Proposal
from mentornet.matching.queries import held_for
from mentornet.partnerships.models import Agreement, Partnership
from mentornet.partnerships.queries import current_agreements, planned_around, running_of, told_until
from mentornet.people.participants import Participant
from mentornet.people.queries import restriction_of

MOST_PAIRS = 5
"""Of so many partnerships her first page tells."""


@dataclass(frozen=True)
class Standing:
    """Her rows during one request, each kind read when it is first asked for and not again."""

    by: Participant

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """Hers, current ones first, then the newest; each says why she waits, if she does."""
        return list(with_why(own_places(self.by), self.by.today))

    @cached_property
    def current(self) -> list[Enrolment]:
        """Those of her enrolments that have not ended."""
        return [one for one in self.enrolments if one.ended_on is None]

    @cached_property
    def applications(self) -> list[Application]:
        """Those that are not decided, with the times that were offered for a talk, the newest first."""
        return list(own_open_applications(self.by).select_related("offer"))

    @cached_property
    def contacts(self) -> list[ContactPerson]:
        """Where she is a contact person, or has offered to be one."""
        return list(own_contacts(self.by))

    @property
    def helps_only(self) -> bool:
        """Whether she is, or wants to be, a contact person and nothing else: no talk, no training, no match is hers."""
        return bool(self.contacts) and not (self.enrolments or self.applications)

    @property
    def office(self) -> Division | None:
        """The division that her first page names: of what she is now, or else of what she wants to be, or once was."""
        known = (
            one.division for many in (self.current, self.applications, self.contacts, self.enrolments) for one in many
        )
        return next(known, None)

    @cached_property
    def rests_since(self) -> datetime | None:
        """Since when her data rest, at her own wish; nothing where they are used."""
        standing = restriction_of(self.by.person_id)
        return None if standing is None else standing.created_at

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Those that still hold a place, the newest first."""
        return list(held_for(self.by))

    @cached_property
    def pairs(self) -> list[Partnership]:
        """Her partnerships that run, the newest first."""
        return list(running_of(self.by)[:MOST_PAIRS])

    @cached_property
    def agreements(self) -> dict[UUID, Agreement]:
        """What lies before the two of each partnership that runs."""
        return current_agreements(self.pairs) if self.pairs else {}

    @cached_property
    def planned(self) -> dict[UUID, tuple[datetime | None, datetime | None]]:
        """When the two of each partnership meant to meet last, and mean to meet next."""
        return planned_around(self.pairs, self.by.at) if self.pairs else {}

    @cached_property
    def told(self) -> dict[tuple[UUID, str], date]:
        """Until which day each of the two has told of their meetings."""
        return told_until(self.pairs) if self.pairs else {}

    @cached_property
    def letters(self) -> list[ImpactLetter]:
        """Letters to a mentor that wait for her, or that have come to her lately."""
        return letters_new_to(self.by)

    @cached_property
    def thanks(self) -> TenureThanks | None:
        """For how many years as a mentor she was thanked lately."""
        return thanked_lately(self.by)

    @cached_property
    def is_led_to_certificates(self) -> bool:
        """Whether a page leads her to certificates."""
        return is_led_to_certificates(self.by.person_id, self.by.today)
