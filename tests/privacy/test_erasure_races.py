"""Somebody is erased while others work with her: nothing is lost, nobody is promised twice, nothing of her is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from matching.pairs import answer, make_pair, propose
from pytest_django import Settings

from factories.django_rows import make_division, make_person, make_programme, make_staff
from mentornet.common.actors import System
from mentornet.common.ledger import FILE_NAME, PERSON, unsettled
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import HOLDING, ProposalState
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.messaging.services import delivery, queue_letter
from mentornet.messaging.services.delivery import deliver_due_letters
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import Reason
from mentornet.privacy.models import Erasure
from mentornet.privacy.services import erase
from racing import each_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / FILE_NAME


@pytest.fixture
def place() -> Division:
    return make_division("Odense")


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_she_is_erased_while_a_proposal_is_being_accepted(
    round_: int, side: str, place: Division, ledger: Path
) -> None:
    by = make_staff(Role.COORDINATOR, place)
    pair = make_pair(place, make_programme())
    proposal = propose(by, pair)
    answer(by, proposal, "mentee")
    mentee, mentor = pair
    person = mentee.person if side == "mentee" else mentor.person
    other = mentor if side == "mentee" else mentee
    outcomes = each_at_once(
        lambda: answer(by, proposal, "mentor"),
        lambda: erase(by=System("tests", timezone.now()), person=person, reason=Reason.ASKED),
        refusals=(Exception,),
    )
    assert outcomes[1] == "done", outcomes
    assert Erasure.objects.count() == 1
    assert not unsettled(ledger, [PERSON])
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not Partnership.objects.filter(state__in=RUNNING).exists()
    assert not Proposal.objects.filter(state__in=[*HOLDING, ProposalState.DRAFT]).exists()
    # Whoever is left has her place back.
    other = Enrolment.objects.get(pk=other.pk)
    assert (other.promised, other.active) == (0, 0)


@pytest.mark.parametrize("round_", range(3))
def test_she_is_erased_while_she_is_being_proposed(round_: int, place: Division) -> None:
    by = make_staff(Role.COORDINATOR, place)
    pair = make_pair(place, make_programme())
    person = pair[0].person
    outcomes = each_at_once(
        lambda: propose(by, pair),
        lambda: erase(by=System("tests", timezone.now()), person=person, reason=Reason.ASKED),
        refusals=(Exception,),
    )
    assert outcomes[1] == "done", outcomes
    assert not Proposal.objects.filter(state__in=[*HOLDING, ProposalState.DRAFT]).exists()
    assert not Person.objects.filter(pk=person.pk).exists()
    assert Enrolment.objects.get(pk=pair[1].pk).promised == 0


def test_a_letter_in_the_workers_hands_leaves_no_trace(
    place: Division, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object]
) -> None:
    person = make_person("Zarghuna", email="zarghuna@example.net")
    now = timezone.now()
    with transaction.atomic():
        queue_letter(
            by=System("tests", now), recipient=person_key(person.pk), event="word_from_waiting_list",
            values={"day": "2026-12-01"}, about_id=None, division_id=place.pk,
        )  # fmt: skip
    Letter.objects.update(send_after=now)
    usual = delivery._send

    def erased_meanwhile(*given: object) -> object:
        kept = usual(*given)  # type: ignore[arg-type]
        erase(by=System("tests", timezone.now()), person=person, reason=Reason.ASKED)
        return kept

    monkeypatch.setattr(delivery, "_send", erased_meanwhile)
    deliver_due_letters(by=System("tests", now))
    # It has left: nobody takes it back. But nothing here tells that it did.
    assert len(mailoutbox) == 1
    assert not Letter.objects.exists()
