"""What the two have done on their own pages, as the coordinator sees it: questions, times, answers."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from matching.herself import chooses, herself, make_place, says, times_of
from matching.pairs import Pair, both_say_yes, make_pair, propose

from factories.django_rows import TODAY, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer, ProposalQuestion
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

WEEK = ("mon-evening", "wed-morning", "sat-afternoon")


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def page(desk: Client, proposal: Proposal) -> str:
    answer = desk.get(reverse("desk:proposal", args=[proposal.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def ask(proposal: Proposal, side: Side, text: str) -> ProposalQuestion:
    return services.ask_coordinator(by=herself(proposal, side), proposal=proposal, text=text)


def act(desk: Client, name: str, proposal: Proposal, question: ProposalQuestion) -> str:
    went = desk.post(reverse(f"desk:{name}", args=[proposal.pk, question.pk]), follow=True)
    assert went.status_code == 200
    return went.content.decode()


def test_a_question_stands_on_top_and_is_answered(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert "What they ask" not in page(desk, proposal)
    question = ask(proposal, Side.MENTEE, "Is it in <b>Odense</b>?")
    shown = page(desk, proposal)
    assert "Is it in &lt;b&gt;Odense&lt;/b&gt;?" in shown
    assert "has asked a question" in shown
    said = act(desk, "proposal_answered", proposal, question)
    assert "Noted. Her page says that you have talked about it." in said
    assert "Answered by" in said
    assert not Task.objects.filter(kind=Kind.QUESTION, done_at=None).exists()
    # Pressed twice it says so, and the undo opens it again.
    assert "Somebody else has just noted this" in act(desk, "proposal_answered", proposal, question)
    assert "Her question is open again." in act(desk, "proposal_question_back", proposal, question)
    assert Task.objects.filter(kind=Kind.QUESTION, done_at=None).count() == 1


def test_it_stands_on_today(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    ask(proposal, Side.MENTOR, "How often?")
    today = desk.get(reverse("desk:today")).content.decode()
    assert "has a question about the proposal: call her" in today
    assert reverse("desk:proposal", args=[proposal.pk]) in today
    # Her words are for the page of the case.
    assert "How often?" not in today


def test_another_proposal_s_question_is_missing(
    desk: Client, coordinator: Staff, pair: Pair, division: Division
) -> None:
    proposal, other = propose(coordinator, pair), propose(coordinator, make_pair(division, make_programme()))
    question = ask(other, Side.MENTEE, "When?")
    for name in ("proposal_answered", "proposal_question_back"):
        assert "This question stands nowhere here." in act(desk, name, proposal, question)
    assert ProposalQuestion.objects.get().answered_at is None


def test_another_division_s_coordinator_reads_no_question(
    client: Client, sign_in: SignIn, coordinator: Staff, other_coordinator: Staff, pair: Pair
) -> None:
    question = ask(propose(coordinator, pair), Side.MENTEE, "KANARIE")
    desk = sign_in(client, other_coordinator)
    went = desk.post(reverse("desk:proposal_answered", args=[question.proposal_id, question.pk]))
    assert went.status_code == 404


def test_her_own_answer_says_how_it_came(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    shown = page(desk, proposal)
    assert "on her own page" in shown
    assert "Take this answer back" in shown
    says(proposal, Side.MENTEE, Reply.NO, note="Not now.")
    shown = page(desk, proposal)
    assert "has changed her answer on her own page" in shown
    assert "Not now." in shown


def test_a_coordinator_cannot_choose_her_own_page(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert 'value="self"' not in page(desk, proposal)
    given = {"side": "mentee", "mentee-reply": "yes", "mentee-channel": "self", "mentee-asked": "proposal"}
    assert (
        "Select a valid choice"
        in desk.post(reverse("desk:proposal_answer", args=[proposal.pk]), given).content.decode()
    )
    assert not ProposalAnswer.objects.exists()


def willing(by: Staff, division: Division) -> Proposal:
    pair = make_pair(division, make_programme(meets_first=True), availability=WEEK)
    return both_say_yes(by, propose(by, pair))


def test_chosen_times_are_shown_and_begin_the_plan(desk: Client, coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    shown = page(desk, proposal)
    assert shown.count("has not said") == 6
    one, *_others = times_of(proposal)
    chooses(proposal, Side.MENTEE, one)
    assert page(desk, proposal).count("does not suit her") == 2
    chooses(proposal, Side.MENTOR, one)
    shown = page(desk, proposal)
    # Both can then; only the place is missing.
    assert 'value="2026-03-07"' in shown
    assert 'value="14:00"' in shown
    given = {"plan-on": "2026-03-07", "plan-starts": "14:00", "plan-place": "The library", "plan-seen": ""}
    assert desk.post(reverse("desk:proposal_plan", args=[proposal.pk]), given).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.meeting_on, proposal.meeting_time) == (TODAY + timedelta(days=5), time(14))
    assert "at 14:00: <bdi>The library</bdi>" in page(desk, proposal)


MISSING = "The division has no neutral place yet"
THEMSELVES = "the first that suits both becomes their meeting"


def test_without_a_neutral_place_the_page_says_so_and_what_to_do(
    desk: Client, coordinator: Staff, division: Division, division_lead: Staff, sign_in: SignIn
) -> None:
    proposal = willing(coordinator, division)
    shown = page(desk, proposal)
    assert MISSING in shown
    assert THEMSELVES not in shown
    assert "Whoever leads the division can add one under Set-up" in shown
    assert "Plan the meeting" in shown
    lead = page(sign_in(Client(), division_lead), proposal)
    assert f'href="{reverse("desk:places")}">Add a neutral place' in lead
    # Added now, it is there for the next two; to these two none was suggested.
    make_place(division)
    shown = page(desk, proposal)
    assert MISSING not in shown
    assert "No place was suggested to them. Call both" in shown
    others = page(desk, willing(coordinator, division))
    assert THEMSELVES in others
    assert "No place was suggested" not in others
    # Fixed by hand, nothing is missing.
    given = {"plan-on": "2026-03-12", "plan-starts": "10:00", "plan-place": "The library", "plan-seen": ""}
    desk.post(reverse("desk:proposal_plan", args=[proposal.pk]), given)
    assert "No place was suggested" not in page(desk, proposal)


def test_whom_online_alone_suits_is_told_to_agree_on_how_they_talk(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    make_place(division)
    pair = make_pair(division, make_programme(meets_first=True), availability=WEEK, meeting=("online",))
    shown = page(desk, both_say_yes(coordinator, propose(coordinator, pair)))
    assert "One of the two meets online only" in shown
    assert MISSING not in shown
    assert THEMSELVES not in shown


def test_a_day_without_an_hour_can_still_be_planned(desk: Client, coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    given = {"plan-on": "2026-03-12", "plan-starts": "", "plan-place": "The library", "plan-seen": ""}
    desk.post(reverse("desk:proposal_plan", args=[proposal.pk]), given)
    proposal.refresh_from_db()
    assert (proposal.meeting_time, proposal.meeting_place) == (None, "The library")


@pytest.mark.parametrize("many", [1, 4])
def test_queries_do_not_depend_on_questions(
    many: int, desk: Client, coordinator: Staff, pair: Pair, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    proposal = propose(coordinator, pair)
    for number in range(many):
        ask(proposal, Side.MENTEE, f"Question {number}?")
    # Whose page somebody opens is noted once, and then no more for a while.
    page(desk, proposal)
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        page(desk, proposal)


QUERIES = 13
