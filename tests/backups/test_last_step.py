"""The last step of a restore, cut short after each of its renamings: gone on with, it ends as if nothing had been."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection

from mentornet.backups.manifest import Manifest
from mentornet.backups.place import Place
from mentornet.backups.services import restoring
from mentornet.backups.services.copies import merge_ledgers
from mentornet.common.answers import RefusedError

pytestmark = pytest.mark.sqlite_only
MANIFEST: Final = Manifest(
    made_at=datetime(2026, 11, 20, tzinfo=UTC), program="0.1.0", database="sqlite", server="3", migrations=(),
    members={}, tables={}, secret_key="", has_secret_key=True, chain="0:",
)  # fmt: skip


class _Killed(BaseException):
    """The process is gone."""


def _database(path: Path, word: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE words (word text)")
        database.execute("INSERT INTO words VALUES (?)", [word])


def _ready(folder: Path) -> tuple[Place, dict[str, Any]]:
    """Return an installation with data, and beside them a copy that is ready to take their place."""
    place = Place(folder, folder / "files")
    (folder / "files").mkdir()
    (folder / "restoring/files").mkdir(parents=True)
    database: dict[str, Any] = {**connection.settings_dict, "NAME": str(folder / "mentornet.sqlite3")}
    for path, word in ((folder, "former"), (folder / "restoring", "restored")):
        (path / "files/one").write_text(word, encoding="utf-8")
        for name in ("secret-key", "erasure-ledger.jsonl"):
            (path / name).write_text(word, encoding="utf-8")
    (folder / "restoring/mentornet.env").write_text("restored", encoding="utf-8")
    _database(folder / "mentornet.sqlite3", "former")
    _database(restoring._beside(database), "restored")
    return place, database


def _told(folder: Path) -> dict[str, str]:
    """Return what each file says, a database by its word."""
    told = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            told[path.relative_to(folder).as_posix()] = next(
                word for word in ("former", "restored") if word.encode() in data
            )
    return told


def _begin(folder: Path) -> tuple[Place, dict[str, Any]]:
    place, database = _ready(folder)
    restoring._begin(place, restoring._planned(place, database, MANIFEST, "which", "2026-11-22"))
    return place, database


WHOLE: Final = {
    "before-2026-11-22/erasure-ledger.jsonl": "former",
    "before-2026-11-22/files/one": "former",
    "before-2026-11-22/secret-key": "former",
    "erasure-ledger.jsonl": "restored",
    "files/one": "restored",
    "mentornet.env.of-2026-11-20T000000Z": "restored",
    "mentornet.sqlite3": "restored",
    "mentornet.sqlite3.before-2026-11-22": "former",
    "secret-key": "restored",
}


def test_everything_takes_its_place(tmp_path: Path) -> None:
    place, database = _begin(tmp_path)
    assert restoring._finish(place, database) == "which"
    assert _told(tmp_path) == WHOLE


@pytest.mark.parametrize("renamings", range(9))
def test_cut_short_it_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamings: int) -> None:
    place, database = _begin(tmp_path)
    rename, count = Path.rename, [0]

    def killed(path: Path, target: Any) -> Path:
        if count[0] == renamings:
            raise _Killed
        count[0] += 1
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(_Killed):
            restoring._finish(place, database)
    assert place.journal.exists()
    assert restoring._finish(place, database) == "which"
    assert _told(tmp_path) == WHOLE
    assert not place.restoring.exists()


def test_nothing_is_served_while_it_is_cut_short(tmp_path: Path, settings: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    restoring.refuse_unfinished_restore()
    place, database = _begin(tmp_path)
    with pytest.raises(RefusedError, match="cut short"):
        restoring.refuse_unfinished_restore()
    restoring._finish(place, database)
    restoring.refuse_unfinished_restore()


def test_journal_is_what_it_was(tmp_path: Path) -> None:
    place, _database_there = _begin(tmp_path)
    told = json.loads(place.journal.read_bytes())
    assert restoring._Journal(**told) == restoring._Journal(**asdict(restoring._Journal(**told)))


def test_ledgers_become_one_and_lose_nothing(tmp_path: Path) -> None:
    target, other, third = (tmp_path / name for name in ("a", "b", "c"))
    target.write_bytes(b"1 begun\n1 done\n")
    other.write_bytes(b"1 begun\n1 done\n2 begun\n2 do")
    third.write_bytes(b"3 begun\n")
    assert merge_ledgers(target, other, third, tmp_path / "none") == 4
    assert target.read_bytes() == b"1 begun\n1 done\n2 begun\n3 begun\n"
    assert merge_ledgers(target, other) == 4
