"""Taking back on the proposal's page: the toast's button, the quiet act beside an answer, and what both say first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.pairs import Pair, answer, both_say_yes, bring_to, counts, propose
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState
UNDO = re.compile(r'<form method="post" action="([^"]*/back/)">')


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def a_pair(division: Division, *, meets_first: bool = True, mentors_email: str = "kirsten@example.org") -> Pair:
    programme = make_programme(meets_first=meets_first)
    mentee = make_person("Amina", "Yusuf", email="amina@example.org", phone="+45 00 00 00 01")
    mentor = make_person("Kirsten", "Dahl", email=mentors_email, phone="+45 00 00 00 02")
    return (
        make_enrolment("mentee", division, programme=programme, person=mentee),
        make_enrolment("mentor", division, programme=programme, person=mentor),
    )


@pytest.fixture
def pair(division: Division) -> Pair:
    return a_pair(division)


def page(desk: Client, proposal: Proposal) -> str:
    return desk.get(reverse("desk:proposal", args=[proposal.pk])).content.decode()


def post(desk: Client, address: str, **values: Any) -> str:
    return desk.post(address, values, follow=True).content.decode()


def say(desk: Client, proposal: Proposal, side: Side, reply: str) -> str:
    values = {"side": str(side), f"{side}-reply": reply, f"{side}-channel": "phone", f"{side}-decline_reason": "time"}
    return post(desk, reverse("desk:proposal_answer", args=[proposal.pk]), **values)


def toasts(html: str) -> str:
    return html.partition('id="toasts"')[2].partition("page-head")[0]


def undo_of(html: str) -> str:
    """Return the address behind the toast's button."""
    (address,) = UNDO.findall(toasts(html))
    return str(address)


def beside_answers(html: str) -> list[str]:
    """Return the addresses of the quiet acts in the page."""
    return UNDO.findall(html.partition("page-head")[2])


# The toast ----------------------------------------------------------------------------------------------------------


def test_a_wrong_no_is_undone_by_the_toast(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(replace(coordinator, at=AT - timedelta(hours=1)), propose(coordinator, pair), Side.MENTEE)
    html = say(desk, proposal, Side.MENTOR, "no")
    address = undo_of(html)
    html = post(desk, address)
    assert "Taken back. When you know the right answer, take it down here." in html
    assert "The answer of Kirsten was taken back: No" in html
    assert "Inger Holm" in html.partition("was taken back: No")[2]
    assert counts(*pair) == [(1, 0), (1, 0)]
    # Pressed again, or by way of the back button: nothing happens, and it says why.
    assert "This answer has been taken back already." in post(desk, address)
    assert "Both say yes. Now plan their first meeting." in say(desk, proposal, Side.MENTOR, "yes")


def test_a_wrong_last_yes_is_undone_by_the_toast(desk: Client, coordinator: Staff, division: Division) -> None:
    pair = a_pair(division, meets_first=False)
    proposal = answer(replace(coordinator, at=AT - timedelta(hours=1)), propose(coordinator, pair), Side.MENTEE)
    html = say(desk, proposal, Side.MENTOR, "yes")
    assert "the partnership has begun" in toasts(html)
    gone = reverse("desk:partnership", args=[Partnership.objects.get().pk])
    html = post(desk, undo_of(html))
    assert "The partnership that it had opened is gone." in html
    assert not Partnership.objects.exists()
    assert counts(*pair) == [(1, 0), (1, 0)]
    assert desk.get(gone).status_code == 404


def test_met_and_withdrawn_are_undone_by_the_toast(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(S.TO_MEET, replace(coordinator, at=AT - timedelta(hours=1)), pair)
    html = post(desk, reverse("desk:proposal_met", args=[proposal.pk]), **{"met-on": TODAY})
    html = post(desk, undo_of(html))
    assert "Taken back. They are to meet, as before." in html
    assert "Taken back: that they have met" in html
    html = post(desk, reverse("desk:proposal_withdraw", args=[proposal.pk]), **{"withdraw-note": "Moved."})
    html = post(desk, undo_of(html))
    assert "It stands again, as before." in html
    assert "that it was withdrawn was a mistake" in html
    proposal.refresh_from_db()
    assert proposal.state == S.TO_MEET


def test_a_draft_put_aside_comes_back(desk: Client, coordinator: Staff, pair: Pair) -> None:
    draft = propose(coordinator, pair, send=False)
    html = post(desk, reverse("desk:proposal_withdraw", args=[draft.pk]))
    assert "It becomes a draft" not in html
    html = post(desk, undo_of(html))
    assert "Nobody has been told yet." in html
    draft.refresh_from_db()
    assert draft.state == S.DRAFT


def test_the_toast_pressed_after_the_letters_have_left(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    Letter.objects.update(state=LetterState.SENT)
    address = undo_of(say(desk, proposal, Side.MENTOR, "no"))
    Letter.objects.filter(event="proposal_ended").update(state=LetterState.SENT)
    html = post(desk, address)
    assert "The letters about it have left meanwhile. Read on this page what happens then" in html
    assert "Whoever got one gets another: that it was a mistake" in html
    assert counts(*pair) == [(0, 0), (0, 0)]
    # The page's own button knows.
    assert 'name="letters" value="left"' in html
    html = post(desk, address, letters="left")
    assert "Whoever got a letter gets another, that it was a mistake. Call her today." in html
    assert Letter.objects.filter(event="sent_by_mistake").count() == 2
    assert counts(*pair) == [(1, 0), (1, 0)]


# The quiet act on the page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.TO_MEET, ["Then the proposal waits for her answer again."] * 2),
        (S.MET, ["Then they are to meet, as before."]),
        (S.ACCEPTED, ["Then the partnership goes as if it had never begun"] * 2),
        (S.DECLINED, ["Then the proposal stands again and holds both places"]),
        (S.WITHDRAWN, ["Then the proposal stands again and holds both places"]),
        (S.SENT, []),
        (S.DRAFT, []),
        (S.EXPIRED, []),
    ],
)
def test_each_state_offers_what_can_be_taken_back(
    state: S, words: list[str], desk: Client, coordinator: Staff, pair: Pair
) -> None:
    proposal = bring_to(state, coordinator, pair)
    html = page(desk, proposal)
    assert len(beside_answers(html)) == len(words)
    for sentence in words:
        assert html.count(sentence) == len(words)
    if state in {S.DECLINED, S.WITHDRAWN, S.ACCEPTED}:
        assert "They are called back, and nobody hears of it." in html
        assert "This is possible until 5 March 2026." in html
    for address in beside_answers(html)[:1]:
        html = post(desk, address)
        assert "Taken back" in toasts(html) or "It stands again" in toasts(html)


def test_an_answer_in_an_open_round(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    html = page(desk, proposal)
    assert "Taken down by mistake?" in html
    assert "Then her answer goes, and she is to be asked anew." in html
    html = post(desk, beside_answers(html)[0])
    assert html.count("answer-form") == 2
    assert "The answer of Amina was taken back: Yes" in html


def test_three_days_later_nothing_is_offered(desk: Client, sign_in: SignIn, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    address = beside_answers(page(desk, proposal))[0]
    with time_machine.travel(AT + timedelta(days=4)):
        sign_in(desk, coordinator)
        assert beside_answers(page(desk, proposal)) == []
        assert "more than three days ago. Call both, and propose anew" in post(desk, address)


def test_a_partnership_with_a_note_says_what_to_do_instead(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(S.ACCEPTED, coordinator, pair)
    Partnership.objects.update(agreement_on=TODAY)
    html = page(desk, proposal)
    assert beside_answers(html) == []
    assert "More has been noted in this partnership since it began. Close it on its own page instead" in html


def test_a_place_that_is_gone_is_said(desk: Client, coordinator: Staff, division: Division, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    propose(coordinator, (make_enrolment("mentee", division, programme=pair[0].programme), pair[1]))
    html = post(desk, beside_answers(page(desk, proposal))[0])
    assert "Kirsten has no place left" in html
    proposal.refresh_from_db()
    assert proposal.state == S.DECLINED


# Who ----------------------------------------------------------------------------------------------------------------


def test_another_division_finds_nothing(
    client: Client, sign_in: SignIn, coordinator: Staff, other_coordinator: Staff, pair: Pair
) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTOR, Reply.NO)
    key = proposal.answers.get().pk
    elsewhere = sign_in(client, other_coordinator)
    for name, keys in (("answer_back", [key]), ("met_back", []), ("withdrawal_back", [])):
        address = reverse(f"desk:proposal_{name}", args=[proposal.pk, *keys])
        assert elsewhere.post(address).status_code == 404
        assert elsewhere.get(address).status_code == 405
    assert counts(*pair) == [(0, 0), (0, 0)]


def test_an_answer_of_another_proposal_is_none_of_this(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, propose(coordinator, pair), Side.MENTEE)
    html = post(desk, reverse("desk:proposal_answer_back", args=[proposal.pk, uuid4()]))
    assert "This answer has been taken back already." in html
    assert proposal.answers.count() == 1


def test_the_mentors_division_is_offered_nothing(
    client: Client,
    sign_in: SignIn,
    national_lead: Staff,
    other_coordinator: Staff,
    other_division: Division,
    pair: Pair,
) -> None:
    mentor = make_enrolment("mentor", other_division, programme=pair[0].programme)
    by = replace(national_lead, at=AT)
    proposal = answer(by, propose(by, (pair[0], mentor), loosened=["place"]), Side.MENTEE)
    html = page(sign_in(client, other_coordinator), proposal)
    assert beside_answers(html) == []
    assert "Taken down by mistake?" not in html


# Nobody's letter ----------------------------------------------------------------------------------------------------


def test_without_an_address_the_page_says_to_call(desk: Client, coordinator: Staff, division: Division) -> None:
    proposal = propose(coordinator, a_pair(division, mentors_email=""))
    html = page(desk, proposal)
    assert "Amina gets a letter. No letter reaches Kirsten: call her." in html
    assert "Both have a letter" not in html
    side = html.partition('id="mentor"')[2]
    assert "No letter reaches her. Call her:" in side
    assert 'href="tel:+4500000002"' in side
    html = say(desk, proposal, Side.MENTOR, "no")
    assert "Both are free again; Amina keeps her place in the queue." in toasts(html)
    assert "No letter reaches Kirsten: call her." in toasts(html)
    assert "get a letter;" not in toasts(html)


@pytest.mark.parametrize("way", ["text", ""])
def test_who_gets_text_messages_is_not_called_for_want_of_an_address(
    way: str, desk: Client, coordinator: Staff, division: Division, settings: Settings
) -> None:
    settings.SMS_URL = "file:"
    proposal = propose(coordinator, a_pair(division, mentors_email=""))
    Person.objects.filter(pk=proposal.mentor.person_id).update(contact_way=way)
    assert "No letter reaches" not in page(desk, proposal)
    Person.objects.filter(pk=proposal.mentor.person_id).update(contact_way="call")
    assert "No letter reaches" in page(desk, proposal)
    # Who wants calls gets no letter, whatever address she has.
    Person.objects.filter(pk=proposal.mentor.person_id).update(email="kirsten@example.org")
    assert "No letter reaches" in page(desk, proposal)


def test_who_had_not_heard_of_it_gets_no_letter_about_the_end(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    html = toasts(say(desk, proposal, Side.MENTOR, "no"))
    assert "Only Kirsten gets a letter: nothing about it had reached Amina." in html
    assert "get a letter;" not in html
    post(desk, reverse("desk:proposal_answer_back", args=[proposal.pk, proposal.answers.get().pk]))
    html = toasts(post(desk, reverse("desk:proposal_withdraw", args=[proposal.pk]), **{"withdraw-note": "Moved."}))
    assert "Neither had a letter about it yet, so neither gets one now." in html
    assert "Both get a letter" not in html


def test_without_any_address_both_are_called(desk: Client, coordinator: Staff, pair: Pair) -> None:
    for side in pair:
        side.person.email = ""
        side.person.save()
    html = page(desk, propose(coordinator, pair))
    assert "No letter reaches either of them: call both." in html


def test_after_a_first_meeting_nobody_is_told_to_meet(desk: Client, coordinator: Staff, pair: Pair) -> None:
    html = page(desk, bring_to(S.ACCEPTED, coordinator, pair))
    assert "The two have met. Now both sign their agreement." in html
    assert "The two meet, and sign" not in html


def test_without_one_they_are(desk: Client, coordinator: Staff, division: Division) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, a_pair(division, meets_first=False)))
    assert "The two meet, and sign their agreement." in page(desk, proposal)


@pytest.mark.parametrize("wrong", [1, 3])
def test_queries_do_not_depend_on_how_often_it_was_wrong(
    wrong: int, desk: Client, coordinator: Staff, pair: Pair, django_assert_num_queries: CountQueries
) -> None:
    proposal = propose(coordinator, pair)
    for number in range(wrong):
        by = replace(coordinator, at=AT + timedelta(seconds=number))
        answer(by, proposal, Side.MENTOR, Reply.NO)
        services.take_back_answer(by=by, proposal=proposal, answer_id=proposal.answers.get().pk)
    # Whose page somebody opens is noted once, and then no more for a while.
    page(desk, proposal)
    with django_assert_num_queries(PAGE_QUERIES):
        page(desk, proposal)


PAGE_QUERIES = 14


def test_no_word_is_left_untranslated(desk: Client, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    pair[0].person.email = ""
    pair[0].person.save()
    desk.cookies["django_language"] = "xb"
    html = say(desk, proposal, Side.MENTOR, "no")
    assert untranslated(html) == []
    Letter.objects.filter(event="proposal_ended").update(state=LetterState.SENT)
    address = beside_answers(html)[0]
    assert untranslated(post(desk, address)) == []
    assert untranslated(post(desk, address, letters="left")) == []
    assert untranslated(post(desk, address)) == []
    both_say_yes(coordinator, proposal)
    assert untranslated(post(desk, reverse("desk:proposal_met", args=[proposal.pk]), **{"met-on": TODAY})) == []
    assert untranslated(post(desk, reverse("desk:proposal_met_back", args=[proposal.pk]))) == []
    html = post(desk, reverse("desk:proposal_withdraw", args=[proposal.pk]), **{"withdraw-note": "⟦⟧"})
    assert untranslated(html) == []
    assert untranslated(post(desk, undo_of(html))) == []
