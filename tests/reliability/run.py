"""Try for long what the tests try for short, and write docs/reliability.md: ``python tests/reliability/run.py``.

On SQLite, and on PostgreSQL where ``MENTORNET_TEST_DATABASE_URL`` names one: run it beside ``tests/with-postgresql``.
With ``--short`` the numbers are those of the tests; the page is written too, and says so. With ``--keep FILE`` what
has been seen is kept in a file after each part, and a run that was interrupted goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
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
SHORT: Final = (500, 400, 0)
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


def killed(database: str, url: str | None, cycles: int, number: int) -> dict[str, Any]:
    """Kill so many writers in a database of their own."""
    with installed(url) as env:
        told = asked("killing.py", "--cycles", cycles, "--seed", number, env=env)
    say(f"{database}: {cycles:,} more killed")
    return told


def killed_in_all(database: str, rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the rounds on a database have seen, as if they were one."""
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
    """Record requests and make them again beside another division: the tests' own way; 0 for their own number."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MENTORNET_")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
    command += ["tests/access/test_isolation.py", "-k", "recorded or share or exports or search_from"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mentornet-soak-") as folder:
        own |= {"MENTORNET_TEST_FIGURES": folder} | ({"MENTORNET_TEST_RECORDED": str(requests)} if requests else {})
        own |= {} if url is None else {"MENTORNET_TEST_DATABASE_URL": url}
        done = subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True, check=False)
        told = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    if done.returncode:
        say(done.stdout[-3000:])
    say(f"{database}: recorded and made again")
    # By what they are, not by how often they were told: a request in two tests would count once.
    seen: dict[str, set[str]] = {}
    for one in told:
        seen.setdefault(one["role"], set()).update(one["requests"])
    figures = {role: len(requests) for role, requests in seen.items()}
    minutes = round((time.monotonic() - began) / 60, 1)
    return {"database": database, "passed": not done.returncode, "requests": figures, "minutes": minutes}


class Kept:
    """What the parts of a run have seen, kept in a file where one is named."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.seen: dict[str, Any] = json.loads(path.read_text("utf-8")) if path and path.exists() else {}

    def part(self, name: str, run: Callable[[], Any]) -> Any:
        """Return what a part has seen, and run it unless that has been done."""
        if name not in self.seen:
            self.seen[name] = run()
            if self.path:
                self.path.write_text(json.dumps(self.seen), encoding="utf-8")
        return self.seen[name]


def main() -> int:
    """Run everything, and write the page."""
    parser = argparse.ArgumentParser(description="Try the program's reliability, and write docs/reliability.md.")
    parser.add_argument("--short", action="store_true", help="the numbers of the tests; the page says so")
    parser.add_argument("--keep", type=Path, help="a file for what has been seen, to go on from after an interruption")
    parser.add_argument("--cycles", type=int, default=0, help="how many to kill, where there is not time for all")
    asked_for = parser.parse_args()
    cycles, services, requests = SHORT if asked_for.short else (FULL_CYCLES, FULL_ATTEMPTS, FULL_REQUESTS)
    cycles = asked_for.cycles or cycles
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    places: list[tuple[str, str | None]] = [("SQLite", None), *([] if url is None else [("PostgreSQL", url)])]
    kept = Kept(asked_for.keep)
    figures: dict[str, Any] = {
        "date": kept.part("date", lambda: datetime.now(tz=UTC).date().isoformat()),
        "machine": kept.part("machine", machine),
        "is_short": asked_for.short,
        "is_whole": not asked_for.short and cycles >= FULL_CYCLES,
        "has_postgresql": url is not None,
        "synced": [],
    }
    try:
        figures["synced"] = kept.part("synced", lambda: synced(has_postgresql=url is not None))
    except CannotTraceError as error:
        figures["synced_missing"] = str(error)
    figures["crowded"] = [
        kept.part(f"crowded {name}", partial(crowded, name, place, services)) for name, place in places
    ]
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name, _place in places}
    for number, begin in enumerate(range(0, cycles, ROUND), start=1):
        share = min(ROUND, cycles - begin)
        for name, place in places:
            rounds[name].append(kept.part(f"killed {name} {number}", partial(killed, name, place, share, number)))
        say(f"{begin + share:,} of {cycles:,} killed on each database")
    figures["killed"] = [killed_in_all(name, rounds[name]) for name, _place in places]
    figures["recorded"] = [
        kept.part(f"recorded {name}", partial(recorded, name, place, requests)) for name, place in places
    ]
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
