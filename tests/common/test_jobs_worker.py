"""The worker as a process: told to stop, killed, and left alone by its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from common import job_samples
from mentornet.audit.models import Entry
from mentornet.common.beats import beating, is_a_worker_alive
from mentornet.common.jobs import enqueue
from mentornet.common.management.commands import work
from mentornet.common.models import WorkerBeat

TESTS: Final = Path(__file__).parents[1]
CODE: Final = (
    "import sys, django; django.setup(); from django.core.management import call_command; "
    "call_command('work', *sys.argv[1:])"
)

pytestmark = pytest.mark.django_db(transaction=True)


def address_of_test_database() -> str:
    """Return the test's own database, as an installation would name it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    server = urlsplit(os.environ["MENTORNET_TEST_DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{database['NAME']}"))


def start_worker(*options: str) -> subprocess.Popen[bytes]:
    # The installation's own settings, not the tests'.
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(TESTS),
        "DJANGO_SETTINGS_MODULE": "mentornet.config.settings",
        "MENTORNET_DATABASE_URL": address_of_test_database(),
        "MENTORNET_DATA": str(django_settings.INSTALLATION.data_folder),
        "MENTORNET_SECRET_KEY": "x" * 50,
        "MENTORNET_DEMO": "yes",
    }
    return subprocess.Popen([sys.executable, "-c", CODE, *options], env=environment, stderr=subprocess.PIPE)


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker, ended with its test."""
    process = start_worker()
    yield process
    process.kill()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def wait_for(act: str, seconds: float = 120) -> Entry:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if entry := Entry.objects.filter(act=act).first():
            return entry
        time.sleep(0.02)
    raise AssertionError(f"{act}: not within {seconds} seconds")


def test_worker_told_to_stop_ends_its_job_first_and_begins_no_other(worker: subprocess.Popen[bytes]) -> None:
    running, waiting = enqueue("test.wait", seconds=3), enqueue("test.note", words="not now")
    assert wait_for("waiting").detail["pid"] == worker.pid
    worker.send_signal(signal.SIGTERM)
    _, words = worker.communicate(timeout=120)
    assert worker.returncode == 0, words.decode()
    assert not WorkerBeat.objects.exists()
    states = {str(job.pk): job.status for job in DBTaskResult.objects.all()}
    assert states == {running: "SUCCESSFUL", waiting: "READY"}
    assert Entry.objects.filter(act="waited").exists()


def test_job_of_a_killed_worker_is_done_by_the_next(worker: subprocess.Popen[bytes]) -> None:
    job = enqueue("test.wait", seconds=3)
    wait_for("waiting")
    worker.kill()
    worker.wait()
    assert [(str(left.pk), left.status) for left in DBTaskResult.objects.all()] == [(job, "RUNNING")]
    assert not Entry.objects.filter(act="waited").exists()

    # Three minutes later.
    assert is_a_worker_alive(timezone.now())
    WorkerBeat.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=4))
    second = start_worker("--once")
    _, words = second.communicate(timeout=120)
    assert second.returncode == 0, words.decode()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert Entry.objects.filter(act="waited").count() == 1


def hold_the_lock(held: threading.Event, release: threading.Event) -> None:
    """Write, and take long: nobody else can write to the embedded database meanwhile."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            held.set()
            release.wait(120)
            cursor.execute("ROLLBACK")
    finally:
        connection.close()


def test_worker_survives_a_database_that_is_locked_or_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "TROUBLE_SECONDS", 0.0)
    enqueue("test.note", words="after all")
    command = work.Command()
    if connection.vendor == "sqlite":
        held, release = threading.Event(), threading.Event()
        thread = threading.Thread(target=hold_the_lock, args=(held, release))
        thread.start()
        assert held.wait(120)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")
        command.run_a_round("w")
        release.set()
        thread.join()
        assert "the database cannot be used now" in caplog.text
        assert not Entry.objects.filter(act="noted").exists()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [backend] = cursor.fetchone()
        end_connection(backend)
    command.run_a_round("w")
    assert [entry.detail["words"] for entry in Entry.objects.filter(act="noted")] == ["after all"]


def test_worker_is_seen_during_a_long_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentornet.common.beats.BEAT_SECONDS", 0.05)
    began = timezone.now()
    with beating("w", timezone.now):
        until = time.monotonic() + 120
        while not WorkerBeat.objects.filter(seen_at__gt=began + timedelta(seconds=0.2)).exists():
            assert time.monotonic() < until
    assert not WorkerBeat.objects.exists()


def end_connection(backend: int) -> None:
    def end() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        finally:
            connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


def test_samples_are_found_by_the_worker() -> None:
    assert job_samples.wait.module_path == "common.job_samples.wait"
