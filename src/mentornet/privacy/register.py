"""Reads for those who oversee data: breaches, nights, the clocks of requests, the state of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from mentornet.audit.models import Entry
from mentornet.audit.queries import ChainHead, chain_head
from mentornet.common.actors import Actor
from mentornet.common.models import PeriodicRun
from mentornet.divisions.rules import seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import visible_contact_persons
from mentornet.intake.queries import visible_people
from mentornet.people.models import Person
from mentornet.privacy.clocks import BY_OTHER_JOBS
from mentornet.privacy.models import Assessment, Breach, Request, RetentionRun
from mentornet.privacy.oversight import readable
from mentornet.privacy.rules import holds

_CHECK: Final = "audit.check"


def visible_breaches(by: Actor) -> QuerySet[Breach]:
    """Return the breaches that somebody reads, those that are open first, the oldest of them first."""
    found = Breach.objects.filter(readable(by)).select_related("division")
    return found.annotate(is_over=Q(closed_at__isnull=False)).order_by("is_over", "found_at", "pk")


def open_breaches(by: Actor) -> QuerySet[Breach]:
    """Return those that are not closed, the oldest first."""
    return visible_breaches(by).filter(closed_at__isnull=True)


def nights() -> QuerySet[RetentionRun]:
    """Return the nights, the last first."""
    return RetentionRun.objects.order_by("-night")


def nights_done() -> QuerySet[RetentionRun]:
    """Return the nights with what went in each, the last first."""
    return nights().prefetch_related("counts")


def runs_of_other_jobs() -> dict[str, datetime | None]:
    """Return when each of the other jobs that delete what is over has last ended."""
    found = PeriodicRun.objects.filter(name__in=set(BY_OTHER_JOBS.values()))
    return dict(found.values_list("name", "last_finished_at"))


def assessments() -> QuerySet[Assessment]:
    """Return the sign-offs, the last first."""
    return Assessment.objects.order_by("-number")


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody whose time is over, as whoever works with her sees her.

    Attributes:
        contact_id: by which she is found where she only helps as a contact person.
    """

    person: Person
    day: date
    contact_id: UUID | None
    is_held: bool


def named_among(by: Staff, people: Mapping[UUID, date], *, division_id: UUID | None = None) -> list[Going]:
    """Return those of some people whom somebody sees anyway, the next to go first."""
    if not by.casework:
        return []
    seen = visible_people(by).filter(pk__in=list(people))
    contacts = visible_contact_persons(by).filter(person_id__in=list(people))
    if division_id is not None:
        seen = seen.filter(Q(applications__division_id=division_id) | Q(enrolments__division_id=division_id))
        contacts = contacts.filter(division_id=division_id)
    held = set(holds(by.today).values_list("person_id", flat=True))
    rows = {one.pk: Going(one, people[one.pk], None, one.pk in held) for one in seen.distinct()}
    for one in contacts.select_related("person"):
        rows.setdefault(one.person_id, Going(one.person, people[one.person_id], one.pk, one.person_id in held))
    return sorted(rows.values(), key=lambda one: (one.day, one.person.sort_key or b"", one.person.pk))


@dataclass(frozen=True, slots=True)
class RequestClocks:
    """How many wait for an answer about their data, and for how many the day is over."""

    waiting: int
    late: int
    next_on: date | None


def request_clocks(by: Staff) -> RequestClocks:
    """Return how the clocks of requests stand; it names nobody, and counts nobody who is hidden from her."""
    running = Request.objects.filter(seen_by(by, "person"), closed_at__isnull=True)
    due = list(running.order_by("due_on").values_list("due_on", flat=True))
    return RequestClocks(len(due), sum(day < by.today for day in due), due[0] if due else None)


@dataclass(frozen=True, slots=True)
class ChainStanding:
    """How the audit's chain stands.

    Attributes:
        verified_at: when it was last read through as a whole, and fitted.
        problem: what the last reading has found; empty where it fitted.
    """

    head: ChainHead
    unsealed: int
    verified_at: datetime | None
    problem: str


def chain_standing() -> ChainStanding:
    """Return how the chain stands, without reading it through: that is done every night."""
    run = PeriodicRun.objects.filter(name=_CHECK).first()
    return ChainStanding(
        head=chain_head(),
        unsealed=Entry.objects.filter(position=None).count(),
        verified_at=run.last_finished_at if run is not None and not run.last_problem else None,
        problem=run.last_problem if run is not None else "",
    )
