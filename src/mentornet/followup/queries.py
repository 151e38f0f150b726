"""Reads of concerns. Opening one is recorded by the service that hands it out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models.functions import Lower
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.actors import Actor
from mentornet.common.models import PeriodicRun
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Role, StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import OPEN, ConcernState
from mentornet.followup.models import Concern, ConcernNote
from mentornet.followup.rules import may_read, readable
from mentornet.intake.models import Application, ContactPerson, Enrolment
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


def readable_concerns(by: Actor) -> QuerySet[Concern]:
    """Return the concerns that somebody may read, what waits for somebody first, then the oldest."""
    urgency = Case(
        When(state=ConcernState.RAISED, then=0),
        When(state=ConcernState.TAKEN, then=1),
        When(state=ConcernState.RESOLVED, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return (
        Concern.objects.filter(readable(by))
        .select_related("raised_by", "division", "coordinator")
        .order_by(urgency, "created_at", "pk")
    )


def waiting_concerns(by: Actor) -> QuerySet[Concern]:
    """Return the concerns that wait for somebody's next act: to be taken, seen to, or read a second time."""
    return readable_concerns(by).filter(state__in=OPEN)


def next_concerns(by: Actor, most: int) -> list[Concern]:
    """Return the first of those that wait for somebody's next act."""
    with reading(by):
        return list(waiting_concerns(by)[:most])


def due_on(concern: Concern) -> date:
    """Return by when a concern is to be taken."""
    return timezone.localdate(concern.created_at + TAKEN_WITHIN)


def has_reader(concern: Concern, at: datetime) -> bool:
    """Tell whether somebody at work here may read a concern; it need not be in the database yet.

    Whoever leads the network is asked first, as she reads nearly all of them: mostly one question.
    """
    at_work = StaffRole.objects.filter(since__lte=timezone.localdate(at), user__is_active=True)
    held = at_work.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate(at))).select_related("user")
    users = {one.user_id: one.user for one in sorted(held, key=lambda one: one.role != Role.NATIONAL_LEAD)}
    return any(may_read(staff_member(user, at), concern) for user in users.values())


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
