"""Backups as an administrator makes and restores them: by the program, on both kinds of database."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection

from backups.installations import Installation, Make
from mentornet.backups.reaching import connected

pytestmark = pytest.mark.database
BIG: Final = 24 << 20


def _state(one: Installation) -> list[tuple[Any, ...]]:
    return [*one.sql("SELECT email FROM accounts_user ORDER BY email"), *one.sql("SELECT count(*) FROM audit_entry")]


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("restoring", "backing-up-")))


def _beside(one: Installation) -> list[str]:
    """Return under which names a former state is kept."""
    if connection.vendor == "sqlite":
        return [path.name for path in one.data.glob("mentornet.sqlite3.*")]
    return [name for (name,) in one.sql("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'mentornet%%'")]


def test_lost_machine_comes_back_whole(install: Make, tmp_path: Path) -> None:
    lost, new = install(), install(empty=True)
    (lost.data / "files/handbook").mkdir(parents=True)
    (lost.data / "files/handbook/hæfte.pdf").write_bytes(b"%PDF-1.7")
    (lost.data / "mentornet.env").write_text("MENTORNET_SENDER=Kontoret <kontor@example.org>\n", encoding="utf-8")
    lost.sql("INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k', 'd', '2099-01-01')")
    before = _state(lost)
    file = lost.backup(tmp_path / "all.age")
    assert file.stat().st_mode & 0o77 == 0
    assert b"anna@example.org" not in file.read_bytes()

    told = new.mentornet("restore", str(file), "--identity", str(lost.key))
    assert "Restored: the state of" in told
    # The restore itself is one line of the audit.
    assert _state(new) == [before[0], (before[1][0] + 1,)]
    assert (new.data / "files/handbook/hæfte.pdf").read_bytes() == b"%PDF-1.7"
    assert (new.data / "secret-key").read_bytes() == (lost.data / "secret-key").read_bytes()
    # Settings of another machine are never in force by themselves.
    assert not (new.data / "mentornet.env").exists()
    assert len(list(new.data.glob("mentornet.env.of-*"))) == 1
    # Nobody is signed in by a session that may have been ended since.
    assert new.sql("SELECT count(*) FROM django_session") == [(0,)]
    assert new.sql("SELECT kind, problem FROM backups_run") == [("restore", "")]
    assert _left(new.data) == []


def test_data_are_never_written_over(install: Make, tmp_path: Path) -> None:
    one = install()
    file = one.backup(tmp_path / "all.age")
    one.sql("UPDATE accounts_user SET name = 'Changed since'")
    assert "--replace" in one.restore(file, code=2)
    assert one.sql("SELECT name FROM accounts_user") == [("Changed since",)]
    assert _beside(one) == []

    one.restore(file, "--replace")
    assert one.sql("SELECT name FROM accounts_user") == [("Anna Holm",)]
    (kept,) = _beside(one)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(one.data / kept)) as former:
            assert former.execute("SELECT name FROM accounts_user").fetchall() == [("Changed since",)]
    else:
        assert one.sql(f"SELECT name FROM {kept}.accounts_user") == [("Changed since",)]
    # What is kept beside does not come along into the next backup.
    again = one.backup(tmp_path / "again.age")
    assert again.stat().st_size < 1.5 * file.stat().st_size
    assert "is there already" in one.mentornet("backup", str(again), "--key", one.public, code=2)


def test_nothing_is_restored_under_a_running_program(install: Make, tmp_path: Path) -> None:
    one = install()
    file = one.backup(tmp_path / "all.age")
    # Somebody who has the database open and does nothing at all.
    with connected(one.database) as idle, idle.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        cursor.fetchall()
        assert "still running" in one.restore(file, "--replace", code=2)
    assert _left(one.data) == []
    one.restore(file, "--replace")


def test_refused_files_change_nothing(install: Make, tmp_path: Path) -> None:
    one = install()
    one.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', '2030-01-01')")
    newer = one.backup(tmp_path / "newer.age")
    one.sql("DELETE FROM django_migrations WHERE name = '9999_later'")
    file = one.backup(tmp_path / "all.age")
    (tmp_path / "cut.age").write_bytes(file.read_bytes()[:-1])
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "changed.age").write_bytes(changed)
    other = install()
    before = _state(one)
    assert "newer version" in one.restore(newer, "--replace", code=2)
    assert "damaged or not whole" in one.restore(tmp_path / "cut.age", "--replace", code=2)
    assert "damaged or not whole" in one.restore(tmp_path / "changed.age", "--replace", code=2)
    assert "None of these keys" in one.mentornet(
        "restore", str(file), "--identity", str(other.key), "--replace", code=2
    )
    assert "whole" in one.restore(file, "--check")
    assert _state(one) == before
    assert _left(one.data) == []
    assert _beside(one) == []


def test_backup_is_of_one_moment_while_others_write(install: Make, tmp_path: Path) -> None:
    """Two accounts between which money goes to and fro: their sum is the same at every moment."""
    one = install()
    one.sql("CREATE TABLE money_a (amount integer)")
    one.sql("CREATE TABLE money_b (amount integer)")
    one.sql("INSERT INTO money_a VALUES (1000)")
    one.sql("INSERT INTO money_b VALUES (1000)")
    _fill(one)
    ending, moved = threading.Event(), [0]

    def pay() -> None:
        with connected(one.database) as own:
            while not ending.is_set():
                own.set_autocommit(False)
                with own.cursor() as cursor:
                    cursor.execute("UPDATE money_a SET amount = amount - 1")
                    cursor.execute("UPDATE money_b SET amount = amount + 1")
                own.commit()
                own.set_autocommit(True)
                moved[0] += 1

    thread = threading.Thread(target=pay)
    thread.start()
    try:
        # The control: read one after the other, the two do not agree.
        torn = _until(lambda: one.sql("SELECT amount FROM money_a")[0][0] + _later(one) != 2000)
        before = moved[0]
        file = one.backup(tmp_path / "busy.age")
        assert moved[0] > before + 10
    finally:
        ending.set()
        thread.join()
    assert torn
    one.restore(file, "--replace")
    ((a,),), ((b,),) = one.sql("SELECT amount FROM money_a"), one.sql("SELECT amount FROM money_b")
    assert a + b == 2000
    assert a < 1000


def _later(one: Installation) -> int:
    time.sleep(0.01)
    return int(one.sql("SELECT amount FROM money_b")[0][0])


def _until(asked: Callable[[], bool], seconds: float = 240) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if asked():
            return True
    return False


def _fill(one: Installation) -> None:
    """Make the database large enough that reading it takes a while."""
    if connection.vendor == "sqlite":
        one.sql("CREATE TABLE large (words blob)")
        one.sql("INSERT INTO large VALUES (%s)", os.urandom(BIG))
    else:
        one.sql("CREATE TABLE large (words bytea)")
        one.sql("INSERT INTO large VALUES (%s)", os.urandom(BIG))


def test_two_at_once_do_not_meet(install: Make, tmp_path: Path) -> None:
    one = install()
    with (one.data / "backups.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "under way" in one.mentornet("backup", str(tmp_path / "second.age"), "--key", one.public, code=2)
        assert not list(tmp_path.glob("second*"))
    one.backup(tmp_path / "second.age")


def test_killed_backup_leaves_no_half_file(install: Make, tmp_path: Path) -> None:
    one = install()
    _fill(one)
    folder = tmp_path / "there"
    folder.mkdir()
    kills = 0
    for size in (0, 1 << 20, 8 << 20):
        process = one.start("backup", str(folder / "a.age"), "--key", one.public)
        if _killed_once(process, partial(_is_larger, folder, size)):
            kills += 1
            assert not (folder / "a.age").exists()
        (folder / "a.age").unlink(missing_ok=True)
    assert kills
    one.backup(folder / "a.age")
    assert [path.name for path in folder.iterdir()] == ["a.age"]
    # Nor a readable copy of the database that only the killed one knew of.
    assert _left(one.data) == []
    assert "whole" in one.restore(folder / "a.age", "--check")


def _is_larger(folder: Path, size: int) -> bool:
    with suppress(FileNotFoundError):
        return sum(path.stat().st_size for path in folder.glob("*.part-*")) > size
    return False


def _killed_once(process: subprocess.Popen[str], asked: Callable[[], bool]) -> bool:
    """Kill a process as soon as something is so; tells whether it was in time."""
    with process:
        _until(lambda: process.poll() is not None or asked())
        process.kill()
    return process.returncode == -signal.SIGKILL


def test_killed_restore_is_begun_again(install: Make, tmp_path: Path) -> None:
    one = install()
    file = one.backup(tmp_path / "all.age")
    one.sql("UPDATE accounts_user SET name = 'Changed since'")
    for sign in ("restoring", "restoring/database", "restoring/restored-copy"):
        process = one.start("restore", str(file), "--identity", str(one.key), "--replace")
        assert _killed_once(process, (one.data / sign).exists)
        # What it had begun may go on for a moment; nothing of it is seen by anybody.
        assert one.sql("SELECT name FROM accounts_user") == [("Changed since",)]
    if connection.vendor == "postgresql":
        # What it had asked of the server ends by itself, and is taken back.
        assert _until(lambda: _others(one) == 0)
    one.restore(file, "--replace")
    assert one.sql("SELECT name FROM accounts_user") == [("Anna Holm",)]
    assert _left(one.data) == []
    assert len(_beside(one)) == 1


def _others(one: Installation) -> int:
    ((count,),) = one.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    return int(count)


def test_full_disk_is_told_and_leaves_nothing(install: Make, tmp_path: Path) -> None:
    one = install()
    (one.data / "files").mkdir()
    (one.data / "files/large").write_bytes(os.urandom(BIG))
    file = one.backup(tmp_path / "all.age")

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))

    there = sorted(tmp_path.iterdir())
    command = ["backup", str(tmp_path / "none.age"), "--key", one.public]
    assert "not enough room" in one.mentornet(*command, code=2, preexec_fn=no_room)
    before = _state(one)
    assert "File too large" in one.restore(file, "--replace", code=2, preexec_fn=no_room)
    assert sorted(tmp_path.iterdir()) == there
    assert _left(one.data) == []
    assert _state(one) == before


def test_whoever_was_erased_since_does_not_come_back(install: Make, tmp_path: Path) -> None:
    one = install()
    canary = "Zcanaryæ"
    made = one.python(
        "from factories.django_rows import make_person\nfrom mentornet.people.models import Person\n"
        f"person = make_person('{canary} Holm')\nprint(person.pk)"
    ).splitlines()[-1]
    file = one.backup(tmp_path / "with-her.age")
    elsewhere = tmp_path / "ledger-from-elsewhere.jsonl"
    one.python(
        "from pathlib import Path\nfrom datetime import datetime, UTC\n"
        "from mentornet.common.ledger import LedgerEntry, Step, hashed, held\n"
        "from mentornet.privacy.services.erasing import person_key\n"
        f"entry = LedgerEntry(1, datetime.now(UTC), hashed(person_key('{made}')))\n"
        f"with held(Path('{elsewhere}')) as ledger:\n"
        "    ledger.write(Step.BEGUN, [entry]); ledger.write(Step.DONE, [entry])"
    )
    # The control: a ledger that knows nothing of her lets her come back.
    assert "carried out again: 0" in one.restore(file, "--replace")
    assert one.sql("SELECT count(*) FROM people_person WHERE first_name LIKE %s", f"%{canary}%") == [(1,)]

    assert "carried out again: 1" in one.restore(file, "--replace", "--ledger", str(elsewhere))
    assert one.sql("SELECT count(*) FROM people_person WHERE first_name LIKE %s", f"%{canary}%") == [(0,)]
    # From now on this installation's own ledger knows it, whatever is restored.
    assert "carried out again: 1" in one.restore(file, "--replace")
    if connection.vendor == "sqlite":
        assert canary.encode() not in one.file.read_bytes()
    assert one.mentornet("drill", str(file), "--identity", str(one.key)).startswith("A good drill")
    elsewhere.write_text("nonsense\n", encoding="utf-8")
    assert "ledger cannot be read" in one.restore(file, "--replace", "--ledger", str(elsewhere), code=2)
