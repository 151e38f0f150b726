"""The erasure ledger: on the disk before the database says yes, read whole or not at all, settled after a crash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from factories.django_rows import AT, make_division, make_enrolment, make_person
from mentornet.common import ledger as ledger_module
from mentornet.common.actors import System
from mentornet.common.ledger import (
    FILE_NAME,
    PERSON,
    LedgerEntry,
    LedgerError,
    Step,
    hashed,
    held,
    read_ledger,
    unsettled,
)
from mentornet.people.models import Person
from mentornet.privacy.enums import Reason
from mentornet.privacy.models import Erasure
from mentornet.privacy.services import erase, erasing, replay, settle_ledger
from racing import at_once

BY = System("tests", AT)
ONE = LedgerEntry(1, AT, hashed("person:a"))
TWO = LedgerEntry(2, AT, hashed("person:b"))


@pytest.fixture
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / FILE_NAME


def write(path: Path, *steps: tuple[Step, LedgerEntry]) -> None:
    with held(path) as writer:
        for step, entry in steps:
            writer.write(step, [entry])


def test_no_file_is_an_empty_ledger(ledger: Path) -> None:
    assert read_ledger(ledger) == ()


def test_what_was_done_or_only_begun_stands(ledger: Path) -> None:
    write(ledger, (Step.BEGUN, ONE), (Step.DONE, ONE), (Step.BEGUN, TWO))
    assert read_ledger(ledger) == (ONE, TWO)
    assert unsettled(ledger, [PERSON]) == (TWO,)


def test_what_came_to_nothing_does_not_stand(ledger: Path) -> None:
    write(ledger, (Step.BEGUN, ONE), (Step.VOID, ONE), (Step.BEGUN, TWO), (Step.DONE, TWO))
    assert read_ledger(ledger) == (TWO,)
    with held(ledger) as writer:
        # The number of what came to nothing is not given again.
        assert writer.next_number() == 3


def test_a_torn_last_line_is_passed_over_and_cut_off(ledger: Path) -> None:
    write(ledger, (Step.BEGUN, ONE), (Step.DONE, ONE))
    with ledger.open("ab") as file:
        file.write(b'{"number": 2, "at": "2026-')
    assert read_ledger(ledger) == (ONE,)
    write(ledger, (Step.BEGUN, TWO))
    assert read_ledger(ledger) == (ONE, TWO)


def test_a_damaged_line_is_an_error(ledger: Path) -> None:
    write(ledger, (Step.BEGUN, ONE), (Step.DONE, ONE), (Step.BEGUN, TWO))
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(lines[0] + b'{"number": "x"}\n' + lines[2])
    with pytest.raises(LedgerError, match="line 2"):
        read_ledger(ledger)


def test_a_line_is_on_the_disk_before_it_is_said(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    usual = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(descriptor)
        usual(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write(ledger, (Step.BEGUN, ONE))
    # The file's name in its folder, and the line.
    assert len(synced) == 2


@pytest.fixture
def person(db: None) -> Person:
    return make_enrolment("mentee", make_division()).person


class PowerCutError(BaseException):
    """The program dies here."""


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_database_said_yes_erases_nobody(
    ledger: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = erasing._entry_of

    def written_then_cut(erasure: Erasure) -> LedgerEntry:
        with open(ledger, "ab") as file:  # noqa: PTH123
            file.write(_line(Step.BEGUN, usual(erasure)))
        raise PowerCutError

    settle = erasing._settle
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_entry_of", written_then_cut)
        patch.setattr(erasing, "_settle", _only_first(settle))
        with pytest.raises(PowerCutError):
            erase(by=BY, person=person, reason=Reason.ASKED)
    assert Person.objects.filter(pk=person.pk).exists()
    assert len(read_ledger(ledger)) == 1
    # The next round of the worker asks the database.
    assert settle_ledger(by=BY) == 1
    assert read_ledger(ledger) == ()
    # Nobody who was not erased is erased on a restored copy.
    assert replay(by=BY, entries=read_ledger(ledger)) == 0
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_database_said_yes_loses_no_erasure(
    ledger: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_settle", _only_first(erasing._settle))
        with pytest.raises(PowerCutError):
            erase(by=BY, person=person, reason=Reason.ASKED)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert len(unsettled(ledger, [PERSON])) == 1
    assert settle_ledger(by=BY) == 1
    assert unsettled(ledger, [PERSON]) == ()
    assert [entry.key for entry in read_ledger(ledger)] == [hashed(f"person:{person.pk}")]


def _only_first(usual: Callable[..., int]) -> Callable[..., int]:
    calls: list[object] = []

    def settle(writer: object) -> int:
        calls.append(writer)
        if len(calls) > 1:
            raise PowerCutError
        return usual(writer)

    return settle


def _line(step: Step, entry: LedgerEntry) -> bytes:
    return ledger_module._line(step, entry).encode()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_erases_nobody(ledger: Path, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mentornet.common.ledger.os.write", full)
    with pytest.raises(OSError, match="No space"):
        erase(by=BY, person=person, reason=Reason.ASKED)
    assert Person.objects.filter(pk=person.pk).exists()
    assert not Erasure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_erasures_at_once(ledger: Path) -> None:
    people = [make_enrolment("mentee", make_division()).person for _ in range(3)]
    outcomes = at_once(*(lambda one=one: erase(by=BY, person=one, reason=Reason.ASKED) for one in people))
    assert outcomes == {"done": 3}
    assert sorted(entry.number for entry in read_ledger(ledger)) == [1, 2, 3]
    assert set(Erasure.objects.values_list("number", flat=True)) == {1, 2, 3}
    assert unsettled(ledger, [PERSON]) == ()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_at_once(ledger: Path, person: Person) -> None:
    outcomes = at_once(*(lambda: erase(by=BY, person=person, reason=Reason.ASKED) for _ in range(2)))
    assert outcomes == {"done": 1, "ChangedMeanwhileError": 1}
    assert len(read_ledger(ledger)) == 1


# Older backups --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_older_backup_erases_her_again(ledger: Path, person: Person) -> None:
    other = make_person("Karin")
    entry = LedgerEntry(7, AT, hashed(f"person:{person.pk}"))
    stranger = LedgerEntry(8, AT, hashed("person:somebody this copy does not hold"))
    assert replay(by=BY, entries=[entry, stranger]) == 1
    assert not Person.objects.filter(pk=person.pk).exists()
    assert Person.objects.filter(pk=other.pk, first_name="Karin").exists()
    erasure = Erasure.objects.get()
    assert (erasure.number, erasure.key, erasure.erased_by) == (7, entry.key, "system:tests")
    # What the ledger of this folder did not hold, it holds now; a second time nothing is left to do.
    assert read_ledger(ledger) == (entry, stranger)
    assert replay(by=BY, entries=read_ledger(ledger)) == 0
    assert read_ledger(ledger) == (entry, stranger)


@pytest.mark.django_db(transaction=True)
def test_what_was_only_begun_when_the_power_went_is_carried_out_on_an_older_backup(
    ledger: Path, person: Person
) -> None:
    write(ledger, (Step.BEGUN, LedgerEntry(1, AT, hashed(f"person:{person.pk}"))))
    assert replay(by=BY, entries=read_ledger(ledger)) == 1
    assert unsettled(ledger, [PERSON]) == ()
    assert [entry.number for entry in read_ledger(ledger)] == [1]


@pytest.mark.django_db(transaction=True)
def test_numbers_go_on_after_an_older_backup(ledger: Path, person: Person) -> None:
    write(ledger, (Step.BEGUN, TWO), (Step.DONE, TWO))
    assert erase(by=BY, person=person, reason=Reason.ASKED).number == 3


@pytest.mark.django_db(transaction=True)
def test_a_replay_stands_in_no_transaction(ledger: Path, person: Person) -> None:
    entry = LedgerEntry(1, AT, hashed(f"person:{person.pk}"))
    with transaction.atomic(), pytest.raises(RuntimeError):
        replay(by=BY, entries=[entry])
