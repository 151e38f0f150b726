"""Measure the desk over HTTP and write docs/benchmarks-desk.md: ``python tests/bench/desk.py [--quick]``.

The server is the program's own (gunicorn, two processes of four threads), on SQLite and on a PostgreSQL of its own.
Only figures of one run are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Figures, machine, versions
from bench.report import seconds
from bench.report import table as markdown
from factories.network import network
from reference.people import Role
from reference.writing import csv_bytes, people_table
from serving import of_nobody, served

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
GOALS = {"Match desk": 0.2}
OTHER_GOAL = 0.15
DAILY_GOAL = 0.3
"""Where a coordinator begins, at every size."""
DAILY = ("Today", "The week", "Caseload")
IMPORT_GOAL = 20.0


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _python(script: str, arguments: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def measure(people: int, rounds: int, url: str | None) -> Figures:
    """Fill a database, serve it, and ask."""
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    environment = of_nobody(folder) | {"MENTORNET_DEMO": "yes"}
    if url is not None:
        environment["MENTORNET_DATABASE_URL"] = url
    try:
        start = time.perf_counter()
        _python("desk_people.py", [str(people)], environment)
        filled = time.perf_counter() - start
        with served("serve", environment=environment, log=folder / "log") as address:
            port = address.rpartition(":")[2]
            found: Figures = json.loads(_python("desk_client.py", [port, str(rounds)], environment))
    finally:
        shutil.rmtree(folder)
    return {"people": people, "filled": filled, **found}


def measure_import(rows: int, url: str | None) -> Figures:
    """Import mentors and mentees through the program, into an empty network."""
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    environment = of_nobody(folder) | {"MENTORNET_DEMO": "yes"}
    if url is not None:
        environment["MENTORNET_DATABASE_URL"] = url
    mentees, mentors = network(rows // 5, rows - rows // 5)
    for role, people in ((Role.MENTOR, mentors), (Role.MENTEE, mentees)):
        # A file goes into one division.
        table = people_table([replace(one, division="Aarhus") for one in people], role, "en")
        (folder / f"{role}s.csv").write_bytes(csv_bytes(table))
    try:
        _python("desk_people.py", ["50"], environment)
        start = time.perf_counter()
        command = ["import", "--division", "Aarhus", "--programme", "Job og sprog", "--duplicates", "new"]
        command += ["--mentors", str(folder / "mentors.csv"), "--mentees", str(folder / "mentees.csv")]
        done = subprocess.run(
            [sys.executable, "-m", "mentornet.cli", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{done.stdout[-1000:]}{done.stderr[-2000:]}")
        return {"rows": rows, "seconds": time.perf_counter() - start}
    finally:
        shutil.rmtree(folder)


def databases(quick: bool) -> Iterator[tuple[str, str | None]]:
    yield "SQLite", None
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    if url is not None or not quick:
        if url is None:
            raise SystemExit(
                "PostgreSQL is missing: run this beside one, tests/with-postgresql python tests/bench/desk.py"
            )
        yield "PostgreSQL", url


def page(figures: Figures) -> str:
    lines = [
        "# The desk, measured",
        "",
        (
            f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']} when"
            f" it began, {figures['machine']['load_after']} when it ended). Over HTTP on the same machine, one browser,"
            " the program's own server with two processes. Times say little by themselves; the columns beside each"
            " other come from the same run. *First* is the first request of its kind: a process has to read the bank;"
            " all of these come before any page is timed."
        ),
        "",
        (
            f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
            f" {figures['machine']['memory_gib']} GiB"
        ),
        (
            "- People: that many mentors in the bank of one programme, and 28 mentees waiting for each 1,000; the match"
            " desk ranks all of them, seen by the national lead. Running pairs are a tenth as many, a coordinator for"
            " each hundred, with what a night has found of them: calls, early signs, endings under way, questions"
            " afterwards. *Today* and *The week* are asked for in turn as her own and as everybody's."
        ),
        "",
    ]
    for database, runs in figures["pages"].items():
        headers = [database]
        for run in runs:
            headers += [f"{run['people']:,}: first", "p50", "p95", "queries"]
        rows = []
        for name in runs[0]["times"]:
            row = [name]
            for run in runs:
                timed = run["times"][name]
                row += [
                    seconds(timed["first"]),
                    seconds(timed["p50"]),
                    seconds(timed["p95"]),
                    str(run["queries"][name]),
                ]
            rows.append(row)
        lines += [markdown(headers, rows)]
    lines += ["## Import", ""]
    rows = [[name, f"{run['rows']:,}", seconds(run["seconds"])] for name, run in figures["imports"].items()]
    lines += [markdown(["Database", "rows", "whole program, from start to end"], rows), "## Goals", ""]
    lines += [
        markdown(
            ["Goal", "figure", "reached"], [[*goal[:2], "yes" if goal[2] else "**no**"] for goal in goals(figures)]
        )
    ]
    return "\n".join(lines)


def goals(figures: Figures) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []
    for database, runs in figures["pages"].items():
        for run in runs:
            for name in DAILY:
                words = f"{name}, {database}, {run['people']:,} people: p95 at most {seconds(DAILY_GOAL)}"
                taken = run["times"][name]["p95"]
                found.append((words, seconds(taken), taken <= DAILY_GOAL))
        for name, timed in runs[0]["times"].items():
            if name in DAILY:
                continue
            limit = GOALS.get(name, OTHER_GOAL)
            words = f"{name}, {database}, {runs[0]['people']:,} people: p95 at most {seconds(limit)}"
            found.append((words, seconds(timed["p95"]), timed["p95"] <= limit))
        same = all(run["queries"] == runs[0]["queries"] for run in runs)
        found.append((f"{database}: as many queries at every size", "the same" if same else "not the same", same))
    for database, run in figures["imports"].items():
        words = f"Import of {run['rows']:,} rows, {database}: at most {seconds(IMPORT_GOAL)}"
        found.append((words, seconds(run["seconds"]), run["seconds"] <= IMPORT_GOAL))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the desk, and write docs/benchmarks-desk.md.")
    parser.add_argument("--quick", action="store_true", help="few people, few rounds; print the page, leave docs alone")
    quick = parser.parse_args().quick
    sizes, rounds, rows = ((300,), 10, 200) if quick else ((5_000, 50_000), 200, 5_000)
    figures: dict[str, Any] = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "pages": {},
        "imports": {},
    }
    for database, url in databases(quick):
        runs = []
        for number, people in enumerate(sizes):
            say(f"{database}, {people:,} people")
            runs.append(measure(people, rounds, url and _named(url, f"bench{number}")))
        figures["pages"][database] = runs
        say(f"{database}, import")
        figures["imports"][database] = measure_import(rows, url and _named(url, "import"))
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if quick:
        sys.stdout.write(page(figures))
        return 0
    place = PROJECT / "docs" / "benchmarks-desk.md"
    place.write_text(page(figures), encoding="utf-8")
    say(f"written: {place.relative_to(PROJECT)}")
    return 0


def _named(url: str, name: str) -> str:
    """Make a database of that name beside the one of ``url``, and return its address."""
    from psycopg import connect  # noqa: PLC0415 - only where there is a PostgreSQL

    with connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f'create database "{name}"')
    return url.replace("/postgres?", f"/{name}?")


if __name__ == "__main__":
    sys.exit(main())
