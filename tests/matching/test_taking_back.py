"""What was noted by mistake goes back with all that it has led to; and what may no longer go back says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import pytest
from matching.mistakes import ENDS, Act, as_it_is, last_answer, mistakes, refused, soon, take_back, take_back_end
from matching.pairs import Pair, answer, both_say_yes, bring_to, counts, later, make_pair, propose

from factories.django_rows import TODAY, make_enrolment, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank, waiting_mentees
from mentornet.intake.services.places import NoPlaceLeftError
from mentornet.matching import services
from mentornet.matching.enums import STEPS_BACK, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships import services as partnerships
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.people.models import Avoidance

pytestmark = pytest.mark.django_db

S = ProposalState


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


def promise(by: Staff, mentee: Enrolment) -> None:
    """Promise the mentee a word in a week, as an approval does."""
    due_on = by.today + timedelta(days=7)
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=due_on)
    ask_for(by=by, kind=Kind.PROMISE, target_id=mentee.pk, division_id=mentee.division_id, due_on=due_on)


# Each wrong note, taken back before its letters leave: everything is as it was --------------------------------------

NOTES: Final[Mapping[tuple[S, str], tuple[Act, S]]] = {
    (S.SENT, "first yes"): (lambda by, one: answer(by, one, Side.MENTEE), S.SENT),
    (S.SENT, "no"): (lambda by, one: answer(by, one, Side.MENTOR, Reply.NO), S.DECLINED),
    (S.SENT, "withdrawal"): (
        lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="Moved."),
        S.WITHDRAWN,
    ),
    (S.TO_MEET, "met"): (lambda by, one: services.record_met(by=by, proposal=one, on=by.today), S.MET),
    (S.TO_MEET, "withdrawal"): (
        lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="Moved."),
        S.WITHDRAWN,
    ),
    (S.MET, "first yes"): (lambda by, one: answer(by, one, Side.MENTEE), S.MET),
    (S.MET, "no"): (lambda by, one: answer(by, one, Side.MENTEE, Reply.NO), S.DECLINED),
    (S.MET, "withdrawal"): (
        lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="Moved."),
        S.WITHDRAWN,
    ),
    (S.DRAFT, "withdrawal"): (lambda by, one: services.withdraw_proposal(by=by, proposal=one, note=""), S.WITHDRAWN),
}


def undo(by: Staff, note: str, proposal: Proposal) -> Proposal:
    if note == "met":
        return services.take_back_met(by=by, proposal=proposal)
    if note == "withdrawal":
        return services.take_back_withdrawal(by=by, proposal=proposal)
    return take_back(by, proposal)


@pytest.mark.parametrize(("state", "note"), NOTES, ids=str)
def test_a_wrong_note_goes_back_without_a_trace(state: S, note: str, coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    now = soon(coordinator)
    before = as_it_is(proposal)
    act, reached = NOTES[state, note]
    act(now, proposal)
    assert Proposal.objects.get(pk=proposal.pk).state == reached
    assert as_it_is(proposal) != before
    undone = undo(soon(now), note, proposal)
    assert as_it_is(proposal) == before
    assert undone.state == state
    assert mistakes() == []
    entry = Entry.objects.latest("pk")
    assert entry.act.startswith("matching.take_back")
    assert entry.object_id == str(proposal.pk)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("meets_first", [False, True])
def test_a_wrong_last_yes_takes_the_partnership_with_it(
    meets_first: bool, side: Side, coordinator: Staff, division: Division
) -> None:
    pair = make_pair(division, make_programme(meets_first=meets_first))
    promise(coordinator, pair[0])
    state = S.MET if meets_first else S.SENT
    proposal = answer(coordinator, bring_to(state, coordinator, pair), Side.MENTEE)
    before = as_it_is(proposal)
    now = soon(coordinator)
    proposal = answer(now, proposal, Side.MENTOR)
    assert counts(*pair) == [(0, 1), (0, 1)]
    assert Enrolment.objects.get(pk=pair[0].pk).word_due_on is None
    partnership = Partnership.objects.get()
    undone = take_back(soon(now), proposal, side)
    after = as_it_is(proposal)
    other = next(one for one in Side if one != side)
    round_ = Round.AFTER_MEETING if meets_first else Round.PROPOSAL
    assert [one for one in after.pop("answers") if one[1] == round_] == [(other, round_, Reply.YES)]
    before.pop("answers")
    assert after == before
    assert (undone.state, undone.partnership) == (state, None)
    assert counts(*pair) == [(1, 0), (1, 0)]
    # The audit still tells of the row that is gone, from its first day to its last.
    acts = Entry.objects.filter(object_id=str(partnership.pk)).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["partnerships.open", "partnerships.take_opening_back"]
    # And life goes on: the right answer opens a partnership again.
    answer(soon(now, minutes=5), proposal, side)
    assert counts(*pair) == [(0, 1), (0, 1)]
    assert Partnership.objects.get().pk != partnership.pk


def test_a_yes_by_which_they_were_to_meet(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, meeting_pair), Side.MENTEE)
    before = as_it_is(proposal)
    proposal = answer(soon(coordinator), proposal, Side.MENTOR)
    services.plan_meeting(by=soon(coordinator), proposal=proposal, on=TODAY + timedelta(days=40), place="The library")
    undone = take_back(soon(coordinator, seconds=50), proposal, Side.MENTOR)
    assert undone.state == S.SENT
    assert as_it_is(proposal) == before
    assert Letter.objects.filter(event="meet_first", state=LetterState.TAKEN_BACK).count() == 2


def test_met_goes_back_to_the_meeting_that_was_planned(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, meeting_pair))
    services.plan_meeting(by=coordinator, proposal=proposal, on=TODAY + timedelta(days=40), place="The library")
    before = as_it_is(proposal)
    services.record_met(by=soon(coordinator), proposal=proposal, on=TODAY)
    services.take_back_met(by=soon(coordinator, minutes=9), proposal=proposal)
    assert as_it_is(proposal) == before
    # The letters with day and place are still right; those that ask how it was are called back.
    back = Letter.objects.filter(state=LetterState.TAKEN_BACK).values_list("event", flat=True)
    assert sorted(back) == ["after_meeting"] * 2


def test_a_last_day_that_is_over_meanwhile_becomes_tomorrow(coordinator: Staff, pair: Pair) -> None:
    last = later(coordinator, 10)
    proposal = answer(last, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    by = later(coordinator, 12)
    Letter.objects.update(state=LetterState.UNREACHABLE)
    undone = take_back(by, proposal)
    assert undone.expires_on == by.today + timedelta(days=1)
    assert services.expire_proposals(by=System("tests", by.at)) == 0


# What may not go back -----------------------------------------------------------------------------------------------


def test_a_second_press_says_so(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, meeting_pair), Side.MENTEE)
    key = last_answer(proposal).pk
    services.take_back_answer(by=coordinator, proposal=proposal, answer_id=key)
    again: dict[str, Callable[[], object]] = {
        "taken back already": lambda: services.take_back_answer(by=coordinator, proposal=proposal, answer_id=key),
        "stands again already": lambda: services.take_back_withdrawal(by=coordinator, proposal=proposal),
    }
    for words, act in again.items():
        refused(act, proposal, ChangedMeanwhileError, words)
    both_say_yes(coordinator, proposal)
    refused(
        lambda: services.take_back_met(by=coordinator, proposal=proposal), proposal, ChangedMeanwhileError, "already"
    )


@pytest.mark.parametrize("state", S)
def test_every_state_takes_back_only_what_led_to_it(state: S, coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    if state == S.EXPIRED:
        coordinator = later(coordinator, 11)
    answer_rounds = {one.round for one in proposal.answers.all()}
    first = {S.TO_MEET: True, S.MET: False, S.ACCEPTED: False, S.DECLINED: True}
    for one in proposal.answers.all():
        allowed = first.get(state, False) if one.round == Round.PROPOSAL else state == S.ACCEPTED
        if not allowed:
            refused(
                lambda one=one: services.take_back_answer(by=coordinator, proposal=proposal, answer_id=one.pk),  # type: ignore[misc]
                proposal,
                NotAllowedError,
                "More has been noted since",
            )
    if state != S.WITHDRAWN:
        refused(
            lambda: services.take_back_withdrawal(by=coordinator, proposal=proposal), proposal, RefusedError, r"\.$"
        )
    if state != S.MET:
        refused(lambda: services.take_back_met(by=coordinator, proposal=proposal), proposal, RefusedError, r"\.$")
    assert answer_rounds == {one.round for one in proposal.answers.all()}


def test_every_step_back_is_taken_somewhere_here() -> None:
    taken = {(reached, state) for (state, _note), (_act, reached) in NOTES.items() if state != reached}
    taken |= {(S.ACCEPTED, S.SENT), (S.ACCEPTED, S.MET), (S.TO_MEET, S.SENT)}
    assert taken == {(before, after) for before, following in STEPS_BACK.table.items() for after in following}


def test_an_answer_after_the_meeting_stands_on_the_meeting(coordinator: Staff, meeting_pair: Pair) -> None:
    proposal = answer(coordinator, bring_to(S.MET, coordinator, meeting_pair), Side.MENTEE)
    refused(
        lambda: services.take_back_met(by=coordinator, proposal=proposal),
        proposal,
        NotAllowedError,
        "Take that back first",
    )


@pytest.mark.parametrize("end", ENDS)
def test_after_three_days_it_stands(end: str, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    ENDS[end](coordinator, proposal)
    words = "Close it on its own page" if end == "yes" else "more than three days ago"
    refused(lambda: take_back_end(later(coordinator, 4), end, proposal), proposal, NotAllowedError, words)
    take_back_end(later(coordinator, 3), end, proposal)
    assert counts(*pair) == [(1, 0), (1, 0)]


@pytest.mark.parametrize("end", ["no", "withdrawal"])
def test_a_place_that_is_gone_is_not_held_again(end: str, coordinator: Staff, division: Division) -> None:
    programme = make_programme()
    pair = make_pair(division, programme)
    proposal = propose(coordinator, pair)
    ENDS[end](coordinator, proposal)
    others = propose(coordinator, (make_enrolment("mentee", division, programme=programme), pair[1]))

    def act() -> object:
        return take_back_end(coordinator, end, proposal)

    refused(act, proposal, NoPlaceLeftError, "has no place left")
    assert counts(pair[1]) == [(1, 0)]
    services.withdraw_proposal(by=coordinator, proposal=others, note="Not these two.")
    # The mentee has another proposal by now, to somebody else.
    propose(coordinator, (pair[0], make_enrolment("mentor", division, programme=programme)))
    refused(act, proposal, NoPlaceLeftError, "has just been proposed by somebody else")


def test_without_the_hold_the_constraint_beneath_stops_a_second_proposal(
    coordinator: Staff, division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: with the hold switched off, one open proposal for her is all that the table takes.
    programme = make_programme()
    pair = make_pair(division, programme)
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    propose(coordinator, (pair[0], make_enrolment("mentor", division, programme=programme)))
    monkeypatch.setattr("mentornet.matching.services.taking_back.places.hold", lambda **_given: None)
    refused(lambda: take_back(coordinator, proposal), proposal, ChangedMeanwhileError, "another proposal for her")


def test_two_who_must_not_meet_are_not_brought_together_again(coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    one, other = sorted((pair[0].person, pair[1].person), key=lambda person: str(person.pk))
    kept = Avoidance.objects.create(person=one, other=other, created_at=coordinator.at, created_by=coordinator.key)
    refused(lambda: take_back(coordinator, proposal), proposal, RefusedError, "must not meet")
    kept.delete()
    assert take_back(coordinator, proposal).state == S.SENT


BUILT: Final[Mapping[str, Callable[[Staff, Partnership], object]]] = {
    "meeting": lambda by, one: partnerships.record_meeting(by=by, partnership=one, on=by.today),
    "note": lambda by, one: partnerships.add_note(by=by, partnership=one, text="They laughed.", author_name="Inger"),
    "agreement": lambda by, one: partnerships.sign_agreement(by=by, partnership=one, on=by.today),
    "pause": lambda by, one: partnerships.pause_partnership(by=by, partnership=one),
    "close": lambda by, one: partnerships.close_partnership(by=by, partnership=one, on=by.today, reason="other"),
}


@pytest.mark.parametrize("built", BUILT)
def test_a_partnership_that_has_begun_to_live_stays(built: str, coordinator: Staff, pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    BUILT[built](soon(coordinator), Partnership.objects.get())
    words = "closed already" if built == "close" else "Close it on its own page instead"
    refused(lambda: take_back(soon(coordinator, minutes=1), proposal), proposal, NotAllowedError, words)
    assert Partnership.objects.count() == 1


def test_the_waiting_list_and_the_bank_know_them_again(coordinator: Staff, pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    take_back(soon(coordinator), proposal)
    assert not waiting_mentees(coordinator.casework).exists()
    assert not mentor_bank(coordinator.casework, coordinator.today).exists()
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="Moved.")
    assert list(waiting_mentees(coordinator.casework)) == [pair[0]]
    assert list(mentor_bank(coordinator.casework, coordinator.today)) == [pair[1]]


def test_a_mentee_who_was_promised_nothing_hears_within_weeks(coordinator: Staff, pair: Pair) -> None:
    take_back(soon(coordinator), both_say_yes(coordinator, propose(coordinator, pair)))
    mentee = Enrolment.objects.get(pk=pair[0].pk)
    assert mentee.word_due_on == coordinator.today + timedelta(days=28)
    assert Task.objects.filter(kind=Kind.PROMISE, target_id=mentee.pk, done_at=None).count() == 1


@pytest.mark.parametrize("state", [S.SENT, S.DECLINED, S.ACCEPTED, S.WITHDRAWN, S.MET])
def test_another_division_takes_nothing_back(
    state: S, coordinator: Staff, other_coordinator: Staff, meeting_pair: Pair
) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    if state == S.SENT:
        answer(coordinator, proposal, Side.MENTEE)
    acts: list[Callable[[], object]] = []
    if state == S.WITHDRAWN:
        acts.append(lambda: services.take_back_withdrawal(by=other_coordinator, proposal=proposal))
    else:
        acts.append(lambda: take_back(other_coordinator, proposal))
    if state == S.MET:
        acts.append(lambda: services.take_back_met(by=other_coordinator, proposal=proposal))
    for act in acts:
        refused(act, proposal, NotAllowedError, "You do not work in this division")


def test_without_the_guard_a_note_would_be_lost(
    coordinator: Staff, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: nobody asks whether something rests upon the partnership.
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    BUILT["note"](soon(coordinator), Partnership.objects.get())
    monkeypatch.setattr("mentornet.partnerships.services.pairs.is_built_on", lambda _partnership: False)
    take_back(soon(coordinator, minutes=1), proposal)
    assert not Note.objects.exists()


def test_what_protects_a_partnership_keeps_it(coordinator: Staff, pair: Pair) -> None:
    # Rows of apps to come protect it as its proposal does here, which still points to it.
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    partnership = Partnership.objects.get()
    refused(
        lambda: partnerships.take_opening_back(by=coordinator, partnership=partnership),
        proposal,
        ChangedMeanwhileError,
        "More has been noted",
    )


def test_a_partnership_that_is_gone_is_not_worked_on(coordinator: Staff, pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    partnership = Partnership.objects.get()
    take_back(soon(coordinator), proposal)
    for built, act in BUILT.items():
        with pytest.raises(RefusedError) as why:
            act(soon(coordinator, minutes=1), partnership)
        assert str(why.value).endswith("."), built
    assert not Meeting.objects.exists()
