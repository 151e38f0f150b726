"""Entries are emptied with whom they are about; that they were there stays."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.db.models import Q

from audit.tampering import LATER, SEALER, adopt, change, fault, off_guard, write, write_sealed
from mentornet.audit.models import Entry
from mentornet.audit.queries import naming, verify_chain
from mentornet.audit.services import (
    redact,
    seal_entries,
)
from mentornet.common.actors import System

pytestmark = pytest.mark.django_db

ERASER: Final = System("privacy.erase", LATER)


def test_emptied_entries_tell_nothing_and_the_chain_holds() -> None:
    sealed = write_sealed(4)
    waiting = write(2)
    wanted = Q(pk__in=[sealed[1].pk, waiting[0].pk])
    assert redact(by=ERASER, entries=wanted, number=7) == 2
    for key in (sealed[1].pk, waiting[0].pk):
        row = Entry.objects.get(pk=key)
        assert (row.actor, row.object_id, row.division_id, row.detail, row.nonce) == ("", "", None, {}, "")
        assert (row.act, row.object_type, row.redaction) == ("test.act", "common.PeriodicRun", 7)
        assert row.commitment
    assert verify_chain().redacted == 2
    assert fault() is None
    seal_entries(by=SEALER)
    assert fault() is None
    told = Entry.objects.get(act="audit.redact")
    assert (told.actor, told.object_id, told.detail) == ("system:redact", "7", {"entries": 2})
    # Those are emptied once, and nothing to empty is nothing to tell.
    assert redact(by=ERASER, entries=wanted, number=8) == 0
    assert Entry.objects.filter(act="audit.redact").count() == 1


def test_erasure_replayed_with_the_same_number_adds_up() -> None:
    entries = write_sealed(3)
    redact(by=ERASER, entries=Q(pk=entries[0].pk), number=7)
    redact(by=ERASER, entries=Q(pk=entries[2].pk), number=7)
    seal_entries(by=SEALER)
    assert (fault(), verify_chain().redacted) == (None, 2)


def test_the_record_of_emptying_is_never_emptied() -> None:
    write_sealed(2)
    redact(by=ERASER, entries=Q(), number=1)
    redact(by=ERASER, entries=Q(), number=2)
    seal_entries(by=SEALER)
    assert fault() is None
    assert Entry.objects.get(act="audit.redact").detail == {"entries": 2}


def test_rows_from_before_the_chain_that_are_emptied_before_they_are_sealed_hold() -> None:
    old = write(2)
    Entry.objects.update(commitment="")
    adopt(old[1].pk)
    redact(by=ERASER, entries=Q(pk=old[0].pk), number=1)
    seal_entries(by=SEALER)
    assert fault() is None
    emptied = Entry.objects.get(pk=old[0].pk)
    assert (emptied.nonce, emptied.actor) == ("", "")
    assert emptied.commitment


@pytest.mark.parametrize("number", [7, 8])
def test_entry_emptied_past_the_program_shows(number: int) -> None:
    entries = write_sealed(4)
    redact(by=ERASER, entries=Q(pk=entries[0].pk), number=7)
    emptied: dict[str, Any] = {
        "actor": "",
        "object_id": "",
        "division_id": None,
        "detail": {},
        "nonce": "",
        "redaction": number,
    }
    assert fault() is None
    change(entries[2], **emptied)
    found = fault()
    assert found is not None
    assert found[0] == "redaction"


def test_entry_said_to_be_emptied_that_still_says_something_shows() -> None:
    entries = write_sealed(2)
    redact(by=ERASER, entries=Q(pk=entries[0].pk), number=7)
    with off_guard():
        change(entries[0], actor="user:framed")
    assert fault() == ("changed", 1)


def test_erasure_that_is_told_of_and_was_taken_back_shows() -> None:
    entries = write_sealed(2)
    former = entries[0]
    redact(by=ERASER, entries=Q(pk=former.pk), number=7)
    with off_guard():
        former.save()
    found = fault()
    assert found is not None
    assert found[0] == "redaction"


def test_entries_naming_a_key_are_found_wherever_it_stands() -> None:
    key = "person:6b1f"
    entries = write(8)
    change(entries[0], actor=key)
    change(entries[1], object_id=key)
    change(entries[2], detail={"others": [{"who": key}]})
    change(entries[3], detail={key: "a"})
    change(entries[4], detail={"told": "person:6b1f, person:7c"})
    change(entries[5], actor="person:6b1e", detail={"who": "person:6b1f0"})
    assert list(Entry.objects.filter(naming({key, "%"})).order_by("pk")) == entries[:5]
    # Of a key with what it is a key of, the key alone is found, too; a bare number says nothing in a detail.
    assert list(Entry.objects.filter(naming({"6b1f"})).order_by("pk")) == entries[2:5]
    assert list(Entry.objects.filter(naming({"6"}))) == [entries[6]]


def test_entries_naming_any_of_thousands_of_keys_are_found() -> None:
    entries = write(2)
    change(entries[0], detail={"who": "key 4711", "key": "k-4711"})
    assert list(Entry.objects.filter(naming({f"k-{number}" for number in range(5_000)}))) == [entries[0]]
