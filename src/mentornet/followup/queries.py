"""Reads of concerns and of talks. Opening a concern is recorded by the service that hands it out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Lower
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.actors import Actor
from mentornet.common.holidays import working_days_later
from mentornet.common.models import PeriodicRun
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Role, StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import OPEN, ConcernState, Passed
from mentornet.followup.models import Concern, ConcernAlarm, ConcernNote, HandedOn, Handover, Talk
from mentornet.followup.rules import handover_visible, may_read, readable
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.people.models import Person
from mentornet.people.participants import Participant

TAKEN_WITHIN: Final = timedelta(days=2)
"""By when somebody has taken it, and she has heard from us if she wants to be called."""
WATCH: Final = "watch for unread words"
"""The job that fails while a quiet word has no reader."""


@contextmanager
def reading(by: Actor) -> Iterator[None]:
    """Let a lead read what :func:`.rules.may_read` gives her of another division, beneath the database's policies too.

    Where no national lead may read a quiet word, she is the one who does; and by whom she is not to be read is known
    by partnerships of every division. Of all others nothing is given beyond their divisions.
    """
    if isinstance(by, Staff) and by.leads and not by.is_national_lead:
        with beyond_division(reason="what no national lead may read is read by who leads another division"):
            yield
    else:
        yield


def readable_concerns(by: Actor, away: Collection[UUID] | None = None) -> QuerySet[Concern]:
    """Return the concerns that somebody may read, what waits for somebody first, then the oldest."""
    urgency = Case(
        When(state=ConcernState.RAISED, then=0),
        When(state=ConcernState.TAKEN, then=1),
        When(state=ConcernState.RESOLVED, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return (
        Concern.objects.filter(readable(by, away))
        .select_related("raised_by", "division", "coordinator")
        .order_by(urgency, "created_at", "pk")
    )


def waiting_concerns(by: Actor, away: Collection[UUID] | None = None) -> QuerySet[Concern]:
    """Return the concerns that wait for somebody's next act: to be taken, seen to, or read a second time."""
    return readable_concerns(by, away).filter(state__in=OPEN)


def next_concerns(by: Actor, most: int, away: Collection[UUID] | None = None) -> list[Concern]:
    """Return the first of those that wait for somebody's next act; ``away``: for whom she stands in, where known."""
    with reading(by):
        return list(waiting_concerns(by, away)[:most])


def due_on(concern: Concern) -> date:
    """Return by when a concern is to be taken."""
    return timezone.localdate(concern.created_at + TAKEN_WITHIN)


def has_reader(concern: Concern, at: datetime) -> bool:
    """Tell whether somebody at work here may read a concern; it need not be in the database yet."""
    return next(readers_of(concern, at_work(at)), None) is not None


def at_work(at: datetime) -> Iterator[Staff]:
    """Yield those at work here, whoever leads the network first: she reads nearly all that is told in confidence."""
    roles = StaffRole.objects.filter(since__lte=timezone.localdate(at), user__is_active=True)
    held = roles.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate(at))).select_related("user")
    users = {one.user_id: one.user for one in sorted(held, key=lambda one: one.role != Role.NATIONAL_LEAD)}
    for user in users.values():
        yield staff_member(user, at)


def readers_of(concern: Concern, staff: Iterable[Staff]) -> Iterator[Staff]:
    """Yield those of some staff who may read a concern."""
    return (one for one in staff if may_read(one, concern))


def alarm_at(concern: Concern, round_: int) -> datetime:
    """Return when somebody is told that a concern lies untaken: after one working day, and after a second one."""
    return working_days_later(concern.created_at, round_)


def is_late(concern: Concern, at: datetime) -> bool:
    """Tell whether a concern has lain untaken for a working day."""
    return concern.state == ConcernState.RAISED and alarm_at(concern, 1) <= at


def untaken(before: datetime) -> QuerySet[Concern]:
    """Return the concerns told before a moment that nobody has taken, and not all of whose alarms have sounded."""
    told_twice = ConcernAlarm.objects.filter(concern=OuterRef("pk"), round=2)
    waiting = Concern.objects.filter(state=ConcernState.RAISED, created_at__lte=before)
    return waiting.exclude(Exists(told_twice)).select_related("division").order_by("created_at", "pk")


def is_any_unread() -> bool:
    """Tell whether, an hour ago at most, nobody at work here might read a quiet word that is open."""
    return PeriodicRun.objects.filter(name=WATCH).exclude(last_problem="").exists()


def notes_of(concern: Concern) -> QuerySet[ConcernNote]:
    """Return what was noted on a concern, the newest first."""
    return ConcernNote.objects.filter(concern=concern).order_by("-created_at", "-pk")


def users_of(people: Collection[UUID]) -> list[UUID]:
    """Return the users that people sign in as, and those who have the address of one of them: she may work here."""
    addresses = Person.objects.filter(pk__in=people).exclude(email="").values(mail=Lower("email"))
    users = User.objects.annotate(mail=Lower("email")).filter(Q(person__in=people) | Q(mail__in=addresses))
    return sorted(set(users.values_list("pk", flat=True)))


def own_office(by: Participant) -> Enrolment | Application | ContactPerson | None:
    """Return where somebody without a partnership belongs: her newest enrolment, or else her newest application.

    Whoever is neither mentor nor mentee belongs where she helps as a contact person.
    """
    enrolment = (
        Enrolment.objects.filter(person_id=by.person_id)
        .select_related("division", "coordinator")
        .order_by("-created_at")
        .first()
    )
    if enrolment is not None:
        return enrolment
    applied = Application.objects.filter(person_id=by.person_id).select_related("division").order_by("-created_at")
    helps = ContactPerson.objects.filter(person_id=by.person_id).select_related("division").order_by("-created_at")
    return applied.first() or helps.first()


# Cases that pass from one to another ----------------------------------------------------------------------------------


def visible_handovers(by: Actor) -> QuerySet[Handover]:
    """Return the handovers of her divisions, the newest first."""
    found = Handover.objects.filter(handover_visible(by)).select_related("former", "receiver", "division")
    return found.order_by("-created_at", "pk")


def places_of_handover(by: Actor, handover: Handover) -> QuerySet[Enrolment]:
    """Return the places that a handover has passed on, of those whom she may see, the longest waiting first."""
    keys = HandedOn.objects.filter(handover=handover, kind=Passed.PLACE).values("target_id")
    return cases_in(by, handover.division_id).filter(pk__in=keys)


def cases_in(by: Actor, division_id: UUID) -> QuerySet[Enrolment]:
    """Return the places of a division that somebody sees, the longest waiting first."""
    return visible_enrolments(by).filter(division_id=division_id).order_by("role", "since", "created_at", "pk")


def cases_of(by: Actor, user_id: UUID, division_id: UUID) -> QuerySet[Enrolment]:
    """Return a coordinator's cases in a division: places that have not ended."""
    return cases_in(by, division_id).filter(coordinator_id=user_id, ended_on__isnull=True)


def case_counts(by: Staff) -> list[tuple[UUID, UUID, int]]:
    """Return how many cases each coordinator has in the divisions in which somebody works: user, division, number."""
    rows = visible_enrolments(by).filter(coordinator__isnull=False, ended_on__isnull=True, division_id__in=by.casework)
    counted = rows.order_by().values_list("coordinator_id", "division_id").annotate(count=Count("pk"))
    return [(user, division, count) for user, division, count in counted if user is not None]


def talks_of(partnership: Partnership) -> QuerySet[Talk]:
    """Return the talks with a pair, the newest first."""
    return Talk.objects.filter(partnership=partnership).order_by("-on", "-created_at", "-pk")


def visible_talks(by: Actor) -> QuerySet[Talk]:
    """Return the talks with the pairs that somebody sees, with the people in them."""
    theirs = Talk.objects.filter(partnership__in=visible_partnerships(by).order_by().values("pk"))
    return theirs.select_related("partnership__mentee__person", "partnership__mentor__person", "partnership__division")
