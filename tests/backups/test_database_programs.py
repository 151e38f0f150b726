"""Which of PostgreSQL's own programs are taken, and what is said where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentornet.backups.server import programs
from mentornet.common.answers import RefusedError


def _install(folder: Path, version: str, *, without: str = "") -> None:
    folder.mkdir(parents=True)
    for name in {"pg_dump", "pg_restore", "psql"} - {without}:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n", encoding="utf-8")
        (folder / name).chmod(0o755)


def test_oldest_that_reads_the_server_is_taken(tmp_path: Path) -> None:
    for version in ("14.9", "16.3", "17.0"):
        _install(tmp_path / version / "bin", version)
    pattern = [f"{tmp_path}/*/bin"]
    assert programs(16, pattern, "").folder == tmp_path / "16.3/bin"
    assert programs(15, pattern, "").version == 16
    assert programs(17, pattern, "").version == 17


def test_missing_programs_are_named_with_what_to_install(tmp_path: Path) -> None:
    _install(tmp_path / "14/bin", "14.9")
    _install(tmp_path / "18/bin", "18.1", without="psql")
    with pytest.raises(RefusedError, match="apt-get install postgresql-client-16"):
        programs(16, [f"{tmp_path}/*/bin"], "")


def test_those_on_the_path_count_too(tmp_path: Path) -> None:
    _install(tmp_path / "own", "16.1 (Debian 16.1-1)")
    assert programs(16, [], str(tmp_path / "own")).folder == tmp_path / "own"
