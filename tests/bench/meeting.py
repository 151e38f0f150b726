"""Measure a matching meeting over HTTP, and write docs/benchmarks-meeting.md: ``python tests/bench/meeting.py``.

1,000 women wait and 5,000 mentors are in the bank of one programme; some mentors are released to other divisions, and
some pairs are locked. The server is the program's own (gunicorn, two processes of four threads) with its worker, on the
embedded database. Beside the acts stand, in the same run, the board that is opened without one, and the same set found
by scoring with numpy and assigning with scipy. With ``--quick`` a tenth of it; the page is printed, nothing written.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Figures, machine, versions
from bench.report import seconds, times
from bench.report import table as markdown
from serving import of_nobody, served

PROJECT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).parent
MENTEES: Final = 1_000
MENTORS: Final = 5_000
ROUNDS: Final = 20
ACT_GOAL: Final = 1.0
"""Seconds until the set has been found anew and kept."""
BOARD_GOAL: Final = 1.0
LIGHT: Final = 400
"""KiB of a board, however many have another mentor."""


def _python(arguments: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(HERE / "meeting_client.py"), *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def measure(mentees: int, mentors: int, rounds: int) -> Figures:
    """Fill a database, serve it, and sit in a meeting."""
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    environment = of_nobody(folder) | {"MENTORNET_DEMO": "yes"}
    try:
        _python(["fill", str(mentees), str(mentors)], environment)
        with served("serve", environment=environment, log=folder / "log") as address:
            found: Figures = json.loads(_python([address.rpartition(":")[2], str(rounds)], environment))
    finally:
        shutil.rmtree(folder)
    return found


def goals(run: Figures) -> list[tuple[str, str, bool]]:
    """Return each goal with its figure, and whether it is reached."""
    slowest = max(run["acts"], key=lambda name: run["acts"][name]["p95"])
    taken = run["acts"][slowest]["p95"]
    heaviest = run["board_kib"]
    return [
        (
            f"every act answered within {seconds(ACT_GOAL)}, p95 (the slowest: {slowest})",
            seconds(taken),
            taken <= ACT_GOAL,
        ),
        (
            f"the board after an act within {seconds(BOARD_GOAL)}, p95",
            seconds(run["board"]["p95"]),
            run["board"]["p95"] <= BOARD_GOAL,
        ),
        (
            f"the board at most {LIGHT} KiB, with up to {run['most_changes']:,} changes",
            f"{heaviest:.0f} KiB",
            heaviest <= LIGHT,
        ),
        ("as many pairs and points as scipy has", "the same" if run["agree"] else "others", run["agree"]),
    ]


def page(figures: Figures) -> str:
    """Return docs/benchmarks-meeting.md."""
    run, known = figures["run"], figures["versions"]
    idle = run["idle"]
    acts = [
        [
            name,
            seconds(timed["p50"]),
            seconds(timed["p95"]),
            seconds(timed["worst"]),
            times(timed["p50"], idle["p50"]),
        ]
        for name, timed in run["acts"].items()
    ]
    boards = [
        [name, seconds(timed["p50"]), seconds(timed["p95"]), seconds(timed["worst"]), times(timed["p50"], idle["p50"])]
        for name, timed in (("the board, opened without an act", idle), ("the board after an act", run["board"]))
    ]
    whole = run["scoring"] + run["scipy"]
    return "\n".join(
        [
            "# A matching meeting, measured",
            "",
            (
                f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']}"
                f" when it began, {figures['machine']['load_after']} when it ended). Over HTTP on the same machine, one"
                " browser, the program's own server with two processes, on the embedded database. An act is timed from"
                " its request to the answer that leads back to the board: by then the set has been found anew, kept"
                " with what it follows from, and written to the record. The board is asked for after each act, and"
                f" makes {run['queries']['board']} queries. Times say little by themselves; the ratios are to the board"
                " opened without an act, in the same run."
            ),
            "",
            (
                f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
                f" {figures['machine']['memory_gib']} GiB"
            ),
            f"- Versions: {', '.join(f'{name} {number}' for name, number in known.items())}",
            (
                f"- People: {run['mentees']:,} who wait in all divisions of one programme, {run['mentors']:,} mentors"
                f" and places that are lent, {run['loans']:,} of them released to another division;"
                f" {run['locks']:,} pairs locked or decided at the end. {figures['rounds']} rounds."
            ),
            f"- A meeting is prepared in {seconds(run['prepared'])}, from the button to the open board, once.",
            "",
            markdown(["Act", "p50", "p95", "slowest", "beside the board"], acts),
            "",
            markdown(["Page", "p50", "p95", "slowest", "beside the board"], boards),
            "",
            "## The set alone",
            "",
            (
                "The question of the last run, solved in memory: by the program, and by scoring every pair with numpy"
                " into a full matrix and assigning with scipy's `linear_sum_assignment`."
            ),
            "",
            markdown(
                ["", "scoring", "assigning", "together", "ratio"],
                [
                    ["the program", "", "", seconds(run["solver"]), "1"],
                    [
                        "numpy and scipy",
                        seconds(run["scoring"]),
                        seconds(run["scipy"]),
                        seconds(whole),
                        times(whole, run["solver"]),
                    ],
                ],
            ),
            "",
            "## Goals",
            "",
            markdown(
                ["Goal", "figure", "reached"], [[*goal[:2], "yes" if goal[2] else "**no**"] for goal in goals(run)]
            ),
        ]
    )


def main() -> int:
    """Measure, and write the page; with ``--quick`` print it."""
    parser = argparse.ArgumentParser(description="Measure a matching meeting, and write docs/benchmarks-meeting.md.")
    parser.add_argument("--quick", action="store_true", help="a tenth of it; print the page, leave docs alone")
    quick = parser.parse_args().quick
    share, rounds = (10, 3) if quick else (1, ROUNDS)
    figures: Figures = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "rounds": rounds,
        "run": measure(MENTEES // share, MENTORS // share, rounds),
    }
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if quick:
        sys.stdout.write(page(figures) + "\n")
    else:
        place = PROJECT / "docs" / "benchmarks-meeting.md"
        place.write_text(page(figures) + "\n", encoding="utf-8")
        sys.stderr.write(f"written: {place.relative_to(PROJECT)}\n")
    return 0 if all(goal[2] for goal in goals(figures["run"])) else 1


if __name__ == "__main__":
    sys.exit(main())
