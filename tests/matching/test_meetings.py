"""A matching meeting: its first run, locks and prohibitions, other weights, decisions, sending, and replaying."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from matching.meeting_rows import Four, decide, lock, make_mentee, make_mentor, pairs_of, ready, run_of
from matching.pairs import jobs_run, later

from factories.django_rows import make_programme, make_staff
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.changes import difference, sets_of
from mentornet.matching.enums import MeetingState, Outcome, ProposalState, RunCause, TieKind
from mentornet.matching.meeting_queries import visible_meetings
from mentornet.matching.models import (
    MatchingMeeting,
    MeetingDecision,
    MeetingPerson,
    MeetingRun,
    MeetingTie,
    Proposal,
)
from mentornet.matching.services import LockImpossibleError
from mentornet.messaging.models import Letter
from mentornet.people.models import Avoidance
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


def test_first_run_is_made_in_the_background_and_gives_the_best_set(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    opened = services.open_meeting(by=coordinator, programme=programme, divisions=[division])
    assert opened.state == MeetingState.PREPARING
    assert not MeetingRun.objects.exists()
    jobs_run()
    opened.refresh_from_db()
    run = run_of(opened)
    assert opened.state == MeetingState.OPEN
    assert (run.number, run.cause, run.pair_count) == (1, RunCause.FIRST, 2)
    assert run.checked_at is not None
    assert pairs_of(opened) == {four[0].pk: four[2].pk, four[1].pk: four[3].pk}


def test_preparing_twice_opens_once(coordinator: Staff, meeting: MatchingMeeting) -> None:
    system = System("tests", coordinator.at)
    again = services.prepare_meeting(by=system, meeting_id=meeting.pk, attempt=1, clock=lambda: coordinator.at)
    assert again is None
    assert MeetingRun.objects.count() == 1
    with pytest.raises(ChangedMeanwhileError):
        services.prepare_again(by=coordinator, meeting=meeting)


def test_a_first_run_that_has_stopped_is_begun_again(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    opened = services.open_meeting(by=coordinator, programme=programme, divisions=[division])
    with pytest.raises(ChangedMeanwhileError):
        services.prepare_again(by=coordinator, meeting=opened)
    again = services.prepare_again(by=later(coordinator, 1), meeting=opened)
    assert again.attempt == 2
    jobs_run()
    again.refresh_from_db()
    assert again.state == MeetingState.OPEN
    assert MeetingRun.objects.count() == 1


def test_who_has_a_proposal_or_is_not_briefed_is_not_in_the_set(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    Enrolment.objects.filter(pk=four[3].pk).update(briefed_on=None, stamp=4)
    services.propose(by=coordinator, mentee=four[1], mentor=four[2], reason="Now.", seen_version=1)
    opened = ready(coordinator, programme, [division])
    assert pairs_of(opened) == {}


def test_a_lock_changes_the_set_and_tells_what_it_cost(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    first = run_of(meeting)
    run = lock(coordinator, meeting, four[0], four[3])
    assert pairs_of(meeting) == {four[0].pk: four[3].pk, four[1].pk: four[2].pk}
    before, after = sets_of(meeting, first, run)
    told = difference(before, after)
    assert {one.mentee_id for one in told.changes} == {four[0].pk, four[1].pk}
    assert told.pairs == 0
    assert told.points == run.total - first.total < 0
    assert run.tie is not None
    assert (run.tie.kind, run.cause) == ("lock", "lock")
    meeting.refresh_from_db()
    assert meeting.revision == 2
    # Lifted, all is as it was.
    services.lift_tie(by=coordinator, meeting=meeting, tie=run.tie)
    assert pairs_of(meeting) == pairs_of(meeting, first)
    with pytest.raises(NotAllowedError, match="lifted already"):
        services.lift_tie(by=coordinator, meeting=meeting, tie=run.tie)
    assert MeetingRun.objects.count() == 3


def test_pressing_twice_locks_once(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    one = lock(coordinator, meeting, four[0], four[3])
    assert lock(coordinator, meeting, four[0], four[3]) == one
    assert MeetingTie.objects.count() == 1
    with pytest.raises(ChangedMeanwhileError, match="locked to another mentor"):
        lock(coordinator, meeting, four[0], four[2])


def test_a_forbidden_pair_is_not_in_the_set(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    services.tie_pair(by=coordinator, meeting=meeting, mentee=four[0], mentor=four[2], kind=TieKind.FORBID)
    assert pairs_of(meeting)[four[0].pk] == four[3].pk
    # A lock takes its place.
    lock(coordinator, meeting, four[0], four[2])
    assert pairs_of(meeting)[four[0].pk] == four[2].pk
    assert MeetingTie.objects.filter(lifted_at=None).count() == 1


def test_a_second_lock_on_a_mentor_without_places_names_who_has_them(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    lock(coordinator, meeting, four[0], four[3])
    with pytest.raises(LockImpossibleError, match=four[0].person.first_name):
        lock(coordinator, meeting, four[1], four[3])


def test_a_lock_that_breaks_a_rule_says_which(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    alone = make_mentor(division, programme, languages={"ar": "C2"})
    opened = ready(coordinator, programme, [division])
    with pytest.raises(LockImpossibleError, match="share no language"):
        lock(coordinator, opened, four[0], alone)


def test_who_must_not_meet_cannot_be_locked(
    coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    Avoidance.objects.create(
        person=four[0].person, other=four[2].person, reason="x", created_by="user:x", created_at=coordinator.at
    )
    opened = ready(coordinator, programme, [division])
    assert pairs_of(opened)[four[0].pk] == four[3].pk
    with pytest.raises(LockImpossibleError):
        lock(coordinator, opened, four[0], four[2])


def test_other_weights_and_floor_are_the_meetings_own(
    coordinator: Staff, meeting: MatchingMeeting, four: Four, programme: Programme
) -> None:
    run = services.change_settings(
        by=coordinator, meeting=meeting, seen=0, weights=meeting.weights, floor=Decimal("0.99"), borrows=False
    )
    assert run.pair_count == 0
    # At the floor that is said to be reachable there is a pair, and a hair above it there is none.
    reachable = run.settings["reachable"]
    for seen, floor, is_reached in ((1, reachable, True), (2, reachable + 1, False)):
        run = services.change_settings(
            by=coordinator,
            meeting=meeting,
            seen=seen,
            weights=meeting.weights,
            floor=Decimal(floor) / 10_000,
            borrows=False,
        )
        assert (run.pair_count > 0) == is_reached
    assert programme.versions.count() == 1
    with pytest.raises(ChangedMeanwhileError):
        services.change_settings(
            by=coordinator, meeting=meeting, seen=0, weights=meeting.weights, floor=Decimal("0.2"), borrows=False
        )


def test_borrowing_takes_mentors_of_another_division(
    national_lead: Staff, division: Division, other_division: Division, programme: Programme
) -> None:
    mentee = make_mentee(division, programme, meeting=("online",))
    mentor = make_mentor(other_division, programme, meeting=("online",))
    opened = ready(national_lead, programme, [division, other_division])
    assert pairs_of(opened) == {}
    run = services.change_settings(
        by=national_lead, meeting=opened, seen=0, weights=opened.weights, floor=opened.floor, borrows=True
    )
    assert pairs_of(opened, run) == {mentee.pk: mentor.pk}


def test_a_meeting_is_there_for_whoever_works_in_all_of_its_divisions(
    coordinator: Staff,
    national_lead: Staff,
    division: Division,
    other_division: Division,
    programme: Programme,
    four: Four,
) -> None:
    both = ready(national_lead, programme, [division, other_division])
    own = ready(coordinator, programme, [division])
    assert set(visible_meetings(coordinator)) == {own}
    assert set(visible_meetings(national_lead)) == {own, both}
    with pytest.raises(NotAllowedError):
        services.open_meeting(by=coordinator, programme=programme, divisions=[division, other_division])
    with pytest.raises(NotAllowedError):
        lock(coordinator, both, four[0], four[3])
    elsewhere = make_mentee(other_division, programme)
    with pytest.raises(NotAllowedError):
        lock(national_lead, own, elsewhere, four[3])


def test_a_programme_of_one_division_meets_there_alone(
    national_lead: Staff, division: Division, other_division: Division
) -> None:
    local = make_programme("Local", division=division)
    with pytest.raises(RefusedError, match="one division"):
        services.open_meeting(by=national_lead, programme=local, divisions=[division, other_division])


# Decisions ------------------------------------------------------------------------------------------------------------


def test_deciding_as_the_set_says_needs_no_new_run(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    decision = decide(coordinator, meeting, four[0], mentor=four[2], dissent="Pia would rather wait.")
    assert MeetingRun.objects.count() == 1
    assert decision.score is not None
    # Decided is fixed: nobody else is given her mentor.
    with pytest.raises(LockImpossibleError):
        lock(coordinator, meeting, four[1], four[2])
    with pytest.raises(ChangedMeanwhileError, match="Take the decision back"):
        lock(coordinator, meeting, four[0], four[3])


def test_deciding_otherwise_computes_the_set_anew(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    decision = decide(coordinator, meeting, four[0], mentor=four[3])
    assert pairs_of(meeting) == {four[0].pk: four[3].pk, four[1].pk: four[2].pk}
    assert decision.score is not None
    services.take_decision_back(by=coordinator, meeting=meeting, decision=decision, seen=1)
    assert pairs_of(meeting) == {four[0].pk: four[2].pk, four[1].pk: four[3].pk}
    with pytest.raises(ChangedMeanwhileError):
        services.take_decision_back(by=coordinator, meeting=meeting, decision=decision, seen=1)


def test_who_waits_on_leaves_her_mentor_to_the_others(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    services.tie_pair(by=coordinator, meeting=meeting, mentee=four[1], mentor=four[3], kind=TieKind.FORBID)
    assert four[1].pk in pairs_of(meeting) or four[0].pk in pairs_of(meeting)
    decide(coordinator, meeting, four[0], outcome=Outcome.WAIT, reason="She is away till June.")
    assert pairs_of(meeting) == {four[1].pk: four[2].pk}


def test_two_who_decide_about_the_same_woman(
    coordinator: Staff, division: Division, meeting: MatchingMeeting, four: Four
) -> None:
    colleague = make_staff(Role.COORDINATOR, division, name="Pia Fog")
    decide(coordinator, meeting, four[0], mentor=four[2])
    with pytest.raises(ChangedMeanwhileError):
        decide(colleague, meeting, four[0], outcome=Outcome.WAIT, reason="No.")
    assert MeetingDecision.objects.get().outcome == Outcome.PROPOSE
    decide(colleague, meeting, four[0], seen=1, outcome=Outcome.SEARCH, reason="Nobody in the bank is a midwife.")
    one = MeetingDecision.objects.get()
    assert (one.outcome, one.number, one.author_name, one.mentor) == (Outcome.SEARCH, 2, "Pia Fog", None)


def test_a_decision_needs_its_reason(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    with pytest.raises(RefusedError, match="why"):
        decide(coordinator, meeting, four[0], mentor=four[2], reason="  ")
    with pytest.raises(RefusedError, match="Choose the mentor"):
        decide(coordinator, meeting, four[0])


def test_the_rest_is_decided_as_the_set_stands(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    decide(coordinator, meeting, four[0], outcome=Outcome.WAIT, reason="Later.")
    with pytest.raises(ChangedMeanwhileError):
        services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=1, reason="As it stands.")
    run = run_of(meeting)
    assert services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=run.number, reason="As it stands.") == 1
    assert services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=run.number, reason="As it stands.") == 0


# Sending --------------------------------------------------------------------------------------------------------------


def test_all_that_is_decided_is_sent_in_one_go(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=1, reason="As it stands.")
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert (sent.count, sent.refused, sent.changed) == (2, (), None)
    assert Proposal.objects.filter(state=ProposalState.SENT, reason="As it stands.").count() == 2
    assert Letter.objects.count() == 4
    assert run_of(meeting).cause == RunCause.SENT
    assert pairs_of(meeting) == {}
    # Pressed twice, nothing more leaves.
    again = services.send_decided(by=coordinator, meeting=meeting)
    assert again.count == 0
    assert Letter.objects.count() == 4
    with pytest.raises(NotAllowedError):
        services.take_decision_back(by=coordinator, meeting=meeting, decision=MeetingDecision.objects.all()[0], seen=1)


def test_nothing_is_sent_where_the_set_has_changed_meanwhile(
    coordinator: Staff, division: Division, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=1, reason="As it stands.")
    make_mentee(division, programme, waited=400)
    make_mentor(division, programme)
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert sent.changed is not None
    assert len(sent.changed.changes) == 1
    assert not Proposal.objects.exists()
    assert run_of(meeting).cause == RunCause.DATA
    # Seen, it is sent.
    assert services.send_decided(by=coordinator, meeting=meeting).count == 2


def test_what_has_changed_without_changing_the_set_holds_nothing_up(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=1, reason="As it stands.")
    profile = four[2].profile
    profile.hours_per_month, profile.stamp = 2, 77
    profile.save()
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert sent.count == 2


def test_what_is_refused_is_told_and_the_rest_goes(
    coordinator: Staff, meeting: MatchingMeeting, four: Four, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.decide_the_rest(by=coordinator, meeting=meeting, seen_run=1, reason="As it stands.")
    # Somebody else is faster by a breath: the set is looked for, and then her place is gone.
    from mentornet.matching.services import meeting_sending  # noqa: PLC0415 - patched below

    whole = meeting_sending._brought_up_to_date

    def faster(by: Staff, of: MatchingMeeting) -> Any:
        told = whole(by, of)
        Enrolment.objects.filter(pk=four[2].pk).update(promised=1)
        return told

    monkeypatch.setattr(meeting_sending, "_brought_up_to_date", faster)
    sent = services.send_decided(by=coordinator, meeting=meeting)
    assert sent.count == 1
    assert [one.mentee_id for one in sent.refused] == [four[0].pk]
    refused = MeetingDecision.objects.get(mentee=four[0])
    assert refused.refused
    assert refused.proposal is None


def test_a_lock_that_cannot_stand_any_more_is_named(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    lock(coordinator, meeting, four[0], four[3])
    Enrolment.objects.filter(pk=four[3].pk).update(resting_until=coordinator.today + timedelta(days=30), stamp=9)
    run = services.solve_again(by=coordinator, meeting=meeting)
    assert run.locks == []
    assert four[3].pk not in pairs_of(meeting).values()
    assert [one.why for one in services.contradictions(by=coordinator, meeting=meeting)] == [("resting",)]


def test_a_closed_meeting_changes_no_more_until_it_is_opened_again(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    services.close_meeting(by=coordinator, meeting=meeting)
    with pytest.raises(NotAllowedError, match="closed"):
        lock(coordinator, meeting, four[0], four[3])
    with pytest.raises(NotAllowedError, match="closed"):
        services.send_decided(by=coordinator, meeting=meeting)
    with pytest.raises(NotAllowedError, match="three days"):
        services.reopen_meeting(by=later(coordinator, 4), meeting=meeting)
    services.reopen_meeting(by=coordinator, meeting=meeting)
    lock(coordinator, meeting, four[0], four[3])


# Replaying ------------------------------------------------------------------------------------------------------------


def test_every_run_is_computed_again_from_what_was_kept(
    coordinator: Staff, division: Division, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    lock(coordinator, meeting, four[0], four[3])
    services.tie_pair(by=coordinator, meeting=meeting, mentee=four[1], mentor=four[3], kind=TieKind.FORBID)
    decide(coordinator, meeting, four[1], outcome=Outcome.WAIT, reason="Later.")
    # Much has changed since.
    profile = four[2].profile
    profile.occupation, profile.stamp = "7111", 5
    profile.save()
    make_mentor(division, programme, capacity=3)
    services.solve_again(by=coordinator, meeting=meeting)
    assert MeetingRun.objects.count() > 3
    for run in MeetingRun.objects.select_related("snapshot"):
        told = services.replay_run(by=coordinator, meeting=meeting, run=run)
        assert told == services.Replay(0, has_same_inputs=True, has_same_pairs=True, is_proved=True), run.number
    assert Entry.objects.filter(act="matching.replay_run").count() == MeetingRun.objects.count()


def test_a_forged_run_is_found_out(coordinator: Staff, meeting: MatchingMeeting, four: Four) -> None:
    run = run_of(meeting)
    run.pairs = [[row, 1 - column, score] for row, column, score in run.pairs]
    told = services.replay_run(by=coordinator, meeting=meeting, run=run)
    assert (told.has_same_inputs, told.has_same_pairs, told.is_proved) == (True, False, False)


def test_nobody_is_computed_again_whose_facts_are_gone(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    assert "Amina" not in str(list(MeetingPerson.objects.values_list("facts", flat=True)))
    MeetingPerson.objects.filter(enrolment=four[0]).delete()
    told = services.replay_run(by=coordinator, meeting=meeting, run=run_of(meeting))
    assert told == services.Replay(1)
    # And in what is shown of the old set she is no more.
    assert pairs_of(meeting) == {four[1].pk: four[3].pk}


def test_whoever_is_not_of_the_meeting_replays_nothing(
    other_coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    with pytest.raises(NotAllowedError):
        services.replay_run(by=other_coordinator, meeting=meeting, run=run_of(meeting))


def test_a_snapshot_is_written_only_when_people_have_changed(
    coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    people = MeetingPerson.objects.count()
    lock(coordinator, meeting, four[0], four[3])
    assert MeetingPerson.objects.count() == people == 4
    assert meeting.snapshots.count() == 1
    profile = four[2].profile
    profile.hours_per_month, profile.stamp = 2, 77
    profile.save()
    services.solve_again(by=coordinator, meeting=meeting)
    assert meeting.snapshots.count() == 2
    assert MeetingPerson.objects.count() == people + 1
