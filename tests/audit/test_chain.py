"""The audit's chain: it holds while the program writes, under any key that is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from audit.tampering import FORGED, LATER, OTHER, SEALER, change, fault, off_guard, write, write_sealed
from factories.django_rows import AT
from mentornet.audit import queries
from mentornet.audit.models import Entry, Kind
from mentornet.audit.queries import ChainHead, chain_head, is_to_be_sealed, verify_chain
from mentornet.audit.services import (
    BrokenChainError,
    check_chain,
    entry_of,
    record,
    record_all,
    record_read,
    seal_entries,
    sign_anew,
    sign_unknown_head,
)
from mentornet.common.actors import System
from mentornet.common.bulk import inserting
from mentornet.common.models import PeriodicRun

pytestmark = pytest.mark.django_db


def test_chain_of_untouched_entries_holds() -> None:
    assert chain_head() == ChainHead(0, "")
    write(3)
    assert is_to_be_sealed()
    report = verify_chain()
    assert (report.ok, report.sealed, report.unsealed) == (True, 0, 3)
    assert seal_entries(by=SEALER) == 3
    assert not is_to_be_sealed()
    write(2)
    assert seal_entries(by=SEALER) == 2
    assert list(Entry.objects.order_by("pk").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    report = verify_chain()
    assert (report.ok, report.sealed, report.unsealed, report.redacted) == (True, 5, 0, 0)
    assert chain_head() == ChainHead(5, Entry.objects.get(position=5).seal)


def test_one_and_many_entries_commit_in_the_same_number_of_queries_as_before(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    of = PeriodicRun(pk=1)
    with django_assert_num_queries(1):
        record(by=SEALER, act="one", of=of)
    with django_assert_num_queries(1):
        record_read(by=SEALER, act="read", of=of)
    many = [entry_of(by=SEALER, act=f"many {number}", of=of, detail={"n": number}) for number in range(50)]
    with transaction.atomic(), django_assert_num_queries(1):
        record_all(many)
    inserting(Entry, [entry_of(by=SEALER, act="prepared", of=of)]).run()
    assert Entry.objects.filter(commitment="").count() == 0
    assert len(set(Entry.objects.values_list("nonce", flat=True))) == 53
    seal_entries(by=SEALER)
    assert verify_chain().ok


@pytest.mark.parametrize(
    "detail",
    [
        {"fields": ("a", "b"), "nested": {"z": 1, "a": None}},
        {1: "a number", "å": "æøå", "flag": True},
        {"big": 1e20, "whole": 2.0, "small": 1e-7, "third": 1 / 3, "none": -0.0, "long": 12345678901234567890},
        {},
    ],
)
def test_entry_says_the_same_after_the_database_has_kept_it(detail: dict[Any, Any]) -> None:
    by = System("x", AT.astimezone(timezone(timedelta(hours=5))))
    record(by=by, act="kept", of=PeriodicRun(pk=1), detail=detail, division_id=OTHER)
    entry = Entry.objects.get(act="kept")
    assert entry.says() == entry.commitment
    assert verify_chain().ok


def test_commitment_and_seal_are_computed_as_they_always_were() -> None:
    # Another way of computing them would break the chain of every installation. The texts are written out here.
    entry = Entry(
        pk=3,
        nonce="00",
        at=AT.astimezone(timezone(timedelta(hours=5))),
        kind=Kind.WRITE,
        actor="user:1",
        act="a.b",
        object_type="c.D",
        object_id="1",
        division_id=OTHER,
        detail={"b": [1, 2.5], "a": "å"},
    )
    said = (
        b'["mentornet audit entry 1","00","2026-03-02T09:30:00.000000+00:00","write","user:1","a.b","c.D","1",'
        b'"00000000-0000-0000-0000-000000000008",{"a":"\\u00e5","b":[1,2.5]}]'
    )
    entry.commitment = entry.says()
    assert entry.commitment == hashlib.sha256(said).hexdigest()
    sealed = (
        f'["mentornet audit seal 1","{FORGED}",12,3,"2026-03-02T09:30:00.000000+00:00","write","a.b","c.D",'
        f'"{entry.commitment}"]'
    )
    assert entry.sealed_after(FORGED, 12) == hashlib.sha256(sealed.encode()).hexdigest()


def test_nobody_can_guess_from_a_commitment_what_was_said() -> None:
    first, second = (entry_of(by=SEALER, act="same", of=PeriodicRun(pk=1)) for _ in range(2))
    record_all([first, second])
    assert first.commitment != second.commitment


def test_pages_are_walked_from_the_first_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_PAGE", 2)
    entries = write_sealed(5)
    assert verify_chain().sealed == 5
    with off_guard():
        change(entries[4], actor="")
    assert fault() == ("changed", 5)


def test_verifying_asks_for_pages_not_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for count in (1, 30):
        write_sealed(count)
        with django_assert_num_queries(9):
            assert verify_chain().ok


def test_what_is_sealed_while_somebody_verifies_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    write_sealed(3)
    walked = queries._Walk._step

    def meanwhile(walk: queries._Walk, entry: Entry) -> Any:
        if entry.position == 2:
            write_sealed(2)
        return walked(walk, entry)

    monkeypatch.setattr(queries._Walk, "_step", meanwhile)
    report = verify_chain()
    assert (report.ok, report.sealed) == (True, 5)


def test_head_signed_with_a_former_secret_key_is_signed_anew(settings: Settings) -> None:
    write_sealed(2)
    assert not sign_anew(by=SEALER)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert fault() is None
    assert sign_anew(by=SEALER)
    assert not sign_anew(by=SEALER)
    settings.SECRET_KEY_FALLBACKS = []
    assert fault() is None
    write_sealed(1)
    assert fault() is None


def test_lost_secret_key_stops_the_sealing_until_somebody_vouches(settings: Settings) -> None:
    write_sealed(2)
    settings.SECRET_KEY = "another"
    assert fault() == ("unknown_key", None)
    assert not sign_anew(by=SEALER)
    write(1)
    with pytest.raises(BrokenChainError):
        seal_entries(by=SEALER)
    assert sign_unknown_head(by=System("audit", LATER)).ok
    assert Entry.objects.get(act="audit.sign").detail == {"sealed": 2}
    assert seal_entries(by=SEALER) == 2
    assert fault() is None


def test_head_of_a_broken_chain_is_not_signed(settings: Settings) -> None:
    entries = write_sealed(2)
    with off_guard():
        change(entries[0], actor="user:nobody")
    settings.SECRET_KEY = "another"
    assert not sign_unknown_head(by=System("audit", LATER)).ok
    with off_guard():
        change(entries[0], actor=entries[0].actor)
    assert fault() == ("unknown_key", None)


# The nightly look -----------------------------------------------------------------------------------------------------


def test_head_is_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    write_sealed(2)
    with caplog.at_level("INFO", logger="mentornet.audit"):
        check_chain(by=SEALER)
    assert f"head {chain_head()}" in caplog.text


def test_broken_chain_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    entries = write_sealed(2)
    with off_guard():
        change(entries[1], actor="user:nobody")
    with caplog.at_level("INFO", logger="mentornet.audit"), pytest.raises(BrokenChainError):
        check_chain(by=SEALER)
    assert "broken" in caplog.text
    assert f"position 2, row {entries[1].pk}" in caplog.text
    assert "nobody" not in caplog.text


@pytest.mark.parametrize("act", [pytest.param(ChainHead.read, id="read")])
@pytest.mark.parametrize("text", ["", "12", "12:", "a:b", "0:abc", ":", "-1:abc", "²:abc"])
def test_text_that_is_no_head_is_refused(act: Callable[[str], ChainHead], text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}"):
        act(text)
    head = ChainHead(12, "ab")
    assert act(f" {head}\n") == head
    assert act("0:") == ChainHead(0, "")
