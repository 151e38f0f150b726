"""What the two ask before they answer: kept for the coordinator, on Today, answered by a call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from matching.herself import herself, says
from matching.mistakes import open_tasks, soon
from matching.pairs import Pair, answer, bring_to, make_pair, propose

from factories.django_rows import TODAY, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import rules, services
from mentornet.matching.enums import HOLDING, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalQuestion

pytestmark = pytest.mark.django_db

S = ProposalState


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


def asks(proposal: Proposal, side: Side | str, text: str = "Where would we meet?", **later: int) -> ProposalQuestion:
    return services.ask_coordinator(by=herself(proposal, side, **later), proposal=proposal, text=text)


def questions_on_today() -> list[object]:
    return [day for kind, day in open_tasks() if kind == Kind.QUESTION]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", S)
def test_she_can_ask_while_it_is_open(state: S, side: Side, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(state, coordinator, pair)
    if state not in HOLDING:
        with pytest.raises(NotAllowedError):
            asks(proposal, side)
        assert questions_on_today() == []
        return
    question = asks(proposal, side, "  Where would we meet?\n")
    assert (question.side, question.text, question.answered_at) == (side, "Where would we meet?", None)
    assert questions_on_today() == [TODAY]
    # It stays where it stands, and as long.
    now = Proposal.objects.get(pk=proposal.pk)
    assert (now.state, now.expires_on) == (proposal.state, proposal.expires_on)
    # What she has written stands in her row alone.
    assert "meet" not in str(list(Entry.objects.filter(act="matching.ask_coordinator").values_list("detail")))


def test_a_question_wakes_its_task(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    asks(proposal, Side.MENTEE)
    task = Task.objects.get(kind=Kind.QUESTION)
    snooze(by=coordinator, task=task, until=TODAY + timedelta(days=9), reason="Later.")
    asks(proposal, Side.MENTOR, days=1)
    task.refresh_from_db()
    assert (task.snoozed_until, task.due_on) == (None, TODAY + timedelta(days=1))


def test_the_last_answer_finishes_the_task(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    one, other = asks(proposal, Side.MENTEE), asks(proposal, Side.MENTOR)
    by = soon(coordinator)
    answered = services.mark_answered(by=by, question=one)
    assert (answered.answered_at, answered.answered_by, answered.answered_name) == (by.at, by.key, by.name)
    assert questions_on_today() == [TODAY]
    services.mark_answered(by=by, question=other)
    assert questions_on_today() == []
    with pytest.raises(ChangedMeanwhileError):
        services.mark_answered(by=by, question=other)
    services.mark_unanswered(by=by, question=other)
    assert questions_on_today() == [TODAY]
    with pytest.raises(ChangedMeanwhileError):
        services.mark_unanswered(by=by, question=other)


def test_whoever_does_not_work_there_answers_nothing(coordinator: Staff, other_coordinator: Staff, pair: Pair) -> None:
    question = asks(propose(coordinator, pair), Side.MENTEE)
    for act in (services.mark_answered, services.mark_unanswered):
        with pytest.raises(NotAllowedError):
            act(by=other_coordinator, question=question)
    assert ProposalQuestion.objects.get().answered_at is None


def test_both_yes_leave_her_question_open(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    asks(proposal, Side.MENTEE)
    for side in Side:
        says(proposal, side)
    assert questions_on_today() == [TODAY]


def test_an_end_settles_it(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    question = asks(proposal, Side.MENTEE)
    answer(coordinator, proposal, Side.MENTOR, Reply.NO)
    assert questions_on_today() == []
    # It can still be noted that somebody has talked with her, and nothing is asked for again by taking that back.
    services.mark_unanswered(by=coordinator, question=services.mark_answered(by=coordinator, question=question))
    assert questions_on_today() == []


def test_pressed_twice_asks_once(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert asks(proposal, Side.MENTEE) == asks(proposal, Side.MENTEE)
    assert ProposalQuestion.objects.count() == 1


def test_a_few_questions_wait_at_a_time(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    for number in range(rules.MOST_QUESTIONS):
        asks(proposal, Side.MENTEE, f"Question {number}?")
    with pytest.raises(NotAllowedError, match="will call you"):
        asks(proposal, Side.MENTEE, "One more?")
    asks(proposal, Side.MENTOR)
    services.mark_answered(by=coordinator, question=ProposalQuestion.objects.earliest("created_at"))
    asks(proposal, Side.MENTEE, "One more?")


@pytest.mark.parametrize(("text", "words"), [("", "Please write"), (" \n", "Please write"), ("x" * 1_001, "at most")])
def test_something_must_be_asked(text: str, words: str, coordinator: Staff, pair: Pair) -> None:
    with pytest.raises(ValidationError, match=words):
        asks(propose(coordinator, pair), Side.MENTEE, text)
    assert not ProposalQuestion.objects.exists()


def test_after_the_last_day_nothing_is_asked(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.expires_on is not None
    with pytest.raises(NotAllowedError, match="last day"):
        asks(proposal, Side.MENTEE, days=(proposal.expires_on - TODAY).days + 1)
