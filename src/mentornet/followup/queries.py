"""Reads of concerns. Opening one is recorded by the service that hands it out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, When
from django.utils import timezone

from mentornet.common.actors import Actor
from mentornet.followup.enums import OPEN, ConcernState
from mentornet.followup.models import Concern, ConcernNote
from mentornet.followup.rules import readable
from mentornet.intake.models import Application, Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partnerships_of
from mentornet.people.participants import Participant

TAKEN_WITHIN: Final = timedelta(days=2)
"""By when somebody has taken it, and she has heard from us if she wants to be called."""


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


def due_on(concern: Concern) -> date:
    """Return by when a concern is to be taken."""
    return timezone.localdate(concern.created_at + TAKEN_WITHIN)


def notes_of(concern: Concern) -> QuerySet[ConcernNote]:
    """Return what was noted on a concern, the newest first."""
    return ConcernNote.objects.filter(concern=concern).order_by("-created_at", "-pk")


def own_pair(by: Participant, partnership_id: UUID | None) -> Partnership | None:
    """Return the partnership in which somebody writes: the one named, if it is hers, or the one that runs."""
    mine = partnerships_of(by)
    if partnership_id is not None:
        return mine.filter(pk=partnership_id).first()
    return mine.first()


def own_office(by: Participant) -> Enrolment | Application | None:
    """Return where somebody without a partnership belongs: her newest enrolment, or else her newest application."""
    enrolment = (
        Enrolment.objects.filter(person_id=by.person_id)
        .select_related("division", "coordinator")
        .order_by("-created_at")
        .first()
    )
    if enrolment is not None:
        return enrolment
    applied = Application.objects.filter(person_id=by.person_id).select_related("division")
    return applied.order_by("-created_at").first()
