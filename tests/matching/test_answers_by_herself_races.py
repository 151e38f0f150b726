"""The two, and a coordinator, at one moment: each is heard or told, and nothing happens twice."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest
from matching.herself import chooses, herself, make_place, places_of, says, times_of
from matching.pairs import Pair, answer, both_say_yes, counts, make_pair, propose

from factories.django_rows import make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Reply, Round, Side
from mentornet.matching.models import ProposalAnswer, ProposalQuestion
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from racing import each_at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS: Final = range(3)
WEEK: Final = ("mon-evening", "wed-morning", "sat-afternoon")


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.mark.parametrize("round_", ROUNDS)
def test_both_answer_at_once(round_: int, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    said = each_at_once(lambda: says(proposal, Side.MENTEE), lambda: says(proposal, Side.MENTOR))
    proposal.refresh_from_db()
    assert said == ["done", "done"]
    assert proposal.state == ProposalState.ACCEPTED
    assert Partnership.objects.count() == 1
    assert counts(*pair) == [(0, 1), (0, 1)]
    assert Letter.objects.filter(event="partnership_begun").count() == 2


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_yes_beside_the_other_s_no(round_: int, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    said = each_at_once(lambda: says(proposal, Side.MENTEE), lambda: says(proposal, Side.MENTOR, Reply.NO))
    proposal.refresh_from_db()
    assert said[1] == "done"
    assert proposal.state == ProposalState.DECLINED
    assert counts(*pair) == [(0, 0), (0, 0)]


@pytest.mark.parametrize("round_", ROUNDS)
def test_her_change_of_mind_beside_the_other_s_yes(round_: int, coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    said = each_at_once(lambda: says(proposal, Side.MENTEE, Reply.NO), lambda: says(proposal, Side.MENTOR))
    proposal.refresh_from_db()
    # Whoever came first is heard; the other is told that it is over.
    ends = {
        ProposalState.DECLINED: (["done", "NotAllowedError"], [(0, 0), (0, 0)], 0),
        ProposalState.ACCEPTED: (["NotAllowedError", "done"], [(0, 1), (0, 1)], 1),
    }
    assert (said, counts(*pair), Partnership.objects.count()) == ends[ProposalState(proposal.state)]


@pytest.mark.parametrize("round_", ROUNDS)
def test_her_answer_beside_a_withdrawal(round_: int, coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    said = each_at_once(
        lambda: says(proposal, Side.MENTOR),
        lambda: services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved."),
    )
    proposal.refresh_from_db()
    assert Counter(said) == {"done": 1, "NotAllowedError": 1}
    assert counts(*pair) == ([(0, 1), (0, 1)] if proposal.state == ProposalState.ACCEPTED else [(0, 0), (0, 0)])


@pytest.mark.parametrize("round_", ROUNDS)
def test_her_answer_beside_the_coordinator_s_note_of_it(round_: int, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    said = each_at_once(
        lambda: says(proposal, Side.MENTEE, asked=Round.PROPOSAL), lambda: answer(coordinator, proposal, Side.MENTEE)
    )
    # Noted first, her own is the same word again.
    assert said[0] == "done"
    assert said[1] in {"done", "NotAllowedError", "ChangedMeanwhileError"}
    assert ProposalAnswer.objects.count() == 1


@pytest.mark.parametrize("reply", Reply)
def test_a_double_click(reply: Reply, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    said = each_at_once(*(lambda: says(proposal, Side.MENTEE, reply, asked=Round.PROPOSAL) for _ in range(4)))
    assert said == ["done"] * 4
    assert ProposalAnswer.objects.count() == 1
    expected = 2 if reply == Reply.NO else 0
    assert Letter.objects.filter(event="proposal_ended").count() <= expected


def test_a_double_question(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    by = herself(proposal, Side.MENTEE)
    said = each_at_once(*(lambda: services.ask_coordinator(by=by, proposal=proposal, text="Where?") for _ in range(4)))
    assert said == ["done"] * 4
    assert ProposalQuestion.objects.count() == 1
    assert Task.objects.filter(kind=Kind.QUESTION, done_at=None).count() == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_both_choose_at_once(round_: int, coordinator: Staff, division: Division) -> None:
    make_place(division)
    pair = make_pair(division, make_programme(meets_first=True), availability=WEEK)
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    wanted = [*times_of(proposal), *places_of(proposal)]
    said = each_at_once(*(lambda side=side: chooses(proposal, side, *wanted) for side in Side))
    proposal.refresh_from_db()
    assert said == ["done", "done"]
    assert proposal.meeting_on is not None
    assert Letter.objects.filter(event="meet_first_at").count() == 2


@pytest.mark.parametrize("round_", ROUNDS)
def test_both_say_at_once_that_they_met(round_: int, coordinator: Staff, division: Division) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, make_programme(meets_first=True))))
    services.plan_meeting(by=coordinator, proposal=proposal, on=coordinator.today, place="The library")
    said = each_at_once(
        *(
            lambda side=side: services.say_met(by=herself(proposal, side, hours=9), proposal=proposal, met=True)
            for side in Side
        )
    )
    proposal.refresh_from_db()
    assert said == ["done", "done"]
    assert proposal.state == ProposalState.MET
    assert Letter.objects.filter(event="after_meeting").count() == 2
