"""From a choice to a partnership, step by step, and what each end leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from matching.pairs import Pair, answer, both_say_yes, bring_to, counts, later, letters_arrive, make_pair, propose

from factories.django_rows import TODAY, make_enrolment, make_programme, make_version
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank, waiting_mentees
from mentornet.intake.services.places import NoPlaceLeftError
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal
from mentornet.matching.services import RuleBrokenError
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.people.models import Avoidance

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


def open_tasks() -> list[str]:
    return list(Task.objects.filter(done_at=None).values_list("kind", flat=True))


def test_two_yeses_open_a_partnership(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.state == ProposalState.SENT
    assert Letter.objects.filter(about_id=proposal.pk).count() == 2
    assert not waiting_mentees(coordinator.casework).exists()
    assert not mentor_bank(coordinator.casework, coordinator.today).exists()
    proposal = both_say_yes(coordinator, proposal)
    assert proposal.state == ProposalState.ACCEPTED
    assert proposal.partnership is not None
    assert proposal.partnership.state == PartnershipState.MATCHED
    assert counts(*pair) == [(0, 1), (0, 1)]
    assert open_tasks() == [Kind.NOT_MET]
    assert Proposal.objects.count() == 1


def test_they_meet_first_where_the_programme_says_so(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    assert proposal.state == ProposalState.TO_MEET
    assert open_tasks() == [Kind.MEET_FIRST]
    day = TODAY + timedelta(days=4)
    proposal = services.plan_meeting(by=coordinator, proposal=proposal, on=day, place="  The library ")
    assert (proposal.meeting_on, proposal.meeting_place) == (day, "The library")
    assert Letter.objects.filter(event="meet_first").count() == 2
    by = later(coordinator, 4)
    proposal = services.record_met(by=by, proposal=proposal, on=day)
    assert open_tasks() == [Kind.AFTER_MEETING]
    assert counts(*meeting_pair) == [(1, 0), (1, 0)]
    proposal = both_say_yes(by, proposal)
    assert proposal.state == ProposalState.ACCEPTED
    assert proposal.partnership is not None
    # The meeting counts: nobody is asked whether they have met.
    assert proposal.partnership.first_met_on == day
    assert proposal.partnership.meetings.count() == 1
    assert open_tasks() == []


@pytest.mark.parametrize(
    "end", [ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN], ids=lambda state: state.value
)
def test_an_end_without_blame(end: ProposalState, coordinator: Staff, division: Division) -> None:
    programme = make_programme()
    first = make_enrolment("mentee", division, programme=programme, enrolment={"since": TODAY - timedelta(days=90)})
    second = make_enrolment("mentee", division, programme=programme, enrolment={"since": TODAY - timedelta(days=10)})
    mentor = make_enrolment("mentor", division, programme=programme, enrolment={"since": TODAY - timedelta(days=50)})
    before = [first.since, mentor.since]
    proposal = bring_to(end, coordinator, (first, mentor))
    assert proposal.state == end
    assert counts(first, mentor) == [(0, 0), (0, 0)]
    assert [first.since, mentor.since] == before
    assert list(waiting_mentees(coordinator.casework)) == [first, second]
    assert list(mentor_bank(coordinator.casework, coordinator.today)) == [mentor]
    assert Letter.objects.filter(event="proposal_ended", about_id=proposal.pk).count() == 2
    assert open_tasks() == [Kind.PROPOSAL_ENDED]


def test_the_letters_of_an_end_tell_neither_who_nor_why(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    services.take_down_answer(
        by=coordinator,
        proposal=proposal,
        side=Side.MENTOR,
        reply=Reply.NO,
        channel="phone",
        decline_reason="person",
        note="She is my neighbour.",
    )
    letters = Letter.objects.filter(event="proposal_ended")
    assert [letter.values for letter in letters] == [{"day": TODAY.isoformat()}] * 2


def test_a_draft_holds_nobody_and_its_end_is_silent(coordinator: Staff, pair: Pair) -> None:
    draft = propose(coordinator, pair, send=False)
    assert counts(*pair) == [(0, 0), (0, 0)]
    services.withdraw_proposal(by=coordinator, proposal=draft, note="")
    assert not Letter.objects.exists()
    assert open_tasks() == []


def test_a_draft_written_twice_is_one(coordinator: Staff, pair: Pair) -> None:
    propose(coordinator, pair, send=False)
    propose(coordinator, pair, send=False, reason="They live in one street.")
    assert Proposal.objects.get().reason == "They live in one street."
    sent = propose(coordinator, pair)
    assert Proposal.objects.get() == sent


def test_what_was_seen_is_kept(coordinator: Staff, pair: Pair) -> None:
    make_enrolment("mentor", pair[0].division, programme=pair[0].programme, languages={"fr": "C1"})
    proposal = propose(coordinator, pair)
    assert (proposal.rank, proposal.ranked, proposal.version.number) == (1, 2, 1)
    assert set(proposal.sentences) == {"en", "da", "ar", "fa", "uk"}
    assert proposal.author_name == "Inger Holm"
    make_version(pair[0].programme, reason="other weights")
    proposal.refresh_from_db()
    assert proposal.version.number == 1


def test_changed_weights_ask_for_another_look(coordinator: Staff, pair: Pair) -> None:
    make_version(pair[0].programme, reason="other weights")
    with pytest.raises(ChangedMeanwhileError, match="weights were changed"):
        propose(coordinator, pair)
    assert propose(coordinator, pair, seen_version=2).version.number == 2


def test_a_broken_rule_stops_and_can_be_set_aside(coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme(), languages={"fr": "C1"})
    with pytest.raises(RuleBrokenError, match="They share no language"):
        propose(coordinator, pair)
    assert counts(*pair) == [(0, 0), (0, 0)]
    assert propose(coordinator, pair, loosened=["language", "time"]).loosened == ("language",)


@pytest.mark.parametrize("rule", ["conflict", "resting", "capacity", "forbidden", "briefed"])
def test_rules_that_protect_stay_in_force(rule: str, coordinator: Staff, division: Division) -> None:
    resting = {"briefed_on": None, "resting_until": TODAY + timedelta(days=9)}
    pair = make_pair(division, make_programme(), enrolment=resting)
    with pytest.raises(RuleBrokenError):
        propose(coordinator, pair, loosened=["resting", "briefed", rule])


def _keep_apart_unseen(by: Staff, pair: Pair, *, backwards: bool) -> None:
    """Note that two must not meet as no service does it: without a word to whoever keeps banks in memory."""
    one, other = [side.person for side in (pair[::-1] if backwards else pair)]
    Avoidance.objects.create(person=one, other=other, created_at=by.at, created_by=by.key)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("loosened", [(), ("conflict",)])
def test_two_who_must_not_meet_are_not_proposed_whatever_is_kept_in_memory(
    loosened: tuple[str, ...], backwards: bool, coordinator: Staff, pair: Pair
) -> None:
    draft = propose(coordinator, pair, send=False)
    _keep_apart_unseen(coordinator, pair, backwards=backwards)
    with pytest.raises(RuleBrokenError, match="They must not meet"):
        services.send_draft(by=coordinator, proposal=draft)
    for send in (True, False):
        with pytest.raises(RuleBrokenError, match="They must not meet"):
            propose(coordinator, pair, send=send, loosened=loosened)
    assert not Letter.objects.exists()
    assert counts(*pair) == [(0, 0), (0, 0)]


def test_without_the_second_question_what_is_kept_in_memory_decides(
    coordinator: Staff, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above.
    draft = propose(coordinator, pair, send=False)
    _keep_apart_unseen(coordinator, pair, backwards=False)
    monkeypatch.setattr("mentornet.matching.services.steps.must_not_meet", lambda *_two: False)
    assert services.send_draft(by=coordinator, proposal=draft).state == ProposalState.SENT


def test_no_reason_no_proposal(coordinator: Staff, pair: Pair) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(coordinator, pair, reason="  ")
    assert "reason" in refused.value.error_dict
    assert not Proposal.objects.exists()


def test_a_mentor_with_two_places_is_promised_twice_and_no_more(coordinator: Staff, division: Division) -> None:
    programme = make_programme()
    mentor = make_enrolment("mentor", division, programme=programme, enrolment={"capacity": 2})
    mentees = [make_enrolment("mentee", division, programme=programme) for _ in range(3)]
    for mentee in mentees[:2]:
        propose(coordinator, (mentee, mentor))
    with pytest.raises(RuleBrokenError, match="room for 2 mentees"):
        propose(coordinator, (mentees[2], mentor))
    assert counts(mentor) == [(2, 0)]


def test_a_draft_sent_too_late_says_so(coordinator: Staff, division: Division) -> None:
    programme = make_programme()
    pair = make_pair(division, programme)
    draft = propose(coordinator, pair, send=False)
    propose(coordinator, (make_enrolment("mentee", division, programme=programme), pair[1]))
    with pytest.raises((RuleBrokenError, NoPlaceLeftError)):
        services.send_draft(by=coordinator, proposal=draft)
    draft.refresh_from_db()
    assert draft.state == ProposalState.DRAFT


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": TODAY - timedelta(days=1), "place": "The library"}, "on"),
        ({"on": TODAY + timedelta(days=400), "place": "The library"}, "on"),
        ({"on": TODAY, "place": "  "}, "place"),
        ({"on": TODAY, "place": "x" * 121}, "place"),
    ],
)
def test_a_meeting_that_cannot_be(given: dict[str, Any], field: str, coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    with pytest.raises(ValidationError) as refused:
        services.plan_meeting(by=coordinator, proposal=proposal, **given)
    assert set(refused.value.error_dict) == {field}
    proposal.refresh_from_db()
    assert proposal.meeting_on is None


@pytest.mark.parametrize("days", [1, -1])
def test_a_day_on_which_they_cannot_have_met(days: int, coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    with pytest.raises(ValidationError):
        services.record_met(by=coordinator, proposal=proposal, on=TODAY + timedelta(days=days))


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_a_sent_proposal_is_taken_back_for_a_reason(note: str, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(ValidationError):
        services.withdraw_proposal(by=coordinator, proposal=proposal, note=note)
    assert counts(*pair) == [(1, 0), (1, 0)]


def test_a_no_needs_its_reason(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(ValidationError) as refused:
        services.take_down_answer(
            by=coordinator, proposal=proposal, side=Side.MENTEE, reply=Reply.NO, channel="phone", decline_reason=""
        )
    assert set(refused.value.error_dict) == {"decline_reason"}
    assert not proposal.answers.exists()


def test_the_last_day_counts(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.expires_on == TODAY + timedelta(days=10)
    last = later(coordinator, 10)
    assert services.expire_proposals(by=System("tests", last.at)) == 0
    answer(last, proposal, Side.MENTEE)
    assert services.expire_proposals(by=System("tests", later(coordinator, 11).at)) == 1


def test_nobody_is_asked_to_call_a_telephone_that_is_not_known(
    coordinator: Staff, pair: Pair, division: Division
) -> None:
    Division.objects.filter(pk=division.pk).update(phone="")
    with pytest.raises(RefusedError, match="telephone is not known"):
        propose(coordinator, (Enrolment.objects.get(pk=pair[0].pk), pair[1]))
    assert counts(*pair) == [(0, 0), (0, 0)]
    assert not Letter.objects.exists()


def test_choosing_again_settles_what_the_earlier_end_asked_for(coordinator: Staff, pair: Pair) -> None:
    answer(coordinator, propose(coordinator, pair), Side.MENTEE, Reply.NO)
    assert Task.objects.filter(kind=Kind.PROPOSAL_ENDED, done_at=None).count() == 1
    propose(coordinator, pair, again="She has time again.")
    assert not Task.objects.filter(kind=Kind.PROPOSAL_ENDED, done_at=None).exists()


def test_an_answer_to_the_proposal_is_none_after_the_meeting(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    proposal = services.record_met(by=coordinator, proposal=proposal, on=TODAY)
    with pytest.raises(ChangedMeanwhileError, match="moved on"):
        services.take_down_answer(
            by=coordinator, proposal=proposal, side=Side.MENTEE, reply=Reply.YES, channel="phone", asked=Round.PROPOSAL
        )
    answer(coordinator, proposal, Side.MENTEE)
    assert proposal.answers.count() == 3


def test_no_answer_is_taken_down_after_the_last_day(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(NotAllowedError, match="last day is over"):
        answer(later(coordinator, 11), proposal, Side.MENTEE)


def test_a_draft_of_another_programme_version_is_not_sent(coordinator: Staff, pair: Pair) -> None:
    draft = propose(coordinator, pair, send=False)
    make_version(draft.version.programme, number=2, expiry_days=3)
    with pytest.raises(ChangedMeanwhileError, match="changed since this draft"):
        services.send_draft(by=coordinator, proposal=draft)
    assert counts(*pair) == [(0, 0), (0, 0)]
