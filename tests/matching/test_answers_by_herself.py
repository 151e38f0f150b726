"""The two answer on their own pages: who may when, what follows, and what she may still change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from matching.herself import herself, says
from matching.mistakes import as_it_is, open_tasks, refused, soon, take_back
from matching.pairs import Pair, answer, both_say_yes, bring_to, counts, expire, later, make_pair, propose

from factories.django_rows import AT, TODAY, make_enrolment, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.services.links import make_link
from mentornet.agenda.models import Kind
from mentornet.audit.models import Entry
from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import rules, services
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import proposal_of, proposals_of
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

pytestmark = pytest.mark.django_db

S = ProposalState
OPEN: Final = {S.SENT: S.DECLINED, S.MET: S.DECLINED}
"""The states in which something is asked, and what a no leads to; a first yes leaves them as they are."""


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


# Every state, side and reply ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", Reply)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", S)
def test_every_state_side_and_reply(state: S, side: Side, reply: Reply, coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    given = ProposalAnswer.objects.filter(proposal=proposal, side=side, reply=reply).exists()
    answers = ProposalAnswer.objects.count()
    if state in OPEN:
        after = says(proposal, side, reply)
        assert after.state == (state if reply == Reply.YES else OPEN[state])
        assert ProposalAnswer.objects.count() == answers + 1
        return
    with pytest.raises(NotAllowedError):
        # The round in which she has answered is not asked again, whatever she answered in it.
        says(proposal, side, reply, asked=None if given else Round.PROPOSAL)
    assert Proposal.objects.get(pk=proposal.pk).state == state
    assert ProposalAnswer.objects.count() == answers


def test_what_she_said_is_kept_as_hers(coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE, asked=Round.PROPOSAL)
    kept = ProposalAnswer.objects.get()
    mentee = pair[0].person
    assert (kept.channel, kept.taken_by, kept.author_name) == (Channel.SELF, person_key(mentee.pk), mentee.name)
    assert (kept.round, kept.told_on, kept.created_at) == (Round.PROPOSAL, None, AT)
    entry = Entry.objects.get(act="matching.answer")
    assert entry.actor == person_key(mentee.pk)
    assert entry.detail == {"side": "mentee", "round": "proposal", "reply": "yes"}
    assert proposal.state == S.SENT


def test_two_yeses_open_the_partnership_whoever_noted_them(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    answer(coordinator, proposal, Side.MENTEE)
    proposal = says(proposal, Side.MENTOR)
    assert proposal.state == S.ACCEPTED
    assert proposal.partnership == Partnership.objects.get()
    assert counts(*pair) == [(0, 1), (0, 1)]
    assert Letter.objects.filter(event="partnership_begun").count() == 2
    # She has answered; what followed, the program did.
    acts = dict(Entry.objects.filter(act__in=["matching.answer", "matching.accept"]).values_list("act", "actor"))
    assert acts["matching.accept"] == "system:matching.by_themselves"


def test_a_no_of_her_own_has_the_same_consequences(coordinator: Staff, division: Division) -> None:
    programme = make_programme()
    seen = []
    acts: list[Callable[[Proposal], Proposal]] = [
        lambda one: answer(coordinator, one, Side.MENTOR, Reply.NO),
        lambda one: says(one, Side.MENTOR, Reply.NO),
    ]
    for act in acts:
        pair = make_pair(division, programme)
        proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
        act(proposal)
        letters = Letter.objects.filter(about_id=proposal.pk).order_by("event", "pk")
        told = [(letter.event, letter.recipient == person_key(pair[0].person_id)) for letter in letters]
        seen.append((as_it_is(proposal)["places"], sorted(told), counts(*pair)))
    assert seen[0] == seen[1]
    assert [kind for kind, _day in open_tasks() if kind == Kind.PROPOSAL_ENDED] == [Kind.PROPOSAL_ENDED] * 2


def test_both_want_to_meet(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = propose(coordinator, meeting_pair)
    for side in Side:
        proposal = says(proposal, side)
    assert proposal.state == S.TO_MEET
    assert [kind for kind, _day in open_tasks()] == [Kind.MEET_FIRST]


def test_after_the_meeting_each_answers_in_private(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(S.MET, coordinator, meeting_pair)
    proposal = says(proposal, Side.MENTEE, asked=Round.AFTER_MEETING)
    assert proposal.state == S.MET
    proposal = says(proposal, Side.MENTOR, asked=Round.AFTER_MEETING)
    assert proposal.state == S.ACCEPTED


# Whose it is --------------------------------------------------------------------------------------------------------


def strangers(coordinator: Staff, pair: Pair, division: Division) -> list[Actor]:
    other = make_enrolment("mentee", division).person
    return [
        Participant(person_id=other.pk, name=other.name, at=AT),
        coordinator,
        System("tests", AT),
        Visitor(AT),
    ]


ACTS: Final[dict[str, Callable[[Any, Proposal], object]]] = {
    "answer": lambda by, one: services.answer_for_herself(by=by, proposal=one, reply=Reply.YES),
    "refuse": lambda by, one: services.answer_for_herself(
        by=by, proposal=one, reply=Reply.NO, decline_reason=DeclineReason.TIME
    ),
    "ask": lambda by, one: services.ask_coordinator(by=by, proposal=one, text="When?"),
    "choose": lambda by, one: services.choose_times(by=by, proposal=one, suits=set()),
    "meet": lambda by, one: services.say_met(by=by, proposal=one, met=True),
    "not meet": lambda by, one: services.say_met(by=by, proposal=one, met=False),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", [S.SENT, S.TO_MEET, S.MET])
def test_nobody_else_does_anything_there(
    state: S, act: str, coordinator: Staff, meeting_pair: Pair, division: Division
) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    for by in strangers(coordinator, meeting_pair, division):
        refused(lambda by=by: ACTS[act](by, proposal), proposal, NotAllowedError, "somebody else")  # type: ignore[misc]


def test_without_the_rule_a_stranger_would_get_through(
    coordinator: Staff, pair: Pair, division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: her side is taken from whoever asks.
    proposal = propose(coordinator, pair)
    stranger = strangers(coordinator, pair, division)[0]
    monkeypatch.setattr("mentornet.matching.services.answering.side_of", lambda _by, _proposal: Side.MENTEE)
    monkeypatch.setattr("mentornet.matching.rules.side_of", lambda _by, _proposal: Side.MENTEE)
    ACTS["answer"](stranger, proposal)
    assert ProposalAnswer.objects.count() == 1


def test_she_answers_for_her_own_side_alone(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    says(proposal, Side.MENTOR)
    assert list(ProposalAnswer.objects.values_list("side", flat=True)) == [Side.MENTOR]


def test_a_participant_does_no_casework(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    by: Any = herself(proposal, Side.MENTEE)
    assert not rules.may_step(by, proposal, S.WITHDRAWN)
    assert not rules.may_answer(by, proposal, Side.MENTEE, [])
    assert not rules.may_answer_question(by, proposal)
    with pytest.raises(NotAllowedError):
        services.withdraw_proposal(by=by, proposal=proposal, note="Not mine.")


def test_she_finds_what_she_was_told_of_and_nothing_else(coordinator: Staff, pair: Pair, division: Division) -> None:
    proposal = propose(coordinator, pair, send=False)
    by = herself(proposal, Side.MENTEE)
    assert proposal_of(by, proposal.pk) is None
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="")
    assert proposal_of(by, proposal.pk) is None
    sent = propose(coordinator, pair)
    assert list(proposals_of(by)) == [sent]
    assert proposal_of(herself(sent, Side.MENTOR), sent.pk) == sent
    for stranger in strangers(coordinator, pair, division)[:1]:
        assert isinstance(stranger, Participant)
        assert proposal_of(stranger, sent.pk) is None


# When ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", Reply)
def test_after_the_last_day_nothing_is_answered(reply: Reply, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.expires_on is not None
    days = (proposal.expires_on - TODAY).days
    # Whether or not the program has ended it yet.
    with pytest.raises(NotAllowedError, match="last day to answer is over"):
        says(proposal, Side.MENTEE, reply, later={"days": days + 1})
    expire(coordinator, proposal)
    with pytest.raises(NotAllowedError, match="no longer open"):
        says(proposal, Side.MENTEE, reply, later={"days": days + 1})


def test_on_the_last_day_she_can_answer(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.expires_on is not None
    says(proposal, Side.MENTEE, later={"days": (proposal.expires_on - TODAY).days})


def test_what_she_sees_must_be_what_is_asked(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(S.MET, coordinator, meeting_pair)
    refused(
        lambda: says(proposal, Side.MENTEE, Reply.NO, asked=Round.PROPOSAL), proposal, ChangedMeanwhileError, "changed"
    )


# Changing her mind --------------------------------------------------------------------------------------------------


def test_a_yes_can_become_a_no_as_long_as_nothing_has_followed(coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    proposal = says(proposal, Side.MENTEE, Reply.NO, note="  Not yet ", later={"hours": 1})
    kept = ProposalAnswer.objects.get()
    assert (kept.reply, kept.decline_reason, kept.note) == (Reply.NO, DeclineReason.TIME, "Not yet")
    assert proposal.state == S.DECLINED
    assert counts(*pair) == [(0, 0), (0, 0)]
    assert list(Entry.objects.filter(act__startswith="matching.").order_by("pk").values_list("act", flat=True))[
        -2:
    ] == [
        "matching.answer",
        "matching.change_answer",
    ]


def test_a_yes_that_a_coordinator_noted_is_hers_to_change(coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    says(proposal, Side.MENTEE, Reply.NO)
    assert ProposalAnswer.objects.get().channel == Channel.SELF


def test_a_yes_that_has_led_on_stays(coordinator: Staff, pair: Pair, meeting_pair: Pair) -> None:
    begun = both_say_yes(coordinator, propose(coordinator, pair))
    refused(lambda: says(begun, Side.MENTEE, Reply.NO), begun, NotAllowedError, "no longer open")
    to_meet = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    refused(lambda: says(to_meet, Side.MENTEE, Reply.NO), to_meet, NotAllowedError, "nothing to answer now")


def test_a_no_is_not_changed_by_herself(coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE, Reply.NO)
    refused(lambda: says(proposal, Side.MENTEE), proposal, NotAllowedError, "no longer open")


def test_pressed_twice_it_is_said_once(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    for _ in range(2):
        says(proposal, Side.MENTEE, asked=Round.PROPOSAL)
    says(proposal, Side.MENTOR, asked=Round.PROPOSAL)
    before = as_it_is(proposal)
    # Also when the first press has led on.
    assert says(proposal, Side.MENTOR, asked=Round.PROPOSAL).state == S.ACCEPTED
    assert as_it_is(proposal) == before
    assert Entry.objects.filter(act="matching.answer").count() == 2


@pytest.mark.parametrize("reason", ["", "nonsense", DeclineReason.NO_ANSWER])
def test_a_no_has_a_reason_of_hers(reason: str, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(ValidationError, match="choose a reason"):
        says(proposal, Side.MENTEE, Reply.NO, decline_reason=reason)
    with pytest.raises(ValidationError):
        says(proposal, Side.MENTEE, Reply.NO, note="x" * 501)
    assert not ProposalAnswer.objects.exists()


def test_a_coordinator_cannot_say_that_she_answered_herself(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(ValidationError, match="how you heard it"):
        services.take_down_answer(
            by=coordinator, proposal=proposal, side=Side.MENTEE, reply=Reply.YES, channel=Channel.SELF
        )


def test_a_coordinator_takes_her_answer_back(coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    before = as_it_is(proposal)
    says(proposal, Side.MENTOR, Reply.NO)
    take_back(soon(coordinator), proposal, Side.MENTOR)
    assert as_it_is(proposal) == before
    assert says(proposal, Side.MENTOR, later={"minutes": 9}).state == S.ACCEPTED


# Her links ----------------------------------------------------------------------------------------------------------


def links(proposal: Proposal) -> list[str]:
    """Make a link for each of the two, and return their subjects."""
    subjects = [f"{proposal.pk}:{side.person_id}" for side in (proposal.mentee, proposal.mentor)]
    for subject in subjects:
        make_link(by=System("tests", AT), purpose=Purpose.PROPOSAL, subject=subject)
    return subjects


def still_open() -> set[str]:
    return set(PersonalLink.objects.filter(closed_at=None).values_list("subject", flat=True))


def test_the_letters_carry_a_link_of_her_own(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    for side in pair:
        letter = Letter.objects.get(recipient=person_key(side.person_id))
        assert letter.values["link"] == f"proposal:{proposal.pk}:{side.person_id}"


def test_an_end_closes_the_links_of_both(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    subjects = links(proposal)
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved.")
    assert still_open().isdisjoint(subjects)
    services.take_back_withdrawal(by=soon(coordinator), proposal=proposal)
    assert still_open() >= set(subjects)


def test_whoever_says_no_keeps_the_page_she_stands_on(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    hers, the_others = links(proposal)
    says(proposal, Side.MENTEE, Reply.NO)
    assert hers in still_open()
    assert the_others not in still_open()
    take_back(soon(coordinator), proposal)
    assert still_open() >= {hers, the_others}


def test_links_that_were_closed_before_stay_closed(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    hers, _the_others = links(proposal)
    PersonalLink.objects.filter(subject=hers).update(closed_at=AT - timedelta(days=1))
    answer(coordinator, proposal, Side.MENTEE, Reply.NO)
    take_back(soon(coordinator), proposal)
    assert hers not in still_open()


def test_after_the_meeting_each_gets_her_link(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(S.MET, coordinator, meeting_pair)
    asked = Letter.objects.filter(event="after_meeting")
    assert {letter.values["link"] for letter in asked} == {
        f"proposal:{proposal.pk}:{side.person_id}" for side in meeting_pair
    }
    assert set(asked.values_list("recipient", flat=True)) == {person_key(side.person_id) for side in meeting_pair}


def test_taking_back_that_they_met_calls_the_letters_back(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(S.MET, coordinator, meeting_pair)
    services.take_back_met(by=soon(coordinator), proposal=proposal)
    assert set(Letter.objects.filter(event="after_meeting").values_list("state", flat=True)) == {LetterState.TAKEN_BACK}
    again = services.record_met(by=soon(coordinator, minutes=9), proposal=proposal, on=TODAY)
    Letter.objects.filter(event="after_meeting").update(state=LetterState.SENT)
    now = replace(later(coordinator, 1), name="")
    with pytest.raises(ChangedMeanwhileError, match="have left meanwhile"):
        services.take_back_met(by=now, proposal=again)
    services.take_back_met(by=now, proposal=again, knows_letters_left=True)
    assert Letter.objects.filter(event="sent_by_mistake").count() == 2
