"""A place that is lent is given away nowhere at home, by no list and no best set, and is there for whom it is kept."""

from __future__ import annotations

import pytest
from matching.loans import Two, ask, make_two
from matching.meeting_rows import pairs_of, ready

from factories.django_rows import make_enrolment, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import bank_of, bank_of_two
from mentornet.matching.models import Loan
from mentornet.matching.ranking import Ranking, rank_for
from mentornet.matching.services import release_loan, take_loan_back
from mentornet.programmes.queries import current_version
from pairing.terms import Rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@pytest.fixture
def at_home(two: Two) -> Enrolment:
    """Somebody who waits where the mentors are, and whom all of them fit."""
    return make_enrolment("mentee", two.mentors[0].division, programme=two.programme, occupation="2221",
                          topics=("cv",), languages={"da": "B1", "ar": "C2"})  # fmt: skip


def ranked(by: Staff, mentee: Enrolment) -> Ranking:
    bank = bank_of(version=current_version(mentee.programme_id), divisions=by.casework, today=by.today)
    ranking = rank_for(bank, mentee.pk)
    assert ranking is not None
    return ranking


def standing(by: Staff, mentee: Enrolment) -> set[object]:
    return {one.enrolment_id for one in ranked(by, mentee).page(0, 99)}


def lent(two: Two) -> Loan:
    return release_loan(by=two.lends, loan=ask(two))


def test_a_kept_bank_is_read_anew_when_a_place_is_lent_and_given_back(two: Two, at_home: Enrolment) -> None:
    everybody = {one.pk for one in two.mentors}
    assert standing(two.lends, at_home) == everybody
    loan = lent(two)
    assert standing(two.lends, at_home) == everybody - {loan.mentor_id}
    candidate = ranked(two.lends, at_home).candidate(loan.mentor_id)
    assert candidate is not None
    assert candidate.fails == (Rule.CAPACITY.value,)
    take_loan_back(by=two.asks, loan=loan)
    assert standing(two.lends, at_home) == everybody


def test_a_mentor_with_another_place_is_still_there(two: Two, at_home: Enrolment) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).update(capacity=2, stamp=8)
    loan = lent(two)
    assert loan.mentor_id in standing(two.lends, at_home)


def test_whoever_works_in_both_sees_her_for_that_mentee_alone(
    two: Two, at_home: Enrolment, division: Division, other_division: Division
) -> None:
    loan, lead = lent(two), make_staff(Role.NATIONAL_LEAD)
    assert {division.pk, other_division.pk} <= lead.casework
    assert loan.mentor_id in standing(lead, two.mentee)
    assert loan.mentor_id not in standing(lead, at_home)


def test_two_alone_are_judged_with_the_place_that_is_kept(two: Two, at_home: Enrolment) -> None:
    loan = lent(two)
    full = {}
    for mentee in (two.mentee, at_home):
        bank = bank_of_two(version=current_version(two.programme.pk), mentee_id=mentee.pk, mentor_id=loan.mentor_id,
                           today=two.asks.today)  # fmt: skip
        assert bank is not None
        full[mentee.pk] = bool(bank.problem.full[0])
    assert full == {two.mentee.pk: False, at_home.pk: True}


def test_no_best_set_gives_her_away(two: Two, at_home: Enrolment, other_division: Division) -> None:
    loan = lent(two)
    others = Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).exclude(pk=loan.mentor_id)
    others.update(capacity=0, stamp=8)
    meeting = ready(two.lends, two.programme, [other_division])
    assert pairs_of(meeting) == {}
    take_loan_back(by=two.asks, loan=loan)
    meeting = ready(two.lends, two.programme, [other_division])
    assert pairs_of(meeting) == {at_home.pk: loan.mentor_id}
