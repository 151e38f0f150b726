"""The program served for a test or a measurement: a process of its own, at an address of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE: Final = 300
"""Seconds for it to answer: the demonstration is made first, on a machine that does much else."""


def of_nobody(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who has set nothing up, with the program's data in ``folder``."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
    return own | {"MENTORNET_DATA": str(folder)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    command: str, *words: str, environment: Mapping[str, str], log: Path, headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start ``mentornet <command> <words>``, wait until it answers, and give its address; end it afterwards.

    What it says goes into ``log``, which is shown when it ends before its time. ``headers`` are those that a proxy in
    front of it would add.
    """
    port = _free_port()
    with log.open("wb") as file:
        program = subprocess.Popen(
            [sys.executable, "-m", "mentornet.cli", command, *words, "--port", str(port)],
            env=dict(environment),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while not _answers(f"{address}/accounts/login/", headers or {}):
                if program.poll() is not None or time.monotonic() > until:
                    raise AssertionError(log.read_text(encoding="utf-8"))
                time.sleep(0.1)
            yield address
        finally:
            program.terminate()
            program.wait(30)


def _answers(url: str, headers: Mapping[str, str]) -> bool:
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=5).close()
    except OSError:
        return False
    return True
