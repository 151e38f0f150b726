"""Reads of loans, and how many pairs each division has a part in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from mentornet.common.actors import Actor
from mentornet.divisions.rules import seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import in_divisions
from mentornet.matching.enums import LENT, OPEN_LOANS, LoanState
from mentornet.matching.loan_rules import released_to, visible
from mentornet.matching.models import Loan
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.queries import visible_partnerships


def visible_loans(by: Actor) -> QuerySet[Loan]:
    """Return what the actor's divisions have asked for and what was asked of them; what waits for an answer first.

    Without the two: whom somebody may see of them, :func:`people_of` says.
    """
    group = Case(
        When(state=LoanState.ASKED, then=Value(0)), When(state__in=OPEN_LOANS, then=Value(1)), default=Value(2)
    )
    return Loan.objects.filter(visible(by)).select_related("division", "lender").order_by(group, "-created_at", "pk")


def loans_for(by: Actor, mentee: Enrolment) -> QuerySet[Loan]:
    """Return what was asked for one mentee."""
    return visible_loans(by).filter(mentee=mentee)


def asked_of(by: Staff) -> Q:
    """Return which loans were asked of somebody's divisions."""
    return Q(lender_id__in=by.casework)


def asked_by(by: Staff) -> Q:
    """Return which loans somebody's divisions have asked for."""
    return Q(division_id__in=by.casework)


def people_of(by: Staff, loans: Collection[Loan]) -> dict[UUID, Enrolment]:
    """Return whom of some loans somebody may see, by her place: her own, and mentors who are lent to her. One query.

    Whoever lends is not told for whom by a loan.
    """
    keys = {key for loan in loans for key in _known_in(by, loan)}
    # Who is protected meanwhile is nobody's but her own division's.
    may_see = (in_divisions(by) | Q(person__is_protected=False)) & seen_by(by, "person")
    rows = Enrolment.objects.filter(may_see, pk__in=keys)
    rows = rows.select_related("person", "profile", "division", "coordinator")
    return {row.pk: row for row in rows.prefetch_related("person__languages")}


def _known_in(by: Staff, loan: Loan) -> set[UUID]:
    known = set()
    if loan.division_id in by.casework:
        known.add(loan.mentee_id)
    if loan.lender_id in by.casework or loan.state in LENT:
        known.add(loan.mentor_id)
    return known


def choosable_mentors(by: Actor, mentee: Enrolment) -> QuerySet[Enrolment]:
    """Return who can be proposed to a mentee: of the actor's divisions, and those released to her."""
    lent = Loan.objects.filter(released_to(by, mentee), mentor__person__is_protected=False).values("mentor_id")
    return Enrolment.objects.filter((in_divisions(by) | Q(pk__in=lent)) & seen_by(by, "person")).select_related(
        "person", "profile", "programme", "division", "coordinator"
    )


def mentors_named(by: Actor, mentors: Collection[UUID]) -> QuerySet[Enrolment]:
    """Return those of some mentors whom the actor may know by name: of her divisions, and those lent to them."""
    lent = Loan.objects.filter(visible(by), state__in=LENT, mentor_id__in=mentors, mentor__person__is_protected=False)
    if isinstance(by, Staff):
        lent = lent.filter(asked_by(by))
    named = (in_divisions(by) | Q(pk__in=lent.values("mentor_id"))) & seen_by(by, "person")
    return Enrolment.objects.filter(named, pk__in=mentors).select_related("person", "profile", "division")


def lent_mentors(by: Actor) -> QuerySet[Enrolment]:
    """Return the mentors of other divisions who are lent to mentees of the actor's."""
    loans = Loan.objects.filter(visible(by), mentor__person__is_protected=False, state__in=LENT)
    lent = loans.filter(asked_by(by)) if isinstance(by, Staff) else loans
    return Enrolment.objects.filter(seen_by(by, "person"), pk__in=lent.values("mentor_id")).select_related(
        "person", "profile", "programme", "division", "coordinator"
    )


def released_for(by: Staff, mentees: Collection[UUID]) -> dict[UUID, list[Loan]]:
    """Return by mentee the loans by which a mentor of another division can be proposed to her today. One query."""
    loans = visible_loans(by).filter(asked_by(by), mentee_id__in=mentees, state=LoanState.RELEASED)
    found: dict[UUID, list[Loan]] = {}
    for loan in loans.filter(until_on__gte=by.today, mentor__person__is_protected=False):
        found.setdefault(loan.mentee_id, []).append(loan)
    return found


def places_lent(by: Actor, mentors: Collection[UUID]) -> dict[UUID, int]:
    """Return how many places of each of these mentors are kept for other divisions. One query."""
    lent = Loan.objects.filter(visible(by), mentor_id__in=mentors, state=LoanState.RELEASED).order_by()
    return dict(lent.values_list("mentor_id").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class Parts:
    """In how many running pairs a division has a part.

    Attributes:
        own: both are of it.
        lent: the mentor is of it; the pair is the other division's.
        borrowed: the mentee is of it, with a mentor of another one.
    """

    own: int = 0
    lent: int = 0
    borrowed: int = 0

    @property
    def all(self) -> int:
        """All pairs in which the division has a part: a loan counts for both."""
        return self.own + self.lent + self.borrowed


def parts_of_divisions(by: Staff) -> tuple[Mapping[UUID, Parts], int]:
    """Return the part of each of somebody's divisions in running pairs, and how many pairs these are: each once.

    One query.
    """
    pairs = visible_partnerships(by).order_by().select_related(None).filter(state__in=RUNNING)
    found: dict[UUID, dict[str, int]] = {key: {"own": 0, "lent": 0, "borrowed": 0} for key in by.casework}
    total = 0
    for mentees, mentors, count in pairs.values_list("division_id", "mentor__division_id").annotate(count=Count("pk")):
        total += count
        if mentees == mentors:
            found[mentees]["own"] += count
            continue
        if mentees in found:
            found[mentees]["borrowed"] += count
        if mentors in found:
            found[mentors]["lent"] += count
    return {key: Parts(**counts) for key, counts in found.items()}, total
