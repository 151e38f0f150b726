"""Backups that come by themselves: when, where to, how many stay, and what is told when they do not come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import IntegrityError, transaction

from mentornet.audit.models import Entry
from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.backups.queries import is_backup_due, is_drill_due, nightly_files, standing
from mentornet.backups.sealing import WrongKeyError, new_identity
from mentornet.backups.services.drilling import drill, newest_file, usual_opener
from mentornet.backups.services.nightly import back_up_nightly, drill_weekly
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)
# Three in the morning in Copenhagen.
NIGHT: Final = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def set_up(settings: Any, tmp_path: Path) -> Any:
    """An installation with a folder for backups and a pair of keys."""
    secret, public = new_identity()
    for name in ("data", "backups"):
        (tmp_path / name).mkdir()
    (tmp_path / "key").write_text(secret, encoding="utf-8")
    settings.DATA_FOLDER, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data/files"
    settings.BACKUP_FOLDER, settings.BACKUP_KEYS = str(tmp_path / "backups"), (public,)
    settings.BACKUP_IDENTITY, settings.BACKUP_KEEP = str(tmp_path / "key"), 3
    return settings


def by(at: datetime) -> System:
    return System("backups.nightly", at)


def _run(kind: Kind, at: datetime, **fields: Any) -> Run:
    usual = {"created_at": at, "finished_at": at, "file": "x.age"}
    drilled = {"has_signed_in": True, "tables": 3} if kind is Kind.DRILL else {}
    return Run.objects.create(kind=kind, **(usual | drilled | fields))


def test_due_once_a_night(set_up: Any) -> None:
    assert is_backup_due(NIGHT)
    _run(Kind.BACKUP, NIGHT)
    assert not is_backup_due(NIGHT + timedelta(hours=1))
    # Not before two o'clock, by the installation's own clock.
    assert not is_backup_due(NIGHT + timedelta(hours=22, minutes=50))
    assert is_backup_due(NIGHT + timedelta(hours=23))
    # One that failed does not count; one that was asked for by day does until the next night.
    _run(Kind.BACKUP, NIGHT + timedelta(hours=23), problem="No room.")
    assert is_backup_due(NIGHT + timedelta(hours=24))
    set_up.BACKUP_FOLDER = ""
    assert not is_backup_due(NIGHT + timedelta(hours=24))


def test_written_sealed_and_the_oldest_go(set_up: Any, tmp_path: Path) -> None:
    strangers = tmp_path / "backups/mentornet-by-hand.age"
    strangers.write_bytes(b"somebody's own")
    for night in range(5):
        back_up_nightly(by=by(NIGHT + timedelta(days=night)))
    assert [path.name for path in nightly_files()] == [f"mentornet-2026-11-{day}T020000Z.age" for day in (26, 25, 24)]
    assert strangers.exists()
    run = Run.objects.first()
    assert run is not None
    assert run.size == newest_file().stat().st_size
    assert (run.problem, run.seal, run.tables > 50) == ("", set_up.BACKUP_KEYS[0], True)
    assert Entry.objects.filter(act="backups.make").count() == 5


def test_failure_is_written_down_for_the_desk(set_up: Any, tmp_path: Path) -> None:
    # A disk that is not mounted: nothing is written beside it.
    set_up.BACKUP_FOLDER = str(tmp_path / "not-mounted")
    with pytest.raises(OSError, match="not-mounted"):
        back_up_nightly(by=by(NIGHT))
    found = standing(NIGHT + timedelta(minutes=1))
    assert found.failed is not None
    assert "not-mounted" in found.failed.problem
    assert found.lacks_backup
    set_up.BACKUP_FOLDER = str(tmp_path / "backups")
    back_up_nightly(by=by(NIGHT + timedelta(hours=1)))
    assert standing(NIGHT + timedelta(hours=2)).failed is None


def test_old_backups_and_drills_are_lacking(db: None) -> None:
    assert standing(NIGHT).lacks_backup
    assert standing(NIGHT).lacks_drill
    backup, tried = _run(Kind.BACKUP, NIGHT), _run(Kind.DRILL, NIGHT)
    found = standing(NIGHT + timedelta(days=2))
    assert (found.backup, found.drill, found.lacks_backup, found.lacks_drill) == (backup, tried, False, False)
    assert standing(NIGHT + timedelta(days=2, seconds=1)).lacks_backup
    assert standing(NIGHT + timedelta(days=36)).lacks_drill


def test_drill_that_signed_nobody_in_is_no_good_one(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _run(Kind.DRILL, NIGHT, has_signed_in=False)
    _run(Kind.DRILL, NIGHT, has_signed_in=False, problem="It did not open.")


def test_drill_restores_compares_and_signs_in(set_up: Any, administrator: object, tmp_path: Path) -> None:
    assert not is_drill_due(NIGHT)
    back_up_nightly(by=by(NIGHT))
    assert is_drill_due(NIGHT)
    drill_weekly(by=by(NIGHT + timedelta(hours=1)))
    run = Run.objects.get(kind=Kind.DRILL)
    assert (run.problem, run.has_signed_in, run.made_at is not None) == ("", True, True)
    assert run.rows == Run.objects.get(kind=Kind.BACKUP).rows
    assert not is_drill_due(NIGHT + timedelta(days=6))
    assert is_drill_due(NIGHT + timedelta(days=8))
    # The copy is gone, with the one who signed in on it.
    assert not list((tmp_path / "data").glob("backing-up-*"))
    assert "restore-drill@drill.invalid" not in set(Entry.objects.values_list("actor", flat=True))


def test_bad_drill_is_written_down_with_why(set_up: Any, tmp_path: Path) -> None:
    back_up_nightly(by=by(NIGHT))
    file = newest_file()
    data = bytearray(file.read_bytes())
    data[-100] ^= 1
    file.write_bytes(data)
    with pytest.raises(RefusedError, match="damaged"):
        drill_weekly(by=by(NIGHT + timedelta(hours=1)))
    (tmp_path / "key").write_text(new_identity()[0], encoding="utf-8")
    with pytest.raises(WrongKeyError):
        drill(by=by(NIGHT + timedelta(hours=2)), file=file, opener=usual_opener())
    assert [bool(run.problem) for run in Run.objects.filter(kind=Kind.DRILL)] == [True, True]
    assert standing(NIGHT).drill is None


def test_what_is_not_set_up_is_asked_for(set_up: Any) -> None:
    set_up.BACKUP_IDENTITY = ""
    with pytest.raises(RefusedError, match="MENTORNET_BACKUP_IDENTITY"):
        usual_opener()
    with pytest.raises(RefusedError, match="no backup in"):
        newest_file()
