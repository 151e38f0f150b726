"""A mentor of another division in a meeting: a candidate of hers to whom she is lent, in the set for her alone."""

from __future__ import annotations

from typing import Any

import pytest
from matching.loans import Two, ask, make_two
from matching.meeting_rows import pairs_of, ready, run_of
from matching.pairs import jobs_run

from factories.django_rows import AT, make_enrolment, make_staff, saved
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import LoanState, Outcome, TieKind
from mentornet.matching.models import Loan, MatchingMeeting, MeetingDecision, MeetingRun, MeetingTie, Proposal
from mentornet.matching.services import release_loan, take_loan_back
from mentornet.matching.services.meeting_runs import is_outdated, whole_now
from mentornet.people.models import Avoidance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@pytest.fixture
def beside(two: Two, division: Division) -> Enrolment:
    """Another one who waits beside her, whom the mentors fit as well."""
    return make_enrolment("mentee", division, programme=two.programme, occupation="2221", topics=("cv",),
                          languages={"da": "B1", "ar": "C2"})  # fmt: skip


@pytest.fixture
def loan(two: Two, beside: Enrolment) -> Loan:
    return release_loan(by=two.lends, loan=ask(two))


@pytest.fixture
def meeting(two: Two, division: Division, loan: Loan) -> MatchingMeeting:
    return ready(two.asks, two.programme, [division])


def mentor_of(loan: Loan) -> Enrolment:
    return Enrolment.objects.get(pk=loan.mentor_id)


def tie(two: Two, meeting: MatchingMeeting, mentee: Enrolment, mentor: Enrolment, kind: TieKind) -> MeetingRun:
    return services.tie_pair(by=two.asks, meeting=meeting, mentee=mentee, mentor=mentor, kind=kind)


def decide(two: Two, meeting: MatchingMeeting, mentee: Enrolment, **given: Any) -> MeetingDecision:
    values: dict[str, Any] = {"outcome": Outcome.PROPOSE, "reason": "They fit.", "seen": 0} | given
    return services.decide(by=two.asks, meeting=meeting, mentee=mentee, **values)


def test_she_is_in_the_set_for_that_mentee_alone(
    two: Two, beside: Enrolment, meeting: MatchingMeeting, loan: Loan
) -> None:
    assert pairs_of(meeting) == {two.mentee.pk: loan.mentor_id}
    # Nor is she given to the other one when hers is out of it.
    decide(two, meeting, two.mentee, outcome=Outcome.WAIT)
    assert pairs_of(meeting) == {}


def test_without_a_loan_nobody_is_there(two: Two, division: Division, beside: Enrolment) -> None:
    assert pairs_of(ready(two.asks, two.programme, [division])) == {}


def test_locked_ruled_out_decided_and_sent(two: Two, beside: Enrolment, meeting: MatchingMeeting, loan: Loan) -> None:
    mentor = mentor_of(loan)
    tie(two, meeting, two.mentee, mentor, TieKind.FORBID)
    assert pairs_of(meeting) == {}
    tie(two, meeting, two.mentee, mentor, TieKind.LOCK)
    assert pairs_of(meeting) == {two.mentee.pk: mentor.pk}
    with pytest.raises(NotAllowedError, match="not part of this meeting"):
        tie(two, meeting, beside, mentor, TieKind.LOCK)
    decide(two, meeting, two.mentee, mentor=mentor)
    sent = services.send_decided(by=two.asks, meeting=meeting)
    assert (sent.count, sent.refused) == (1, ())
    assert Proposal.objects.get().mentor_id == mentor.pk
    loan.refresh_from_db()
    assert loan.state == LoanState.USED
    assert pairs_of(meeting) == {}


def test_a_loan_that_is_taken_back_outdates_the_set(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    decide(two, meeting, two.mentee, mentor=mentor_of(loan))
    take_loan_back(by=two.lends, loan=loan)
    assert is_outdated(whole_now(meeting, two.asks), run_of(meeting))
    sent = services.send_decided(by=two.asks, meeting=meeting)
    assert sent.changed is not None
    assert not Proposal.objects.exists()
    assert pairs_of(meeting) == {}


def test_her_lock_is_lifted_when_the_loan_is_over(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    run = tie(two, meeting, two.mentee, mentor_of(loan), TieKind.LOCK)
    take_loan_back(by=two.asks, loan=loan)
    assert run.tie is not None
    services.lift_tie(by=two.asks, meeting=meeting, tie=run.tie)
    assert MeetingTie.objects.get().lifted_at is not None


def test_a_lock_that_nobody_sees_any_more_stands_in_nobodys_way(
    two: Two, division: Division, meeting: MatchingMeeting, loan: Loan
) -> None:
    tie(two, meeting, two.mentee, mentor_of(loan), TieKind.LOCK)
    take_loan_back(by=two.asks, loan=loan)
    own = make_enrolment("mentor", division, programme=two.programme, occupation="2221", topics=("cv",),
                         languages={"da": "C2", "ar": "C1"})  # fmt: skip
    tie(two, meeting, two.mentee, own, TieKind.LOCK)
    assert pairs_of(meeting) == {two.mentee.pk: own.pk}


def test_each_run_with_her_is_computed_again(two: Two, beside: Enrolment, meeting: MatchingMeeting, loan: Loan) -> None:
    tie(two, meeting, two.mentee, mentor_of(loan), TieKind.FORBID)
    take_loan_back(by=two.asks, loan=loan)
    services.solve_again(by=two.asks, meeting=meeting)
    assert [run.snapshot.kept for run in MeetingRun.objects.select_related("snapshot").order_by("number")] == [
        [[sorted([str(two.mentee.pk), str(beside.pk)]).index(str(two.mentee.pk)), 0]]
    ] * 2 + [[]]
    for run in MeetingRun.objects.select_related("snapshot"):
        told = services.replay_run(by=two.asks, meeting=meeting, run=run)
        assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True), run.number
    # Open to both she would have been in another question.
    run = MeetingRun.objects.get(number=1)
    run.snapshot.kept = []
    assert not services.replay_run(by=two.asks, meeting=meeting, run=run).has_same_inputs


def test_who_must_not_meet_is_not_in_it(two: Two, division: Division, loan: Loan) -> None:
    saved(Avoidance(person=mentor_of(loan).person, other=two.mentee.person, reason="A reason.", created_at=AT,
                    created_by="user:x"))  # fmt: skip
    assert pairs_of(ready(two.asks, two.programme, [division])) == {}


def test_of_one_mentor_two_places_for_two_women(two: Two, division: Division, beside: Enrolment) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).update(capacity=2, stamp=8)
    loans = [release_loan(by=two.lends, loan=ask(two, mentee=one)) for one in (two.mentee, beside)]
    assert loans[0].mentor_id == loans[1].mentor_id
    meeting = ready(two.asks, two.programme, [division])
    mentor = loans[0].mentor_id
    assert pairs_of(meeting) == {two.mentee.pk: mentor, beside.pk: mentor}
    told = services.replay_run(by=two.asks, meeting=meeting, run=run_of(meeting))
    assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True)


def test_over_both_divisions_she_is_there_once(
    two: Two, division: Division, other_division: Division, loan: Loan
) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).exclude(pk=loan.mentor_id).update(
        capacity=0, stamp=8
    )
    meeting = ready(make_staff(Role.NATIONAL_LEAD), two.programme, [division, other_division])
    jobs_run()
    assert pairs_of(meeting) == {two.mentee.pk: loan.mentor_id}
