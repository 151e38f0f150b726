"""Several divisions at one moment, each with its own connection: a mentor is lent as often as she has places."""

from __future__ import annotations

from collections import Counter
from typing import Final
from uuid import uuid4

import pytest
from matching.loans import make_mentors

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_programme, make_staff, saved
from mentornet.common.actors import user_key
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import LoanState
from mentornet.matching.models import Loan
from mentornet.matching.services import release_loan
from racing import each_at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 5


def asked(lender: Division, mentor: Enrolment, number: int) -> Loan:
    """Return that a division of its own asks for a mentor."""
    division = make_division(f"Asks {number}")
    mentee = make_enrolment(
        "mentee", division, programme=mentor.programme, occupation="2221", languages={"da": "B1", "ar": "C2"}
    )
    return saved(
        Loan(
            mentee=mentee, mentor=mentor, division=division, lender=lender, seen={"field": "2"}, reason="A reason.",
            asked_by=user_key(uuid4()), author_name="X", expires_on=TODAY, created_at=AT,
        )
    )  # fmt: skip


@pytest.mark.parametrize("capacity", [1, 2])
def test_as_many_are_released_as_there_are_places(division: Division, capacity: int) -> None:
    (mentor,) = make_mentors(division, make_programme("Mentor network"), 1)
    Enrolment.objects.filter(pk=mentor.pk).update(capacity=capacity)
    loans = [asked(division, mentor, number) for number in range(MANY)]
    staff = [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(MANY)]
    said = each_at_once(
        *(lambda by=by, loan=loan: release_loan(by=by, loan=loan) for by, loan in zip(staff, loans, strict=True))
    )
    assert Counter(said) == {"done": capacity, "NoPlaceToLendError": MANY - capacity}
    assert Loan.objects.filter(state=LoanState.RELEASED).count() == capacity


@pytest.mark.parametrize("round_", range(2))
def test_lent_or_proposed_at_home_and_never_both(round_: int, division: Division) -> None:
    (mentor,) = make_mentors(division, make_programme("Mentor network"), 1)
    at_home = make_enrolment(
        "mentee", division, programme=mentor.programme, occupation="2221", languages={"da": "B1", "ar": "C2"}
    )
    loan = asked(division, mentor, 1)
    one, other = (make_staff(Role.COORDINATOR, division, name=name) for name in ("One", "Other"))
    said = each_at_once(
        lambda: release_loan(by=one, loan=loan),
        lambda: services.propose(
            by=other, mentee=at_home, mentor=Enrolment.objects.get(pk=mentor.pk), reason="Both.", seen_version=1
        ),
    )
    assert Counter(said)["done"] == 1
    mentor.refresh_from_db()
    loan.refresh_from_db()
    assert mentor.promised + (loan.state == LoanState.RELEASED) == 1
