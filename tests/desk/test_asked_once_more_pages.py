"""On the desk: who said no before, and the word without which nobody asks once more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import Pair, bring_to, make_pair

from factories.django_rows import make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def refused(division: Division, coordinator: Staff) -> Pair:
    pair = make_pair(division, make_programme())
    bring_to(ProposalState.DECLINED, coordinator, pair)
    return pair


def test_the_pair_page_tells_who_said_no_and_asks_for_a_word(desk: Client, refused: Pair) -> None:
    keys = [one.pk for one in refused]
    html = desk.get(reverse("desk:match_pair", args=keys)).content.decode()
    assert "One of the two has said no before" in html
    assert "The mentor said no on" in html
    assert 'name="again"' in html
    sent = {"reason": "Both are nurses.", "seen_version": "1", "act": "propose"}
    html = desk.post(reverse("desk:propose", args=keys), sent).content.decode()
    assert "write what is different now" in html
    assert "Both are nurses." in html
    assert Proposal.objects.count() == 1
    answer = desk.post(reverse("desk:propose", args=keys), sent | {"again": "She has time again."})
    made = Proposal.objects.exclude(state=ProposalState.DECLINED).get()
    assert answer["Location"] == reverse("desk:proposal", args=[made.pk])
    assert "She has time again." in desk.get(answer["Location"]).content.decode()


def test_a_pair_that_nobody_refused_is_not_asked(desk: Client, division: Division) -> None:
    pair = make_pair(division, make_programme())
    html = desk.get(reverse("desk:match_pair", args=[one.pk for one in pair])).content.decode()
    assert 'name="again"' not in html
    assert "has said no before" not in html


def test_a_draft_keeps_the_word(desk: Client, refused: Pair) -> None:
    keys = [one.pk for one in refused]
    sent = {"reason": "Both are nurses.", "seen_version": "1", "act": "draft", "again": "She has time again."}
    desk.post(reverse("desk:propose", args=keys), sent)
    html = desk.get(reverse("desk:match_pair", args=keys)).content.decode()
    assert "She has time again.</textarea>" in html
