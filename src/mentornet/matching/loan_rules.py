"""Who may ask for a mentor of another division, who answers, and what may be done with a loan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.rules import may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import LOAN_STEPS, LoanState
from mentornet.matching.models import Loan

ANSWER_WITHIN: Final = timedelta(days=14)
"""After that an unanswered question has lapsed: she who waits is not kept waiting by it."""
LENT_FOR: Final = timedelta(days=30)
"""For how long somebody is released, unless another day is chosen."""
LENT_AT_MOST: Final = timedelta(days=90)
MOST_ASKED: Final = 3
"""For how many mentors may be asked for one mentee at a time."""

_MOVED_ON: Final = _("This loan has moved on since you looked. Look at it again.")


def visible(by: Actor) -> Q:
    """Return which loans somebody sees: those that her divisions have asked for, and those asked of them.

    None with anybody who is hidden from her on either side, known to her or not.
    """
    if isinstance(by, System):
        return Q()
    divisions = by.casework if isinstance(by, Staff) else frozenset()
    theirs = Q(division_id__in=divisions) | Q(lender_id__in=divisions)
    if isinstance(by, Staff) and by.hidden:
        # By their keys: a row of another division's is none to be joined with.
        hidden = places_of(by.hidden)
        theirs &= ~Q(mentee_id__in=hidden) & ~Q(mentor_id__in=hidden)
    return theirs


@beyond_division(reason="whoever is hidden from one of the staff may have her place in a division that is not hers")
def places_of(people: Collection[UUID]) -> list[UUID]:
    """Return the keys of all places of some people, in whatever division."""
    return list(Enrolment.objects.filter(person_id__in=people).values_list("pk", flat=True))


def has_asked(by: Actor, loan: Loan) -> Answer:
    """Work in the division that asks."""
    return may_work_in(by, loan.division_id)


def lends(by: Actor, loan: Loan) -> Answer:
    """Work in the division whose mentor it is."""
    return may_work_in(by, loan.lender_id)


def may_answer_loan(by: Actor, loan: Loan) -> Answer:
    """Releasing a mentor, or not: the coordinators of her division, once."""
    return lends(by, loan) and _in(loan, LoanState.ASKED)


def may_take_loan_back(by: Actor, loan: Loan) -> Answer:
    """Taking back what was asked, or what was released, as long as nobody has been proposed."""
    if not has_asked(by, loan) and not lends(by, loan):
        return lends(by, loan)
    if loan.state == LoanState.ASKED:
        return has_asked(by, loan)
    return _in(loan, LoanState.RELEASED)


def may_step(loan: Loan, after: LoanState) -> Answer:
    """Tell whether a loan may take a step now."""
    return ALLOWED if LOAN_STEPS.may(loan.state, after) else denied(_MOVED_ON)


def _in(loan: Loan, state: LoanState) -> Answer:
    return ALLOWED if loan.state == state else denied(_MOVED_ON)


def released_to(by: Actor, mentee: Enrolment) -> Q:
    """Return which loans let somebody propose a mentor of another division to a mentee of hers today."""
    return Q(
        mentee_id=mentee.pk,
        state=LoanState.RELEASED,
        until_on__gte=by.today,
        division_id=mentee.division_id,
    )


def is_released_to(by: Actor, mentee: Enrolment, mentor: Enrolment) -> bool:
    """Tell whether a mentor has been released for a mentee. One query."""
    return Loan.objects.filter(released_to(by, mentee), mentor_id=mentor.pk).exists()
