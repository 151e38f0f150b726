"""Entries that end late, several workers at a time, and somebody who is erased meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q

from audit.tampering import SEALER, fault, head, write, write_sealed
from factories.django_rows import AT
from mentornet.audit import services
from mentornet.audit.models import Entry, Head
from mentornet.audit.queries import verify_chain
from mentornet.audit.services import record, redact, seal_entries
from mentornet.common.actors import System
from mentornet.common.jobs import run_due_periodic
from mentornet.common.models import PeriodicRun
from racing import DONE, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def under_way(act: Callable[[], object]) -> Iterator[None]:
    """Do an act in a transaction of its own that ends only after the block."""
    done, ending = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                act()
                done.set()
                assert ending.wait(20)
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        assert done.wait(20)
        try:
            yield
        finally:
            ending.set()
        running.result(20)


@pytest.mark.postgresql_only
def test_entry_whose_transaction_ends_late_is_sealed_later() -> None:
    with under_way(lambda: record(by=SEALER, act="late", of=PeriodicRun(pk=1))):
        write(3)
        assert seal_entries(by=SEALER) == 3
        assert fault() is None
    late = Entry.objects.get(act="late")
    # The control: its key is smaller than those that are sealed; a mark at the last key would have passed it over.
    assert late.pk < Entry.objects.get(position=1).pk
    assert seal_entries(by=SEALER) == 1
    late.refresh_from_db()
    assert late.position == 4
    assert fault() is None


def test_workers_that_seal_at_once_give_each_entry_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 5)
    write(40)

    def work() -> None:
        for _ in range(4):
            seal_entries(by=SEALER)

    def more() -> None:
        for number in range(20):
            record(by=SEALER, act=f"more {number}", of=PeriodicRun(pk=number))

    assert at_once(work, work, work, more, more, refusals=()) == {DONE: 5}
    while seal_entries(by=SEALER):
        pass
    assert list(Entry.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 81))
    report = verify_chain()
    assert (report.ok, report.sealed, report.unsealed) == (True, 80, 0)


@pytest.mark.postgresql_only
def test_chain_that_another_worker_begins_meanwhile_is_not_broken() -> None:
    # As in a database that was emptied.
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Head._meta.db_table}")
    write(3)
    begun: list[str] = []

    def meanwhile(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if not begun and Head._meta.db_table in sql:
            begun.append(sql)
            assert at_once(lambda: seal_entries(by=SEALER), refusals=()) == {DONE: 1}
        return answer

    with connection.execute_wrapper(meanwhile):
        assert seal_entries(by=SEALER) == 0
    assert begun
    report = verify_chain()
    assert (report.ok, report.sealed, report.unsealed) == (True, 3, 0)


@pytest.mark.postgresql_only
def test_head_that_another_worker_has_is_left_to_it() -> None:
    write_sealed(1)
    write(2)
    with under_way(lambda: Head.objects.select_for_update().get()):
        assert seal_entries(by=SEALER) == 0
    assert seal_entries(by=SEALER) == 2


@pytest.mark.postgresql_only
def test_without_the_lock_two_would_seal_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # The negative control: the second one finds the head moved, and takes its work back.
    write_sealed(1)
    write(1)
    stale = head()
    assert seal_entries(by=SEALER) == 1
    write(1)
    monkeypatch.setattr(services, "_take_head", lambda: stale)
    with pytest.raises(Exception, match=r"moved by somebody else|position"):
        seal_entries(by=SEALER)
    monkeypatch.undo()
    assert seal_entries(by=SEALER) == 1
    assert fault() is None


@pytest.mark.postgresql_only
def test_entry_that_is_just_being_emptied_is_sealed_afterwards() -> None:
    entries = write(3)
    with under_way(lambda: redact(by=SEALER, entries=Q(pk=entries[1].pk), number=1)):
        assert seal_entries(by=SEALER) == 2
        assert fault() is None
    assert seal_entries(by=SEALER) == 2
    assert fault() is None


def test_erasures_and_sealing_at_once_leave_a_chain_that_holds() -> None:
    entries = write(40)

    def erase(number: int) -> Callable[[], object]:
        return lambda: redact(by=SEALER, entries=Q(pk__in=[one.pk for one in entries[number::4]]), number=number)

    def seal() -> None:
        for _ in range(5):
            seal_entries(by=SEALER)

    assert at_once(erase(1), erase(2), seal, seal, refusals=()) == {DONE: 4}
    while seal_entries(by=SEALER):
        pass
    report = verify_chain()
    assert (report.first_fault, report.sealed, report.redacted) == (None, 42, 20)


def test_worker_seals_by_itself_at_most_every_few_seconds() -> None:
    # The night's round writes an entry of its own.
    run_due_periodic(AT - timedelta(minutes=1))
    write(2)
    run_due_periodic(AT)
    assert Entry.objects.filter(position=None).count() == 0
    write(1)
    run_due_periodic(AT + timedelta(seconds=1))
    assert Entry.objects.filter(position=None).count() == 1
    run_due_periodic(AT + timedelta(seconds=4))
    assert Entry.objects.filter(position=None).count() == 0
    # Three of ours, and the night's.
    assert head().sealed == 4
    assert fault() is None


def test_broken_chain_stands_with_the_job_and_letters_leave_all_the_same() -> None:
    write_sealed(2)
    Head.objects.update(seal="0" * 64)
    write(1)
    assert run_due_periodic(AT) > 3
    problems = dict(PeriodicRun.objects.exclude(last_problem="").values_list("name", "last_problem"))
    assert set(problems) == {"audit.seal", "audit.check"}
    assert problems["audit.seal"].startswith("BrokenChainError")


def test_entries_of_a_transaction_that_failed_leave_no_gap() -> None:
    def fail() -> None:
        with transaction.atomic():
            record(by=SEALER, act="never", of=PeriodicRun(pk=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write_sealed(2)
    assert head().sealed == 2
    assert fault() is None


def test_emptied_database_begins_a_new_chain() -> None:
    write_sealed(2)
    call_command("flush", interactive=False, verbosity=0)
    assert write_sealed(1)[0].position == 1
    assert fault() is None
    record(by=System("x", AT), act="x", of=PeriodicRun(pk=1))
    assert verify_chain().unsealed == 1
