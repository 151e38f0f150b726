"""The ledger's lines about protection: on the disk before it is said, settled after a crash, in doubt protected."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from factories.django_rows import AT
from mentornet.common import ledger as ledgers
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import (
    FILE_NAME,
    LIFTED,
    PROTECTED,
    UNFINISHED,
    LedgerEntry,
    Step,
    hashed,
    held,
    read_ledger,
    unsettled,
)
from mentornet.intake.services.protection import approve_reveal, ask_to_lift
from mentornet.people import noting
from mentornet.people.models import ProtectedIdentity
from mentornet.people.noting import protected_by, settle_protection
from mentornet.people.recipients import person_key
from mentornet.privacy.services import settle_ledger
from protection.hers import ALIAS, LAST, Network, make_network

pytestmark = pytest.mark.django_db(transaction=True)
BY = System("tests", AT)


@pytest.fixture
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / FILE_NAME


@pytest.fixture
def net(ledger: Path) -> Network:
    del ledger
    return make_network()


def key_of(net: Network) -> str:
    return hashed(person_key(net.her.person_id))


def lift(net: Network) -> None:
    reveal = ask_to_lift(by=net.coordinator, known_by=net.her.application, reason="It is over.")
    approve_reveal(by=net.colleague, reveal=reveal)


def kinds(ledger: Path) -> list[str]:
    return [entry.kind for entry in read_ledger(ledger)]


def test_protecting_and_lifting_stand_there_and_tell_nobody_who(net: Network, ledger: Path) -> None:
    net.protect()
    assert (kinds(ledger), set(protected_by(read_ledger(ledger)))) == ([PROTECTED], {key_of(net)})
    lift(net)
    assert (kinds(ledger), protected_by(read_ledger(ledger))) == ([PROTECTED, LIFTED], {})
    net.protect()
    assert set(protected_by(read_ledger(ledger))) == {key_of(net)}
    assert unsettled(ledger, [PROTECTED, LIFTED]) == ()
    text = ledger.read_text(encoding="utf-8")
    assert LAST not in text
    assert ALIAS not in text
    assert str(net.her.person_id) not in text


def test_ledger_that_cannot_be_written_protects_nobody(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mentornet.common.ledger.os.write", full)
    with pytest.raises(OSError, match="No space"):
        net.protect()
    assert not ProtectedIdentity.objects.exists()


class PowerCutError(BaseException):
    """The program dies here."""


def test_begun_when_the_power_went_it_is_settled_by_the_database(
    net: Network, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    usual = noting._settle

    def only_first(writer: ledgers.Writer) -> int:
        calls.append(writer)
        if len(calls) > 1:
            raise PowerCutError
        return usual(writer)

    with monkeypatch.context() as patch:
        patch.setattr(noting, "_settle", only_first)
        with pytest.raises(PowerCutError):
            net.protect()
    # The database has said yes; the ledger had it before that.
    assert ProtectedIdentity.objects.exists()
    assert len(unsettled(ledger, [PROTECTED])) == 1
    assert set(protected_by(read_ledger(ledger))) == {key_of(net)}
    assert settle_ledger(by=BY) == 1
    assert unsettled(ledger, [PROTECTED]) == ()


def test_begun_and_taken_back_is_void(net: Network, ledger: Path) -> None:
    with held(ledger) as writer:
        writer.write(Step.BEGUN, [LedgerEntry(1, AT, key_of(net), PROTECTED)])
    assert settle_protection(by=BY) == 1
    assert protected_by(read_ledger(ledger)) == {}


def test_lifting_that_was_only_begun_lifts_nothing(net: Network, ledger: Path) -> None:
    net.protect()
    with held(ledger) as writer:
        writer.write(Step.BEGUN, [LedgerEntry(2, AT + timedelta(hours=1), key_of(net), LIFTED)])
    assert set(protected_by(read_ledger(ledger))) == {key_of(net)}
    settle_protection(by=BY)
    assert set(protected_by(read_ledger(ledger))) == {key_of(net)}


def test_whoever_was_protected_before_there_was_a_ledger_comes_to_stand_there(net: Network, ledger: Path) -> None:
    net.protect()
    ledger.unlink()
    assert settle_protection(by=BY) == 1
    assert set(protected_by(read_ledger(ledger))) == {key_of(net)}
    assert settle_protection(by=BY) == 0


def test_while_a_restore_is_not_finished_nothing_is_done(net: Network, ledger: Path) -> None:
    journal = ledger.parent / UNFINISHED
    journal.parent.mkdir()
    journal.write_text("{}", encoding="utf-8")
    with pytest.raises(RefusedError, match="restore is not finished"):
        net.protect()
    assert not ProtectedIdentity.objects.exists()
    journal.unlink()
    net.protect()
    assert ProtectedIdentity.objects.exists()
