"""What PostgreSQL itself gives of a mentor on loan: nothing before she is released, and no more than her after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction
from matching.loans import Two, ask, make_two

from factories.django_rows import AT, TODAY, make_division
from mentornet.common import row_scope
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Enrolment, Interview
from mentornet.matching import bank, services
from mentornet.matching.enums import LoanState
from mentornet.matching.lending import offered_to
from mentornet.matching.loan_queries import people_of, visible_loans
from mentornet.matching.models import Loan
from mentornet.matching.services import decline_loan, follow_loans, release_loan, take_loan_back
from mentornet.people.models import LanguageSkill, Person, Profile
from served import served_role

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@contextmanager
def served(by: Staff) -> Iterator[None]:
    """Ask as the program does that serves somebody's requests."""
    bank.forget()
    with served_role(), row_scope.within(row_scope.of_divisions(by.casework)):
        yield


def given(mentor_id: UUID, person_id: UUID) -> dict[str, int]:
    """Return what is given of a mentor, past the program's own rules."""
    return {
        "enrolment": Enrolment.objects.filter(pk=mentor_id).count(),
        "person": Person.objects.filter(pk=person_id).count(),
        "profile": Profile.objects.filter(person=person_id).count(),
        "languages": LanguageSkill.objects.filter(person=person_id).count(),
        "application": Application.objects.filter(person=person_id).count(),
        "interview": Interview.objects.filter(application__person=person_id).count(),
    }


NOTHING = {"enrolment": 0, "person": 0, "profile": 0, "languages": 0, "application": 0, "interview": 0}
HERSELF = NOTHING | {"enrolment": 1, "person": 1, "profile": 1, "languages": 2}


def test_before_it_is_released_nothing_and_after_it_herself_alone(two: Two) -> None:
    with served(two.asks):
        # The search works past the division, and gives nothing of anybody.
        assert len(offered_to(two.asks, two.mentee) or ()) == 1
        loan = ask(two)
        assert list(visible_loans(two.asks)) == [loan]
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    others = [one for one in two.mentors if one.pk != mentor.pk]
    with served(two.asks):
        assert given(mentor.pk, mentor.person_id) == NOTHING
        assert set(people_of(two.asks, [loan])) == {two.mentee.pk}
    with served(two.lends):
        loan = release_loan(by=two.lends, loan=loan)
        # Whoever lends is given nothing of the mentee.
        assert given(two.mentee.pk, two.mentee.person_id) == NOTHING
    with served(two.asks):
        assert given(mentor.pk, mentor.person_id) == HERSELF
        for one in others:
            assert given(one.pk, one.person_id) == NOTHING
        proposal = services.propose(
            by=two.asks, mentee=Enrolment.objects.get(pk=two.mentee.pk), mentor=Enrolment.objects.get(pk=mentor.pk),
            reason="Both are nurses.", seen_version=1,
        )  # fmt: skip
    with served(two.lends):
        # From now on they are a pair of both, as before.
        assert given(two.mentee.pk, two.mentee.person_id)["person"] == 1
    loan.refresh_from_db()
    assert (loan.state, loan.proposal) == (LoanState.USED, proposal)


@pytest.mark.parametrize("end", ["declined", "taken back", "lapsed"])
def test_what_comes_to_nothing_gives_nothing(two: Two, end: str) -> None:
    with served(two.asks):
        loan = ask(two)
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    with served(two.lends):
        if end == "declined":
            decline_loan(by=two.lends, loan=loan, answer="She moves.")
        else:
            loan = release_loan(by=two.lends, loan=loan, until=TODAY)
    with served(two.asks):
        assert given(mentor.pk, mentor.person_id) == (NOTHING if end == "declined" else HERSELF)
    if end == "taken back":
        with served(two.asks):
            take_loan_back(by=two.asks, loan=loan)
    elif end == "lapsed":
        follow_loans(by=System("tests", AT.replace(day=28)))
    with served(two.asks):
        assert given(mentor.pk, mentor.person_id) == NOTHING


def test_a_third_division_is_given_no_loan(two: Two) -> None:
    loan = ask(two)
    third = make_division("Third")
    with served_role():
        with row_scope.within(row_scope.of_divisions([third.pk])):
            assert Loan.objects.count() == 0
        with row_scope.within(row_scope.NOTHING):
            assert Loan.objects.count() == 0
        for own in (loan.division_id, loan.lender_id):
            with row_scope.within(row_scope.of_divisions([own])):
                assert Loan.objects.count() == 1


def test_a_loan_of_two_others_cannot_be_written(two: Two) -> None:
    loan = ask(two)
    third = make_division("Third")
    with (
        served_role(),
        row_scope.within(row_scope.of_divisions([third.pk])),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Loan.objects.create(
            mentee_id=loan.mentee_id, mentor_id=two.mentors[-1].pk, division_id=loan.division_id,
            lender_id=loan.lender_id, reason="x", asked_by="user:x", author_name="x", expires_on=TODAY, created_at=AT,
        )  # fmt: skip
