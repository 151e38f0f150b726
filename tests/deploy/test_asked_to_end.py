"""A program that is asked to end while it starts, in the one moment in which Python loses what a signal raises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from serving import of_nobody

pytestmark = pytest.mark.sqlite_only
LOST = """
import os, signal, sys, weakref
from mentornet.config import ending

class Module:
    pass

if sys.argv[1] == "remembered":
    ending.listen()
else:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
module = Module()
# As importlib lets go of a module's lock: what is raised in there is told on the error output, and no more.
reference = weakref.ref(module, lambda _gone: os.kill(os.getpid(), signal.SIGTERM))
del module
print("Started all the same.", flush=True)
try:
    ending.heed()
except KeyboardInterrupt:
    print("Asked to end.", flush=True)
if sys.argv[2:] == ["serve"]:
    import django
    django.setup()
    from mentornet.config.serving import serve
    serve(host="127.0.0.1", port=0, ready=lambda: print("Open.", flush=True))
"""


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = of_nobody(folder) | {"DJANGO_SETTINGS_MODULE": "mentornet.config.settings", "MENTORNET_HTTPS": "no"}
    return subprocess.run(
        [sys.executable, "-c", LOST, *words],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_what_python_loses_is_remembered(tmp_path: Path) -> None:
    assert _run(tmp_path, "remembered").stdout == "Started all the same.\nAsked to end.\n"
    # Without it the program knows nothing of it.
    assert _run(tmp_path, "lost").stdout == "Started all the same.\n"


def test_the_web_does_not_open_once_it_was_asked_to_end(tmp_path: Path) -> None:
    done = _run(tmp_path, "remembered", "serve")
    assert "Open." not in done.stdout
    assert done.returncode
    assert "KeyboardInterrupt" in done.stderr
