"""A backup from before she was protected brings her back sealed; what is done while a restore runs is not lost."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Final

import pytest

from backups.installations import Installation, Make
from backups.test_last_step import MANIFEST, _ready, _told
from mentornet.backups.services import restoring
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import FILE_NAME, LedgerEntry, Step, hashed, held

BEGIN: Final = """
from django.utils import timezone
from protection.hers import COVER, MARKED, make_network, stored
from mentornet.agenda.models import Task
from mentornet.divisions.queries import staff_member
from mentornet.accounts.models import User
from mentornet.intake.models import Application
from mentornet.intake.services import protection
from mentornet.people.models import Person, ProtectedIdentity
HERS = {name: value for name, value in MARKED.items() if name not in ("first name", "employer", "school")}
def staff(name):
    return staff_member(User.objects.get(name=name), timezone.now())
def hers():
    return Application.objects.select_related("person").get(person__birth_year=1990)
"""
MADE: Final = f"{BEGIN}make_network(); print(len(stored(HERS)))"
PROTECT: Final = f"""{BEGIN}
protection.protect(by=staff("Karen Koordinator"), known_by=hers(), cover=COVER, reason="x")"""
LIFT: Final = f"""{BEGIN}
reveal = protection.ask_to_lift(by=staff("Karen Koordinator"), known_by=hers(), reason="x")
protection.approve_reveal(by=staff("Kirsten Kollega"), reveal=reveal)"""
LOOK: Final = f"""{BEGIN}
task = Task.objects.filter(kind="protect").first()
print(len(stored(HERS)), hers().person.name, ProtectedIdentity.objects.count(), task.words["why"] if task else "-")"""


def look(one: Installation) -> str:
    return one.python(LOOK).splitlines()[-1]


@pytest.mark.database
def test_whoever_was_protected_since_comes_back_sealed(install: Make, tmp_path: Path) -> None:
    one = install()
    assert int(one.python(MADE).splitlines()[-1]) > 10
    file = one.backup(tmp_path / "before.age")
    one.python(PROTECT)
    assert look(one) == "0 Solveig 1 -"
    elsewhere = tmp_path / "from-elsewhere.jsonl"
    (one.data / FILE_NAME).rename(elsewhere)

    # The control: no ledger knows of it, and she comes back open.
    assert "protected again: 0" in one.restore(file, "--replace")
    assert not look(one).startswith("0 ")

    # By a ledger from another machine; then by this installation's own, which holds it from now on.
    for ledger in (("--ledger", str(elsewhere)), ()):
        assert "protected again: 1" in one.restore(file, "--replace", *ledger)
        assert look(one) == "0 N.N. 1 1 again"
    assert one.mentornet("drill", str(file), "--identity", str(one.key)).startswith("A good drill")

    # Lifted since: as the backup has her.
    one.python(LIFT)
    assert "protected again: 0" in one.restore(file, "--replace")
    assert not look(one).startswith("0 ")


@pytest.mark.database
def test_done_while_a_restore_runs_it_stops_the_restore(install: Make, tmp_path: Path) -> None:
    one = install()
    file = one.backup(tmp_path / "all.age")
    one.sql("UPDATE accounts_user SET name = 'Changed since'")
    process = one.start("restore", str(file), "--identity", str(one.key), "--replace")
    end = time.monotonic() + 120
    while not (one.data / "restoring/restored-copy").exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
    entry = LedgerEntry(1, MANIFEST.made_at, hashed("person:somebody"))
    with held(one.data / FILE_NAME) as ledger:
        ledger.write(Step.BEGUN, [entry])
        ledger.write(Step.DONE, [entry])
    told, _none = process.communicate(timeout=300)
    assert process.returncode == 2, told
    assert "while the copy was made ready" in told
    assert one.sql("SELECT name FROM accounts_user") == [("Changed since",)]
    assert not (one.data / "restoring").exists()
    # Given again, it knows of it.
    one.restore(file, "--replace")
    assert one.sql("SELECT name FROM accounts_user") == [("Anna Holm",)]
    assert hashed("person:somebody") in (one.data / FILE_NAME).read_text(encoding="ascii")


@pytest.mark.sqlite_only
def test_what_stands_only_in_the_live_ledger_stops_the_last_step(tmp_path: Path) -> None:
    place, database = _ready(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(b"one\ntwo\n")
    (place.restoring / FILE_NAME).write_bytes(b"one\n")
    with pytest.raises(RefusedError, match="made ready"):
        restoring._swapped(place, database, MANIFEST, "which", "2026-11-22")
    assert not place.journal.exists()
    assert (tmp_path / "files/one").read_text(encoding="utf-8") == "former"
    # The control: the same lines, and it is done.
    (place.restoring / FILE_NAME).write_bytes(b"one\ntwo\n")
    restoring._swapped(place, database, MANIFEST, "which", "2026-11-22")
    assert (tmp_path / "files/one").read_text(encoding="utf-8") == "restored"


@pytest.mark.sqlite_only
def test_ledger_that_was_made_to_be_held_is_no_former_state(tmp_path: Path) -> None:
    place, database = _ready(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    restoring._swapped(place, database, MANIFEST, "which", "2026-11-22")
    told = _told(tmp_path)
    assert told[FILE_NAME] == "restored"
    assert f"before-2026-11-22/{FILE_NAME}" not in told


@pytest.mark.sqlite_only
def test_whoever_waits_for_the_ledger_writes_into_the_new_one(tmp_path: Path) -> None:
    place, database = _ready(tmp_path)
    for path in (tmp_path, place.restoring):
        (path / FILE_NAME).write_bytes(b"")
    entry, waiting = LedgerEntry(1, MANIFEST.made_at, hashed("person:somebody")), threading.Event()

    def erase() -> None:
        waiting.set()
        with held(tmp_path / FILE_NAME) as ledger:
            ledger.write(Step.BEGUN, [entry])

    thread = threading.Thread(target=erase)
    with held(tmp_path / FILE_NAME):
        thread.start()
        waiting.wait()
        time.sleep(0.1)
        journal = restoring._planned(place, database, MANIFEST, "which", "2026-11-22")
        restoring._begin(place, journal)
        restoring._finish(place, database)
    thread.join()
    assert entry.key in (tmp_path / FILE_NAME).read_text(encoding="ascii")
