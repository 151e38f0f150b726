"""Who has been told about somebody, as far as the rows know: what she may read of it herself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.intake.models import Interview, Wish
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

_SHOWN: Final = 50
_PERSON: Final = "people.Person"


@dataclass(frozen=True, slots=True)
class Telling:
    """One time that something of her was told to somebody else.

    Attributes:
        on: the day; unknown when empty.
        to: in which role the other one was told.
        name: the other one's first name, where they became partners; empty otherwise.
        is_partner: her last name and how to reach her, too.
    """

    on: date | None
    to: Role
    name: str = ""
    is_partner: bool = False


@dataclass(frozen=True, slots=True)
class Reads:
    """How often staff have opened what only named staff may read of her, and when last."""

    count: int
    last_at: datetime | None


def tellings_of(by: Participant) -> list[Telling]:
    """Return who has been told about her by a proposal or a partnership, the latest first: two queries.

    Those whom she did not become a partner of are told by their role alone: they are not hers to know.
    """
    told = []
    hers = Q(mentee__person_id=by.person_id) | Q(mentor__person_id=by.person_id)
    proposals = Proposal.objects.filter(hers, sent_at__isnull=False).order_by("-sent_at")
    for sent_at, mentee_id in proposals.values_list("sent_at", "mentee__person_id")[:_SHOWN]:
        told.append(Telling(timezone.localdate(sent_at), _other(by, mentee_id)))
    pairs = Partnership.objects.filter(hers).order_by(F("matched_on").desc(nulls_last=True), "pk")
    columns = ("matched_on", "mentee__person_id", "mentee__person__first_name", "mentor__person__first_name")
    for matched_on, mentee_id, mentee, mentor in pairs.values_list(*columns)[:_SHOWN]:
        other = _other(by, mentee_id)
        told.append(Telling(matched_on, other, mentor if other == Role.MENTOR else mentee, is_partner=True))
    return sorted(told, key=lambda one: one.on or date.min, reverse=True)


def reads_of(by: Participant, applications: Collection[UUID]) -> Reads:
    """Return how often restricted notes about her were opened: interview notes, wishes, whom she must not meet."""
    interviews = Interview.objects.filter(application_id__in=applications).values_list("pk", flat=True)
    wishes = Wish.objects.filter(person_id=by.person_id).values_list("pk", flat=True)
    about = Q(object_type=_PERSON, object_id=str(by.person_id)) | Q(
        object_id__in=[str(key) for key in (*interviews, *wishes, *applications)]
    )
    found = Entry.objects.filter(about, kind=EntryKind.READ).exclude(actor=by.key)
    counted = found.aggregate(count=Count("pk"), last=Max("at"))
    return Reads(counted["count"], counted["last"])


def _other(by: Participant, mentee_id: UUID) -> Role:
    return Role.MENTOR if mentee_id == by.person_id else Role.MENTEE
