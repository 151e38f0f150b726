"""Where PostgreSQL is missing nobody is led to believe that the tests ran on it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(("complete", "code"), [("", 0), ("1", 1)])
def test_missing_postgresql_is_said_and_fails_a_complete_run(tmp_path: Path, complete: str, code: int) -> None:
    shutil.copy(TESTS / "on-postgresql", tmp_path)
    (tmp_path / "with-postgresql").write_text("echo 'not installed' >&2; exit 3\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", tmp_path / "on-postgresql", "touch", tmp_path / "ran"],
        env={"PATH": "/usr/bin:/bin", "MENTORNET_COMPLETE": complete},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stdout.splitlines()[-1].startswith("COULD NOT RUN: ")
    assert not (tmp_path / "ran").exists()


def test_command_runs_where_postgresql_starts_and_its_code_is_kept(tmp_path: Path) -> None:
    shutil.copy(TESTS / "on-postgresql", tmp_path)
    (tmp_path / "with-postgresql").write_text('"$@"\n', encoding="utf-8")
    done = subprocess.run(["sh", tmp_path / "on-postgresql", "sh", "-c", "exit 4"], check=False)
    assert done.returncode == 4
