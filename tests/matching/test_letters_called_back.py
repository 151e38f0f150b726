"""Letters of a wrong note: called back before they leave, corrected by another one afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from matching.mistakes import ENDS, as_it_is, mistakes, open_tasks, soon, take_back, take_back_end
from matching.pairs import Pair, answer, counts, letters_arrive, make_pair
from matching.pairs import propose as propose_unread

from factories.django_rows import TODAY, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Reply, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import deliver_due_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


def propose(by: Staff, pair: Pair) -> Proposal:
    """Propose the two, who both read it."""
    proposal = propose_unread(by, pair)
    letters_arrive()
    return proposal


def deliver(by: Staff) -> None:
    deliver_due_letters(by=System("tests", by.at))


@pytest.fixture
def reachable(division: Division) -> Pair:
    pair = make_pair(division, make_programme())
    for side, address in zip(pair, ("amina@example.org", "kirsten@example.org"), strict=True):
        side.person.email = address
        side.person.save()
    return pair


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ENDS)
def test_letters_that_have_left_are_corrected(end: str, coordinator: Staff, reachable: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, reachable), Side.MENTEE)
    tasks = open_tasks()
    ENDS[end](coordinator, proposal)
    now = soon(coordinator, minutes=2)
    deliver(now)
    before = as_it_is(proposal)
    # The toast's button was pressed too late: the page says first what happens.
    with pytest.raises(ChangedMeanwhileError, match="have left meanwhile"):
        take_back_end(now, end, proposal)
    assert as_it_is(proposal) == before
    take_back_end(now, end, proposal, knows_letters_left=True)
    assert counts(*reachable) == [(1, 0), (1, 0)]
    expected = {"day": TODAY.isoformat(), "coordinator": "Inger Holm", "phone": "12 34 56 78"}
    expected["phone"] = proposal.division.phone
    assert mistakes() == [expected] * 2
    # The call that the letter promises is today's, whenever the other was due.
    assert tasks != [task for task in open_tasks() if task[0] != Kind.PROMISE] == [(Kind.CALL_FOR_ANSWER, TODAY)]


@pytest.mark.django_db(transaction=True)
def test_only_whoever_got_the_letter_gets_another(coordinator: Staff, reachable: Pair) -> None:
    reachable[1].person.email = ""
    reachable[1].person.save()
    proposal = answer(coordinator, propose(coordinator, reachable), Side.MENTOR, Reply.NO)
    now = soon(coordinator, minutes=2)
    deliver(now)
    take_back(now, proposal, knows_letters_left=True)
    assert [letter.recipient for letter in Letter.objects.filter(event="sent_by_mistake")] == [
        f"person:{reachable[0].person_id}"
    ]
    # Nobody shall send the other one again, once she has an address.
    left = Letter.objects.filter(event="proposal_ended").values_list("recipient", "state")
    assert dict(left) == {
        f"person:{reachable[0].person_id}": LetterState.SENT,
        f"person:{reachable[1].person_id}": LetterState.TAKEN_BACK,
    }


@pytest.mark.parametrize(
    ("state", "problem", "corrected"),
    [
        (LetterState.QUEUED, "", 0),
        (LetterState.UNREACHABLE, "no_address", 0),
        (LetterState.FAILED, "refused", 0),
        (LetterState.FAILED, "interrupted", 2),
        (LetterState.SENDING, "", 2),
        (LetterState.SENT, "", 2),
        (LetterState.TAKEN_BACK, "", 0),
    ],
)
def test_what_becomes_of_letters_in_each_state(
    state: LetterState, problem: str, corrected: int, coordinator: Staff, pair: Pair
) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    Letter.objects.filter(event="proposal_ended").update(state=state, problem=problem)
    # An hour later, and nobody has delivered: what has not left is called back all the same.
    take_back(soon(coordinator, hours=1), proposal, knows_letters_left=True)
    assert len(mistakes()) == corrected
    after = set(Letter.objects.filter(event="proposal_ended").values_list("state", flat=True))
    # One that may have been lost on its way is corrected, and nobody can send it again either.
    is_beyond_reach = state in {LetterState.SENDING, LetterState.SENT}
    assert after == ({state} if is_beyond_reach else {LetterState.TAKEN_BACK})


def test_letters_of_an_earlier_mistake_are_not_corrected_twice(coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    Letter.objects.filter(event="proposal_ended").update(state=LetterState.SENT)
    take_back(soon(coordinator), proposal, knows_letters_left=True)
    answer(soon(coordinator, minutes=5), proposal, Side.MENTOR, Reply.NO)
    take_back(soon(coordinator, minutes=5, seconds=20), proposal)
    assert len(mistakes()) == 2


def test_the_promised_call_is_not_put_off(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    task = Task.objects.get(done_at=None)
    snooze(by=coordinator, task=task, until=TODAY + timedelta(days=8), reason="She is away.")
    answer(coordinator, proposal, Side.MENTOR, Reply.NO)
    Letter.objects.filter(event="proposal_ended").update(state=LetterState.SENT)
    take_back(soon(coordinator), proposal, knows_letters_left=True)
    task.refresh_from_db()
    assert (task.done_at, task.due_on, task.snoozed_until) == (None, TODAY, None)
