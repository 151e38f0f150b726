"""``mentornet audit``: what it says, and with which code it ends."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Q
from pytest_django import Settings

from audit.tampering import FORGED, SEALER, change, off_guard, write, write_sealed
from mentornet.audit.models import Entry, Head
from mentornet.audit.queries import chain_head
from mentornet.audit.services import redact
from mentornet.common.answers import RefusedError
from mentornet.config.auditing import audit
from serving import of_nobody

pytestmark = pytest.mark.django_db


def asked(*, noted: str | None = None, sign: bool = False) -> tuple[int, str]:
    said: list[str] = []
    code = audit(noted=noted, sign=sign, say=said.append)
    return code, "\n".join(said)


def test_whole_chain_is_said_with_its_head() -> None:
    write_sealed(3)
    write(1)
    code, said = asked()
    assert code == 0
    assert said.startswith("3 entries are sealed")
    assert "1 entry waits" in said
    assert f"to show it later: {chain_head()}" in said
    assert asked(noted=str(chain_head()))[0] == 0


def test_nothing_is_written_by_looking() -> None:
    write_sealed(1)
    write(2)
    before = list(Entry.objects.order_by("pk").values()), list(Head.objects.values())
    asked()
    assert (list(Entry.objects.order_by("pk").values()), list(Head.objects.values())) == before


def test_broken_chain_says_where_and_what_to_do() -> None:
    entries = write_sealed(3)
    with off_guard():
        change(entries[1], actor="user:nobody")
    code, said = asked()
    assert code == 1
    assert f"BROKEN. At position 2 of the chain (row {entries[1].pk} of the table audit_entry)" in said
    assert "not as it was written" in said
    assert "keep a copy of the database" in said
    assert "Nothing was changed" not in said


def test_entry_that_waits_is_named_by_its_row() -> None:
    (entry,) = write(1)
    change(entry, actor="user:nobody")
    assert f"BROKEN. In row {entry.pk} of the table" in asked()[1]


def test_cut_off_end_is_named_by_its_place() -> None:
    entries = write_sealed(2)
    with off_guard():
        entries[1].delete()
    assert "BROKEN. At position 2 of the chain: An entry is missing here." in asked()[1]


def test_emptied_entries_are_counted() -> None:
    entries = write_sealed(2)
    redact(by=SEALER, entries=Q(pk=entries[0].pk), number=1)
    assert "1 entry was emptied" in asked()[1]


def test_head_that_the_chain_does_not_lead_through_ends_it_with_1() -> None:
    write_sealed(2)
    code, said = asked(noted=f"2:{FORGED}")
    assert (code, "does not lead through the head" in said) == (1, True)


def test_unreadable_head_is_refused() -> None:
    with pytest.raises(RefusedError, match="expected a head of the chain"):
        asked(noted="yesterday's")


def test_lost_key_is_explained_and_signed_only_when_asked(settings: Settings) -> None:
    write_sealed(2)
    settings.SECRET_KEY = "another"
    code, said = asked()
    assert (code, "mentornet audit --sign" in said) == (1, True)
    assert asked()[0] == 1
    assert asked(sign=True)[0] == 0
    assert asked()[0] == 0


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mentornet.cli", *words],
        env=of_nobody(folder) | {"MENTORNET_DEBUG": "yes", "MENTORNET_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.sqlite_only
def test_program_verifies_an_installation(tmp_path: Path) -> None:
    nothing = run(tmp_path, "audit")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "`mentornet serve` brings it up to date" in nothing.stderr
    assert run(tmp_path, "migrate").returncode == 0
    assert run(tmp_path, "worker", "--once").returncode == 0
    whole = run(tmp_path, "audit")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "Nothing was changed, left out or cut off." in whole.stdout
    with sqlite3.connect(tmp_path / "mentornet.sqlite3") as database:
        database.execute("UPDATE audit_head SET sealed = sealed + 1")
    broken = run(tmp_path, "audit")
    assert (broken.returncode, broken.stderr) == (1, "")
    assert "BROKEN." in broken.stdout
