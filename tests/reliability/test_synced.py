"""What is acknowledged is on the disk: strace sees it flushed before."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from reliability.tracing import CannotTraceError, of_postgresql, of_sqlite, on_postgresql, on_sqlite, require_strace

ACTS: Final = 24


@pytest.fixture
def traced(tmp_path: Path) -> Path:
    """Return a folder for the looking on; without strace the test could not run."""
    try:
        require_strace(tmp_path)
    except CannotTraceError as error:
        pytest.skip(str(error))
    return tmp_path


@pytest.mark.sqlite_only
@pytest.mark.parametrize("sql", ["", "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF"])
def test_sqlite_is_flushed_before_each_acknowledgement(installation: dict[str, str], traced: Path, sql: str) -> None:
    del installation  # it lies in the same folder
    seen = on_sqlite(traced, sql, MENTORNET_SECRET_KEY=settings.SECRET_KEY)
    assert len(seen.acknowledged) == ACTS
    if sql:
        # The controls: told not to wait for the disk. What is flushed now and then may by chance be so in time.
        assert len(seen.too_early) > ACTS // 2
    else:
        assert seen.too_early == []


@pytest.mark.postgresql_only
def test_postgresql_is_flushed_before_each_acknowledgement(db: None, traced: Path) -> None:
    del traced
    seen, control = on_postgresql(["", "SET synchronous_commit = off"])
    assert len(seen.acknowledged) == len(control.acknowledged) == ACTS
    assert seen.too_early == []
    # The server flushes now and then by itself, and may by chance do so in time.
    assert len(control.too_early) > ACTS // 2


def test_what_is_written_after_the_flush_is_seen() -> None:
    begun = '7 write(1<pipe:[1]>, "mark begun 1 letter\\n", 20) = 20'
    write = '7 pwrite64(5</data/mentornet.sqlite3-wal>, "x", 1, 0) = 1'
    flush = "7 fdatasync(5</data/mentornet.sqlite3-wal>) = 0"
    done = '7 write(1<pipe:[1]>, "mark acknowledged 1 letter\\n", 27) = 27'
    assert of_sqlite([begun, write, flush, done]).too_early == []
    assert of_sqlite([begun, flush, write, done]).too_early == ["letter"]
    assert of_sqlite([begun, write, done]).too_early == ["letter"]
    assert of_sqlite([begun, done]).too_early == ["letter"]


def test_flush_that_has_not_returned_does_not_count() -> None:
    begun = "8 recvfrom(9<socket:[2]>, \"Q SELECT 'mark begun 1 letter'\", 99, 0, NULL, NULL) = 30"
    commit = '8 recvfrom(9<socket:[2]>, "Q\\0\\0\\0\\vCOMMIT\\0", 99, 0, NULL, NULL) = 12'
    asked = "8 fdatasync(4</data/pg_wal/01> <unfinished ...>"
    flushed = "8 <... fdatasync resumed>) = 0"
    answer = '8 sendto(9<socket:[2]>, "C\\0\\0\\0\\vCOMMIT\\0", 18, 0, NULL, 0) = 18'
    done = "8 recvfrom(9<socket:[2]>, \"Q SELECT 'mark acknowledged 1 letter'\", 99, 0, NULL, NULL) = 37"
    assert of_postgresql([begun, commit, asked, flushed, answer, done]).too_early == []
    assert of_postgresql([begun, commit, asked, answer, flushed, done]).too_early == ["letter"]
    assert of_postgresql([begun, asked, flushed, commit, answer, done]).too_early == ["letter"]
    assert of_postgresql([begun, done]).too_early == ["letter"]
