"""The data of a former release, as its own code has left them, brought up to date, used, and brought back."""

from __future__ import annotations

import json
import lzma
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, migrations

from deploy.rows_compared import Rows, differences, narrowed
from deploy.upgrade_data import DATA, HERE, SECRET_KEY, database_url, server
from mentornet.audit.models import Head
from mentornet.config.upgrading import PROTECTED, NoWayBackError, irreversible, refuse_to_open, rows_lost, steps_back
from serving import of_nobody

FORMER: Final = DATA / "former.json"
LONGEST: Final = 600

Former = Callable[[], dict[str, str]]
"""Puts the former release's data into a database of their own; returns the environment that names it."""


def text_of(name: str) -> str:
    """Return one of the files that hold the former release's data."""
    return lzma.decompress((DATA / name).read_bytes()).decode()


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return of_nobody(folder) | {
        "MENTORNET_DEMO": "yes",
        "MENTORNET_SECRET_KEY": SECRET_KEY,
        "MENTORNET_HOSTS": "testserver,localhost",
        "PYTHONPATH": str(HERE.parent),
        **more,
    }


@pytest.fixture
def former(tmp_path: Path) -> Iterator[Former]:
    """Return what puts the data there, in the kind of database on which the tests run."""
    if connection.vendor == "sqlite":

        def on_sqlite() -> dict[str, str]:
            with closing(sqlite3.connect(tmp_path / "mentornet.sqlite3")) as database:
                database.executescript(text_of("sqlite.sql.xz"))
            return _environment(tmp_path)

        yield on_sqlite
        return
    name = f"former_{uuid4().hex}"

    def on_postgresql() -> dict[str, str]:
        _psql(server(), f"CREATE DATABASE {name}")
        _psql(database_url(name), text_of("postgresql.sql.xz"))
        return _environment(tmp_path, MENTORNET_DATABASE_URL=database_url(name))

    yield on_postgresql
    _psql(server(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _psql(url: str, text: str) -> None:
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", url], input=text, text=True, check=True, stdout=subprocess.DEVNULL
    )


def travel(environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """Let the data go the whole way, and return what happened."""
    told = folder / "told.json"
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.upgrade_journey", str(FORMER), str(told)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert ended.returncode == 0, ended.stderr[-6000:]
    read: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return read


@pytest.mark.database
def test_rows_of_a_former_release_go_forward_and_back_and_forward_again(former: Former, tmp_path: Path) -> None:
    told = travel(former(), tmp_path)
    print(told["seconds"])
    assert told["rows"] > 5_000
    assert told["carried out"], "nothing was to be upgraded: write the data of a former release, make upgrade-data"
    # Nothing that stood there is lost or changed by the upgrade; the pages of the new release open over it.
    assert told["forward"] == []
    assert {page: status for page, status in told["pages"].items() if status != 200} == {}
    assert len(told["pages"]) > 50
    # Back again, the tables are what they were, and the rows what they became in use.
    assert sorted(told["undone"]) == sorted(told["carried out"])
    assert (told["back"], told["left behind"], told["schema"], told["list"]) == ([], [], [], True)
    assert told["forward again"] == []


@pytest.mark.database
def test_rows_lost_and_changed_on_the_way_are_told(former: Former, tmp_path: Path) -> None:
    spoil = "UPDATE divisions_meetingplace SET name = name || ' elsewhere'"
    told = travel(former() | {"SPOIL": spoil}, tmp_path)
    assert all(line.startswith("divisions_meetingplace ") for line in told["forward"])
    assert any(" name was " in line and line.endswith(" elsewhere'") for line in told["forward"])


def test_every_kind_of_loss_is_told() -> None:
    before: Rows = {
        "a": {(1,): {"id": 1, "x": "y"}, (2,): {"id": 2, "x": "z"}},
        "b": {},
        "c": {(1,): {"id": 1, "y": 0}},
    }
    assert list(differences(before, before)) == []
    more: Rows = {
        "a": {**before["a"], (3,): {"id": 3, "x": ""}},
        "b": {},
        "c": {(1,): {"id": 1, "y": 0, "z": 1}},
        "d": {},
    }
    assert list(differences(before, more)) == []
    assert narrowed(more, before) == before
    less: Rows = {"a": {(1,): {"id": 1, "x": "Y"}}, "c": {(1,): {"id": 1}}}
    assert list(differences(before, less)) == [
        "a (1,): x was 'y', is 'Y'",
        "a (2,): the row is gone",
        "b: the table is gone",
        "c.y: the column is gone",
    ]


def test_what_cannot_be_undone_is_found() -> None:
    there_only = migrations.RunPython(migrations.RunPython.noop)
    both_ways = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)
    assert list(irreversible([both_ways, there_only])) == [there_only]


@pytest.mark.django_db
def test_rows_that_go_with_their_tables_are_counted() -> None:
    targets = json.loads(FORMER.read_text(encoding="utf-8"))["targets"]
    # The audit's head begins with the migration that makes its table; a test that emptied the database took it away.
    Head.objects.get_or_create(pk=Head.ONLY)
    assert rows_lost(steps_back(targets)) == {"audit.Head": 1}
    assert rows_lost([]) == {}


def test_protected_people_are_not_laid_open_unasked() -> None:
    refuse_to_open({"audit.Head": 1})
    with pytest.raises(NoWayBackError, match=r"protected people \(2\) would lie open"):
        refuse_to_open({PROTECTED: 2})


def test_label_of_protected_people_is_that_of_a_model() -> None:
    assert apps.get_model(PROTECTED)


@pytest.mark.database
def test_way_back_is_refused_before_anything_is_changed(former: Former, tmp_path: Path) -> None:
    environment = former()

    def mentornet(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mentornet.cli", "migrate", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST)

    note = tmp_path / "note.json"
    unknown = mentornet("--back", "--note", str(note))
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "is not there" in unknown.stderr
    targets = json.loads(FORMER.read_text(encoding="utf-8"))["targets"]
    note.write_text(json.dumps({"migrations": targets | {"people": "9999_of_tomorrow"}}), encoding="utf-8")
    newer = mentornet("--back", "--note", str(note))
    assert (newer.returncode, newer.stdout) == (2, "")
    assert "does not know people.9999_of_tomorrow" in newer.stderr
    # The data are as old as the note: there is nothing to undo, and nothing is.
    note.write_text(json.dumps({"migrations": targets}), encoding="utf-8")
    same = mentornet("--plan", "--note", str(note))
    assert (same.returncode, same.stdout, same.stderr) == (0, "There is nothing to undo.\n", "")
