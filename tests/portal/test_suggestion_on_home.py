"""A suggestion that she has answered is still a link on her first page, as long as it is open."""

from __future__ import annotations

import pytest
from matching.herself import says
from matching.pairs import make_pair, propose

from factories.django_rows import make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Side
from portal.conftest import AsParticipant
from portal.proposal_pages import person_of, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
WORDS = {Side.MENTEE: "We have suggested a mentor to you.", Side.MENTOR: "There is a suggestion for you."}


@pytest.mark.parametrize("side", Side)
def test_after_her_yes_the_line_leads_to_it(
    side: Side, coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    proposal = propose(coordinator, make_pair(division, make_programme()))
    says(proposal, side)
    client = as_participant(person_of(proposal, side))
    link = f'<a href="{url(proposal)}">{WORDS[side]}</a>'
    page = read(client, "/my/")
    assert link in page
    assert "You do not need to do anything now" in page
    assert client.get(url(proposal)).status_code == 200
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved.")
    assert url(proposal) not in read(client, "/my/")
