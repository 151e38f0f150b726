"""Reads of partnerships."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.partnerships.rules import visible


def visible_partnerships(by: Actor) -> QuerySet[Partnership]:
    """Return the partnerships of the actor's divisions, newest first, with the people in them."""
    return (
        Partnership.objects.filter(visible(by))
        .select_related(
            "mentee__person",
            "mentor__person",
            "mentee__programme",
            "mentee__coordinator",
            "mentor__division",
            "division",
        )
        .order_by(F("matched_on").desc(nulls_last=True), "-created_at", "pk")
    )


def found(partnerships: QuerySet[Partnership], text: str) -> QuerySet[Partnership]:
    """Return the partnerships in which somebody's name holds every word of ``text``."""
    for word in folded(text).split():
        partnerships = partnerships.filter(
            Q(mentee__person__search_text__contains=word) | Q(mentor__person__search_text__contains=word)
        )
    return partnerships


def not_met(partnerships: QuerySet[Partnership], before: date) -> QuerySet[Partnership]:
    """Return those matched before a day whose first meeting nobody has told of."""
    return partnerships.filter(state=PartnershipState.MATCHED, first_met_on__isnull=True, matched_on__lt=before)


def counts_by_state(partnerships: QuerySet[Partnership]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(partnerships.order_by().values_list("state").annotate(count=Count("pk")))


def partnerships_ever_and_now() -> tuple[int, int]:
    """Return how many partnerships there have ever been, and how many run."""
    counts = Partnership.objects.aggregate(ever=Count("pk"), now=Count("pk", filter=Q(state__in=RUNNING)))
    return counts["ever"], counts["now"]


def partnerships_of_person(by: Actor, person_id: UUID) -> QuerySet[Partnership]:
    """Return a person's visible partnerships, in either role."""
    return visible_partnerships(by).filter(_with_any_of([person_id]))


def earlier_partners(mentees: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (mentee's person, mentor's person) of every partnership, running or closed, that these mentees had."""
    pairs = Partnership.objects.filter(mentee__person_id__in=mentees)
    return list(pairs.values_list("mentee__person_id", "mentor__person_id"))


def meetings_of(partnership: Partnership) -> QuerySet[Meeting]:
    """Return a partnership's meetings, newest first."""
    return Meeting.objects.filter(partnership=partnership).order_by("-on", "-created_at")


def notes_of(partnership: Partnership) -> QuerySet[Note]:
    """Return a partnership's notes, newest first."""
    return Note.objects.filter(partnership=partnership).order_by("-created_at")


def with_last_meeting(partnerships: QuerySet[Partnership]) -> QuerySet[Partnership]:
    """Add the day on which the two last met (``last_met_on``) and how often they have (``meeting_count``)."""
    return partnerships.annotate(last_met_on=Max("meetings__on"), meeting_count=Count("meetings"))


def running_of_people(by: Actor, person_ids: Collection[UUID]) -> QuerySet[Partnership]:
    """Return the visible partnerships that run with these people in either role, the newest first."""
    return visible_partnerships(by).filter(_with_any_of(person_ids), state__in=RUNNING)


def _with_any_of(person_ids: Collection[UUID]) -> Q:
    # By the keys of their enrolments, which are indexed on both sides; by the people, every partnership would be read.
    theirs = Enrolment.objects.filter(person_id__in=person_ids).values("pk")
    return Q(mentee__in=theirs) | Q(mentor__in=theirs)


def is_built_on(partnership: Partnership) -> bool:
    """Tell whether anything has been noted in a partnership since it was opened, beside what it was opened with."""
    meetings = Meeting.objects.filter(partnership=partnership).exclude(created_at=partnership.created_at)
    return meetings.exists() or Note.objects.filter(partnership=partnership).exists()
