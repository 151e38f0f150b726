"""Two in one meeting at the same moment: no mentor is locked beyond her places, nothing is decided or sent twice."""

from __future__ import annotations

from collections import Counter

import pytest
from matching.meeting_rows import make_mentee, make_mentor, pairs_of, ready, run_of

from factories.django_rows import make_programme, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import Outcome, TieKind
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun, MeetingTie, Proposal
from mentornet.matching.services import meeting_acts
from mentornet.messaging.models import Letter
from racing import each_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def two_and_one(division: Division) -> tuple[MatchingMeeting, list[Enrolment], Enrolment]:
    """Return a meeting with two women, and a mentor with one place beside another one."""
    programme = make_programme()
    mentees = [make_mentee(division, programme) for _ in range(2)]
    mentor = make_mentor(division, programme)
    make_mentor(division, programme)
    by = make_staff(Role.COORDINATOR, division)
    return ready(by, programme, [division]), mentees, mentor


def test_two_coordinators_lock_the_same_mentor(division: Division) -> None:
    meeting, mentees, mentor = two_and_one(division)
    staff = [make_staff(Role.COORDINATOR, division, name=f"C {number}") for number in range(2)]
    said = each_at_once(
        *(
            lambda by=by, mentee=mentee: services.tie_pair(
                by=by, meeting=meeting, mentee=mentee, mentor=mentor, kind=TieKind.LOCK
            )
            for by, mentee in zip(staff, mentees, strict=True)
        )
    )
    assert sorted(said) == ["LockImpossibleError", "done"]
    assert MeetingTie.objects.count() == 1
    assert MeetingRun.objects.count() == 2
    assert list(pairs_of(meeting).values()).count(mentor.pk) == 1


def test_without_the_lock_upon_the_meeting_she_is_locked_to_both(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: what is fixed already is not looked at.
    meeting, mentees, mentor = two_and_one(division)
    by = make_staff(Role.COORDINATOR, division)
    monkeypatch.setattr(meeting_acts, "_require_lockable", lambda *_: None)
    for mentee in mentees:
        services.tie_pair(by=by, meeting=meeting, mentee=mentee, mentor=mentor, kind=TieKind.LOCK)
    assert MeetingTie.objects.filter(mentor=mentor).count() == 2
    # And even then she is given to one of them alone, and the other lock is named.
    assert list(pairs_of(meeting).values()).count(mentor.pk) == 1
    assert [one.why for one in services.contradictions(by=by, meeting=meeting)] == [("places",)]


def test_two_decide_about_the_same_woman(division: Division) -> None:
    meeting, mentees, mentor = two_and_one(division)
    staff = [make_staff(Role.COORDINATOR, division, name=f"C {number}") for number in range(2)]
    said = each_at_once(
        lambda: services.decide(
            by=staff[0], meeting=meeting, mentee=mentees[0], seen=0, outcome=Outcome.PROPOSE, mentor=mentor, reason="A."
        ),
        lambda: services.decide(
            by=staff[1], meeting=meeting, mentee=mentees[0], seen=0, outcome=Outcome.WAIT, reason="B."
        ),
    )
    assert Counter(said) == {"done": 1, "ChangedMeanwhileError": 1}
    assert MeetingDecision.objects.count() == 1


def test_two_send_at_once_and_each_proposal_leaves_once(division: Division) -> None:
    meeting, _mentees, _mentor = two_and_one(division)
    staff = [make_staff(Role.COORDINATOR, division, name=f"C {number}") for number in range(2)]
    services.decide_the_rest(by=staff[0], meeting=meeting, seen_run=run_of(meeting).number, reason="As it stands.")
    said = each_at_once(*(lambda by=by: services.send_decided(by=by, meeting=meeting) for by in staff))
    assert said == ["done", "done"]
    assert Proposal.objects.count() == 2
    assert Letter.objects.count() == 4
    assert MeetingDecision.objects.filter(refused="", proposal__isnull=False).count() == 2


def test_runs_follow_each_other_whoever_asks(division: Division) -> None:
    meeting, mentees, mentor = two_and_one(division)
    staff = [make_staff(Role.COORDINATOR, division, name=f"C {number}") for number in range(2)]
    said = each_at_once(
        lambda: services.tie_pair(by=staff[0], meeting=meeting, mentee=mentees[0], mentor=mentor, kind=TieKind.FORBID),
        lambda: services.change_settings(
            by=staff[1], meeting=meeting, seen=0, weights=meeting.weights, floor=meeting.floor, borrows=False
        ),
    )
    assert said == ["done", "done"]
    assert sorted(MeetingRun.objects.values_list("number", flat=True)) == [1, 2, 3]
    meeting.refresh_from_db()
    assert meeting.revision == 3
