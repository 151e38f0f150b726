"""Entries of the audit that were emptied past the program, with a forged line that says so, are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Q
from pytest_django import Settings

from factories.django_rows import AT, make_application, make_person
from mentornet.audit.enums import Fault
from mentornet.audit.models import Entry
from mentornet.audit.queries import emptied_by, verify_all, verify_chain
from mentornet.audit.services import BrokenChainError, check_chain, record, redact, seal_entries
from mentornet.common.actors import System
from mentornet.common.ledger import FILE_NAME, LedgerEntry, emptied_in, hashed
from mentornet.config.auditing import BROKEN, WHOLE, audit
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import Reason
from mentornet.privacy.models import Erasure
from mentornet.privacy.services import erase, replay

pytestmark = pytest.mark.django_db
BY = System("tests", AT)


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / FILE_NAME


@pytest.fixture
def person() -> Person:
    """Somebody of whom the audit tells."""
    person = make_application(person=make_person()).person
    record(by=BY, act="people.change", of=person)
    seal_entries(by=BY)
    return person


def erased(person: Person) -> Erasure:
    erasure = erase(by=BY, person=person, reason=Reason.ASKED)
    seal_entries(by=BY)
    return erasure


def bystanders(count: int = 3) -> Q:
    """Write entries that somebody would rather not have stand."""
    for _ in range(count):
        record(by=BY, act="people.reveal", of=make_person())
    seal_entries(by=BY)
    return Q(act="people.reveal")


def fault() -> Fault | None:
    found = verify_all().first_fault
    return None if found is None else found.what


def test_erasure_says_what_it_has_emptied_and_so_does_the_ledger(person: Person, ledger: Path) -> None:
    erasure = erased(person)
    assert int(erasure.emptied.partition(":")[0]) == Entry.objects.filter(redaction=erasure.number).count() > 0
    assert emptied_in(ledger) == {erasure.key: {erasure.emptied}}
    assert fault() is None
    said: list[str] = []
    assert audit(noted=None, sign=False, say=said.append) == WHOLE


@pytest.mark.parametrize("number", [0, 7])
def test_redaction_without_an_erasure_is_found(person: Person, number: int) -> None:
    erased(person)
    # Whole as a chain: the count is told, by an entry that is sealed like any other.
    redact(by=BY, entries=bystanders(), number=number)
    seal_entries(by=BY)
    assert verify_chain().ok
    assert fault() == Fault.NO_ERASURE
    said: list[str] = []
    assert audit(noted=None, sign=False, say=said.append) == BROKEN
    assert any(str(Fault.NO_ERASURE.label) in line for line in said)
    with pytest.raises(BrokenChainError):
        check_chain(by=BY)


def test_redaction_under_the_number_of_an_erasure_is_found(person: Person) -> None:
    erasure = erased(person)
    redact(by=BY, entries=bystanders(), number=erasure.number)
    seal_entries(by=BY)
    assert verify_chain().ok
    assert fault() == Fault.NO_ERASURE


def test_forged_row_of_an_erasure_is_not_in_the_ledger(person: Person) -> None:
    erased(person)
    redact(by=BY, entries=bystanders(), number=9)
    seal_entries(by=BY)
    from_entries = forged(9)
    Erasure.objects.create(number=9, at=AT, key="f" * 64, reason=Reason.ASKED, erased_by="x", emptied=from_entries)
    assert fault() == Fault.NO_ERASURE


def test_row_of_an_erasure_that_was_made_to_fit_is_not_what_the_ledger_says(person: Person) -> None:
    erasure = erased(person)
    redact(by=BY, entries=bystanders(), number=erasure.number)
    seal_entries(by=BY)
    Erasure.objects.filter(pk=erasure.pk).update(emptied=forged(erasure.number))
    assert fault() == Fault.NO_ERASURE


def forged(number: int) -> str:
    return emptied_by(number)[number]


def test_other_entries_of_the_same_count_are_found(person: Person) -> None:
    """The control: the count alone would not show it."""
    erasure = erased(person)
    emptied = Entry.objects.filter(redaction=erasure.number)
    other = Erasure.objects.get(pk=erasure.pk).emptied.partition(":")[0] + ":" + "0" * 64
    Erasure.objects.filter(pk=erasure.pk).update(emptied=other)
    assert int(other.partition(":")[0]) == emptied.count()
    assert verify_chain().ok
    assert fault() == Fault.NO_ERASURE


def test_erasure_of_an_earlier_version_fits(person: Person, ledger: Path) -> None:
    erasure = erased(person)
    lines = ledger.read_text(encoding="utf-8").replace(f', "emptied": "{erasure.emptied}"', "")
    ledger.write_text(lines.replace(f'"emptied": "{erasure.emptied}", ', ""), encoding="utf-8")
    assert emptied_in(ledger) == {erasure.key: set()}
    assert fault() is None


def test_whoever_is_erased_again_in_an_older_backup_fits(person: Person, ledger: Path) -> None:
    record(by=BY, act="people.change", of=person)
    entry = read_ledger_of_a_later_day(person, ledger)
    replay(by=BY, entries=[entry])
    seal_entries(by=BY)
    assert len(emptied_in(ledger)[entry.key]) == 2
    assert fault() is None


def read_ledger_of_a_later_day(person: Person, ledger: Path) -> LedgerEntry:
    """Return the line of an erasure that is still to come, as a backup brings it."""
    del ledger
    return LedgerEntry(4, AT, hashed(person_key(person.pk)), emptied="12:" + "a" * 64)


def test_lost_ledger_is_found(person: Person, ledger: Path) -> None:
    erased(person)
    ledger.unlink()
    assert fault() == Fault.NO_ERASURE
