"""Whatever anybody writes into the audit past the program shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.tampering import COLUMNS, FORGED, SEALER, adopt, change, fault, head, off_guard, write, write_sealed
from mentornet.audit import services
from mentornet.audit.chain import signed
from mentornet.audit.models import Entry, Head
from mentornet.audit.queries import ChainHead, chain_head, verify_chain
from mentornet.audit.services import (
    BrokenChainError,
    entry_of,
    record_all,
    seal_entries,
)
from mentornet.common.models import PeriodicRun

pytestmark = pytest.mark.django_db


def test_every_column_is_tried() -> None:
    assert {*COLUMNS, "id", "position"} == {field.name for field in Entry._meta.concrete_fields}


@pytest.mark.parametrize("column", COLUMNS)
def test_change_of_any_column_of_a_sealed_entry_shows(column: str) -> None:
    entries = write_sealed(4)
    assert fault() is None
    with off_guard():
        change(entries[1], **{column: COLUMNS[column]})
    found = fault()
    assert found is not None
    assert found[1] == 2


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "seal"])
def test_change_of_any_column_of_an_entry_that_waits_shows(column: str) -> None:
    entries = write(4)
    change(entries[1], **{column: COLUMNS[column]})
    found = verify_chain().first_fault
    assert found is not None
    assert found.entry == entries[1].pk
    # It is sealed as it is: the fault stays.
    seal_entries(by=SEALER)
    assert fault() is not None


def test_change_with_its_commitment_and_seal_computed_anew_shows() -> None:
    entries = write_sealed(4)
    forged = Entry.objects.get(pk=entries[1].pk)
    forged.actor = "user:nobody"
    forged.commitment = forged.says()
    forged.seal = forged.sealed_after(entries[0].seal, 2)
    with off_guard():
        forged.save()
    assert fault() == ("unfit", 3)


def _write_anew(entries: list[Entry]) -> str:
    """Compute the chain anew from the second entry on, as somebody who knows the program would."""
    before = entries[0].seal
    for position, entry in enumerate(entries[1:], start=2):
        entry.commitment, entry.position = entry.says(), position
        entry.seal = before = entry.sealed_after(before, position)
        entry.save()
    return before


def test_chain_written_anew_to_its_end_shows_by_the_head() -> None:
    entries = write_sealed(4)
    entries[1].actor = "user:nobody"
    with off_guard():
        last = _write_anew(entries)
        assert fault() == ("unfit", 4)
        Head.objects.update(seal=last)
    assert fault() == ("unknown_key", None)


def test_chain_written_anew_by_whoever_has_the_secret_key_shows_by_a_head_noted_before() -> None:
    # The control: with the key the forgery fits, which is what the signature is worth without it.
    entries = write_sealed(4)
    noted = chain_head()
    entries[1].actor = "user:nobody"
    with off_guard():
        last = _write_anew(entries)
        Head.objects.update(seal=last, mark=signed(sealed=4, seal=last, adopted_through=head().adopted_through))
    assert fault() is None
    report = verify_chain(noted=noted)
    assert report.first_fault is not None
    assert (report.first_fault.what.value, report.first_fault.position) == ("not_noted", 4)


@pytest.mark.postgresql_only
def test_entry_is_not_deleted() -> None:
    entries = write(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        entries[0].delete()


def test_deletion_in_the_middle_shows() -> None:
    entries = write_sealed(4)
    with off_guard():
        entries[1].delete()
    assert fault() == ("missing", 2)


def test_deletion_in_the_middle_with_the_rest_moved_up_shows() -> None:
    entries = write_sealed(4)
    with off_guard():
        entries[1].delete()
        change(entries[2], position=2)
        change(entries[3], position=3)
    assert fault() == ("unfit", 2)


def test_deletion_at_the_end_shows_by_the_head() -> None:
    entries = write_sealed(4)
    with off_guard():
        entries[3].delete()
    assert fault() == ("missing", 4)
    # Nothing is sealed over the gap unseen.
    write(1)
    seal_entries(by=SEALER)
    assert fault() == ("missing", 4)


def test_head_cut_back_with_the_end_shows() -> None:
    entries = write_sealed(4)
    with off_guard():
        entries[3].delete()
        Head.objects.update(sealed=3, seal=entries[2].seal)
    assert fault() == ("unknown_key", None)
    write(1)
    with pytest.raises(BrokenChainError):
        seal_entries(by=SEALER)


def test_chain_and_head_put_back_to_an_older_state_show_by_a_head_noted_since() -> None:
    entries = write_sealed(3)
    former = head()
    entries += write_sealed(1)
    noted = chain_head()
    with off_guard():
        entries[3].delete()
        former.save()
    assert fault() is None
    found = verify_chain(noted=noted).first_fault
    assert found is not None
    assert (found.what.value, found.position) == ("not_noted", 4)
    assert verify_chain(noted=ChainHead(3, entries[2].seal)).ok
    assert not verify_chain(noted=ChainHead(3, FORGED)).ok


def test_head_that_is_gone_shows_and_is_not_made_anew() -> None:
    write_sealed(2)
    Head.objects.all().delete()
    assert fault() == ("no_head", None)
    write(1)
    with pytest.raises(BrokenChainError):
        seal_entries(by=SEALER)
    assert not Head.objects.exists()


def test_database_that_was_emptied_begins_anew() -> None:
    Head.objects.all().delete()
    assert fault() is None
    assert write_sealed(2)[1].position == 2
    assert fault() is None


def test_two_entries_that_change_places_show() -> None:
    entries = write_sealed(4)
    with off_guard():
        change(entries[1], position=None)
        change(entries[2], position=2)
        change(entries[1], position=3)
    assert fault() == ("unfit", 2)


def test_two_entries_that_change_what_they_say_show() -> None:
    entries = write_sealed(4)
    said = ("at", "actor", "object_id", "detail", "nonce", "commitment")
    with off_guard():
        change(entries[1], **{name: getattr(entries[2], name) for name in said})
        change(entries[2], **{name: getattr(entries[1], name) for name in said})
    assert fault() == ("unfit", 2)


def _foreign(**columns: Any) -> Entry:
    """Insert an entry past the program, and past Django's model of it."""
    entry = entry_of(by=SEALER, act="foreign", of=PeriodicRun(pk=1))
    record_all([entry])
    change(entry, **columns)
    return entry


def test_insertion_without_a_commitment_shows_before_and_after_it_is_sealed() -> None:
    write_sealed(2)
    _foreign(commitment="")
    assert fault() == ("foreign", None)
    write(1)
    seal_entries(by=SEALER)
    assert fault() == ("foreign", 3)


@pytest.mark.parametrize("position", [0, 3, 9])
def test_insertion_beyond_the_head_shows(position: int) -> None:
    write_sealed(2)
    _foreign(position=position, seal=FORGED)
    assert fault() == ("beyond", position)


def test_insertion_in_the_middle_shows() -> None:
    entries = write_sealed(3)
    with off_guard():
        change(entries[2], position=4)
    _foreign(position=3, seal=FORGED)
    with off_guard():
        Head.objects.update(sealed=4)
    assert fault() == ("unfit", 3)


def test_rows_from_before_the_chain_are_taken_into_it_and_later_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    old = write(5)
    Entry.objects.update(commitment="", nonce="ab" * 16)
    adopt(old[3].pk)
    assert fault() == ("foreign", None)
    assert seal_entries(by=SEALER) == 5
    assert fault() == ("foreign", 5)
    assert Entry.objects.exclude(commitment="").count() == 4
    assert len(set(Entry.objects.values_list("nonce", flat=True))) == 5
    # What was taken in is held like any other.
    with off_guard():
        change(old[0], actor="user:nobody")
    assert fault() == ("changed", 1)


def test_head_that_takes_in_more_rows_shows() -> None:
    entries = write_sealed(2)
    Head.objects.update(adopted_through=entries[1].pk + 1000)
    assert fault() == ("unknown_key", None)
