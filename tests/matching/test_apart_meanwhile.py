"""Two of whom it is noted that they must not meet, while a proposal to them is open or they are partners."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.utils import timezone
from matching.herself import chooses, herself, make_place, says, times_of
from matching.mistakes import soon, take_back
from matching.pairs import (
    Pair,
    answer,
    asked_of_coordinators,
    both_say_yes,
    bring_to,
    jobs_run,
    letters_arrive,
    make_pair,
    propose,
)

from factories.django_rows import AT, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import HOLDING, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import close_partnership
from mentornet.people.models import Avoidance
from mentornet.people.services import keep_apart, let_meet
from racing import each_at_once

pytestmark = pytest.mark.django_db

S = ProposalState
WEEK = ("mon-evening", "wed-morning", "sat-afternoon")
SEEN_TO = frozenset({Kind.APART_PROPOSED, Kind.APART_PAIRED})


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True), availability=WEEK)


def keep(by: Staff, pair: Pair, *, backwards: bool = False) -> Avoidance:
    one, other = [side.person for side in (pair[::-1] if backwards else pair)]
    return keep_apart(by=by, person=one, other=other, reason="A cousin of hers.")


def asked() -> list[tuple[str, object]]:
    return asked_of_coordinators(SEEN_TO)


# Nothing leads on ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("state", [S.SENT, S.MET])
def test_neither_answers_any_more_and_nobody_learns_why(
    state: ProposalState, backwards: bool, coordinator: Staff, pair: Pair
) -> None:
    proposal = bring_to(state, coordinator, pair)
    before = proposal.answers.count()
    keep(coordinator, pair, backwards=backwards)
    withdrawn = "This suggestion is no longer open. Please call us if you have a question."
    for side in Side:
        for reply in Reply:
            with pytest.raises(NotAllowedError, match=withdrawn):
                says(proposal, side, reply)
        with pytest.raises(NotAllowedError, match=withdrawn):
            services.ask_coordinator(by=herself(proposal, side), proposal=proposal, text="Where?")
        with pytest.raises(NotAllowedError, match=r"must not meet\. Take the proposal back"):
            answer(coordinator, proposal, side)
    assert proposal.answers.count() == before
    # What ends it is taken down as ever.
    assert answer(coordinator, proposal, Side.MENTOR, Reply.NO).state == S.DECLINED


def test_the_second_yes_opens_nothing(coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme())
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    noted = keep(coordinator, pair)
    with pytest.raises(NotAllowedError):
        says(proposal, Side.MENTOR)
    assert not Partnership.objects.exists()
    # The control: it was that note alone which stood in the way.
    let_meet(by=coordinator, avoidance=noted)
    assert says(proposal, Side.MENTOR).state == S.ACCEPTED


def test_no_time_is_chosen_and_no_meeting_planned_or_told_of(
    coordinator: Staff, division: Division, pair: Pair
) -> None:
    make_place(division)
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    today = coordinator.today
    keep(coordinator, pair)
    with pytest.raises(NotAllowedError, match="no longer open"):
        chooses(proposal, Side.MENTEE, *times_of(proposal))
    with pytest.raises(NotAllowedError, match="must not meet"):
        services.plan_meeting(by=coordinator, proposal=proposal, on=today, place="The library")
    with pytest.raises(NotAllowedError, match="must not meet"):
        services.record_met(by=coordinator, proposal=proposal, on=today)
    Proposal.objects.update(meeting_on=today, meeting_place="The library")
    with pytest.raises(NotAllowedError, match="no longer open"):
        services.say_met(by=herself(proposal, Side.MENTOR, hours=9), proposal=proposal, met=True)
    assert services.ask_after_meetings(by=System("tests", soon(coordinator, days=1).at)) == 0
    proposal.refresh_from_db()
    assert proposal.state == S.TO_MEET


# Who is asked to end it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", HOLDING)
def test_coordinator_is_asked_at_once_to_take_it_back(state: ProposalState, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(state, coordinator, pair)
    keep(coordinator, pair)
    jobs_run()
    task = Task.objects.get(kind=Kind.APART_PROPOSED, done_at=None)
    assert (task.target_id, task.due_on, task.owner_id) == (proposal.pk, timezone.localdate(), coordinator.user_id)
    assert set(task.words) == {"mentee", "mentor"}
    # Put off, and noted from the other side as well: it is there again, once.
    snooze(by=coordinator, task=task, until=task.due_on.replace(year=task.due_on.year + 1), reason="Later.")
    keep(coordinator, pair, backwards=True)
    jobs_run()
    task.refresh_from_db()
    assert (asked(), task.snoozed_until) == ([(Kind.APART_PROPOSED, proposal.pk)], None)
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="They must not meet.")
    assert asked() == []


def test_where_nothing_is_open_nobody_is_asked(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved.")
    propose(coordinator, pair, send=False)
    keep(coordinator, pair)
    jobs_run()
    assert asked() == []


def test_partners_are_asked_about_until_it_is_closed(coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme())
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    keep(coordinator, pair)
    jobs_run()
    partnership = Partnership.objects.get()
    assert asked() == [(Kind.APART_PAIRED, partnership.pk)]
    close_partnership(by=coordinator, partnership=partnership, on=coordinator.today, reason="safety")
    assert asked() == []
    # The control: without the note nobody would have been asked at all.
    assert Task.objects.filter(kind=Kind.APART_PAIRED).count() == 1
    assert proposal.partnership_id == partnership.pk


def test_opening_taken_back_asks_for_the_proposal_instead(coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme())
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    keep(coordinator, pair)
    jobs_run()
    take_back(soon(coordinator), proposal, Side.MENTOR)
    assert asked() == [(Kind.APART_PROPOSED, proposal.pk)]


def test_once_they_may_meet_nobody_is_asked_any_more(coordinator: Staff, pair: Pair) -> None:
    propose(coordinator, pair)
    noted, other_way = keep(coordinator, pair), keep(coordinator, pair, backwards=True)
    jobs_run()
    let_meet(by=coordinator, avoidance=other_way)
    jobs_run()
    assert len(asked()) == 1
    let_meet(by=coordinator, avoidance=noted)
    jobs_run()
    assert asked() == []


# Letters ------------------------------------------------------------------------------------------------------------


def test_letters_that_have_not_left_stay_here(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    proposal = both_say_yes(coordinator, proposal)
    services.plan_meeting(by=coordinator, proposal=proposal, on=coordinator.today, place="KANARIE library")
    noted = keep(coordinator, pair)
    jobs_run()
    waiting = Letter.objects.filter(state=LetterState.QUEUED)
    assert not waiting.filter(values__place="KANARIE library").exists()
    assert Letter.objects.filter(values__place="KANARIE library", state=LetterState.TAKEN_BACK).count() == 2
    # They may meet after all: what stayed here is written again.
    let_meet(by=coordinator, avoidance=noted)
    jobs_run()
    assert Letter.objects.filter(state=LetterState.QUEUED, values__place="KANARIE library").count() == 2


def test_whoever_has_read_of_it_reads_that_it_has_ended(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    keep(coordinator, pair)
    jobs_run()
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="They must not meet.")
    assert Letter.objects.filter(event="proposal_ended").count() == 2


# At one moment ------------------------------------------------------------------------------------------------------


def _noted_beside(act: Callable[[], object], by: Staff, pair: Pair) -> list[str]:
    said = each_at_once(act, lambda: keep(by, pair))
    jobs_run()
    return said


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_noted_beside_the_second_yes(round_: int, coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme())
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    said = _noted_beside(lambda: says(proposal, Side.MENTOR, asked=Round.PROPOSAL), coordinator, pair)
    # Whoever was first: what is open is what a coordinator is asked to end.
    opened = Partnership.objects.first()
    expected = {
        "done": opened and [(Kind.APART_PAIRED, opened.pk)],
        "NotAllowedError": [(Kind.APART_PROPOSED, proposal.pk)],
    }
    assert (opened is not None) == (said[0] == "done")
    assert (said[1], asked()) == ("done", expected[said[0]])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_noted_beside_the_proposal(round_: int, coordinator: Staff, pair: Pair) -> None:
    said = _noted_beside(lambda: propose(coordinator, pair), coordinator, pair)
    sent = Proposal.objects.filter(state=S.SENT).first()
    assert said[1] == "done"
    assert asked() == ([(Kind.APART_PROPOSED, sent.pk)] if sent is not None else [])
    assert (sent is not None) == (said[0] == "done")
