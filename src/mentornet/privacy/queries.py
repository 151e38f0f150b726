"""Reads about rights: by whom somebody is known, and what an erasure would do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from mentornet.audit.queries import entries_about
from mentornet.common.actors import Actor
from mentornet.common.ledger import hashed
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.rules import may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.intake.rules import visible
from mentornet.matching.enums import HOLDING, ProposalState
from mentornet.matching.models import Proposal
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.people.models import Objection, Person, Restriction
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import RequestKind
from mentornet.privacy.hers import find_hers, is_hers
from mentornet.privacy.models import Demand, Disclosure, Erasure, Request

OPEN_PROPOSALS = (ProposalState.DRAFT, *HOLDING)


@beyond_division(reason="which divisions know her is asked of all of them")
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


@beyond_division(reason="an erasure reaches all that there is of her; the other ones stay unnamed")
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
        if not may_see(by, other.person_id):
            continue
        is_seen = bool(may_work_in(by, other.division_id))
        yield Together(
            name=other.person.name if is_seen else "",
            since=since(row),
            waits_again=other.pk == row.mentee_id,
        )


# What somebody asks about her data, and whom she was told of --------------------------------------------------------


def visible_requests(by: Actor) -> QuerySet[Request]:
    """Return the requests of the actor's divisions, open ones too, what is due first."""
    return (
        Request.objects.filter(visible(by)).select_related("person", "division").order_by("due_on", "created_at", "pk")
    )


def open_requests(*, divisions: Collection[UUID] | None = None) -> QuerySet[Request]:
    """Return what nobody has answered, of some divisions or of all, what is due first.

    Whoever asks for all of them, such as the data-protection officer, shows kind, office and clock, and not of whom.
    """
    found = Request.objects.filter(closed_at__isnull=True)
    if divisions is not None:
        found = found.filter(division_id__in=divisions)
    return found.select_related("division").order_by("due_on", "created_at", "pk")


def requests_of_person(by: Actor, person_id: UUID) -> QuerySet[Request]:
    """Return what somebody has asked of the actor's divisions, what is open first, then the newest."""
    return visible_requests(by).filter(person_id=person_id).order_by(F("closed_at").desc(nulls_first=True), "due_on")


def own_requests(by: Participant) -> QuerySet[Request]:
    """Return what she has asked herself, what is open first, then the newest."""
    hers = Request.objects.filter(person_id=by.person_id).select_related("division")
    return hers.order_by(F("closed_at").desc(nulls_first=True), "due_on", "pk")


def has_open_request(person_id: UUID) -> bool:
    """Tell whether somebody waits for an answer: nothing of hers is deleted by itself meanwhile."""
    return Request.objects.filter(person_id=person_id, closed_at__isnull=True).exists()


@beyond_division(reason="another division may have done it")
def is_carried_out(request: Request) -> bool | None:
    """Tell whether what somebody asks has been done since she asked it; nothing where only people can tell.

    A copy made, a rest begun, an objection noted leave a row; an erasure closes the request itself.
    """
    since, hers = request.received_on, request.person_id
    if request.kind == RequestKind.ERASURE:
        return False
    if request.kind == RequestKind.ACCESS:
        return entries_about([Person(pk=hers)]).filter(act="privacy.copy", at__date__gte=since).exists()
    if request.kind == RequestKind.RESTRICTION:
        return Restriction.objects.filter(person_id=hers, created_at__date__gte=since).exists()
    if request.kind == RequestKind.OBJECTION:
        return Objection.objects.filter(person_id=hers, created_at__date__gte=since).exists()
    return None


def visible_disclosures(by: Actor) -> QuerySet[Disclosure]:
    """Return whom the actor's divisions told something outside, the latest first."""
    return (
        Disclosure.objects.filter(visible(by)).select_related("person", "division").order_by("-told_on", "-created_at")
    )


def own_disclosures(by: Participant) -> QuerySet[Disclosure]:
    """Return who outside was told something about her, without what is held back."""
    return Disclosure.objects.filter(person_id=by.person_id, held_back_reason="").order_by("-told_on", "-created_at")


def visible_demands(by: Staff) -> QuerySet[Demand]:
    """Return who wanted lists of people from the divisions that the actor leads, the latest first."""
    return (
        Demand.objects.filter(division_id__in=by.leads).select_related("division").order_by("-asked_on", "-created_at")
    )
