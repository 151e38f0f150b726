"""Somebody erased is not named any more as the author of what she has said on her own pages; whoever works here is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from matching.herself import says
from matching.pairs import both_say_yes, make_pair, propose
from pytest_django import Settings

from mentornet.common.fields import declared_models
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import emptying, erase
from mentornet.programmes.models import Programme
from privacy.canaries import found

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.mark.parametrize("reply", [Reply.YES, Reply.NO])
@pytest.mark.parametrize("side", list(Side))
def test_her_name_goes_from_the_answer_that_she_gave_herself(
    coordinator: Staff,
    national_lead: Staff,
    division: Division,
    programme: Programme,
    tmp_path: Path,
    side: Side,
    reply: Reply,
) -> None:
    pair = make_pair(division, programme)
    says(propose(coordinator, pair), side, reply)
    her = pair[list(Side).index(side)].person
    name = her.name
    erase(by=national_lead, person=her, reason=Reason.ASKED)
    assert ProposalAnswer.objects.get().author_name == emptying.EMPTIED
    assert found(tmp_path, {name}) == []


def test_both_go_one_after_the_other(
    coordinator: Staff, national_lead: Staff, division: Division, programme: Programme, tmp_path: Path
) -> None:
    pair = make_pair(division, programme)
    says(propose(coordinator, pair), Side.MENTOR)
    names = {one.person.name for one in pair}
    for one in pair:
        erase(by=national_lead, person=one.person, reason=Reason.ASKED)
    assert found(tmp_path, names) == []


def test_whoever_took_the_answers_down_stays_named(
    coordinator: Staff, national_lead: Staff, division: Division, programme: Programme
) -> None:
    pair = make_pair(division, programme)
    both_say_yes(coordinator, propose(coordinator, pair))
    erase(by=national_lead, person=pair[0].person, reason=Reason.ASKED)
    assert set(ProposalAnswer.objects.values_list("author_name", flat=True)) == {coordinator.name}
    assert Proposal.objects.get().author_name == coordinator.name


def test_an_answer_that_were_left_alone_would_be_found(
    coordinator: Staff,
    national_lead: Staff,
    division: Division,
    programme: Programme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(emptying, "_forget_as_author", lambda _: None)
    pair = make_pair(division, programme)
    says(propose(coordinator, pair), Side.MENTOR)
    name = pair[1].person.name
    erase(by=national_lead, person=pair[1].person, reason=Reason.ASKED)
    assert found(tmp_path, {name}) != []


def test_each_column_with_an_authors_name_has_a_key_before_it() -> None:
    """Without the key, nobody could tell whose name stands there."""
    known = {
        f"{label}.{name.name}" for label in declared_models() for _, name in emptying.authors(apps.get_model(label))
    }
    named = {
        f"{label}.{column.name}"
        for label in declared_models()
        for column in apps.get_model(label)._meta.concrete_fields
        if column.name == "author_name"
    }
    assert named
    assert named <= known
