"""Who has been told about somebody, as far as the rows know: what she may read of it herself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.audit.queries import entries_off_guard
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.models import StaffRole
from mentornet.intake.models import Interview, Wish
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.people.renaming import rows_about

_SHOWN: Final = 50
_PERSON: Final = "people.Person"
_USER: Final = "user:"
_APPS: Final = frozenset({"people", "intake", "matching", "partnerships", "learning"})
_MOST_ENTRIES: Final = 1_000
FOR_SAFETY: Final = (
    *("partnerships.stop_at_once", "partnerships.see_again", "intake.keep_apart", "intake.let_meet"),
    *("people.keep_apart", "people.let_meet"),
)
"""Acts that are done with two for the sake of one of them: the other one is not to read of it."""


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


class Who(StrEnum):
    """Who has looked or worked, as she reads it: by role, for the safety of those who work here."""

    SHE = "she"
    COORDINATOR = "coordinator"
    LEAD = "lead"
    NATIONAL = "national"
    OFFICE = "office"
    PROGRAM = "program"


_BY_ROLE: Final = (
    (StaffRoleName.DIVISION_LEAD, Who.LEAD),
    (StaffRoleName.COORDINATOR, Who.COORDINATOR),
    (StaffRoleName.NATIONAL_LEAD, Who.NATIONAL),
)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the record says of one day: who did what, how often.

    Attributes:
        act: as the audit names it.
        is_read: something was looked at that only few may look at.
    """

    on: date
    last_at: datetime
    who: Who
    act: str
    is_read: bool
    count: int


def history_of(by: Participant) -> list[Trace]:
    """Return who has looked at what is kept of her, or worked on it, the latest first, like acts of a day as one.

    What somebody has raised in confidence stands apart, and is not told of; nor what another participant did, nor what
    was done to keep two from each other: the day alone would tell whoever it is about.
    """
    wanted = Q(pk__in=[])
    for model, keys in rows_about(by.person_id).items():
        if model._meta.app_label in _APPS:
            wanted |= Q(object_type=model._meta.label, object_id__in=[str(key) for key in keys])
    wanted |= Q(object_type=_PERSON, object_id=str(by.person_id))
    entries = entries_off_guard(Entry.objects.filter(wanted)).exclude(kind=EntryKind.REFUSAL)
    entries = entries.exclude(act__in=FOR_SAFETY).order_by("-at", "-pk")
    listed = list(entries.values_list("at", "actor", "act", "kind", "division_id")[:_MOST_ENTRIES])
    roles = _roles({actor for _at, actor, _act, _kind, _division in listed})
    found: dict[tuple[date, Who, str], Trace] = {}
    for at, actor, act, kind, division_id in listed:
        who = _who(by, actor, division_id, roles)
        if who is None:
            continue
        on = timezone.localdate(at)
        before = found.get((on, who, act))
        found[on, who, act] = Trace(
            on=on,
            last_at=before.last_at if before else at,
            who=who,
            act=act,
            is_read=kind == EntryKind.READ,
            count=(before.count if before else 0) + 1,
        )
    return list(found.values())


def _roles(actors: Collection[str]) -> dict[str, list[tuple[str, UUID | None]]]:
    users = [UUID(actor.removeprefix(_USER)) for actor in actors if actor.startswith(_USER)]
    found: dict[str, list[tuple[str, UUID | None]]] = {}
    for user_id, role, division_id in StaffRole.objects.filter(user_id__in=users).values_list(
        "user_id", "role", "division_id"
    ):
        found.setdefault(f"{_USER}{user_id}", []).append((role, division_id))
    return found


def _who(
    by: Participant, actor: str, division_id: UUID | None, roles: dict[str, list[tuple[str, UUID | None]]]
) -> Who | None:
    if actor == by.key:
        return Who.SHE
    if actor.startswith("system:"):
        return Who.PROGRAM
    if not actor.startswith(_USER):
        # Another participant, or whoever wrote to us before she was known.
        return None
    held = roles.get(actor, [])
    here = {role for role, where in held if division_id is None or where == division_id}
    for role, who in _BY_ROLE:
        if role in here or (role == StaffRoleName.NATIONAL_LEAD and (role, None) in held):
            return who
    return Who.OFFICE


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
