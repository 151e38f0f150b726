"""An answer heard on one day and taken down on another: who, when and how."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from matching.pairs import Pair, bring_to, later, make_pair, propose

from factories.django_rows import TODAY, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Channel, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.services import take_down_answer
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
DAY = timedelta(days=1)


@pytest.fixture
def pair(division: Division, programme: Programme) -> Pair:
    return make_pair(division, programme)


def says_yes(by: Staff, proposal: Proposal, told_on: date | None) -> ProposalAnswer:
    take_down_answer(
        by=by, proposal=proposal, side=Side.MENTEE, reply=Reply.YES, channel=Channel.PHONE, told_on=told_on
    )
    return ProposalAnswer.objects.get(side=Side.MENTEE)


def test_day_on_which_she_said_it_is_kept(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    assert says_yes(later(coordinator, 3), proposal, TODAY + DAY).told_on == TODAY + DAY


def test_today_needs_no_word(coordinator: Staff, pair: Pair) -> None:
    assert says_yes(coordinator, propose(coordinator, pair), TODAY).told_on is None


@pytest.mark.parametrize("told_on", [TODAY - DAY, TODAY + 4 * DAY])
def test_day_that_cannot_be_is_refused(told_on: date, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    with pytest.raises(ValidationError) as refused:
        says_yes(later(coordinator, 3), proposal, told_on)
    assert list(refused.value.message_dict) == ["told_on"]
    assert not ProposalAnswer.objects.exists()


def test_answer_after_the_meeting_is_not_older_than_it(coordinator: Staff, division: Division) -> None:
    proposal = bring_to(ProposalState.MET, coordinator, make_pair(division, make_programme(meets_first=True)))
    assert proposal.met_on is not None
    with pytest.raises(ValidationError, match="had not met"):
        says_yes(coordinator, proposal, proposal.met_on - DAY)


def test_page_asks_for_the_day_and_tells_it(client: Client, sign_in: SignIn, coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    desk = sign_in(client, coordinator)
    page = reverse("desk:proposal", args=[proposal.pk])
    assert f'value="{TODAY.isoformat()}"' in desk.get(page).content.decode()
    values = {"side": "mentee", "mentee-reply": "yes", "mentee-channel": "phone"}
    wrong = desk.post(
        reverse("desk:proposal_answer", args=[proposal.pk]),
        values | {"mentee-told_on": (TODAY + DAY).isoformat(), "mentee-note": "With pleasure."},
    ).content.decode()
    assert "That day is still to come." in wrong
    assert "With pleasure." in wrong
    done = desk.post(
        reverse("desk:proposal_answer", args=[proposal.pk]), values | {"mentee-told_on": TODAY.isoformat()}, follow=True
    ).content.decode()
    assert f"{TODAY.day} {TODAY:%B} {TODAY.year}" in done
