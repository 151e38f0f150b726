"""Reads of the waiting list's promises: why each waits, whom the program writes to, and who was taken earlier."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import OrderBy

from mentornet.common.actors import Actor
from mentornet.intake.agreeing import not_taken_back
from mentornet.intake.enums import NOT_HER_TURN, ConsentPurpose, WaitReason
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.queries import resting, waiting_mentees
from mentornet.intake.rules import visible
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.models import LanguageSkill
from mentornet.people.queries import in_use, not_objecting
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

LATE_AT_MOST: Final = timedelta(days=14)
"""A promise that was broken longer ago is a coordinator's to keep: she calls, and no letter does it for her."""
LOOKS_AHEAD: Final = timedelta(days=14)
"""So many days ahead one sees what the program will write."""


def with_why(waiting: QuerySet[Enrolment], today: date, *, noted: bool = True) -> QuerySet[Any]:
    """Let each of some mentees who wait say by ``why`` why she does, and by ``earlier`` why she is taken before others.

    A break is what she says herself. Then what a coordinator has noted, unless it is not asked for; then what shows in
    what is written down.
    """
    speaks = LanguageSkill.objects.filter(person=OuterRef("person_id"))
    thin = (
        ~Exists(speaks) | Q(profile__availability__isnull=True) | Q(profile__availability="")
        | Q(profile__topics__isnull=True) | Q(profile__topics="")
    )  # fmt: skip
    said = [When(~Q(wait_reason=""), then=F("wait_reason"))] if noted else []
    return waiting.annotate(
        why=Case(
            When(resting(today), then=Value(WaitReason.BREAK.value)),
            *said,
            When(~not_taken_back("person_id", ConsentPurpose.INTRODUCTION), then=Value(WaitReason.UNSHOWN.value)),
            When(thin, then=Value(WaitReason.THIN.value)),
            default=Value(WaitReason.MENTOR.value),
        ),
        earlier=Subquery(Earlier.objects.filter(enrolment=OuterRef("pk"), over_at__isnull=True).values("reason")[:1]),
    )


TAKEN_EARLIER: Final = Q(earlier__isnull=False)
"""What makes somebody taken before others, in a list that says so (:func:`with_why`)."""


def because(reason: str) -> Q:
    """Return what makes somebody wait for one reason, in a list that says why (:func:`with_why`)."""
    return Q(why=reason)


def why_of(enrolment: Enrolment, today: date, *, noted: bool = True) -> WaitReason:
    """Return why one mentee waits."""
    found = with_why(Enrolment.objects.filter(pk=enrolment.pk), today, noted=noted).get()
    return WaitReason(str(vars(found)["why"]))


def shows_by_itself(enrolment: Enrolment, today: date) -> WaitReason:
    """Return why one mentee waits as far as it shows in what is written down, whatever a coordinator has noted."""
    return why_of(enrolment, today, noted=False)


# The next word --------------------------------------------------------------------------------------------------------


def cares() -> dict[UUID, Care]:
    """Return how each programme looks after those who wait in it."""
    return {version.programme_id: version.care for version in current_versions(Programme.objects.all())}


def promised_a_word(today: date, until: date) -> QuerySet[Enrolment]:
    """Return the mentees without a mentor who are promised a word by a day, the earliest promise first.

    Nobody whose data rest, who has a break, or who no longer agrees that we keep what she has written: they are told
    otherwise, or not at all.
    """
    return (
        Enrolment.objects.filter(
            in_use("person"),
            not_taken_back("person_id", ConsentPurpose.HANDLING),
            role=Role.MENTEE,
            ended_on__isnull=True,
            active=0,
            word_due_on__lte=until,
        )
        .exclude(resting(today))
        .select_related("person__identity", "programme", "division", "coordinator")
        .order_by("word_due_on", "pk")
    )


def to_be_written(today: date, programme_id: UUID, care: Care) -> QuerySet[Enrolment]:
    """Return to whom the program writes today in a programme, since nobody has; nobody who has heard from us today."""
    return (
        promised_a_word(today, today + timedelta(days=care.word_ahead_days))
        .filter(
            not_objecting("person", ObjectionPurpose.NEWS),
            programme_id=programme_id,
            word_by_hand=False,
            word_due_on__gte=today - LATE_AT_MOST,
        )
        .exclude(last_word_on=today)
    )


def words_to_come(by: Actor, divisions: Collection[UUID]) -> QuerySet[Enrolment]:
    """Return who of some divisions is promised a word within two weeks, with why she waits."""
    coming = promised_a_word(by.today, by.today + LOOKS_AHEAD).filter(visible(by), division_id__in=divisions)
    return with_why(coming.filter(word_due_on__gte=by.today - LATE_AT_MOST), by.today)


# The order ------------------------------------------------------------------------------------------------------------


def passed_over_by(enrolment: Enrolment, divisions: Collection[UUID], today: date) -> int:
    """Return how many have waited longer in the same division and programme, and could be matched now.

    Whoever is taken earlier herself stands beside her, and is not passed over; nor is who cannot be matched just now.
    """
    return _passed_over(enrolment, divisions, today).count()


def who_waited_longer(enrolment: Enrolment, divisions: Collection[UUID], today: date) -> list[UUID]:
    """Return the places of those whom :func:`passed_over_by` counts: for reckoning alone, and to be shown to nobody.

    None where she is taken earlier already: that is written down.
    """
    is_noted = Exists(Earlier.objects.filter(enrolment=enrolment.pk, over_at__isnull=True))
    return list(_passed_over(enrolment, divisions, today).filter(~is_noted).values_list("pk", flat=True))


def _passed_over(enrolment: Enrolment, divisions: Collection[UUID], today: date) -> QuerySet[Any]:
    return with_why(_longer(enrolment, divisions), today).filter(_IN_TURN, ~TAKEN_EARLIER)


_IN_TURN: Final = ~Q(why__in=[*NOT_HER_TURN, WaitReason.BREAK, WaitReason.UNSHOWN])


def _longer(enrolment: Enrolment, divisions: Collection[UUID]) -> QuerySet[Enrolment]:
    here = waiting_mentees(divisions).filter(division=enrolment.division_id, programme=enrolment.programme_id)
    longer = Q(since__isnull=False) if enrolment.since is None else Q(since__lt=enrolment.since)
    return here.filter(longer).exclude(pk=enrolment.pk)


def in_order() -> tuple[OrderBy, ...]:
    """Return the order of the waiting list: who is taken earlier, then the longest wait; asked :func:`with_why`."""
    first = Case(When(earlier__isnull=False, then=Value(0)), default=Value(1))
    return (first.asc(), F("since").asc(nulls_last=True), F("created_at").asc(), F("pk").asc())


def standing_exception(enrolment: Enrolment) -> Earlier | None:
    """Return by what somebody is taken earlier now; ``None`` where she has her place in the order."""
    return Earlier.objects.filter(enrolment=enrolment, over_at__isnull=True).first()


def visible_exceptions(by: Actor) -> QuerySet[Earlier]:
    """Return the exceptions of the actor's divisions, the newest first, those that were taken back too."""
    mine = Earlier.objects.filter(visible(by, person="enrolment__person"))
    return mine.select_related("enrolment__person", "enrolment__programme", "division").order_by("-created_at", "pk")
