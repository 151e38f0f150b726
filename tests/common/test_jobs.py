"""Jobs that somebody asks for, jobs that come round, and the worker that runs them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from common import job_samples
from mentornet.audit.models import Entry
from mentornet.common import jobs
from mentornet.common.actors import System
from mentornet.common.beats import is_a_worker_alive
from mentornet.common.jobs import (
    MOST_STARTS,
    enqueue,
    every,
    forget_finished_jobs,
    is_a_job_lost,
    recover_jobs,
    register_job,
    run_due_periodic,
    run_ready_job,
    run_round,
)
from mentornet.common.models import PeriodicRun, WorkerBeat

NOON: Final = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Leave only the periodic jobs that the test itself registers."""
    usual = dict(jobs._PERIODIC)
    jobs._PERIODIC.clear()
    yield
    jobs._PERIODIC.clear()
    jobs._PERIODIC.update(usual)


def notes() -> list[str]:
    return [entry.detail["words"] for entry in Entry.objects.filter(act="noted").order_by("pk")]


def test_job_is_run_once_with_its_words() -> None:
    enqueue("test.note", words="one")
    enqueue("test.note", words="two")
    while run_ready_job("w", NOON):
        pass
    assert notes() == ["one", "two"]
    assert [job.status for job in DBTaskResult.objects.all()] == ["SUCCESSFUL", "SUCCESSFUL"]


def test_job_of_failed_work_is_never_run() -> None:
    def fail() -> None:
        with transaction.atomic():
            enqueue("test.note", words="never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not DBTaskResult.objects.exists()
    assert not run_ready_job("w", NOON)
    # The control: of work that stands, it is.
    with transaction.atomic():
        enqueue("test.note", words="always")
    assert run_ready_job("w", NOON)
    assert notes() == ["always"]


def test_failing_job_keeps_its_fault_and_the_next_one_runs() -> None:
    failed = enqueue("test.fail", words="alas")
    enqueue("test.note", words="on")
    while run_ready_job("w", NOON):
        pass
    job = DBTaskResult.objects.get(pk=failed)
    assert (job.status, job.exception_class_path) == ("FAILED", "builtins.ValueError")
    assert notes() == ["on"]


def test_unknown_job_and_names_taken_twice_are_refused() -> None:
    with pytest.raises(KeyError):
        enqueue("test.nothing")
    with pytest.raises(TypeError):
        enqueue("test.note", words=object())
    with pytest.raises(ValueError, match="registered twice"):
        register_job("test.note")(job_samples.note)


def lose(job: str, *, starts: int = 1, seen: float | None = None) -> None:
    """Leave a job begun at noon as a worker does that dies with it, last seen so many minutes later."""
    workers = [f"w{number}" for number in range(starts)]
    DBTaskResult.objects.filter(pk=job).update(status="RUNNING", started_at=NOON, worker_ids=workers)
    if seen is not None:
        WorkerBeat.objects.create(name=workers[-1], seen_at=after(seen))


@pytest.mark.parametrize(("seen", "lost"), [(0, 3), (20, 23), (None, 60)])
def test_job_of_a_dead_worker_is_run_again(seen: float | None, lost: float) -> None:
    lose(enqueue("test.note", words="again"), seen=seen)
    assert not is_a_job_lost(after(lost - 0.1))
    recover_jobs(by=System("recover jobs", after(lost - 0.1)))
    assert not run_ready_job("w", NOON)
    assert is_a_job_lost(after(lost))
    recover_jobs(by=System("recover jobs", after(lost)))
    assert run_ready_job("w", NOON)
    assert notes() == ["again"]
    assert not is_a_job_lost(after(999))


def test_job_that_kills_its_workers_is_given_up() -> None:
    lose(enqueue("test.note", words="never"), starts=MOST_STARTS, seen=0)
    recover_jobs(by=System("recover jobs", after(60)))
    assert not run_ready_job("w", NOON)
    assert DBTaskResult.objects.get().status == "FAILED"
    assert DBTaskResult.objects.get().task_result.errors[0].exception_class is InterruptedError


def test_worker_is_alive_until_it_is_not_seen() -> None:
    assert not is_a_worker_alive(NOON)
    WorkerBeat.objects.create(name="w", seen_at=NOON)
    assert is_a_worker_alive(after(2))
    assert not is_a_worker_alive(after(3))
    forget_finished_jobs(by=System("forget", after(24 * 60)))
    assert not WorkerBeat.objects.exists()


def test_finished_jobs_are_forgotten_after_two_weeks() -> None:
    old, new, waiting = (enqueue("test.note", words="x") for _ in range(3))
    DBTaskResult.objects.filter(pk=old).update(status="SUCCESSFUL", finished_at=NOON)
    DBTaskResult.objects.filter(pk=new).update(status="FAILED", finished_at=NOON + timedelta(days=1))
    forget_finished_jobs(by=System("forget", NOON + timedelta(days=14)))
    assert {str(pk) for pk in DBTaskResult.objects.values_list("pk", flat=True)} == {new, waiting}


@pytest.mark.usefixtures("quiet")
def test_periodic_job_comes_round_and_is_told_the_time() -> None:
    seen: list[tuple[str, float]] = []

    @every(name="tick", minutes=10)
    def tick(*, by: System) -> None:
        seen.append((by.key, round((by.at - NOON).total_seconds() / 60)))

    for minutes in (0, 1, 9.9, 10.1, 15, 21):
        run_due_periodic(after(minutes))
    assert seen == [("system:tick", 0), ("system:tick", 10), ("system:tick", 21)]
    run = PeriodicRun.objects.get(name="tick")
    assert run.last_problem == ""
    assert run.last_started_at is not None
    assert run.last_finished_at is not None
    assert after(21) <= run.last_started_at <= run.last_finished_at < after(22)


@pytest.mark.usefixtures("quiet")
def test_letters_wait_for_one_slow_job_at_most() -> None:
    """Registered last, and due anew at once: between two slow ones it has its turn."""
    ran: list[str] = []
    for name in ("backup", "check"):
        every(name=name, minutes=24 * 60, slow=True)(lambda *, by: ran.append(by.job))
    every(name="letters", when=lambda _: True)(lambda *, by: ran.append(by.job))
    run_due_periodic(NOON)
    assert ran == ["letters", "backup", "letters", "check"]


@pytest.mark.usefixtures("quiet")
def test_failing_periodic_job_is_kept_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    @every(name="bad", minutes=24 * 60)
    def bad(*, by: System) -> None:
        seen.append("bad")
        if by.at < after(60):
            raise ValueError("amal@example.org is secret")

    @every(name="good", minutes=24 * 60)
    def good(*, by: System) -> None:
        del by
        seen.append("good")

    assert run_due_periodic(NOON) == 2
    assert seen == ["bad", "good"]
    problem = PeriodicRun.objects.get(name="bad").last_problem
    assert problem.startswith("ValueError in ")
    assert "bad (test_jobs.py:" in problem
    assert "bad failed" in caplog.text
    assert "amal@example.org" not in problem + caplog.text
    # It is tried again within the hour, and then rests its day.
    assert [run_due_periodic(after(minutes)) for minutes in (59, 61, 122)] == [0, 1, 0]
    assert PeriodicRun.objects.get(name="bad").last_problem == ""


@pytest.mark.usefixtures("quiet")
def test_job_that_fails_whenever_there_is_work_does_not_spin() -> None:
    @every(name="spinning", when=lambda _: True)
    def spinning(*, by: System) -> None:
        raise ValueError(by.job)

    assert [run_due_periodic(after(minutes)) for minutes in (0, 0.1, 0.9, 1.1)] == [1, 0, 0, 1]


@pytest.mark.usefixtures("quiet")
def test_periodic_job_cut_short_comes_round_within_the_hour() -> None:
    class KilledError(BaseException):
        pass

    alive: list[datetime] = []

    @every(name="nightly", minutes=24 * 60)
    def nightly(*, by: System) -> None:
        if by.at < after(1):
            raise KilledError
        alive.append(by.at)

    with pytest.raises(KilledError):
        run_due_periodic(NOON)
    assert [run_due_periodic(after(minutes)) for minutes in (59, 61, 200)] == [0, 1, 0]
    assert len(alive) == 1


@pytest.mark.usefixtures("quiet")
def test_job_with_nothing_to_do_writes_nothing() -> None:
    work: list[int] = []

    @every(name="on demand", when=lambda _: bool(work))
    def on_demand(*, by: System) -> None:
        del by
        work.clear()

    assert run_due_periodic(NOON) == 0
    assert PeriodicRun.objects.get().last_started_at is None
    work.append(1)
    assert run_due_periodic(NOON) == 1
    assert run_due_periodic(NOON) == 0


@pytest.mark.usefixtures("quiet")
def test_jobs_without_rest_or_registered_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="never rest"):
        every(name="mad")
    every(name="once", minutes=1)(lambda *, by: by)
    with pytest.raises(ValueError, match="registered twice"):
        every(name="once", minutes=1)(lambda *, by: by)


@pytest.mark.usefixtures("quiet")
def test_round_stops_between_jobs_when_told() -> None:
    ran: list[str] = []
    every(name="a", minutes=1)(lambda *, by: ran.append(by.job))
    every(name="b", minutes=1)(lambda *, by: ran.append(by.job))
    enqueue("test.note", words="later")
    assert run_round("w", lambda: NOON, stopping=lambda: bool(ran)) == 1
    assert ran == ["a"]
    assert notes() == []
    assert run_round("w", lambda: NOON) == 2
    assert (ran, notes()) == (["a", "b"], ["later"])


@pytest.mark.usefixtures("quiet")
def test_work_once_does_everything_that_follows_from_what_is_due() -> None:
    # The periodic job asks for a job, which makes work for the next round of another.
    every(name="first", minutes=60)(lambda *, by: enqueue("test.note", words=by.job))

    @every(name="last", when=lambda _: Entry.objects.filter(act="noted").exists())
    def last(*, by: System) -> None:
        Entry.objects.filter(act="noted").update(act=by.job)

    call_command("work", "--once")
    assert Entry.objects.filter(act="last").count() == 1
    assert not DBTaskResult.objects.ready().exists()


def claims(*, threads: int) -> int:
    """Let workers look for due jobs at one moment; return how many ran."""
    start = threading.Barrier(threads)

    def run(_: int) -> int:
        try:
            start.wait(10)
            return run_due_periodic(NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(run, range(threads)))


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_the_same_job() -> None:
    for number in range(20):
        enqueue("test.note", words=str(number))
    start = threading.Barrier(3)

    def work(name: str) -> None:
        try:
            start.wait(10)
            while run_ready_job(name, NOON):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, "abc"))
    assert sorted(notes(), key=int) == [str(number) for number in range(20)]
    assert {len(job.worker_ids) for job in DBTaskResult.objects.all()} == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet")
def test_two_workers_never_run_the_same_round() -> None:
    ran: list[str] = []
    for name in "abcdefgh":
        every(name=name, minutes=1)(lambda *, by: ran.append(by.job))
    assert claims(threads=4) == 8
    assert sorted(ran) == list("abcdefgh")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet")
def test_without_the_claim_two_workers_run_the_same_round(monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test above: both find the job due, and nothing but the condition keeps them apart.
    both_have_looked, find_due = threading.Barrier(2), jobs._due_names

    def together(at: datetime) -> list[str]:
        names = find_due(at)
        both_have_looked.wait(10)
        return names

    ran: list[str] = []
    every(name="a", minutes=1)(lambda *, by: ran.append(by.job))
    monkeypatch.setattr(jobs, "_due_names", together)
    assert claims(threads=2) == 1
    monkeypatch.setattr(jobs, "_is_due", lambda *_: Q())
    assert claims(threads=2) == 2
