"""In a matching meeting: two of whom one has said no before, and a programme's own criteria."""

from __future__ import annotations

from decimal import Decimal

import pytest
from matching.meeting_rows import Four, decide, lock, pairs_of, ready, run_of
from matching.pairs import bring_to

from factories.customs import a_custom
from factories.django_rows import make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import DeclineReason, Outcome, ProposalState, Reply
from mentornet.matching.meeting_queries import refused_in
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun, Proposal, ProposalAnswer
from mentornet.matching.services.meeting_runs import is_outdated, settings_of, whole_now
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from reference.customs import written_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


# Those of whom one has said no before ---------------------------------------------------------------------------------


@pytest.fixture
def refused(coordinator: Staff, four: Four) -> Proposal:
    """The first mentee's best mentor has said no to her."""
    return bring_to(ProposalState.DECLINED, coordinator, (four[0], four[2]))


@pytest.fixture
def after_a_no(
    coordinator: Staff, division: Division, programme: Programme, four: Four, refused: Proposal
) -> MatchingMeeting:
    return ready(coordinator, programme, [division])


def test_two_of_whom_one_has_said_no_are_not_paired_by_themselves(
    coordinator: Staff, division: Division, programme: Programme, after_a_no: MatchingMeeting, four: Four
) -> None:
    assert pairs_of(after_a_no) == {four[0].pk: four[3].pk, four[1].pk: four[2].pk}
    assert refused_in(after_a_no) == [(str(four[0].pk), str(four[2].pk))]
    # It is among what a run is computed from, and so what it is computed from again.
    told = services.replay_run(by=coordinator, meeting=after_a_no, run=run_of(after_a_no))
    assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True)
    # The control: whoever could not be reached has said nothing.
    ProposalAnswer.objects.filter(reply=Reply.NO).update(decline_reason=DeclineReason.NO_ANSWER)
    assert refused_in(after_a_no) == []
    services.solve_again(by=coordinator, meeting=after_a_no)
    assert pairs_of(after_a_no)[four[0].pk] == four[2].pk


def test_they_are_asked_once_more_by_a_decision_of_their_own_and_its_reason(
    coordinator: Staff, after_a_no: MatchingMeeting, four: Four
) -> None:
    reason = "She has time again after the summer."
    decide(coordinator, after_a_no, four[0], outcome=Outcome.PROPOSE, mentor=four[2], reason=reason)
    assert services.send_decided(by=coordinator, meeting=after_a_no).count == 1
    sent = Proposal.objects.get(state=ProposalState.SENT)
    assert (sent.mentor_id, sent.reason, sent.again) == (four[2].pk, reason, reason)


def test_a_word_for_all_is_none_for_them(coordinator: Staff, after_a_no: MatchingMeeting, four: Four) -> None:
    # Locked by hand they are in the set; the rest is decided without them.
    run = lock(coordinator, after_a_no, four[0], four[2])
    assert pairs_of(after_a_no, run)[four[0].pk] == four[2].pk
    told = services.decide_the_rest(by=coordinator, meeting=after_a_no, seen_run=run.number, reason="As it stands.")
    assert told == 1
    assert MeetingDecision.objects.get().mentee_id == four[1].pk


# Own criteria ---------------------------------------------------------------------------------------------------------


def test_a_meeting_judges_by_the_programmes_own_criteria_and_computes_them_again(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    children = a_custom("children", weight=90.0)
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        customs=written_all([children]),
        author_name="Lead",
        reason="We have seen it help.",
    )
    for one, answer in zip(four, (True, False, False, True), strict=True):
        profile = one.profile
        profile.answers, profile.stamp = {"children": answer}, 99
        profile.save()
    meeting = ready(coordinator, programme, [division])
    # By the ten criteria alone they would be paired the other way.
    assert pairs_of(meeting) == {four[0].pk: four[3].pk, four[1].pk: four[2].pk}
    policy = settings_of(meeting).policy
    assert sum(policy.weights.values()) + policy.customs[0].weight == pytest.approx(1)
    services.change_settings(
        by=coordinator,
        meeting=meeting,
        seen=meeting.settings_number,
        weights=meeting.weights,
        floor=Decimal("0.1"),
        borrows=False,
    )
    for run in MeetingRun.objects.select_related("snapshot"):
        told = services.replay_run(by=coordinator, meeting=meeting, run=run)
        assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True), run.number
    before = run_of(meeting)
    profile = four[0].profile
    profile.answers, profile.stamp = {"children": False}, 100
    profile.save()
    assert is_outdated(whole_now(meeting, coordinator), before)
