"""A proposal answered on her own page: yes, no, a question first; and who gets in at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.herself import says
from matching.pairs import Pair, answer, both_say_yes, make_pair, propose

from factories.django_rows import AT, TODAY, make_enrolment, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.services.links import close_links
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Channel, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer, ProposalQuestion
from mentornet.matching.services import record_met
from mentornet.people.models import Person
from mentornet.web.sessions import PROVED_FOR
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


@pytest.mark.parametrize("side", list(Side))
def test_she_says_no_without_a_reason(coordinator: Staff, pair: Pair, with_link: WithLink, side: Side) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, side)
    assert "I would rather not say" in read(client, url(proposal, "proposal_no"))
    post(client, proposal, "proposal_no", {"asked": "proposal", "decline_reason": "unsaid"})
    proposal.refresh_from_db()
    assert proposal.state == S.DECLINED
    assert ProposalAnswer.objects.get().get_decline_reason_display() == "would rather not say"


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


# The last yes ---------------------------------------------------------------------------------------------------------


def met_and_first_yes(by: Staff, meeting_pair: Pair) -> Proposal:
    """Return a proposal after the meeting: the mentee wants to go on, the mentor has not answered."""
    proposal = both_say_yes(by, propose(by, meeting_pair))
    met = record_met(by=by, proposal=proposal, on=TODAY)
    return answer(by, met, Side.MENTEE)


def test_the_last_yes_opens_the_partnership_in_the_same_browser(
    coordinator: Staff, meeting_pair: Pair, with_link: WithLink
) -> None:
    proposal = met_and_first_yes(coordinator, meeting_pair)
    Person.objects.filter(pk=proposal.mentor.person_id).update(email="kirsten@example.org")
    first, last = enter(with_link, proposal, Side.MENTEE), enter(with_link, proposal, Side.MENTOR)
    assert post(last, proposal, "proposal_yes", {"asked": "after_meeting"}).status_code == 302
    page = read(last, url(proposal))
    proposal.refresh_from_db()
    partnership = reverse("portal:partnership", args=[proposal.partnership_id])
    assert f'href="{partnership}"' in page
    assert "We also write to you: the link in that letter opens it again later." in page
    assert last.get(partnership).status_code == 200
    # By a link of its own, sent to nobody, for this one thing, and closed like any other.
    link = PersonalLink.objects.get(purpose=Purpose.PARTNERSHIP)
    assert link.subject == f"{proposal.partnership_id}:{proposal.mentor.person_id}"
    # Pressed twice it is one.
    post(last, proposal, "proposal_yes", {"asked": "after_meeting"})
    assert PersonalLink.objects.filter(purpose=Purpose.PARTNERSHIP).count() == 1
    close_links(by=coordinator, purpose=Purpose.PARTNERSHIP, subject=link.subject)
    assert last.get(partnership).status_code == 404
    assert "The link in that letter opens your partnership" in read(last, url(proposal))
    # Whoever said yes first gets the letter: her old link opens nothing.
    assert first.get(partnership).status_code == 404


def test_an_older_code_is_asked_for_anew_before_the_partnership_opens(
    coordinator: Staff, meeting_pair: Pair, with_link: WithLink
) -> None:
    proposal = met_and_first_yes(coordinator, meeting_pair)
    client = enter(with_link, proposal, Side.MENTOR)
    with time_machine.travel(AT + PROVED_FOR + timedelta(minutes=1)):
        post(client, proposal, "proposal_yes", {"asked": "after_meeting"})
        proposal.refresh_from_db()
        partnership = reverse("portal:partnership", args=[proposal.partnership_id])
        went = client.get(partnership)
        assert (went.status_code, went["Location"].split("?")[0]) == (302, reverse("portal:code"))


def test_yes_pressed_again_later_opens_no_partnership(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = says(propose(coordinator, pair), Side.MENTOR)
    # She has the letter open in two browsers: the page of the other one is old when she presses its button.
    hers, old = (enter(with_link, proposal, Side.MENTEE) for _ in range(2))
    post(hers, proposal, "proposal_yes", {"asked": "proposal"})
    proposal.refresh_from_db()
    partnership = reverse("portal:partnership", args=[proposal.partnership_id])
    # The control: her own yes has opened it, there.
    assert hers.get(partnership).status_code == 200
    with time_machine.travel(AT + timedelta(minutes=5)):
        assert post(old, proposal, "proposal_yes", {"asked": "proposal"}).status_code == 302
        assert old.get(partnership).status_code == 404
    assert PersonalLink.objects.filter(purpose=Purpose.PARTNERSHIP).count() == 1


def test_who_wants_calls_is_not_told_of_a_letter(coordinator: Staff, meeting_pair: Pair, with_link: WithLink) -> None:
    proposal = met_and_first_yes(coordinator, meeting_pair)
    Person.objects.filter(pk=proposal.mentor.person_id).update(contact_way="call")
    client = enter(with_link, proposal, Side.MENTOR)
    post(client, proposal, "proposal_yes", {"asked": "after_meeting"})
    page = main_of(read(client, url(proposal)))
    assert "We also call you" in page
    assert "letter" not in page


# Who reads what she writes --------------------------------------------------------------------------------------------


def test_she_is_told_truly_who_reads_what_she_writes(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    client = enter(with_link, proposal, Side.MENTEE)
    for name in ("proposal_no", "proposal_ask"):
        form = main_of(read(client, url(proposal, name)))
        assert "Only your coordinator" not in form
        assert "The coordinators of you both read it, and so does the national lead." in form
