"""A worker that is killed in the middle of the writing leaves nothing behind, and the import can be started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("killed_worker.py")
NOTHING = {"Person": 0, "Profile": 0, "Application": 0, "Decision": 0, "Enrolment": 0, "Trace": 0}
ROWS = 600


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MENTORNET_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    tests = str(SCRIPT.parents[1])
    return kept | {"MENTORNET_DATA": str(folder), "MENTORNET_HTTPS": "no", "PYTHONPATH": tests} | more


def run(step: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, SCRIPT, step], env=environment(folder), check=True, capture_output=True, text=True
    ).stdout


def look(folder: Path) -> dict[str, Any]:
    return dict(json.loads(run("look", folder).splitlines()[-1]))


def kill_in_the_middle(folder: Path, **more: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, SCRIPT, "write"], env=environment(folder, **more), stdout=subprocess.PIPE, text=True
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written, not committed\n"
        worker.send_signal(signal.SIGKILL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run("prepare", tmp_path)
    return tmp_path


def test_a_killed_worker_leaves_nothing_and_the_import_completes_when_started_again(folder: Path) -> None:
    kill_in_the_middle(folder)
    assert look(folder) == NOTHING | {"state": "writing"}

    run("again", folder)

    assert look(folder) == dict.fromkeys(NOTHING, ROWS) | {"Trace": 1, "state": "done"}


def test_without_a_transaction_the_same_kill_leaves_people_behind(folder: Path) -> None:
    kill_in_the_middle(folder, CONTROL="yes")
    assert look(folder)["Person"] == ROWS
