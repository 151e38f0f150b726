"""A pair of whom one has said no is not proposed again without a word."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from matching.pairs import Pair, answer, bring_to, letters_arrive, make_pair, propose

from factories.django_rows import make_enrolment, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.matching.queries import proposals_between, refused_of
from mentornet.matching.rules import may_propose_again

pytestmark = pytest.mark.django_db

WORD = "She has time again after the summer."


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("again", ["", "   "])
def test_a_refused_pair_needs_a_word(coordinator: Staff, pair: Pair, side: Side, again: str) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    answer(coordinator, proposal, side, Reply.NO)
    for send in (True, False):
        with pytest.raises(ValidationError) as caught:
            propose(coordinator, pair, send=send, again=again)
        assert set(caught.value.message_dict) == {"again"}
    assert Proposal.objects.count() == 1
    second = propose(coordinator, pair, again=f" {WORD} ")
    assert (second.again, second.state) == (WORD, ProposalState.SENT)


def test_the_guard_is_what_refuses(coordinator: Staff, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    # The negative control: with it off, the two would be written to without a word.
    bring_to(ProposalState.DECLINED, coordinator, pair)
    monkeypatch.setattr("mentornet.matching.services.proposing.refused_of", lambda _proposals: [])
    assert propose(coordinator, pair).state == ProposalState.SENT


@pytest.mark.parametrize("state", [ProposalState.EXPIRED, ProposalState.WITHDRAWN])
def test_what_nobody_refused_needs_no_word(coordinator: Staff, pair: Pair, state: ProposalState) -> None:
    bring_to(state, coordinator, pair)
    assert propose(coordinator, pair).again == ""


def test_whoever_could_not_be_reached_has_not_refused(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    services.take_down_answer(
        by=coordinator,
        proposal=proposal,
        side=Side.MENTOR,
        reply=Reply.NO,
        channel=Channel.PHONE,
        decline_reason=DeclineReason.NO_ANSWER,
    )
    assert propose(coordinator, pair).state == ProposalState.SENT


def test_another_pair_of_the_same_mentee_needs_none(coordinator: Staff, pair: Pair, division: Division) -> None:
    bring_to(ProposalState.DECLINED, coordinator, pair)
    other = make_enrolment("mentor", division, programme=pair[0].programme)
    assert propose(coordinator, (pair[0], other)).state == ProposalState.SENT


def test_a_no_is_remembered_when_both_are_enrolled_anew(coordinator: Staff, pair: Pair, division: Division) -> None:
    bring_to(ProposalState.DECLINED, coordinator, pair)
    programme = make_programme()
    anew = (
        make_enrolment("mentee", division, programme=programme, person=pair[0].person),
        make_enrolment("mentor", division, programme=programme, person=pair[1].person),
    )
    assert len(refused_of(proposals_between(*anew))) == 1
    with pytest.raises(ValidationError):
        propose(coordinator, anew)


def test_a_no_that_was_taken_back_is_none(coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(ProposalState.DECLINED, coordinator, pair)
    said = proposal.answers.get(reply=Reply.NO)
    services.take_back_answer(by=coordinator, proposal=proposal, answer_id=said.pk, knows_letters_left=True)
    assert refused_of(proposals_between(*pair)) == []


def test_a_draft_without_a_word_is_not_sent(coordinator: Staff, pair: Pair) -> None:
    bring_to(ProposalState.DECLINED, coordinator, pair)
    draft = propose(coordinator, pair, send=False, again=WORD)
    Proposal.objects.filter(pk=draft.pk).update(again="")
    with pytest.raises(ValidationError):
        services.send_draft(by=coordinator, proposal=draft)
    Proposal.objects.filter(pk=draft.pk).update(again=WORD)
    assert services.send_draft(by=coordinator, proposal=draft).state == ProposalState.SENT


def test_the_rule_gives_its_reason(coordinator: Staff, pair: Pair) -> None:
    refused = [bring_to(ProposalState.DECLINED, coordinator, pair)]
    assert may_propose_again([], "")
    assert may_propose_again(refused, WORD)
    denied = may_propose_again(refused, "")
    assert not denied
    assert "what is different now" in str(denied.reason)
