"""How the bench measures: helper processes that answer, medians, peak memory, and what machine this is."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from serving import of_nobody

Figures = dict[str, Any]
MIB = 1024


def memory_mib(field: str) -> float:
    """Return a figure of this process: ``VmRSS`` now, ``VmHWM`` the most that it ever was."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / MIB
    raise LookupError(field)


class Helper:
    """A process that imports first and then answers: one line of JSON for each line of JSON."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    def ask(self, question: Sequence[object]) -> Figures:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the helper died on {question[:2]}")
        figures: Figures = json.loads(answer)
        return figures

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()


def whole_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Return the seconds from start to end of a program."""
    start = time.perf_counter()
    done = subprocess.run(
        list(command), env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr[-500:]}")
    return seconds


def on_a_database_of_its_own(script: str, *words: str, url: str | None = None) -> Figures:
    """Run ``script --here WORDS`` in a process of its own, as an installation has, and return what it says at last.

    Its data lie in a folder that is gone afterwards; ``url`` names the database instead of the embedded one.

    Raises:
        RuntimeError: it has failed; with the end of what it has said.
    """
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    environment = of_nobody(folder)
    if url is not None:
        environment["MENTORNET_DATABASE_URL"] = url
    try:
        done = subprocess.run(
            [sys.executable, script, "--here", *words], env=environment, capture_output=True, text=True, check=False
        )
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(answers: Sequence[Mapping[str, Any]]) -> Figures:
    """Return the median of each number of several answers; of memory the first, before anything was left behind."""
    found: Figures = {}
    for name, first in answers[0].items():
        is_figure = isinstance(first, int | float) and not name.startswith("memory")
        found[name] = statistics.median(answer[name] for answer in answers) if is_figure else first
    found["repetitions"] = len(answers)
    seconds = [answer["seconds"] for answer in answers if "seconds" in answer]
    if seconds:
        found["slowest"], found["fastest"] = max(seconds), min(seconds)
    return found


def machine() -> Figures:
    """Return what the figures depend on; neither the machine's name nor any path."""
    processor = platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MIB**3
    return {
        "processor": processor,
        "cores": os.cpu_count() or 1,
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load": round(os.getloadavg()[0], 1),
    }


def versions() -> dict[str, str]:
    """Return the versions of what took part."""
    names = ("mentornet", "numpy", "numba", "scipy", "openpyxl", "rapidfuzz")
    return {"Python": platform.python_version(), **{name: metadata.version(name) for name in names}}
