"""Try for long what the tests try for short, and write docs/reliability.md: ``python tests/reliability/run.py``.

On SQLite, and on PostgreSQL where ``MENTORNET_TEST_DATABASE_URL`` names one: run it beside ``tests/with-postgresql``.
With ``--short`` the numbers are those of the tests; the page is written too, and says so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import machine
from reliability.page import FULL_ATTEMPTS, FULL_CYCLES, FULL_REQUESTS, faults, page
from reliability.programs import asked, database_beside, environment
from reliability.tracing import CannotTraceError, Synced, on_postgresql, on_sqlite, require_strace

PROJECT: Final = Path(__file__).resolve().parents[2]
ROUND: Final = 500
"""Kills in one database; then a new one is begun, so that looking through it stays quick."""
SHORT: Final = (500, 400, 1_000)
ROLES: Final = ("coordinator here", "division lead here", "mentee here", "mentor here", "exports")
SLACK: Final = ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF", "SET synchronous_commit = off")
"""What tells a database not to wait for the disk: the controls."""


def say(words: str) -> None:
    """Tell whoever waits how far it is."""
    sys.stderr.write(f"{datetime.now(tz=UTC):%H:%M:%S} {words}\n")


@contextmanager
def installed(url: str | None) -> Iterator[dict[str, str]]:
    """Give the environment of an installation that nobody has used: its folder, and its database."""
    with tempfile.TemporaryDirectory(prefix="mentornet-soak-") as folder:
        if url is None:
            yield environment(Path(folder))
            return
        with database_beside(url) as own:
            yield environment(Path(folder), MENTORNET_DATABASE_URL=own)


def killed(database: str, url: str | None, cycles: int) -> dict[str, Any]:
    """Kill so many writers, some hundred in each database."""
    rounds = []
    with installed(url) as env:
        for number, begin in enumerate(range(0, cycles, ROUND)):
            share = min(ROUND, cycles - begin)
            rounds.append(asked("killing.py", "--cycles", share, "--seed", number + 1, env=env))
            say(f"{database}: {begin + share:,} of {cycles:,} killed")
    names = ("killed", "swept", "early", "torn")
    return {"database": database} | {name: added([one[name] for one in rounds]) for name in names}


def added(seen: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what several rounds have seen, in one."""
    whole: dict[str, Any] = {name: sum(one[name] for one in seen) for name in ("cycles", "sealing")}
    whole["faults"] = [fault for one in seen for fault in one["faults"]]
    for name in ("acknowledged", "vanished", "finished"):
        kinds = sorted({kind for one in seen for kind in one[name]})
        whole[name] = {kind: sum(one[name].get(kind, 0) for one in seen) for kind in kinds}
    return whole


def crowded(database: str, url: str | None, services: int) -> dict[str, Any]:
    """Let thousands want the same mentors."""
    with installed(url) as env:
        told = asked("crowding.py", "--attempts", FULL_ATTEMPTS, "--services", services, env=env)
    say(f"{database}: {FULL_ATTEMPTS:,} wanted the same mentors, {services:,} of them by the services")
    return {"database": database} | told


def synced(*, has_postgresql: bool) -> list[dict[str, Any]]:
    """Look on whether the disk is waited for.

    Raises:
        CannotTraceError: nobody may look on here.
    """
    found = []
    with tempfile.TemporaryDirectory(prefix="mentornet-soak-") as name:
        require_strace(Path(name))
    for said in ("", *SLACK[:2]):
        with tempfile.TemporaryDirectory(prefix="mentornet-soak-") as name:
            found.append(_told("SQLite", said, on_sqlite(Path(name), said)))
    if has_postgresql:
        sqls = ("", SLACK[2])
        found += [_told("PostgreSQL", *one) for one in zip(sqls, on_postgresql(sqls), strict=True)]
    say("looked on whether the disk is waited for")
    return found


def _told(database: str, said: str, seen: Synced) -> dict[str, Any]:
    numbers = {"acts": len(seen.acknowledged), "flushes": seen.flushes, "too_early": len(seen.too_early)}
    return {"database": database, "said": said, "control": bool(said), **numbers}


def recorded(database: str, url: str | None, requests: int) -> dict[str, Any]:
    """Record requests and make them again beside another division: the tests' own way, with more of them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MENTORNET_")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(min(4, os.cpu_count() or 1))]
    command += ["tests/access/test_isolation.py", "-k", "recorded or exports or search_from"]
    with tempfile.TemporaryDirectory(prefix="mentornet-soak-") as folder:
        own |= {"MENTORNET_TEST_FIGURES": folder, "MENTORNET_TEST_RECORDED": str(requests)}
        own |= {} if url is None else {"MENTORNET_TEST_DATABASE_URL": url}
        done = subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True, check=False)
        told = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    if done.returncode:
        say(done.stdout[-3000:])
    say(f"{database}: recorded and made again")
    seen = {one["role"]: one["requests"] for one in told}
    return {"database": database, "passed": not done.returncode, "requests": seen}


def main() -> int:
    """Run everything, and write the page."""
    parser = argparse.ArgumentParser(description="Try the program's reliability, and write docs/reliability.md.")
    parser.add_argument("--short", action="store_true", help="the numbers of the tests; the page says so")
    asked_for = parser.parse_args()
    cycles, services, requests = SHORT if asked_for.short else (FULL_CYCLES, FULL_ATTEMPTS, FULL_REQUESTS)
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    places: list[tuple[str, str | None]] = [("SQLite", None), *([] if url is None else [("PostgreSQL", url)])]
    figures: dict[str, Any] = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "is_whole": not asked_for.short,
        "has_postgresql": url is not None,
        "roles": list(ROLES),
        "synced": [],
    }
    try:
        figures["synced"] = synced(has_postgresql=url is not None)
    except CannotTraceError as error:
        figures["synced_missing"] = str(error)
    figures["crowded"] = [crowded(name, place, services) for name, place in places]
    figures["killed"] = [killed(name, place, cycles) for name, place in places]
    figures["recorded"] = [recorded(name, place, requests) for name, place in places]
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    written = PROJECT / "docs" / "reliability.md"
    written.write_text(page(figures), encoding="utf-8")
    say(f"written: {written.relative_to(PROJECT)}")
    wrong = list(faults(figures))
    for fault in wrong:
        say(f"FAULT: {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
