"""Measure a night's tasks, and write docs/benchmarks-followup.md: ``python tests/bench/followup.py [--quick]``.

That many running pairs, each with a year of talks, in a database of its own; the worker's own round asks for what is
due with them. Then the same night once more, which changes nothing, and the next one. Beside it the other jobs of a
night, each also row by row. On SQLite, and on PostgreSQL where ``MENTORNET_TEST_DATABASE_URL`` names one: run it beside
``tests/with-postgresql``. Only figures of one run are compared: linear is what takes ten times as long for ten times
as many.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Figures, machine, memory_mib, on_a_database_of_its_own
from bench.report import seconds
from bench.report import table as markdown

PROJECT: Final = Path(__file__).resolve().parents[2]
SIZES: Final = (2_000, 20_000, 200_000)
QUICK: Final = (500, 2_000)
OTHERS: Final = (2_000, 20_000)
OTHERS_QUICK: Final = (200, 1_000)
ONE_BY_ONE: Final = 200
"""Pairs of which the other jobs are also done row by row."""
GOAL: Final = 10.0
"""Seconds for the night of 2,000 running pairs."""
LINEAR: Final = 1.5
"""By how much more than in proportion a larger network may take, on a machine that others use."""
MEMORY: Final = 200.0
"""MiB that the night may need beyond what the program has before it, however many pairs there are."""


def fill(count: int) -> None:
    """Write running pairs with their talks, in bulk, as they would stand after a year."""
    from django.utils import timezone  # noqa: PLC0415 - Django is started by then

    from bench.running_pairs import make_pairs  # noqa: PLC0415
    from factories.django_rows import make_division, make_programme  # noqa: PLC0415
    from mentornet.accounts.models import User  # noqa: PLC0415

    owner = User.objects.create_user(email="bench@example.org", name="Bench")
    make_pairs(
        count,
        divisions=[make_division()],
        programme=make_programme("Job og sprog"),
        owners=[owner.pk],
        at=timezone.now(),
    )


def night(at: datetime) -> Figures:
    """Do a night's round as the worker does, and return how long it took and what it did."""
    from mentornet.common.actors import System  # noqa: PLC0415
    from mentornet.followup.models import CadenceRun  # noqa: PLC0415
    from mentornet.followup.services import ask_for_talks  # noqa: PLC0415

    with suppress(OSError):
        # What filling the database took at its most is not the night's.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, start, cpu = memory_mib("VmRSS"), time.perf_counter(), time.process_time()
    while not ask_for_talks(by=System("followup.cadence", at)):
        pass
    run = CadenceRun.objects.latest("night")
    return {
        "seconds": time.perf_counter() - start,
        "busy": time.process_time() - cpu,
        "memory": memory_mib("VmHWM") - before,
        "looked_at": run.looked_at,
        "asked": run.asked,
        "changed": run.asked + run.moved + run.withdrawn,
    }


def measure(what: str, count: int) -> Figures:
    """Fill a database, and do its nights; or the other jobs of one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from bench import other_nights  # noqa: PLC0415
    from mentornet.common.bulk import count_anew  # noqa: PLC0415
    from mentornet.common.row_scope import EVERYTHING, within  # noqa: PLC0415
    from mentornet.config.running import prepare_database  # noqa: PLC0415
    from mentornet.followup.models import CadenceRun  # noqa: PLC0415

    prepare_database()
    with within(EVERYTHING):
        if what != "night":
            return other_nights.measure(count, one_by_one=what == "one-by-one")
        fill(count)
        count_anew()
        at = timezone.now().replace(hour=5)
        first = night(at)
        CadenceRun.objects.all().delete()
        again = night(at)
        following = night(at + timedelta(days=1))
    return {"pairs": count, "first": first, "again": again, "following": following}


def measured(what: str, count: int, url: str | None) -> Figures:
    """Measure in a process of its own, on a database of its own."""
    found = on_a_database_of_its_own(__file__, what, str(count), url=url)
    return {"database": "SQLite" if url is None else "PostgreSQL", **found}


def each(job: Figures, pairs: int) -> float:
    """Return the seconds that a job takes for each pair."""
    return float(job["seconds"]) / pairs


def goals_of_others(others: Sequence[Figures]) -> list[tuple[str, str, bool]]:
    """Return the goals of the other jobs: fast enough, linear, and nothing left to be done."""
    found: list[tuple[str, str, bool]] = []
    for name in dict.fromkeys(run["database"] for run in others):
        least, *larger = [run for run in others if run["database"] == name and run["what"] == "others"]
        for job, figures in least["jobs"].items():
            limit = GOAL * max(1.0, least["pairs"] / 2_000)
            words = f"{name}: {job}, {least['pairs']:,} pairs within {limit:,.0f} s"
            found.append((words, seconds(figures["seconds"]), figures["seconds"] <= limit))
            for run in larger:
                ratio = each(run["jobs"][job], run["pairs"]) / each(figures, least["pairs"])
                words = f"{name}: {job}, a pair of {run['pairs']:,} takes at most {LINEAR} times one of the fewer"
                found.append((words, f"{ratio:.2f}", ratio <= LINEAR))
        more = sum(figures["more"] for run in (least, *larger) for figures in run["jobs"].values())
        found.append((f"{name}: all of them done twice, nothing more is done", str(more), more == 0))
    return found


def table_of_others(others: Sequence[Figures]) -> str:
    """Return each job with the time of a pair, beside the round for calls and beside the same row by row."""
    rows = []
    for run in others:
        if run["what"] != "others":
            continue
        single = next(one for one in others if one["database"] == run["database"] and one["what"] == "one-by-one")
        calls = each(next(iter(run["jobs"].values())), run["pairs"])
        for name, job in run["jobs"].items():
            mine, alone = each(job, run["pairs"]), each(single["jobs"][name], single["pairs"])
            rows.append(
                [
                    run["database"],
                    name,
                    f"{run['pairs']:,}",
                    f"{job['done']:,}",
                    seconds(job["seconds"]),
                    seconds(mine),
                    f"{mine / calls:.1f}",
                    seconds(alone),
                    f"{alone / mine:.1f}",
                    seconds(job["again"]),
                ]
            )
    headers = ["Database", "job", "pairs", "done", "time", "a pair", "beside calls", "a pair, row by row"]
    return markdown([*headers, "beside row by row", "once more"], rows)


def goals(runs: Sequence[Figures]) -> list[tuple[str, str, bool]]:
    """Return each goal with its figure, and whether it is reached."""
    found: list[tuple[str, str, bool]] = []
    for name in dict.fromkeys(run["database"] for run in runs):
        mine = [run for run in runs if run["database"] == name]
        least = mine[0]
        for run in mine:
            taken, limit = run["first"]["seconds"], GOAL * run["pairs"] / 2_000
            words = f"{name}: the night of {run['pairs']:,} running pairs within {limit:,.0f} s"
            found.append((words, seconds(taken), taken <= limit))
            more = run["first"]["memory"]
            found.append(
                (f"{name}: {run['pairs']:,} pairs need at most {MEMORY:.0f} MiB", f"{more:.0f} MiB", more <= MEMORY)
            )
            idle = run["again"]["changed"]
            found.append((f"{name}: done twice with {run['pairs']:,}, nothing more changes", str(idle), idle == 0))
        for run in mine[1:]:
            ratio = (run["first"]["seconds"] / run["pairs"]) / (least["first"]["seconds"] / least["pairs"])
            words = f"{name}: a pair of {run['pairs']:,} takes at most {LINEAR} times one of {least['pairs']:,}"
            found.append((words, f"{ratio:.2f}", ratio <= LINEAR))
    return found


def page(figures: Figures) -> str:
    """Return docs/benchmarks-followup.md."""
    runs = figures["runs"]
    rows = [
        [
            run["database"],
            f"{run['pairs']:,}",
            f"{run['first']['asked']:,}",
            seconds(run["first"]["seconds"]),
            seconds(run["first"]["seconds"] / run["pairs"]),
            seconds(run["first"]["busy"]),
            seconds(run["again"]["seconds"]),
            seconds(run["following"]["seconds"]),
            f"{run['first']['memory']:.0f} MiB",
        ]
        for run in runs
    ]
    headers = ["Database", "pairs", "tasks made", "the night", "a pair", "of that, processor", "once more"]
    headers += ["the next night", "memory"]
    return "\n".join(
        [
            "# A night's tasks, measured",
            "",
            (
                f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']}"
                f" when it began, {figures['machine']['load_after']} when it ended). Running pairs, each with a year"
                " of talks; the worker's round looks at each and asks for what is due. *Once more* is"
                " the same night again, which changes nothing; *memory* is what the round needs beyond what the"
                " program had before."
            ),
            "",
            (
                f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
                f" {figures['machine']['memory_gib']} GiB"
            ),
            "",
            markdown(headers, rows),
            "",
            "## The other jobs of a night",
            "",
            (
                "Pairs matched a year ago, so that much is due of each at once: both are asked, a letter is prepared,"
                " the mentor is thanked; at last all have ended, and both are asked how it goes since. *Beside calls*"
                " is the ratio to the round for calls in the same database; *row by row* is the same job with one pair"
                f" in a transaction, of {ONE_BY_ONE} pairs."
            ),
            "",
            table_of_others(figures["others"]),
            "",
            *([] if figures["has_postgresql"] else ["PostgreSQL is missing: there was none beside this run.", ""]),
            "## Goals",
            "",
            markdown(
                ["Goal", "figure", "reached"],
                [
                    [*goal[:2], "yes" if goal[2] else "**no**"]
                    for goal in (*goals(runs), *goals_of_others(figures["others"]))
                ],
            ),
        ]
    )


def _named(url: str, name: str) -> str:
    """Make a database of that name beside the one of ``url``, and return its address."""
    from psycopg import connect  # noqa: PLC0415 - only where there is a PostgreSQL

    with connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f'create database "{name}"')
    return url.replace("/postgres?", f"/{name}?")


def main() -> int:
    """Measure, and write the page; with ``--quick`` print it."""
    parser = argparse.ArgumentParser(description="Measure a night's tasks, and write docs/benchmarks-followup.md.")
    parser.add_argument("--quick", action="store_true", help="fewer pairs; print the page, leave docs alone")
    parser.add_argument("--here", nargs=2, metavar=("WHAT", "PAIRS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here is not None:
        sys.stdout.write(json.dumps(measure(arguments.here[0], int(arguments.here[1]))) + "\n")
        return 0
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    runs: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    wanted = [("night", count) for count in (QUICK if arguments.quick else SIZES)]
    wanted += [("others", count) for count in (OTHERS_QUICK if arguments.quick else OTHERS)]
    for what, count in (*wanted, ("one-by-one", ONE_BY_ONE)):
        for address in (None,) if url is None else (None, _named(url, f"{what}{count}")):
            run = measured(what, count, address)
            (runs if what == "night" else others).append({"what": what, **run})
    figures: Figures = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "has_postgresql": url is not None,
        "runs": runs,
        "others": others,
    }
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if arguments.quick:
        sys.stdout.write(page(figures))
    else:
        place = PROJECT / "docs" / "benchmarks-followup.md"
        place.write_text(page(figures), encoding="utf-8")
        sys.stderr.write(f"written: {place.relative_to(PROJECT)}\n")
    return 0 if all(goal[2] for goal in (*goals(runs), *goals_of_others(others))) else 1


if __name__ == "__main__":
    sys.exit(main())
