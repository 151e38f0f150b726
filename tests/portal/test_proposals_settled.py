"""A link to a proposal that has been settled meanwhile leads on, and tells whoever holds it nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from matching.herself import says
from matching.pairs import Pair, make_pair, propose

from access.matrix import plain
from entering import open_token
from factories.django_rows import AT, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.services.links import LASTS, close_links_of, make_link
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import Side
from mentornet.matching.models import Proposal
from mentornet.people.recipients import person_key
from mentornet.web.sessions import LINKS
from portal.conftest import AsParticipant
from portal.proposal_pages import main_of, person_of, read, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
CLOSED = "This suggestion is closed"


@pytest.fixture
def proposal(coordinator: Staff, division: Division) -> Proposal:
    pair: Pair = make_pair(division, make_programme())
    return propose(coordinator, pair)


def token_of(by: Staff, proposal: Proposal, side: Side = Side.MENTEE, purpose: Purpose = Purpose.PROPOSAL) -> str:
    person = person_of(proposal, side)
    about = proposal.pk if purpose == Purpose.PROPOSAL else proposal.partnership_id
    return make_link(by=by, purpose=purpose, subject=f"{about}:{person.pk}", person_key=person_key(person.pk))


def both_say(proposal: Proposal) -> Proposal:
    says(says(proposal, Side.MENTEE), Side.MENTOR)
    proposal.refresh_from_db()
    assert proposal.partnership_id is not None
    return proposal


def test_it_says_so_and_leads_on_the_same_whatever_came_of_it(coordinator: Staff, division: Division) -> None:
    pages = set()
    for end in ("accepted", "withdrawn"):
        one = propose(coordinator, make_pair(division, make_programme()))
        token = token_of(coordinator, one)
        if end == "accepted":
            both_say(one)
        else:
            services.withdraw_proposal(by=coordinator, proposal=one, note="She has moved.")
        client = Client()
        page = read(client, f"/l/{token}/")
        assert CLOSED in page
        assert f'href="{reverse("portal:sign_in")}?next={url(one)}"' in page
        other = person_of(one, Side.MENTOR)
        assert other.first_name not in main_of(page)
        assert LINKS not in client.session
        assert client.get(url(one)).status_code == 404
        pages.add(main_of(page))
    assert len(pages) == 1


def test_signing_in_there_she_reads_what_came_of_it(
    coordinator: Staff, proposal: Proposal, as_participant: AsParticipant
) -> None:
    token = token_of(coordinator, proposal)
    both_say(proposal)
    client = as_participant(person_of(proposal, Side.MENTEE))
    page = client.get(f"/l/{token}/", follow=True)
    assert page.redirect_chain == [(url(proposal), 302)]
    html = page.content.decode()
    assert "You have both said yes" in html
    assert reverse("portal:partnership", args=[proposal.partnership_id]) in html
    # To somebody else it says what it says to a stranger.
    theirs = as_participant(person_of(proposal, Side.MENTOR))
    assert CLOSED in read(theirs, f"/l/{token}/")


def test_in_a_browser_that_holds_the_partnership_it_leads_there(coordinator: Staff, proposal: Proposal) -> None:
    token = token_of(coordinator, proposal)
    both_say(proposal)
    client = open_token(Client(), token_of(coordinator, proposal, purpose=Purpose.PARTNERSHIP), code=False)
    went = client.get(f"/l/{token}/")
    partnership = reverse("portal:partnership", args=[proposal.partnership_id])
    assert went["Location"] == partnership
    # The code is asked for there, as ever.
    assert client.get(partnership)["Location"].startswith(reverse("portal:code"))


def test_page_left_open_says_so_too(coordinator: Staff, proposal: Proposal) -> None:
    client = open_token(Client(), token_of(coordinator, proposal))
    assert client.get(url(proposal)).status_code == 200
    both_say(proposal)
    answer = client.get(url(proposal))
    assert answer.status_code == 404
    assert CLOSED in answer.content.decode()
    # Nothing of it for whoever has never held the link.
    assert plain(Client().get(url(proposal))) != plain(answer)
    assert CLOSED not in Client().get(url(proposal)).content.decode()


def test_what_was_closed_otherwise_is_as_if_it_had_never_been(coordinator: Staff, proposal: Proposal) -> None:
    lost, old, draft = (token_of(coordinator, proposal) for _ in range(3))
    mentee = person_of(proposal, Side.MENTEE)
    PersonalLink.objects.filter(subject__startswith=str(proposal.pk)).update(expires_at=AT + LASTS[Purpose.PROPOSAL])
    # Her telephone is lost: whoever has it learns nothing by her letters, whatever comes afterwards.
    before = replace(coordinator, at=AT - timedelta(minutes=1))
    close_links_of(by=before, person_key=person_key(mentee.pk))
    both_say(proposal)
    with time_machine.travel(AT + LASTS[Purpose.PROPOSAL] + timedelta(days=1)):
        late = Client().get(f"/l/{old}/")
    answers = [late, *(Client().get(f"/l/{token}/") for token in (lost, draft, "never-was"))]
    assert {answer.status_code for answer in answers} == {404}
    shown = {plain(answer).replace(token.encode(), b"") for answer, token in zip(
        answers, (old, lost, draft, "never-was"), strict=True)}  # fmt: skip
    assert len(shown) == 1
    assert CLOSED.encode() not in shown.pop()


def test_too_old_is_too_old(coordinator: Staff, proposal: Proposal) -> None:
    token = token_of(coordinator, proposal)
    both_say(proposal)
    # The control: a day before it still leads on.
    for days, status in ((-1, 200), (1, 404)):
        with time_machine.travel(AT + LASTS[Purpose.PROPOSAL] + timedelta(days=days)):
            assert Client().get(f"/l/{token}/").status_code == status
