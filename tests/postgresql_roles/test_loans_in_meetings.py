"""A mentor on loan in a meeting, beneath the policies: there while she is lent, and in nobody's way after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.loans import Two, ask, make_two
from matching.meeting_rows import pairs_of, ready, run_of

from factories.django_rows import AT, make_enrolment, user_of
from mentornet.common import row_scope
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import bank, services
from mentornet.matching.enums import LoanState, Outcome, TieKind
from mentornet.matching.meeting_queries import decisions_of, seen_places, ties_of
from mentornet.matching.models import Loan, MatchingMeeting, MeetingRun
from mentornet.matching.ranking import rank_for
from mentornet.matching.services import release_loan, take_loan_back
from mentornet.programmes.queries import current_version
from served import served_role
from signing import enter

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]


@pytest.fixture(autouse=True)
def _that_morning() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@contextmanager
def served(by: Staff) -> Iterator[None]:
    """Ask as the program does that serves somebody's requests."""
    bank.forget()
    with served_role(), row_scope.within(row_scope.of_divisions(by.casework)):
        yield


@pytest.fixture
def loan(two: Two) -> Loan:
    with served(two.asks):
        loan = ask(two)
    with served(two.lends):
        return release_loan(by=two.lends, loan=loan)


@pytest.fixture
def meeting(two: Two, division: Division, loan: Loan) -> MatchingMeeting:
    return ready(two.asks, two.programme, [division])


def test_she_is_locked_decided_and_sent_by_whom_she_is_lent_to(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    with served(two.asks):
        mentor = seen_places(two.asks, [loan.mentor_id])[loan.mentor_id]
        assert pairs_of(meeting) == {two.mentee.pk: mentor.pk}
        services.tie_pair(by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, kind=TieKind.LOCK)
        services.decide(
            by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, seen=0, outcome=Outcome.PROPOSE,
            reason="Both are nurses.",
        )  # fmt: skip
        for run in MeetingRun.objects.select_related("snapshot"):
            told = services.replay_run(by=two.asks, meeting=meeting, run=run)
            assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True)
        sent = services.send_decided(by=two.asks, meeting=meeting)
    assert (sent.count, sent.refused) == (1, ())
    loan.refresh_from_db()
    assert loan.state == LoanState.USED


def test_lent_no_more_she_is_in_nobodys_way(two: Two, division: Division, meeting: MatchingMeeting, loan: Loan) -> None:
    with served(two.asks):
        mentor = Enrolment.objects.get(pk=loan.mentor_id)
        tie = services.tie_pair(by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, kind=TieKind.LOCK).tie
        assert tie is not None
    with served(two.lends):
        take_loan_back(by=two.lends, loan=loan)
    own = make_enrolment("mentor", division, programme=two.programme, occupation="2221", topics=("cv",),
                         languages={"da": "C2", "ar": "C1"})  # fmt: skip
    with served(two.asks):
        assert not seen_places(two.asks, [loan.mentor_id])
        assert list(ties_of(two.asks, meeting)) == []
        # Nobody sees that lock; another one takes its place.
        services.tie_pair(by=two.asks, meeting=meeting, mentee=two.mentee, mentor=own, kind=TieKind.LOCK)
        assert pairs_of(meeting) == {two.mentee.pk: own.pk}


def test_a_lock_that_stands_on_an_old_page_is_lifted(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    with served(two.asks):
        mentor = Enrolment.objects.get(pk=loan.mentor_id)
        tie = services.tie_pair(by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, kind=TieKind.LOCK).tie
        take_loan_back(by=two.asks, loan=loan)
        assert tie is not None
        services.lift_tie(by=two.asks, meeting=meeting, tie=tie)
        assert run_of(meeting).pairs == []


def test_what_was_decided_is_refused_with_a_reason(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    with served(two.asks):
        services.decide(
            by=two.asks, meeting=meeting, mentee=two.mentee, mentor=Enrolment.objects.get(pk=loan.mentor_id), seen=0,
            outcome=Outcome.PROPOSE, reason="Both are nurses.",
        )  # fmt: skip
    with served(two.lends):
        take_loan_back(by=two.lends, loan=loan)
    with served(two.asks):
        services.solve_again(by=two.asks, meeting=meeting)
        sent = services.send_decided(by=two.asks, meeting=meeting)
        assert sent.count == 0
        assert [one.refused for one in sent.refused] == ["The mentor is not lent to her any more."]
        decision = decisions_of(two.asks, meeting).get()
        assert decision.mentor is None
        services.take_decision_back(by=two.asks, meeting=meeting, decision=decision, seen=1)


def test_her_own_division_sees_that_the_place_is_kept(two: Two, loan: Loan) -> None:
    at_home = make_enrolment("mentee", two.mentors[0].division, programme=two.programme, occupation="2221",
                             languages={"da": "B1", "ar": "C2"})  # fmt: skip
    with served(two.lends):
        version = current_version(two.programme.pk)
        people = bank.bank_of(version=version, divisions=two.lends.casework, today=two.lends.today)
        ranking = rank_for(people, at_home.pk)
        assert ranking is not None
        standing = {one.enrolment_id for one in ranking.page(0, 99)}
    assert standing == {one.pk for one in two.mentors} - {loan.mentor_id}


def test_pages_of_the_meeting_open_when_she_is_lent_no_more(two: Two, meeting: MatchingMeeting, loan: Loan) -> None:
    with served(two.asks):
        mentor = Enrolment.objects.select_related("person").get(pk=loan.mentor_id)
        name = mentor.person.name
        run = services.tie_pair(by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, kind=TieKind.LOCK)
        services.decide(
            by=two.asks, meeting=meeting, mentee=two.mentee, mentor=mentor, seen=0, outcome=Outcome.PROPOSE,
            reason="Both are nurses.",
        )  # fmt: skip
    with served(two.lends):
        take_loan_back(by=two.lends, loan=loan)
    desk = enter(Client(), user_of(two.asks))
    pages = [
        reverse("desk:meeting", args=[meeting.pk]),
        reverse("desk:meeting_minutes", args=[meeting.pk]),
        *(reverse("desk:meeting_run", args=[meeting.pk, number]) for number in range(1, run.number + 1)),
    ]
    with served_role():
        for page in pages:
            answer = desk.get(page)
            assert answer.status_code == 200, page
            assert name not in answer.content.decode(), page
