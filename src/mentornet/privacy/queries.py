"""Reads about rights: by whom somebody is known, and what an erasure would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mentornet.common.actors import Actor
from mentornet.divisions.rules import may_work_in
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.matching.enums import HOLDING, ProposalState
from mentornet.matching.models import Proposal
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.privacy.hers import find_hers, is_hers
from mentornet.privacy.ledger import hashed
from mentornet.privacy.models import Erasure

OPEN_PROPOSALS = (ProposalState.DRAFT, *HOLDING)


def divisions_that_know(person_id: UUID) -> frozenset[UUID]:
    """Return the divisions that know somebody: by an application, a place, or as a contact person."""
    known: set[UUID] = set()
    for model in (Application, Enrolment, ContactPerson):
        known |= set(model.objects.filter(person_id=person_id).values_list("division_id", flat=True))
    return frozenset(known)


def is_erased(person: Person) -> bool:
    """Tell whether somebody has been erased: a row that only counts."""
    return person.search_text == ""


def erasure_of(person_id: UUID) -> Erasure | None:
    """Return the erasure of somebody whose key is known."""
    return Erasure.objects.filter(key=hashed(person_key(person_id))).first()


@dataclass(frozen=True, slots=True)
class Together:
    """Somebody with whom she has something open.

    Attributes:
        name: the other one's; empty where she is of another division, which sees to her.
        since: the day on which they were matched, or the proposal was sent.
        waits_again: she comes back on the waiting list.
    """

    name: str
    since: date | None
    waits_again: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure does, before it is done.

    Attributes:
        partnerships, proposals: what runs now and ends; the other one is to be called.
        applications: how many that are open end.
        places: how many places on the waiting list, in the bank, or as a contact person end.
        counted: how many partnerships, and meetings in them, stay as numbers.
        works_here: she keeps her sign-in as a member of the staff.
        rows: how many rows hold something about her now.
    """

    partnerships: tuple[Together, ...]
    proposals: tuple[Together, ...]
    applications: int
    places: int
    partnerships_counted: int
    meetings_counted: int
    works_here: bool
    rows: int


def preview_of(by: Actor, person: Person) -> Preview:
    """Return what erasing somebody would do now. Whoever shows it has asked :func:`.rules.may_erase`."""
    hers = find_hers(person)
    pairs = Partnership.objects.filter(is_hers(Partnership, person.pk))
    running = pairs.filter(state__in=RUNNING).select_related("mentee__person", "mentor__person")
    proposed = Proposal.objects.filter(is_hers(Proposal, person.pk), state__in=OPEN_PROPOSALS)
    contacts = ContactPerson.objects.filter(person=person, left_on__isnull=True).count()
    return Preview(
        partnerships=tuple(_together(by, person, running, lambda one: one.matched_on)),
        proposals=tuple(
            _together(
                by,
                person,
                proposed.select_related("mentee__person", "mentor__person"),
                lambda one: one.sent_at.date() if one.sent_at else None,
            )
        ),
        applications=sum(one.is_open for one in Application.objects.filter(person=person)),
        places=Enrolment.objects.filter(person=person, ended_on__isnull=True).count() + contacts,
        partnerships_counted=pairs.count(),
        meetings_counted=Meeting.objects.filter(is_hers(Meeting, person.pk)).count(),
        works_here=person.user is not None and person.user.staff_roles.exists(),
        rows=sum(len(keys) for keys in hers.rows.values()),
    )


def _together(
    by: Actor, person: Person, rows: Iterable[Any], since: Callable[[Any], date | None]
) -> Iterator[Together]:
    for row in rows:
        other = row.mentor if row.mentee.person_id == person.pk else row.mentee
        is_seen = bool(may_work_in(by, other.division_id))
        yield Together(
            name=other.person.name if is_seen else "",
            since=since(row),
            waits_again=other.pk == row.mentee_id,
        )
