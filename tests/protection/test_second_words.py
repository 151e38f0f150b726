"""What a second person said yes to is for one act: a look copies nothing, and a copy is made once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from factories.django_rows import AT
from mentornet.common.answers import NotAllowedError
from mentornet.intake.services.protection import (
    approve_reveal,
    ask_to_copy,
    ask_to_erase,
    ask_to_reveal,
    reveal_in_force,
    see,
    write_reach,
)
from mentornet.people.models import ProtectedIdentity, Reveal
from mentornet.people.participants import Participant
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import erase, make_copy
from protection.hers import Network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def net(tmp_path: Path, settings: Settings) -> Network:
    settings.DATA_FOLDER = tmp_path
    net = make_network()
    net.protect()
    return net


def test_a_look_neither_copies_nor_erases(net: Network) -> None:
    look = ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x")
    approve_reveal(by=net.coordinator, reveal=look)
    with pytest.raises(NotAllowedError, match="to a copy first"):
        make_copy(by=net.lead, person=net.person, language="en")
    with pytest.raises(NotAllowedError, match="to the erasure first"):
        erase(by=net.lead, person=net.person, reason=Reason.ASKED)
    # A look may be repeated until its end.
    assert see(by=net.lead, reveal=look) == see(by=net.lead, reveal=look)


def test_a_copy_is_made_once_and_shows_nothing_else(net: Network) -> None:
    word = ask_to_copy(by=net.lead, known_by=net.her.application, reason="x")
    approve_reveal(by=net.coordinator, reveal=word)
    assert reveal_in_force(net.lead, net.her.person_id) is None
    with pytest.raises(NotAllowedError):
        see(by=net.lead, reveal=word)
    with pytest.raises(NotAllowedError):
        erase(by=net.lead, person=net.person, reason=Reason.ASKED)
    assert make_copy(by=net.lead, person=net.person, language="en")
    assert Reveal.objects.get(pk=word.pk).used_at == AT
    with pytest.raises(NotAllowedError, match="second person"):
        make_copy(by=net.lead, person=net.person, language="en")


def test_a_copy_waits_no_longer_than_a_quarter_of_an_hour(net: Network) -> None:
    approve_reveal(by=net.coordinator, reveal=ask_to_copy(by=net.lead, known_by=net.her.application, reason="x"))
    with pytest.raises(NotAllowedError):
        make_copy(by=replace(net.lead, at=AT + timedelta(minutes=15)), person=net.person, language="en")


@pytest.mark.django_db(transaction=True)
def test_an_erasure_takes_a_word_for_the_erasure(net: Network) -> None:
    approve_reveal(by=net.coordinator, reveal=ask_to_erase(by=net.lead, known_by=net.her.application, reason="x"))
    with pytest.raises(NotAllowedError):
        make_copy(by=net.lead, person=net.person, language="en")
    erase(by=net.lead, person=net.person, reason=Reason.ASKED)
    assert not ProtectedIdentity.objects.exists()


def test_address_written_after_the_question_is_not_what_two_have_agreed_on(net: Network) -> None:
    herself = Participant(person_id=net.her.person_id, name="x", at=AT)
    word = ask_to_copy(by=net.coordinator, known_by=net.her.application, reason="She wants her copy.")
    later = replace(net.coordinator, at=AT + timedelta(minutes=1))
    write_reach(by=later, known_by=net.her.application, facts={"email": "coordinator@example.org"})
    approve_reveal(by=replace(net.colleague, at=AT + timedelta(minutes=2)), reveal=word)
    assert ProtectedIdentity.objects.get().reach_written_at == later.at
    with pytest.raises(NotAllowedError, match="Two people"):
        make_copy(by=herself, person=net.person, language="en")
