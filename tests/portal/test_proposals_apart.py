"""A proposal of two who must not meet, as each of them sees it: ended, like any other that was taken back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from matching.pairs import bring_to, make_pair, propose

from factories.django_rows import make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Side
from mentornet.people.services import keep_apart
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import enter, main_of, person_of, post, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState
ACTS = {"proposal_yes": {"asked": "proposal"}, "proposal_met": {"met": "yes"}, "proposal_times": {"none": "1"}}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", [S.SENT, S.TO_MEET, S.MET])
def test_it_reads_as_taken_back(
    state: ProposalState, side: Side, coordinator: Staff, division: Division, with_link: WithLink
) -> None:
    pair = make_pair(division, make_programme(meets_first=True))
    proposal = bring_to(state, coordinator, pair)
    if state == S.TO_MEET:
        services.plan_meeting(by=coordinator, proposal=proposal, on=coordinator.today, place="KANARIE library")
    other = person_of(proposal, Side.MENTOR if side == Side.MENTEE else Side.MENTEE)
    client = enter(with_link, proposal, side)
    # The control: without the note she reads of the other.
    assert other.first_name in main_of(read(client, url(proposal)))
    keep_apart(by=coordinator, person=pair[0].person, other=pair[1].person, reason="KANARIE cousin")
    noted = main_of(read(client, url(proposal)))
    assert other.first_name not in noted
    assert "KANARIE" not in noted
    for name, data in ACTS.items():
        answered = post(client, proposal, name, data)
        assert answered.status_code in {302, 422}
        assert other.first_name not in main_of(answered.content.decode() or "<main></main>")
    for name in ("proposal_no", "proposal_ask", "proposal_calendar"):
        assert client.get(url(proposal, name)).headers["Location"] == url(proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answers.filter(side=side).count()) == (state, 0 if state == S.SENT else 1)
    # Taken back, it reads the same.
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="They must not meet.")
    client = enter(with_link, proposal, side)
    assert main_of(read(client, url(proposal))) == noted


def test_her_first_page_leads_nowhere(coordinator: Staff, division: Division, as_participant: AsParticipant) -> None:
    pair = make_pair(division, make_programme())
    proposal = propose(coordinator, pair)
    client = as_participant(pair[1].person)
    assert url(proposal) in read(client, reverse("portal:home"))
    keep_apart(by=coordinator, person=pair[1].person, other=pair[0].person)
    assert url(proposal) not in read(client, reverse("portal:home"))
