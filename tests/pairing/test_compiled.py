"""Machine code kept on disk is thrown away when any of the code behind it has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "pairing"

CALLED = """
from pairing._compiled import inner

@inner
def doubled(number: int) -> int:
    return 2 * number
"""
CALLING = """
import numpy as np
from pairing._compiled import compiled
from pairing.called import doubled

@compiled
def answer(number: int) -> int:
    return doubled(number)
"""
ASK = "from pairing.calling import answer; print(answer(21), sum(answer.stats.cache_hits.values()))"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "pairing"
    folder.mkdir()
    (folder / "__init__.py").touch()
    shutil.copy(SOURCES / "_compiled.py", folder)
    (folder / "called.py").write_text(CALLED, encoding="utf-8")
    (folder / "calling.py").write_text(CALLING, encoding="utf-8")
    return folder


def ask(package: Path) -> str:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(package.parent / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=package.parent,
        env=environment | {"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_machine_code_is_used_again_while_nothing_has_changed(package: Path) -> None:
    assert [ask(package), ask(package)] == ["42 0", "42 1"]


def test_machine_code_is_thrown_away_when_a_called_function_has_changed(package: Path) -> None:
    assert ask(package) == "42 0"
    (package / "called.py").write_text(CALLED.replace("2 *", "3 *"), encoding="utf-8")
    assert ask(package) == "63 0"


def test_control_without_the_fingerprint_old_machine_code_would_answer(package: Path) -> None:
    guard = "dispatcher._cache._cache_file._source_stamp = FINGERPRINT"
    code = (package / "_compiled.py").read_text(encoding="utf-8")
    assert guard in code
    (package / "_compiled.py").write_text(code.replace(guard, "pass"), encoding="utf-8")
    assert ask(package) == "42 0"
    (package / "called.py").write_text(CALLED.replace("2 *", "3 *"), encoding="utf-8")
    assert ask(package) == "42 1"
