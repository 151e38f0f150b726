"""A proposal answered on her own page: yes, no, a question first; and who gets in at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.herself import says
from matching.pairs import Pair, both_say_yes, make_pair, propose

from factories.django_rows import AT, TODAY, make_enrolment, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Channel, ProposalState, Reply, Side
from mentornet.matching.models import ProposalAnswer, ProposalQuestion
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import enter, main_of, post, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


# Answering ----------------------------------------------------------------------------------------------------------


def test_she_says_yes_and_reads_what_happens(coordinator: Staff, meeting_pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, meeting_pair)
    client = enter(with_link, proposal, Side.MENTEE)
    went = post(client, proposal, "proposal_yes", {"asked": "proposal"})
    assert (went.status_code, went["Location"]) == (302, url(proposal))
    page = main_of(read(client, url(proposal)))
    assert "Thank you. You have said yes" in page
    assert "If you both say yes, you meet once." in page
    kept = ProposalAnswer.objects.get()
    assert (kept.side, kept.reply, kept.channel) == (Side.MENTEE, Reply.YES, Channel.SELF)
    # Pressed twice, by an impatient thumb.
    assert post(client, proposal, "proposal_yes", {"asked": "proposal"}).status_code == 302
    assert ProposalAnswer.objects.count() == 1


def test_she_says_no_and_keeps_the_page(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTOR)
    form = main_of(read(client, url(proposal, "proposal_no")))
    assert "A no is all right" in form
    assert "Somebody else can help her better with this" in form
    assert "I have found help" not in form
    given = {"asked": "proposal", "decline_reason": "time", "note": "In spring, please."}
    assert post(client, proposal, "proposal_no", given).status_code == 302
    # Her link is still good for what she has just done, and for nothing of the other.
    assert "You have said no, and that is all right" in main_of(read(client, url(proposal)))
    kept = ProposalAnswer.objects.get()
    assert (kept.decline_reason, kept.note) == ("time", "In spring, please.")
    assert post(client, proposal, "proposal_no", given).status_code == 302


def test_a_no_without_a_reason_keeps_her_words(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTEE)
    page = post(client, proposal, "proposal_no", {"asked": "proposal", "note": "Words of hers"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Please choose what fits best." in text
    assert "Words of hers" in text
    assert not ProposalAnswer.objects.exists()


def test_nobody_can_choose_that_she_was_not_reached(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    given = {"asked": "proposal", "decline_reason": "no_answer"}
    assert post(enter(with_link, proposal, Side.MENTEE), proposal, "proposal_no", given).status_code == 422


def test_she_changes_her_mind_while_it_is_open(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTEE)
    client = enter(with_link, proposal, Side.MENTEE)
    assert url(proposal, "proposal_no") in read(client, url(proposal))
    given = {"asked": "proposal", "decline_reason": "found"}
    post(client, proposal, "proposal_no", given)
    proposal.refresh_from_db()
    assert proposal.state == S.DECLINED


def test_a_page_left_open_says_so(coordinator: Staff, meeting_pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, meeting_pair)
    client = enter(with_link, proposal, Side.MENTEE)
    both_say_yes(coordinator, proposal)
    services.record_met(by=coordinator, proposal=proposal, on=TODAY)
    page = post(client, proposal, "proposal_no", {"asked": "proposal", "decline_reason": "time", "note": "Kept words"})
    assert page.status_code == 422
    assert "This page has changed since you opened it" in page.content.decode()
    assert "Kept words" in page.content.decode()


def test_after_the_last_day_it_says_so(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    assert proposal.expires_on is not None
    with time_machine.travel(AT + timedelta(days=(proposal.expires_on - TODAY).days + 1)):
        client = enter(with_link, proposal, Side.MENTEE)
        assert "The last day to answer is over" in main_of(read(client, url(proposal)))
        page = post(client, proposal, "proposal_yes", {"asked": "proposal"})
        assert page.status_code == 422
        assert "The last day to answer is over. Please call us" in page.content.decode()
    assert not ProposalAnswer.objects.exists()
    # That she was refused stands in the audit, under her key.
    assert Entry.objects.filter(kind="refusal", actor=f"person:{pair[0].person_id}").count() == 1


# Asking -------------------------------------------------------------------------------------------------------------


def test_she_asks_and_the_proposal_waits(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTEE)
    assert "stays open until Thursday 12 March 2026" in main_of(read(client, url(proposal, "proposal_ask")))
    assert post(client, proposal, "proposal_ask", {"text": "أين نلتقي؟"}).status_code == 302
    page = read(client, url(proposal))
    assert "أين نلتقي؟" in page
    assert "We have your question, and will call you." in page
    assert "stays open until Thursday 12 March 2026" in main_of(page)
    # The buttons are still there.
    assert "Yes, I would like that" in page
    services.mark_answered(by=coordinator, question=ProposalQuestion.objects.get())
    assert "We talked about it on" in read(client, url(proposal))


def test_an_empty_question_is_refused(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    page = post(enter(with_link, proposal, Side.MENTEE), proposal, "proposal_ask", {"text": "  "})
    assert page.status_code == 422
    assert "Please write what you would like to know." in page.content.decode()


# Who gets in --------------------------------------------------------------------------------------------------------

_ADDRESSES: Final = (
    "proposal", "proposal_yes", "proposal_no", "proposal_ask", "proposal_times", "proposal_met", "proposal_calendar",
)  # fmt: skip


@pytest.mark.parametrize("name", _ADDRESSES)
def test_a_link_without_the_code_leads_to_the_code(
    name: str, coordinator: Staff, pair: Pair, with_link: WithLink
) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTEE, code=False)
    went = client.get(url(proposal, name))
    assert went.status_code == 302
    assert went["Location"].startswith(reverse("portal:code"))
    client.post(url(proposal, name), {"asked": "proposal", "decline_reason": "time", "text": "?", "met": "yes"})
    assert not ProposalAnswer.objects.exists()
    assert not ProposalQuestion.objects.exists()


@pytest.mark.parametrize("name", _ADDRESSES)
def test_nobody_else_s_link_opens_it(
    name: str, coordinator: Staff, division: Division, pair: Pair, with_link: WithLink, as_participant: AsParticipant
) -> None:
    proposal = propose(coordinator, pair)
    theirs = propose(coordinator, make_pair(division, make_programme()))
    stranger = make_enrolment("mentee", division).person
    for client in (
        Client(),
        enter(with_link, theirs, Side.MENTEE),
        as_participant(stranger),
        # Her key on a subject that is not hers: the link's maker would have to be wrong.
        with_link(Purpose.PROPOSAL, f"{proposal.pk}:{stranger.pk}", stranger),
        with_link(Purpose.PROPOSAL, str(proposal.pk), None),
        with_link(Purpose.PARTNERSHIP, f"{proposal.pk}:{pair[0].person_id}", pair[0].person),
    ):
        for answer_ in (client.get(url(proposal, name)), client.post(url(proposal, name), {"asked": "proposal"})):
            assert answer_.status_code in {404, 405} or (
                answer_.status_code == 302 and answer_["Location"].startswith(reverse("portal:code"))
            )
            assert pair[1].person.last_name.encode() not in answer_.content
    assert not ProposalAnswer.objects.exists()


def test_a_closed_link_opens_nothing(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTEE)
    assert client.get(url(proposal)).status_code == 200
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved.")
    assert PersonalLink.objects.get().closed_at is not None
    assert client.get(url(proposal)).status_code == 404
