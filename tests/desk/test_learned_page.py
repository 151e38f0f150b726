"""What went with a no, on the desk: too early at first, then figures with their bases, as a hint."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import Pair, bring_to, make_pair

from factories.customs import a_custom
from factories.django_rows import AT, TODAY, make_programme, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from reference.customs import written_all
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def many(coordinator: Staff, division: Division, count: int) -> str:
    """Leave so many proposals: noes mostly where the occupations were far apart, yeses mostly where they were near.

    Each yes became a partnership that has ended; those of far occupations before their time.
    """
    pair = make_pair(division, make_programme())
    first = bring_to(ProposalState.DECLINED, coordinator, pair)
    for at in range(count):
        refused = at % 2 == 0
        far = (at % 10 < 8) if refused else (at % 10 > 8)
        partnership = None if refused else _ended(pair, division, is_early=at % 6 == 1)
        made = Proposal.objects.create(
            mentee=pair[0], mentor=pair[1], division=division, version=first.version, reason="Both are nurses.",
            chosen_by=coordinator.key, author_name="Tests", score=5_000,
            bars=first.bars | {"occupation": [0.1, 0.0 if far else 1.0, 0.25]}, rank=1, ranked=1, meets_first=False,
            state=ProposalState.DECLINED if refused else ProposalState.ACCEPTED, partnership=partnership,
            created_at=AT, sent_at=AT, expires_on=AT.date(), ended_at=AT - timedelta(days=1),
        )  # fmt: skip
        if refused:
            ProposalAnswer.objects.create(
                proposal=made, side=Side.MENTOR, round=Round.PROPOSAL, reply=Reply.NO, channel=Channel.PHONE,
                decline_reason=DeclineReason.TIME if at % 40 == 0 else DeclineReason.FIELD,
                taken_by=coordinator.key, author_name="Tests", created_at=AT,
            )  # fmt: skip
    # What has been erased counts for nothing.
    Proposal.objects.filter(pk=first.pk).update(bars={})
    return str(pair[0].programme_id)


def _ended(pair: Pair, division: Division, *, is_early: bool) -> Partnership:
    return Partnership.objects.create(
        mentee=pair[0], mentor=pair[1], division=division, state=PartnershipState.CLOSED, created_at=AT,
        matched_on=TODAY - timedelta(days=200), closed_on=TODAY - timedelta(days=20),
        closing_reason=ClosingReason.MISMATCH if is_early else ClosingReason.GOAL,
    )  # fmt: skip


def test_it_is_too_early_at_first(desk: Client, coordinator: Staff, division: Division) -> None:
    bring_to(ProposalState.DECLINED, coordinator, make_pair(division, make_programme()))
    html = desk.get(reverse("desk:learned")).content.decode()
    assert html.count("Too early to tell") == 2
    assert "It takes 50 cases" in html


def test_it_says_that_it_is_a_hint_and_leads_to_the_weights(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    programme = many(coordinator, division, 4)
    html = desk.get(reverse("desk:learned"), {"programme": programme}).content.decode()
    assert "no proof" in html
    assert reverse("desk:programme", args=[programme]) in html
    assert reverse("desk:learned") in desk.get(reverse("desk:proposals")).content.decode()


def test_figures_stand_with_their_bases(desk: Client, coordinator: Staff, division: Division) -> None:
    programme = many(coordinator, division, 130)
    html = desk.get(reverse("desk:learned"), {"programme": programme}).content.decode()
    assert "65 of 130 proposals that were answered came to a no." in html
    assert "It went with a poorer fit in: Occupation" in html
    assert "52 of 65" in html
    assert "more often where they fit less" in html
    assert "Of 65 partnerships that have ended, 22 ended before their time." in html
    # Of the noes 61 were for want of another field and 4 for time: each is told by the other and the sum.
    assert "Another field is needed" in html
    assert "<dd>61</dd>" not in html
    assert "<dd>4</dd>" not in html


def test_own_criteria_stand_there_with_their_weight(desk: Client, coordinator: Staff, division: Division) -> None:
    programme = Programme.objects.get(pk=many(coordinator, division, 130))
    own = a_custom("children", weight=50.0)
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD), programme=programme, seen=current_version(programme.pk).number,
        customs=written_all([own, a_custom("quiet", is_rule=True, weight=0.0)]), author_name="Lead",
        reason="We have seen it help.",
    )  # fmt: skip
    for state, most in ((ProposalState.DECLINED, 8), (ProposalState.ACCEPTED, 2)):
        for at, made in enumerate(Proposal.objects.exclude(bars={}).filter(state=state)):
            made.bars = made.bars | {own.column: [0.1, 0.0 if at % 10 < most else 1.0, 0.3]}
            made.save(update_fields=["bars"])
    html = desk.get(reverse("desk:learned"), {"programme": str(programme.pk)}).content.decode()
    assert "It went with a poorer fit in: Occupation, Question children" in html
    assert "Question quiet" not in html
    weights = re.findall(r'Question children</th><td role="cell" class="number" data-label="[^"]+">(\d+)</td>', html)
    assert weights == ["33", "33"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    desk: Client, coordinator: Staff, division: Division, django_assert_num_queries: CountQueries, count: int
) -> None:
    programme = many(coordinator, division, count)
    with django_assert_num_queries(9):
        desk.get(reverse("desk:learned"), {"programme": programme})
