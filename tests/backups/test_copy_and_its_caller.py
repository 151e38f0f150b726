"""Whoever works inside a restored copy ends with whoever has called: the copy is made anew under the same name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mentornet.backups.elsewhere import MARK, MODULE


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"MENTORNET_DATA": str(folder)}


def test_without_a_mark_nothing_is_touched(tmp_path: Path) -> None:
    command = [sys.executable, "-m", MODULE, "made_ready", "{}", str(os.getpid())]
    done = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, "restored copy alone" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_whose_caller_is_gone_already_begins_nothing(tmp_path: Path) -> None:
    """It was killed while this one was being started: somebody else looks after it by now."""
    (tmp_path / MARK).touch()
    with subprocess.Popen([sys.executable, "-c", ""]) as caller:
        pass
    command = [sys.executable, "-m", MODULE, "made_ready", "{}", str(caller.pid)]
    done = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


_CALLER = """
import subprocess, sys, os
child = "import os, time; from mentornet.backups.elsewhere import _end_with; _end_with(int(os.environ['CALLER']));"
child += "print(os.getpid(), flush=True); time.sleep(300)"
subprocess.run([sys.executable, "-c", child], env=os.environ | {"CALLER": str(os.getpid())}, check=False)
"""


def test_it_ends_when_its_caller_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _CALLER], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        worker = int(caller.stdout.readline())
        caller.send_signal(signal.SIGKILL)
    until = time.monotonic() + 60
    while Path(f"/proc/{worker}").exists() and _runs(worker):
        assert time.monotonic() < until, "it works on, for nobody"
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pytest.fail("another process has its number already")
    state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    # Nobody may have fetched how it ended.
    return state != "Z"
