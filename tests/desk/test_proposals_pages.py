"""The list of proposals, and one proposal in each of its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.pairs import Pair, answer, both_say_yes, bring_to, counts, propose

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def meets_first(db: None) -> Programme:
    return make_programme(meets_first=True)


def a_pair(division: Division, programme: Programme, one: str = "Amina", other: str = "Kirsten") -> Pair:
    mentee = make_person(one, "Yusuf", email="amina@example.org", phone="+45 00 00 00 01", safe_contact="After four")
    mentor = make_person(other, "Dahl", email="kirsten@example.org")
    return (
        make_enrolment("mentee", division, programme=programme, person=mentee),
        make_enrolment("mentor", division, programme=programme, person=mentor),
    )


@pytest.fixture
def pair(division: Division, meets_first: Programme) -> Pair:
    return a_pair(division, meets_first)


def page(desk: Client, proposal: Proposal) -> str:
    answer_ = desk.get(reverse("desk:proposal", args=[proposal.pk]))
    assert answer_.status_code == 200
    return answer_.content.decode()


def post(desk: Client, proposal: Proposal, act: str, **values: Any) -> str:
    address = reverse(f"desk:proposal_{act}", args=[proposal.pk])
    return desk.post(
        address, {key.replace("__", "-"): value for key, value in values.items()}, follow=True
    ).content.decode()


def says(desk: Client, proposal: Proposal, whose: Side, reply: str, **more: Any) -> str:
    values = {f"{whose}-reply": reply, f"{whose}-channel": "phone", "side": str(whose)} | more
    return desk.post(reverse("desk:proposal_answer", args=[proposal.pk]), values, follow=True).content.decode()


def listed(desk: Client, **query: Any) -> str:
    return desk.get(reverse("desk:proposals"), query).content.decode()


# The list -----------------------------------------------------------------------------------------------------------


def test_each_tab_holds_its_states(
    desk: Client, coordinator: Staff, division: Division, meets_first: Programme
) -> None:
    # Time goes by for all that are open: the one that expires comes first.
    for state in sorted(S, key=lambda state: state != S.EXPIRED):
        bring_to(state, coordinator, a_pair(division, meets_first, f"M{state.value}"))
    html = listed(desk)
    assert html.count("data-row") == 4
    for tab, count in {"draft": 1, "sent": 1, "to_meet": 1, "met": 1, "ended": 4}.items():
        assert listed(desk, state=tab).count("data-row") == count
    assert 'Ended <span class="count">4</span>' in html
    assert 'All open <span class="count">4</span>' in html
    assert listed(desk, state="nonsense").count("data-row") == 4


def test_what_expires_first_stands_first(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    propose(coordinator, a_pair(division, programme, "Later"))
    earlier = replace(coordinator, at=coordinator.at - timedelta(days=9))
    propose(earlier, a_pair(division, programme, "Sooner"))
    html = listed(desk)
    assert html.index("Sooner") < html.index("Later")
    assert "1 day left" in html
    assert "10 days left" in html


def test_who_has_answered(desk: Client, coordinator: Staff, pair: Pair) -> None:
    answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    html = listed(desk)
    assert html.count("to be asked") == 1
    assert ">Yes<" in html


def test_search_and_own(
    desk: Client, coordinator: Staff, national_lead: Staff, division: Division, programme: Programme
) -> None:
    propose(coordinator, a_pair(division, programme, "Amina"))
    propose(national_lead, a_pair(division, programme, "Zahra", "Lone"))
    assert listed(desk, q="lone").count("data-row") == 1
    assert listed(desk, whose="mine").count("data-row") == 1
    assert "Amina" in listed(desk, whose="mine")
    empty = listed(desk, q="nobody")
    assert "No proposal fits what you look for" in empty


def test_empty_lists_say_what_to_do(desk: Client) -> None:
    assert "Begin with the woman who has waited longest" in listed(desk)
    assert "Nothing stands here now" in listed(desk, state="met")


def test_fragment_and_page(desk: Client, coordinator: Staff, pair: Pair) -> None:
    propose(coordinator, pair)
    part = desk.get(
        reverse("desk:proposals"), headers={"HX-Request": "true", "HX-Target": "proposals"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="proposals"')
    assert "data-row" in part


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_depend_on_rows(
    rows: int,
    desk: Client,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:
    for number in range(rows):
        answer(coordinator, propose(coordinator, a_pair(division, programme, f"M{number}")), Side.MENTEE)
    with django_assert_num_queries(LIST_QUERIES):
        listed(desk)


LIST_QUERIES = 8


# One proposal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.DRAFT, ("Nobody has been told yet", "Propose to both", "Delete the draft")),
        (S.SENT, ("If nobody calls, call them", "Take down the answer of <bdi>Amina</bdi>", "10 days left")),
        (S.TO_MEET, ("Agree with them on a day and a place", "Plan the meeting", "They have met already")),
        (S.MET, ("Ask each of them in private", "Take down the answer of <bdi>Kirsten</bdi>")),
        (S.ACCEPTED, ("the partnership has begun", "sign their agreement")),
        (S.DECLINED, ("kept her place in the queue", "Choose somebody else for her", "not the time for it now")),
        (S.EXPIRED, ("kept her place in the queue", "Choose somebody else for her")),
        (S.WITHDRAWN, ("Choose somebody else for her", "She has moved.")),
    ],
)
def test_each_state_says_what_comes_next(
    state: ProposalState, words: tuple[str, ...], desk: Client, coordinator: Staff, pair: Pair
) -> None:
    html = page(desk, bring_to(state, coordinator, pair))
    for part in words:
        assert part in html
    assert "Both are nurses." in html
    assert 'aria-current="step"' in html or state == S.ACCEPTED


def test_how_to_reach_them(desk: Client, coordinator: Staff, pair: Pair) -> None:
    html = page(desk, propose(coordinator, pair))
    assert 'href="tel:+4500000001"' in html
    assert 'data-copy="kirsten@example.org"' in html
    assert "Safe contact:" in html
    assert "After four" in html


def test_letters_stand_there_with_their_problem(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    Letter.objects.filter(about_id=proposal.pk).update(state=LetterState.UNREACHABLE, problem="no_address")
    html = page(desk, proposal)
    assert html.count("There is no e-mail address. Call instead") == 2


def test_two_yeses_by_the_page_open_the_partnership(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    pair = a_pair(division, programme)
    proposal = propose(coordinator, pair)
    assert "Amina says yes. The answer of Kirsten is still to come." in says(desk, proposal, Side.MENTEE, "yes")
    assert "Both say yes: the partnership has begun" in says(desk, proposal, Side.MENTOR, "yes")
    assert Partnership.objects.count() == 1
    assert counts(*pair) == [(0, 1), (0, 1)]


def test_a_no_frees_both(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    more = {"mentor-decline_reason": "field", "mentor-note": "I know nothing of nursing."}
    html = says(desk, proposal, Side.MENTOR, "no", **more)
    assert "Amina keeps her place in the queue" in html
    assert "another field is needed" in html
    assert "I know nothing of nursing." in html
    assert counts(*pair) == [(0, 0), (0, 0)]


def test_a_no_without_a_reason_keeps_what_was_typed(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    html = says(desk, proposal, Side.MENTEE, "no", **{"mentee-note": "Not her."})
    assert "Choose why; it helps to find somebody who fits better." in html
    assert ">Not her.</textarea>" in html.replace("\n", "")
    assert "error-summary" in html
    assert not proposal.answers.exists()


def test_an_answer_without_yes_or_no(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert "Choose yes or no." in says(desk, proposal, Side.MENTEE, "")
    assert says(desk, proposal, Side.MENTEE, "yes", side="nobody")
    assert not proposal.answers.exists()


def test_an_answer_that_a_colleague_was_faster_with(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    html = says(desk, proposal, Side.MENTEE, "yes", **{"mentee-note": "She is so happy."})
    assert "has been taken down already" in html
    assert "What you wrote" in html
    assert "She is so happy." in html
    assert proposal.answers.count() == 1


def test_they_meet_first(desk: Client, sign_in: SignIn, coordinator: Staff, pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    day = TODAY + timedelta(days=3)
    wrong = post(desk, proposal, "plan", plan__on=TODAY - timedelta(days=1), plan__place="The library")
    assert "That day is over." in wrong
    assert 'value="The library"' in wrong
    html = post(desk, proposal, "plan", plan__on=day, plan__place="The library")
    assert "Both get a letter with day and place." in html
    assert "They meet on Thursday 5 March 2026: <bdi>The library</bdi>" in html
    assert "That day is still to come." in post(desk, proposal, "met", met__on=day)
    with time_machine.travel(AT + timedelta(days=3)):
        sign_in(desk, coordinator)
        html = post(desk, proposal, "met", met__on=day)
    assert "Now ask each of them in private" in html
    proposal.refresh_from_db()
    assert (proposal.state, proposal.met_on) == (S.MET, day)


def test_taken_back_for_a_reason(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    Letter.objects.update(state=LetterState.SENT)
    html = post(desk, proposal, "withdraw", withdraw__note="")
    assert "Write why; it stays in the case." in html
    html = post(desk, proposal, "withdraw", withdraw__note="She has moved.")
    assert "Both get a letter, and both are free again." in html
    assert counts(*pair) == [(0, 0), (0, 0)]
    again = post(desk, proposal, "withdraw", withdraw__note="She has moved.")
    assert "This proposal has ended: it is withdrawn." in again


def test_a_draft_is_sent_once(desk: Client, coordinator: Staff, pair: Pair) -> None:
    draft = propose(coordinator, pair, send=False)
    assert "Proposed to both." in post(desk, draft, "send")
    assert "has been sent already" in post(desk, draft, "send")
    assert Letter.objects.count() == 2


def test_a_draft_that_no_longer_holds_stays(
    desk: Client, coordinator: Staff, division: Division, meets_first: Programme, pair: Pair
) -> None:
    draft = propose(coordinator, pair, send=False)
    propose(coordinator, (make_enrolment("mentee", division, programme=meets_first), pair[1]))
    assert "it is taken or promised" in post(desk, draft, "send")
    draft.refresh_from_db()
    assert draft.state == S.DRAFT


def test_a_draft_is_put_aside_by_an_empty_post(desk: Client, coordinator: Staff, pair: Pair) -> None:
    draft = propose(coordinator, pair, send=False)
    html = post(desk, draft, "withdraw")
    assert "The draft is put aside" in html
    assert "A mentor for" in html
    assert not Letter.objects.exists()


def test_another_division_is_not_there(
    client: Client, sign_in: SignIn, coordinator: Staff, other_coordinator: Staff, pair: Pair
) -> None:
    proposal = propose(coordinator, pair)
    elsewhere = sign_in(client, other_coordinator)
    assert elsewhere.get(reverse("desk:proposal", args=[proposal.pk])).status_code == 404
    assert elsewhere.get(reverse("desk:proposal", args=[uuid4()])).status_code == 404
    for act in ("send", "answer", "plan", "met", "withdraw"):
        assert elsewhere.post(reverse(f"desk:proposal_{act}", args=[proposal.pk]), {}).status_code == 404
        assert elsewhere.get(reverse(f"desk:proposal_{act}", args=[proposal.pk])).status_code == 405
    html = listed(elsewhere, q="amina")
    assert "Amina" not in html.replace('value="amina"', "")
    assert counts(*pair) == [(1, 0), (1, 0)]


def test_the_mentors_division_reads_and_does_not_act(
    client: Client,
    sign_in: SignIn,
    national_lead: Staff,
    other_coordinator: Staff,
    division: Division,
    other_division: Division,
    programme: Programme,
) -> None:
    mentee = a_pair(division, programme)[0]
    mentor = make_enrolment("mentor", other_division, programme=programme, person=make_person("Lone", "Dahl"))
    services_by = replace(national_lead, at=AT)
    proposal = propose(services_by, (mentee, mentor), loosened=["place"])
    elsewhere = sign_in(client, other_coordinator)
    html = page(elsewhere, proposal)
    assert "The coordinators of <bdi>Odense</bdi> look after this proposal." in html
    assert "+45 00 00 00 01" not in html
    assert "amina@example.org" not in html
    assert "answer-form" not in html
    assert "You do not work in this division." in says(elsewhere, proposal, Side.MENTOR, "yes")
    assert not proposal.answers.exists()


@pytest.mark.parametrize("state", S)
def test_nothing_is_left_untranslated(state: ProposalState, desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(state, coordinator, pair)
    desk.cookies["django_language"] = "xb"
    assert untranslated(page(desk, proposal)) == []
    for tab in ("", "draft", "ended"):
        assert untranslated(listed(desk, state=tab)) == []
    assert untranslated(listed(desk, q="nobody")) == []


def test_no_word_of_a_wrong_form_is_left_untranslated(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(S.SENT, coordinator, pair)
    desk.cookies["django_language"] = "xb"
    assert untranslated(says(desk, proposal, Side.MENTEE, "no")) == []
    assert untranslated(post(desk, proposal, "withdraw", withdraw__note="")) == []
    assert untranslated(says(desk, proposal, Side.MENTEE, "yes")) == []
    proposal = services.take_down_answer(by=coordinator, proposal=proposal, side="mentor", reply="yes", channel="phone")
    assert untranslated(post(desk, proposal, "plan", plan__on="", plan__place="")) == []
    assert untranslated(post(desk, proposal, "plan", plan__on=TODAY, plan__place="Biblioteket")) == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_both_languages_render(language: str, desk: Client, coordinator: Staff, pair: Pair) -> None:
    desk.cookies["django_language"] = language
    assert f'lang="{language}"' in page(desk, propose(coordinator, pair))


def test_queries_of_a_proposal(
    desk: Client, coordinator: Staff, pair: Pair, django_assert_num_queries: CountQueries
) -> None:
    proposal = bring_to(S.MET, coordinator, pair)
    # Whose page somebody opens is noted once, and then no more for a while.
    page(desk, proposal)
    with django_assert_num_queries(PAGE_QUERIES):
        page(desk, proposal)


PAGE_QUERIES = 13
