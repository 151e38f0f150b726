"""Reads and rules of what is asked once a partnership has ended; and who has ended well and is an alumna."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.followup.after_states import AFTER_STEPS, WAS_ASKED, AfterState
from mentornet.followup.models import Afterwards
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import in_divisions
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on, side_of, visible
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.queries import in_use, not_objecting

WELL: Final = (ClosingReason.GOAL, ClosingReason.AGREED)
"""Why a partnership ends that has ended well."""


def may_answer(by: Actor, row: Afterwards) -> Answer:
    """She for herself; for her, whoever works with the pair and has called her."""
    if row.state == AfterState.CANCELLED:
        return denied(_("There is nothing to answer any more."))
    if isinstance(by, Participant):
        is_hers = side_of(by.person_id, row.partnership) == row.side
        return ALLOWED if is_hers else denied(_("Only she herself can do this."))
    return may_work_on(by, row.partnership)


def may_step(by: Actor, row: Afterwards, after: AfterState) -> Answer:
    """Tell whether a question may take a step now."""
    if not (answer := may_answer(by, row)):
        return answer
    if AFTER_STEPS.may(row.state, after):
        return ALLOWED
    return denied(_("Somebody else has worked on this meanwhile. Look at it again."))


def visible_afterwards(by: Actor) -> QuerySet[Afterwards]:
    """Return what is asked of the actor's pairs, the people with it; what was called off is left out.

    What a mentee has told is her division's: whoever has lent the mentor sees what that one is asked.
    """
    theirs = in_divisions(by, "partnership__") | Q(side=Role.MENTOR)
    return (
        Afterwards.objects.filter(theirs, partnership__in=Partnership.objects.filter(visible(by)))
        .exclude(state=AfterState.CANCELLED)
        .select_related(
            "partnership__mentee__person",
            "partnership__mentor__person",
            "partnership__mentee__coordinator",
            "partnership__division",
        )
    )


def afterwards_of(by: Participant) -> QuerySet[Afterwards]:
    """Return what somebody is asked herself."""
    hers = Q(side=Role.MENTEE, partnership__mentee__person_id=by.person_id) | Q(
        side=Role.MENTOR, partnership__mentor__person_id=by.person_id
    )
    rows = Afterwards.objects.filter(hers).exclude(state=AfterState.CANCELLED)
    return rows.select_related("partnership__mentee__person", "partnership__mentor__person", "partnership__division")


def of_pair(partnership: Partnership) -> QuerySet[Afterwards]:
    """Return what the two of a pair are asked, in the order of the days."""
    return (
        Afterwards.objects.filter(partnership=partnership)
        .exclude(state=AfterState.CANCELLED)
        .order_by("due_on", "side")
    )


def to_ask(today: date, side: Role) -> QuerySet[Afterwards]:
    """Return who is to be asked by a day: nobody erased, nobody whose data rest, nobody who objects."""
    return _askable(side).filter(state=AfterState.PLANNED, due_on__lte=today)


def to_remind(asked_by: date, side: Role) -> QuerySet[Afterwards]:
    """Return who was asked by a day, has not answered, and was not reminded."""
    return _askable(side).filter(state=AfterState.ASKED, reminded_at__isnull=True, asked_at__date__lte=asked_by)


def without_answer(asked_by: date, side: Role) -> QuerySet[Afterwards]:
    """Return who was asked by a day and has not answered."""
    return _askable(side).filter(state=AfterState.ASKED, asked_at__date__lte=asked_by)


def too_late(due_by: date) -> QuerySet[Afterwards]:
    """Return what was to be asked by a day and was not, since her data rested or nobody was at work."""
    return Afterwards.objects.filter(state=AfterState.PLANNED, due_on__lt=due_by).order_by("due_on", "pk")


def _askable(side: Role) -> QuerySet[Afterwards]:
    person = f"partnership__{side}__person"
    return (
        Afterwards.objects.filter(
            ~Q(**{f"{person}__search_text": ""}),
            in_use(person),
            not_objecting(person, ObjectionPurpose.STATISTICS),
            not_objecting(person, ObjectionPurpose.NEWS),
            side=side,
            partnership__state=PartnershipState.CLOSED,
        )
        .select_related("partnership__mentee__person", "partnership__mentor__person", "partnership__division")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those who were asked have answered, for one month and side."""

    month: int
    side: str
    answered: int
    asked: int


def rates(rows: QuerySet[Afterwards]) -> list[Rate]:
    """Return how many were asked and have answered, by month and side: numerator and denominator, never one alone."""
    found = (
        rows.order_by()
        .values_list("month", "side")
        .annotate(
            answered=Count("pk", filter=Q(state=AfterState.ANSWERED)),
            asked=Count("pk", filter=Q(state__in=WAS_ASKED)),
        )
    )
    return [Rate(*row) for row in sorted(found) if row[3]]


def counts_of(rows: QuerySet[Afterwards]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


# Alumnae --------------------------------------------------------------------------------------------------------------


def alumnae(by: Actor) -> Q:
    """Return, of people, who has ended a partnership well as a mentee and takes part no more, as far as one sees.

    Without those who have said that they do not want to be asked again.
    """
    mine = Partnership.objects.filter(visible(by), state=PartnershipState.CLOSED, closing_reason__in=WELL)
    here = Enrolment.objects.filter(person_id=OuterRef("pk"), ended_on__isnull=True)
    no = Afterwards.objects.filter(may_ask_again=False, side=Role.MENTEE, partnership__mentee__person_id=OuterRef("pk"))
    return Q(pk__in=mine.values("mentee__person_id")) & ~Q(Exists(here)) & ~Q(Exists(no))


def is_alumna(by: Participant) -> bool:
    """Tell whether somebody has ended a partnership well as a mentee and takes part no more."""
    hers = Enrolment.objects.filter(person_id=by.person_id)
    ended = Partnership.objects.filter(
        mentee__in=hers.values("pk"), state=PartnershipState.CLOSED, closing_reason__in=WELL
    )
    return ended.exists() and not hers.filter(ended_on__isnull=True).exists()


def person_of(row: Afterwards) -> Person:
    """Return who is asked."""
    return (row.partnership.mentee if row.side == Role.MENTEE else row.partnership.mentor).person


def coordinator_of(row: Afterwards) -> UUID | None:
    """Return who calls her: whoever looks after the pair."""
    return row.partnership.mentee.coordinator_id
