"""What both have in hand: no letter of a day that no longer holds, or of what has ended, and none missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from django.utils import timezone
from matching.mistakes import ENDS, soon, take_back_end
from matching.pairs import Pair, answer, both_say_yes, expire, later, letters_arrive, make_pair, propose

from factories.django_rows import TODAY, make_programme
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import deliver_due_letters, take_back_letter

pytestmark = pytest.mark.django_db

FIRST: Final = TODAY + timedelta(days=3)
SECOND: Final = TODAY + timedelta(days=4)
PROPOSED: Final = ["proposal_to_mentee", "proposal_to_mentor"]


@pytest.fixture
def pair(division: Division) -> Pair:
    pair = make_pair(division, make_programme(meets_first=True))
    for side, address in zip(pair, ("amina@example.org", "kirsten@example.org"), strict=True):
        side.person.email = address
        side.person.save()
    return pair


def to_meet(by: Staff, pair: Pair) -> Proposal:
    return both_say_yes(soon(by, seconds=5), propose(by, pair))


def plan(by: Staff, proposal: Proposal, on: date = FIRST, place: str = "The library") -> Proposal:
    return services.plan_meeting(by=by, proposal=proposal, on=on, place=place)


def withdraw(by: Staff, proposal: Proposal) -> Proposal:
    return services.withdraw_proposal(by=by, proposal=proposal, note="Moved.")


def waiting() -> list[str]:
    """Return the letters that are still to leave."""
    return sorted(Letter.objects.filter(state=LetterState.QUEUED).values_list("event", flat=True))


def to(pair: Pair, side: int, state: LetterState = LetterState.QUEUED) -> list[str]:
    key = f"person:{pair[side].person_id}"
    return sorted(Letter.objects.filter(recipient=key, state=state).values_list("event", flat=True))


@pytest.mark.django_db(transaction=True)
def test_everything_within_a_minute_sends_nobody_to_a_meeting(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    plan(soon(coordinator, seconds=20), proposal, SECOND, "The church")
    withdraw(soon(coordinator, seconds=40), proposal)
    deliver_due_letters(by=System("tests", soon(coordinator, seconds=115).at))
    # Both have said yes on the telephone, so both hear that it came to nothing; and nothing else.
    sent = Letter.objects.filter(state=LetterState.SENT).values_list("event", flat=True)
    assert list(sent) == ["proposal_ended"] * 2
    assert set(Letter.objects.exclude(event="proposal_ended").values_list("state", flat=True)) == {"taken_back"}


# Another day --------------------------------------------------------------------------------------------------------


def test_another_day_calls_back_what_has_not_left(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters = Letter.objects.filter(event="meet_first")
    plan(soon(coordinator, seconds=20), proposal, SECOND)
    held = letters.filter(state=LetterState.QUEUED)
    assert [letter.values["day"] for letter in held] == [SECOND.isoformat()] * 2
    assert letters.filter(state=LetterState.TAKEN_BACK).count() == 2


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.SENDING])
def test_who_has_read_of_the_first_day_reads_that_it_has_changed(
    state: LetterState, coordinator: Staff, pair: Pair
) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    hers = Letter.objects.filter(event="meet_first", recipient=f"person:{pair[0].person_id}")
    hers.update(state=state)
    for seconds in (90, 91):
        plan(soon(coordinator, seconds=seconds), proposal, SECOND)
    assert to(pair, 0) == ["meeting_moved", "proposal_to_mentee"]
    assert to(pair, 1) == ["meet_first", "proposal_to_mentor"]


def test_back_to_the_day_in_her_hands_writes_nothing(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters_arrive()
    plan(soon(coordinator, minutes=2), proposal, SECOND)
    plan(soon(coordinator, minutes=2, seconds=9), proposal, FIRST)
    assert waiting() == []
    # Once the other day has arrived too, the first one must be written anew.
    plan(soon(coordinator, minutes=3), proposal, SECOND)
    letters_arrive()
    plan(soon(coordinator, minutes=5), proposal, FIRST)
    assert waiting() == ["meeting_moved"] * 2


def test_a_letter_taken_back_by_hand_can_be_written_again(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    for letter in Letter.objects.filter(event="meet_first"):
        take_back_letter(by=soon(coordinator, seconds=20), letter=letter)
    plan(soon(coordinator, seconds=30), proposal)
    assert waiting() == ["meet_first"] * 2 + PROPOSED


def test_a_meeting_after_a_yes_taken_back_is_a_first_one(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters_arrive()
    take_back_end(soon(coordinator, minutes=2), "yes", proposal, knows_letters_left=True)
    answer(soon(coordinator, minutes=3), proposal, Side.MENTOR)
    plan(soon(coordinator, minutes=4), proposal, SECOND)
    assert waiting() == ["meet_first"] * 2 + ["sent_by_mistake"] * 2


def test_a_moved_meeting_is_corrected_when_the_yes_was_wrong(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters_arrive()
    plan(soon(coordinator, minutes=2), proposal, SECOND)
    take_back_end(soon(coordinator, minutes=3), "yes", proposal, knows_letters_left=True)
    assert waiting() == ["sent_by_mistake"] * 2


def test_a_mistyped_day_does_not_hold_the_places(coordinator: Staff, pair: Pair) -> None:
    proposal = to_meet(coordinator, pair)
    without, days = proposal.expires_on, proposal.version.expiry_days
    far = TODAY + timedelta(days=120)
    assert plan(coordinator, proposal, far).expires_on == far + timedelta(days=days)
    assert plan(coordinator, proposal, FIRST).expires_on == without == TODAY + timedelta(days=2 * days)
    late = later(coordinator, 2 * days)
    on = timezone.localdate(late.at)
    assert plan(late, proposal, on).expires_on == on + timedelta(days=days)


# The end ------------------------------------------------------------------------------------------------------------


def test_whom_nothing_has_reached_hears_nothing_of_the_end(coordinator: Staff, pair: Pair) -> None:
    withdraw(soon(coordinator), propose(coordinator, pair))
    assert waiting() == []
    assert Letter.objects.count() == 2


def test_only_who_has_read_or_spoken_hears_of_the_end(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    answer(soon(coordinator), proposal, Side.MENTOR, Reply.NO)
    assert waiting() == ["proposal_ended"]
    assert to(pair, 1) == ["proposal_ended"]


def test_who_could_not_be_reached_has_not_spoken(coordinator: Staff, pair: Pair) -> None:
    services.take_down_answer(
        by=soon(coordinator),
        proposal=propose(coordinator, pair),
        side=Side.MENTOR,
        reply=Reply.NO,
        channel=Channel.PHONE,
        decline_reason=DeclineReason.NO_ANSWER,
    )
    assert waiting() == []


def test_a_meeting_to_come_is_off(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    Letter.objects.filter(recipient=f"person:{pair[0].person_id}").update(state=LetterState.SENT)
    plan(soon(coordinator, minutes=2), proposal, SECOND)
    withdraw(soon(coordinator, minutes=2, seconds=30), proposal)
    # She holds the first day: the letter of the second one has not left.
    off = Letter.objects.get(event="meeting_off")
    assert (off.recipient, off.values) == (f"person:{pair[0].person_id}", {"day": FIRST.isoformat()})
    assert (to(pair, 0), to(pair, 1)) == (["meeting_off"], ["proposal_ended"])


def test_after_the_meeting_there_is_none_to_call_off(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair), TODAY)
    letters_arrive()
    services.record_met(by=soon(coordinator), proposal=proposal, on=TODAY)
    withdraw(soon(coordinator, minutes=2), proposal)
    assert waiting() == ["proposal_ended"] * 2


def test_expiry_after_the_day_of_the_meeting(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters_arrive()
    assert expire(coordinator, proposal).state == ProposalState.EXPIRED
    assert waiting() == ["proposal_ended"] * 2


def test_expiry_before_the_day_of_the_meeting(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair), TODAY + timedelta(days=40))
    letters_arrive()
    # As rows of before may stand.
    Proposal.objects.update(expires_on=TODAY)
    proposal.refresh_from_db()
    expire(coordinator, proposal)
    assert waiting() == ["meeting_off"] * 2


def test_expiry_calls_back_what_could_never_leave(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    Letter.objects.filter(recipient=f"person:{pair[0].person_id}").update(state=LetterState.UNREACHABLE)
    Letter.objects.filter(recipient=f"person:{pair[1].person_id}").update(state=LetterState.SENT)
    expire(coordinator, proposal)
    assert to(pair, 0, LetterState.TAKEN_BACK) == ["proposal_to_mentee"]
    assert (to(pair, 0), to(pair, 1)) == ([], ["proposal_ended"])


# It stands again ----------------------------------------------------------------------------------------------------


def in_hand() -> list[tuple[str, str, str]]:
    """Return what everybody has or will have, in whichever letter."""
    letters = Letter.objects.exclude(state=LetterState.TAKEN_BACK)
    return sorted((one.recipient, one.event, str(one.values)) for one in letters)


@pytest.mark.parametrize("end", ["no", "withdrawal"])
def test_undone_within_the_minute_everybody_has_her_letters(end: str, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    before = in_hand()
    ENDS[end](soon(coordinator, seconds=20), proposal)
    assert "proposal_to_mentee" not in waiting()
    take_back_end(soon(coordinator, seconds=40), end, proposal)
    assert in_hand() == before
    # And a second time.
    ENDS[end](soon(coordinator, seconds=60), proposal)
    take_back_end(soon(coordinator, seconds=80), end, proposal)
    assert in_hand() == before


@pytest.mark.parametrize("arrived", [False, True])
def test_undone_the_meeting_stands_again(arrived: bool, coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    if arrived:
        letters_arrive()
    plan(soon(coordinator, seconds=20), proposal, SECOND)
    before = in_hand()
    withdraw(soon(coordinator, seconds=30), proposal)
    assert ("meeting_off" in waiting()) == arrived
    take_back_end(soon(coordinator, seconds=40), "withdrawal", proposal)
    assert in_hand() == before


def test_undone_after_the_letters_have_left_both_read_of_the_mistake(coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair))
    letters_arrive()
    withdraw(soon(coordinator, minutes=2), proposal)
    letters_arrive()
    take_back_end(soon(coordinator, minutes=4), "withdrawal", proposal, knows_letters_left=True)
    assert waiting() == ["sent_by_mistake"] * 2


def test_undone_a_letter_that_she_took_back_herself_stays_so(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    take_back_letter(by=soon(coordinator, seconds=10), letter=Letter.objects.get(event="proposal_to_mentee"))
    withdraw(soon(coordinator, seconds=20), proposal)
    take_back_end(soon(coordinator, seconds=30), "withdrawal", proposal)
    assert waiting() == ["proposal_to_mentor"]


def _two_days_later(by: Staff, proposal: Proposal) -> Staff:
    withdraw(soon(by, seconds=20), proposal)
    return later(by, 2)


@pytest.mark.parametrize(
    ("on", "written"), [(TODAY + timedelta(days=1), PROPOSED), (FIRST, ["meet_first"] * 2 + PROPOSED)]
)
def test_undone_no_letter_of_a_day_that_is_over(on: date, written: list[str], coordinator: Staff, pair: Pair) -> None:
    proposal = plan(soon(coordinator, seconds=10), to_meet(coordinator, pair), on)
    by = _two_days_later(coordinator, proposal)
    take_back_end(by, "withdrawal", proposal, knows_letters_left=True)
    assert waiting() == written


def test_undone_the_letter_names_the_last_day_as_it_is_now(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    withdraw(soon(coordinator, seconds=20), proposal)
    Proposal.objects.update(expires_on=TODAY)
    by = later(coordinator, 2)
    undone = take_back_end(by, "withdrawal", proposal)
    assert undone.expires_on == by.today + timedelta(days=1)
    days = {one.values["day"] for one in Letter.objects.filter(state=LetterState.QUEUED)}
    assert days == {undone.expires_on.isoformat()}
    assert waiting() == PROPOSED
