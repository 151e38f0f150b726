"""Reads of the interview planner: free and taken times, who waits for one, what overlaps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from mentornet.common.actors import Actor
from mentornet.divisions.queries import is_hidden_from
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, InterviewDraft, InterviewOffer, InterviewSlot
from mentornet.intake.rules import visible
from mentornet.people.participants import Participant

LONGEST: Final = timedelta(minutes=240)
REMINDED_FROM: Final = time(8)
"""Nobody is reminded in the night."""


def visible_slots(by: Actor) -> QuerySet[InterviewSlot]:
    """Return the planned times of the actor's divisions, whoever has taken them, in order."""
    return (
        InterviewSlot.objects.filter(_taken_by_visible(by), withdrawn_at__isnull=True)
        .select_related("interviewer", "division", "application__person")
        .order_by("starts_at", "interviewer__name", "pk")
    )


def _taken_by_visible(by: Actor) -> Q:
    return visible(by, person="application__person")


def taken_out_slots(by: Actor) -> QuerySet[InterviewSlot]:
    """Return the times of the actor's divisions that were taken out of the plan."""
    return InterviewSlot.objects.filter(_taken_by_visible(by), withdrawn_at__isnull=False)


def booked_between(by: Actor, start: datetime, end: datetime) -> QuerySet[Interview]:
    """Return what is booked in the actor's divisions between two moments, held or not, in order."""
    return (
        Interview.objects.filter(visible(by, "application__"), at__gte=start, at__lt=end, cancelled_at__isnull=True)
        .select_related("interviewer", "application__person", "application__division")
        .defer("coordinator_only")
        .order_by("at", "pk")
    )


def interviews_with(by: Staff, since: datetime) -> QuerySet[Interview]:
    """Return what somebody at work is to hold from a moment on, for her calendar, in order."""
    return (
        Interview.objects.filter(visible(by, "application__"), interviewer_id=by.user_id, at__gte=since)
        .filter(held_at__isnull=True, cancelled_at__isnull=True)
        .defer("coordinator_only", "shareable", "answers")
        .order_by("at", "pk")
    )


def free_slots(divisions: Collection[UUID], after: datetime) -> QuerySet[InterviewSlot]:
    """Return the times that can still be taken after a moment, in order."""
    return (
        InterviewSlot.objects.filter(
            division_id__in=divisions, starts_at__gt=after, application__isnull=True, withdrawn_at__isnull=True
        )
        .select_related("interviewer")
        .order_by("starts_at", "interviewer__name", "pk")
    )


def times_for(by: Participant, application: Application) -> QuerySet[InterviewSlot]:
    """Return the times that an applicant can choose herself: free, of her office, from tomorrow on."""
    tomorrow = timezone.make_aware(datetime.combine(by.today + timedelta(days=1), time.min))
    free = free_slots([application.division_id], tomorrow - timedelta(microseconds=1))
    return free.exclude(_with_whom_she_is_hidden_from(application))


def time_of(application: Application, slot_id: UUID) -> InterviewSlot | None:
    """Return a time of an applicant's office that is free, or hers already."""
    mine = Q(application__isnull=True) | Q(application=application)
    slots = InterviewSlot.objects.filter(mine, division_id=application.division_id, withdrawn_at__isnull=True)
    return slots.exclude(_with_whom_she_is_hidden_from(application)).filter(pk=slot_id).first()


def _with_whom_she_is_hidden_from(application: Application) -> Exists:
    return is_hidden_from(OuterRef("interviewer_id"), Value(application.person_id))


def waiting_for_interview(by: Actor) -> QuerySet[Application]:
    """Return the applications that have no interview yet, the oldest first."""
    return (
        Application.objects.filter(visible(by), state=ApplicationState.RECEIVED)
        .select_related("person", "programme", "division", "offer")
        .order_by("received_on", "created_at", "pk")
    )


def offer_to(application: Application) -> InterviewOffer | None:
    """Return when an applicant was sent the times, and what she answered."""
    return InterviewOffer.objects.filter(application=application).first()


def draft_of(application: Application, user_id: UUID) -> InterviewDraft | None:
    """Return what somebody has typed of an interview and not saved; nobody else's."""
    return InterviewDraft.objects.filter(application=application, interviewer_id=user_id).first()


def slots_over(interviewer_id: UUID, start: datetime, end: datetime) -> list[InterviewSlot]:
    """Return an interviewer's planned times that overlap with a span, free and taken ones."""
    near = InterviewSlot.objects.filter(
        interviewer_id=interviewer_id, withdrawn_at__isnull=True, starts_at__gt=start - LONGEST, starts_at__lt=end
    )
    return [slot for slot in near.order_by("starts_at") if slot.ends_at > start]


def booked_over(interviewer_id: UUID, start: datetime, end: datetime) -> list[Interview]:
    """Return what is booked with an interviewer and overlaps with a span."""
    near = Interview.objects.filter(
        interviewer_id=interviewer_id,
        held_at__isnull=True,
        cancelled_at__isnull=True,
        at__gt=start - LONGEST,
        at__lt=end,
    )
    return [interview for interview in near.order_by("at") if interview.ends_at > start]


def interviews_to_remind_of(at: datetime) -> list[Interview]:
    """Return the interviews of tomorrow of which nobody has reminded her yet; none before the morning.

    Who has booked or moved hers today has just read of it.
    """
    local = timezone.localtime(at)
    if local.time() < REMINDED_FROM:
        return []
    start, end = _day(local.date() + timedelta(days=1)), _day(local.date() + timedelta(days=2))
    coming = Interview.objects.filter(
        Q(booked_at__isnull=True) | Q(booked_at__lt=_day(local.date())),
        Q(reminded_of__isnull=True) | ~Q(reminded_of=F("at")),
        at__gte=start,
        at__lt=end,
        held_at__isnull=True,
        cancelled_at__isnull=True,
    )
    return list(coming.select_related("application__person").defer("coordinator_only").order_by("at", "pk"))


def _day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
