"""Reads of partnerships."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from mentornet.agenda.models import Kind, Task
from mentornet.audit.queries import entries_about
from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import RUNNING, ClosingReason, PartnershipState
from mentornet.partnerships.models import (
    Account,
    Agreement,
    AgreementSignature,
    AgreementTemplate,
    CalendarFeed,
    Closure,
    ClosureSide,
    Goal,
    GoalStep,
    Introduction,
    Meeting,
    Note,
    OwnNote,
    Partnership,
    PlannedMeeting,
)
from mentornet.partnerships.rules import visible
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.queries import in_use, not_objecting


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


def safe(before: str = "") -> Q:
    """Return what leaves out pairs that end for somebody's safety, or have ended so, whatever reason was counted.

    ``before`` is the lookup that leads to the pair.
    """
    return Q(**{f"{before}stopped_on__isnull": True}) & ~Q(**{f"{before}closing_reason": ClosingReason.SAFETY})


def blameless(side: Role | str) -> Q:
    """Return what leaves out pairs that end for somebody's safety, or have ended so, where it is about that side."""
    hers = ClosureSide.objects.filter(closure__partnership=OuterRef("pk"), closure__undone_at__isnull=True, side=side)
    return safe() | Q(Exists(hers.filter(led_to_it=False)))


def looked_after_by(partnerships: QuerySet[Partnership], coordinator: UUID | None) -> QuerySet[Partnership]:
    """Return those of some partnerships that one coordinator looks after; of ``None``, nobody in particular."""
    return partnerships.filter(mentee__coordinator_id=coordinator)


def not_met(partnerships: QuerySet[Partnership], before: date) -> QuerySet[Partnership]:
    """Return those matched before a day whose first meeting nobody has told of."""
    return partnerships.filter(state=PartnershipState.MATCHED, first_met_on__isnull=True, matched_on__lt=before)


def call_about_an_end(by: Participant, partnership: Partnership) -> date | None:
    """Return by when her coordinator is to call whoever has asked for an end; nothing for the other one of the two."""
    # The task is one for both, and does not tell which of them has asked: what she has done does.
    hers = entries_about([partnership]).filter(actor=by.key, act="partnerships.ask_to_end")
    said = Exists(hers.filter(at__gte=OuterRef("created_at")))
    asked = Task.objects.filter(said, kind=Kind.TO_END, target_id=partnership.pk, done_at__isnull=True)
    return asked.values_list("due_on", flat=True).first()


def counts_by_state(partnerships: QuerySet[Partnership]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(partnerships.order_by().values_list("state").annotate(count=Count("pk")))


def partnerships_ever_and_now() -> tuple[int, int]:
    """Return how many partnerships there have ever been, and how many run.

    Without those of whom one objects to being counted, or has let her data rest.
    """
    sides = ("mentee__person", "mentor__person")
    counted = Partnership.objects.filter(
        *(in_use(side) for side in sides),
        *(not_objecting(side, ObjectionPurpose.STATISTICS) for side in sides),
    )
    counts = counted.aggregate(ever=Count("pk"), now=Count("pk", filter=Q(state__in=RUNNING)))
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


def running_between(one_id: UUID, other_id: UUID) -> QuerySet[Partnership]:
    """Return the partnerships that run between two people, whoever is the mentee."""
    return Partnership.objects.filter(
        Q(mentee__person_id=one_id, mentor__person_id=other_id)
        | Q(mentee__person_id=other_id, mentor__person_id=one_id),
        state__in=RUNNING,
    ).order_by("pk")


def _with_any_of(person_ids: Collection[UUID]) -> Q:
    # By the keys of their enrolments, which are indexed on both sides; by the people, every partnership would be read.
    theirs = Enrolment.objects.filter(person_id__in=person_ids).values("pk")
    return Q(mentee__in=theirs) | Q(mentor__in=theirs)


def is_built_on(partnership: Partnership) -> bool:
    """Tell whether anything has been noted in a partnership since it was opened, beside what it was opened with."""
    meetings = Meeting.objects.filter(partnership=partnership).exclude(created_at=partnership.created_at)
    written = (Note, Agreement, PlannedMeeting, Goal, Introduction, OwnNote)
    return meetings.exists() or any(model.objects.filter(partnership=partnership).exists() for model in written)


# What the two see of theirs -------------------------------------------------------------------------------------------


def partnerships_of(by: Participant) -> QuerySet[Partnership]:
    """Return somebody's own partnerships with the people in them, those that run first, then the newest."""
    mine = Enrolment.objects.filter(person_id=by.person_id).values("pk")
    return (
        Partnership.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine))
        .select_related("mentee__person", "mentor__person", "mentee__coordinator", "division")
        .order_by(F("closed_on").desc(nulls_first=True), "-created_at", "pk")
    )


def partners_of(by: Participant) -> set[UUID]:
    """Return all whom somebody works with, or has worked with, in whatever role."""
    mine = Enrolment.objects.filter(person_id=by.person_id).values("pk")
    pairs = Partnership.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine))
    people = pairs.values_list("mentee__person_id", "mentor__person_id")
    return {one for both in people for one in both} - {by.person_id}


def running_of(by: Participant) -> QuerySet[Partnership]:
    """Return somebody's partnerships that run, with no more than the two's names: every first page asks.

    Those in which the two are kept from each other too: what is missing there tells as much as a word.
    """
    return (
        partnerships_of(by)
        .filter(state__in=RUNNING)
        .select_related(None)
        .select_related("mentee__person", "mentor__person")
        .only(
            "state",
            "agreement_on",
            *(f"{side}__person__{name}" for side in Role.values for name in ("first_name", "last_name")),
        )
    )


def told_meetings(partnership: Partnership) -> QuerySet[Meeting]:
    """Return the meetings with what each of the two has told of them, the newest first."""
    accounts = Prefetch("accounts", queryset=Account.objects.order_by("side"))
    return meetings_of(partnership).prefetch_related(accounts)


def next_planned(partnership: Partnership, at: datetime) -> PlannedMeeting | None:
    """Return the planned meeting that is still to come."""
    coming = PlannedMeeting.objects.filter(partnership=partnership, called_off_at__isnull=True, at__gt=at)
    return coming.order_by("at").first()


def last_planned(partnership: Partnership, at: datetime) -> PlannedMeeting | None:
    """Return the planned meeting whose time came last."""
    past = PlannedMeeting.objects.filter(partnership=partnership, called_off_at__isnull=True, at__lte=at)
    return past.order_by("-at").first()


def planned_around(
    partnerships: Collection[Partnership], at: datetime
) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """Return for each when the two meant to meet last, and mean to meet next. One query, however many they are."""
    planned = PlannedMeeting.objects.filter(partnership__in=partnerships, called_off_at__isnull=True).order_by()
    rows = planned.values_list("partnership_id").annotate(
        last=Max("at", filter=Q(at__lte=at)), next=Min("at", filter=Q(at__gt=at))
    )
    return {key: (last, coming) for key, last, coming in rows}


def told_until(partnerships: Collection[Partnership]) -> dict[tuple[UUID, str], date]:
    """Return the day of the newest meeting that each of the two has told of, by partnership and side. One query."""
    told = Account.objects.filter(meeting__partnership__in=partnerships).order_by()
    rows = told.values_list("meeting__partnership_id", "side").annotate(on=Max("meeting__on"))
    return {(key, side): on for key, side, on in rows}


def usual_meeting(partnership: Partnership) -> tuple[int, str]:
    """Return for how many minutes, and how, the two mostly meet: of the last six meetings; an hour face to face."""
    last = list(meetings_of(partnership).values_list("minutes", "way")[:6])
    minutes = Counter(one for one, _way in last if one).most_common(1)
    ways = Counter(way for _minutes, way in last if way).most_common(1)
    return (minutes[0][0] if minutes else 60), (ways[0][0] if ways else "in_person")


def goals_of(partnership: Partnership) -> QuerySet[Goal]:
    """Return the goals with their steps, in the order in which they were written."""
    return goals_with_steps([partnership.pk])


def goals_with_steps(partnerships: Collection[UUID]) -> QuerySet[Goal]:
    """Return the goals of these partnerships with their steps, in the order in which they were written."""
    steps = Prefetch("steps", queryset=GoalStep.objects.order_by("created_at", "pk"))
    return Goal.objects.filter(partnership__in=partnerships).order_by("created_at", "pk").prefetch_related(steps)


def steps_of(partnership: Partnership) -> QuerySet[GoalStep]:
    """Return the steps of all goals."""
    return GoalStep.objects.filter(goal__partnership=partnership)


def introductions_of(partnership: Partnership) -> QuerySet[Introduction]:
    """Return the doors that were opened, the newest first."""
    return Introduction.objects.filter(partnership=partnership).order_by("-on", "-created_at")


def own_notes_of(by: Participant, partnership: Partnership) -> QuerySet[OwnNote]:
    """Return somebody's own notes, the newest first: nobody else's, for nobody else."""
    own = OwnNote.objects.filter(partnership=partnership, person_id=by.person_id)
    return own.order_by("-created_at", "-pk")


# The agreement --------------------------------------------------------------------------------------------------------


def newest_templates() -> dict[str, AgreementTemplate]:
    """Return the agreement's text as it is in force, by language; empty before it has been brought in."""
    newest = AgreementTemplate.objects.aggregate(number=Max("number"))["number"]
    return {one.language: one for one in AgreementTemplate.objects.filter(number=newest)} if newest else {}


def current_agreement(partnership: Partnership) -> Agreement | None:
    """Return what lies before the two, signed or not, with its signatures."""
    return current_agreements([partnership]).get(partnership.pk)


def current_agreements(partnerships: Collection[Partnership]) -> dict[UUID, Agreement]:
    """Return what lies before the two of each, by partnership. Two queries, however many they are."""
    signatures = Prefetch("signatures", queryset=AgreementSignature.objects.order_by("created_at"))
    found = Agreement.objects.filter(partnership__in=partnerships, superseded_at__isnull=True)
    return {one.partnership_id: one for one in found.prefetch_related(signatures)}


def agreements_of(partnership: Partnership) -> QuerySet[Agreement]:
    """Return every version that the two have filled in, the newest first, with its signatures."""
    signatures = Prefetch("signatures", queryset=AgreementSignature.objects.order_by("created_at"))
    return Agreement.objects.filter(partnership=partnership).order_by("-number").prefetch_related(signatures)


# Calendars ------------------------------------------------------------------------------------------------------------


def feed_hash(token: str) -> str:
    """Return what is kept of the token in a calendar's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(token: str) -> CalendarFeed | None:
    """Return the calendar that a token opens; wrong, stopped or of a closed account: ``None``, after the same query."""
    may_come = Q(person__user__isnull=True) | Q(person__user__is_active=True)
    return (
        CalendarFeed.objects.filter(may_come, token_hash=feed_hash(token), closed_at__isnull=True)
        .select_related("person")
        .first()
    )


def has_feed(by: Participant) -> bool:
    """Tell whether a calendar follows her meetings."""
    return CalendarFeed.objects.filter(person_id=by.person_id, closed_at__isnull=True).exists()


def planned_of(person: Person, since: datetime) -> QuerySet[PlannedMeeting]:
    """Return what somebody has planned since a moment, called-off meetings among it.

    Of partnerships that have ended since then, what was called off alone: calendars that have it are to hear of it.
    """
    mine = Enrolment.objects.filter(person=person).values("pk")
    runs = Q(partnership__state__in=RUNNING)
    has_ended = Q(called_off_at__gte=since)
    return (
        PlannedMeeting.objects.filter(
            Q(partnership__mentee__in=mine) | Q(partnership__mentor__in=mine), runs | has_ended, at__gte=since
        )
        .select_related("partnership__mentee__person", "partnership__mentor__person")
        .order_by("at", "pk")
    )


def planned_meetings(partnership: Partnership) -> QuerySet[PlannedMeeting]:
    """Return everything that the two have planned, and not called off."""
    return PlannedMeeting.objects.filter(partnership=partnership, called_off_at__isnull=True)


def met_on(partnership: Partnership, on: date) -> bool:
    """Tell whether somebody has told of a meeting on a day."""
    return Meeting.objects.filter(partnership=partnership, on=on).exists()


# Endings --------------------------------------------------------------------------------------------------------------


def standing_closure(partnership: Partnership) -> Closure | None:
    """Return the ending that is being filled in, or by which a partnership was closed; none that was taken back."""
    return Closure.objects.filter(partnership=partnership, undone_at__isnull=True).first()


def sides_of(closure: Closure) -> QuerySet[ClosureSide]:
    """Return both sides of an ending, the mentee's first."""
    return ClosureSide.objects.filter(closure=closure).order_by("side")


def undone_closures(partnership: Partnership) -> QuerySet[Closure]:
    """Return the endings of a partnership that were called off or taken back, the newest first."""
    return Closure.objects.filter(partnership=partnership, undone_at__isnull=False).order_by("-undone_at", "pk")
