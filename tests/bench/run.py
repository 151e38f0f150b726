"""Run the bench: ``python tests/bench/run.py [--quick]`` measures everything and writes docs/benchmarks.md.

``--quick`` takes small sizes once each and prints the page instead: to see that the bench works.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import peers
from bench.measure import Figures, Helper, machine, medians, versions, whole_process
from bench.report import mib, page, seconds, times
from factories.network import TODAY, network
from reference.people import Role
from reference.writing import csv_bytes, people_table
from reference.xlsx_writing import xlsx_bytes

PROJECT = Path(__file__).resolve().parents[2]
BENCH = PROJECT / ".bench"
PILOT = PROJECT / "examples" / "pilot-2003"
OURS = (sys.executable, str(Path(__file__).with_name("jobs.py")))
PROGRAM = (sys.executable, "-m", "mentornet.cli")
MUNKRES = ("3.0.0", "1.1.4")
ROUNDS = (3, 1)
# From so many people on, the slow peer is run once.
PATIENCE = 400


class DisagreementError(Exception):
    """Raised when two ways to the optimum do not end at the same one."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    repetitions: int
    peer_sizes: tuple[int, ...]
    optimum_sizes: tuple[tuple[int, int], ...]
    dense_limit: int
    rank_sizes: tuple[int, ...]
    rows: int


FULL = Plan(
    repetitions=5,
    peer_sizes=(50, 100, 200, 400, 500),
    optimum_sizes=((200, 5_000), (1_000, 5_000), (5_000, 5_000), (5_000, 100_000)),
    dense_limit=25_000_000,
    rank_sizes=(5_000, 100_000),
    rows=20_000,
)
QUICK = Plan(
    repetitions=1,
    peer_sizes=(50, 100),
    optimum_sizes=((100, 500), (300, 500)),
    dense_limit=1_000_000,
    rank_sizes=(500,),
    rows=500,
)


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def write_people(folder: Path, size: int) -> tuple[Path, Path]:
    """Write the same people for both; return our folder and the peer's."""
    mentees, mentors = network(size, size)
    ours = folder / f"{size}" / "ours"
    ours.mkdir(parents=True)
    (ours / "mentees.csv").write_bytes(csv_bytes(people_table(mentees, Role.MENTEE, "en")))
    (ours / "mentors.csv").write_bytes(csv_bytes(people_table(mentors, Role.MENTOR, "en")))
    theirs = folder / f"{size}" / "theirs"
    peers.write_people(theirs, mentees, mentors)
    return ours, theirs


def environments() -> tuple[dict[str, peers.Peer], list[str]]:
    found, missing = {}, []
    for munkres in MUNKRES:
        try:
            found[munkres] = peers.install(BENCH, munkres)
        except peers.PeerMissingError as error:
            missing.append(str(error))
    return found, missing


def measure_peer(plan: Plan, folder: Path, found: dict[str, peers.Peer], missing: Sequence[str]) -> Figures:
    keys = [f"{munkres} {rounds}" for munkres in MUNKRES for rounds in ROUNDS]
    names = {
        f"{munkres} {rounds}": f"munkres {munkres}, {'three rounds' if rounds == 3 else 'one round'}"
        for munkres in MUNKRES
        for rounds in ROUNDS
    }
    _, warm = write_people(folder, 20)
    sizes = []
    for size in plan.peer_sizes:
        say(f"whole job, {size} a side")
        ours, theirs = write_people(folder, size)
        sizes.append(_peer_size(plan, size, ours, theirs, warm, found))
    return {
        "keys": keys,
        "names": names,
        "missing": list(missing),
        "environments": [peer.versions for peer in found.values()] or ["missing"],
        "sizes": sizes,
    }


def _peer_size(plan: Plan, size: int, ours: Path, theirs: Path, warm: Path, found: dict[str, peers.Peer]) -> Figures:
    answers: dict[str, list[Figures]] = {}
    questions: dict[str, list[object]] = {"reasons": ["reasons", str(ours)], "match": ["match", str(ours)]}
    with contextlib.ExitStack() as stack:
        helpers = {name: stack.enter_context(Helper(OURS)) for name in questions}
        for munkres, peer in found.items():
            for rounds in ROUNDS:
                key = f"{munkres} {rounds}"
                helpers[key] = stack.enter_context(Helper((str(peer.python), str(peers.WORKER))))
                helpers[key].ask([str(warm), "published", rounds])
                questions[key] = [str(theirs), "published", rounds]
        for repetition in range(plan.repetitions if size < PATIENCE else min(3, plan.repetitions)):
            for key, question in questions.items():
                if repetition and size >= PATIENCE and key.startswith("1."):
                    continue
                answers.setdefault(key, []).append(helpers[key].ask(question))
    command = [*PROGRAM, "match", str(ours / "mentors.csv"), str(ours / "mentees.csv")]
    command += ["--out", str(ours / "matches"), "--today", TODAY.isoformat()]
    whole_peers = {}
    whole_ours = [whole_process(command)]
    for munkres, peer in found.items():
        for rounds in ROUNDS:
            job = json.dumps([str(theirs), "published", rounds])
            whole_peers[f"{munkres} {rounds}"] = whole_process([str(peer.python), str(peers.WORKER), "--once", job])
            whole_ours.append(whole_process(command))
    return {
        "size": size,
        "ours": medians(answers.pop("reasons")),
        "match": medians(answers.pop("match")),
        "peers": {key: medians(several) for key, several in answers.items()},
        "whole_ours": median(whole_ours),
        "whole_peers": whole_peers,
    }


def measure_one_rule(plan: Plan, folder: Path, found: dict[str, peers.Peer]) -> list[Figures]:
    rows = []
    peer = next(iter(found.values()), None)
    for size in plan.peer_sizes:
        say(f"one rule, {size} a side")
        with Helper(OURS) as helper:
            ours = helper.ask(["same_division", size, size])["paired"]
        theirs = None
        if peer is not None:
            with Helper((str(peer.python), str(peers.WORKER))) as helper:
                theirs = helper.ask([str(folder / f"{size}" / "theirs"), "same_division", 1])["paired"]
        rows.append({"size": size, "ours": ours, "peer": theirs})
    return rows


def measure_optimum(plan: Plan) -> list[Figures]:
    rows = []
    for mentees, mentors in plan.optimum_sizes:
        say(f"optimum, {mentees} x {mentors}")
        is_dense = mentees * mentors <= plan.dense_limit
        questions: dict[str, list[object]] = {
            "all": ["optimum", mentees, mentors, None],
            "one": ["optimum", mentees, mentors, 1],
        }
        if is_dense:
            questions["dense"] = ["dense", mentees, mentors]
        answers: dict[str, list[Figures]] = {key: [] for key in questions}
        with contextlib.ExitStack() as stack:
            helpers = {key: stack.enter_context(Helper(OURS)) for key in questions}
            for _ in range(plan.repetitions):
                for key, question in questions.items():
                    answers[key].append(helpers[key].ask(question))
            if is_dense:
                helpers["one"].ask(["optimum", mentees, mentors, 1, True])
        optima = {(answer["pairs"], answer["total"]) for several in answers.values() for answer in several}
        if len(optima) != 1:
            raise DisagreementError(f"{mentees} x {mentors}: {sorted(optima)}")
        rows.append(
            {
                "mentees": mentees,
                "mentors": mentors,
                "checked": is_dense,
                "dense": None,
                **{key: medians(several) for key, several in answers.items()},
            }
        )
    return rows


def measure_rank(plan: Plan) -> list[Figures]:
    rows = []
    for mentors in plan.rank_sizes:
        say(f"rank, {mentors}")
        with Helper(OURS) as helper:
            helper.ask(["rank", mentors, 49])
            rows.append({"mentors": mentors, **medians([helper.ask(["rank", mentors, row]) for row in range(20)])})
    return rows


def measure_reading(plan: Plan, folder: Path) -> list[Figures]:
    mentees, mentors = network(1, plan.rows)
    one = folder / "one.csv"
    one.write_bytes(csv_bytes(people_table(mentees, Role.MENTEE, "en")))
    table = people_table(mentors, Role.MENTOR, "en")
    rows = []
    for kind, content in (("CSV", csv_bytes(table)), ("XLSX", xlsx_bytes(table, "Mentors"))):
        say(f"reading {kind}")
        path = folder / f"many.{kind.lower()}"
        path.write_bytes(content)
        ours: list[Figures] = []
        bare: list[Figures] = []
        with Helper(OURS) as reader, Helper(OURS) as other:
            for _ in range(plan.repetitions):
                ours.append(reader.ask(["reading", str(path), str(one)]))
                bare.append(other.ask(["bare_reading", str(path)]))
        assert ours[0]["rows"] == bare[0]["rows"] == plan.rows
        size = len(content) / 2**20
        rows.append({"kind": kind, "rows": plan.rows, "mib": size, "ours": medians(ours), "bare": medians(bare)})
    return rows


def measure_start(plan: Plan, folder: Path) -> Figures:
    say("start")
    command = [*PROGRAM, "match", str(PILOT / "mentorbank.xlsx"), str(PILOT / "venteliste.xlsx")]
    command += ["--out", str(folder / "pilot"), "--today", "2003-11-21"]
    first, second, version = [], [], []
    for number in range(min(3, plan.repetitions)):
        empty = folder / f"cache-{number}"
        first.append(whole_process(command, {"NUMBA_CACHE_DIR": str(empty)}))
        second.append(whole_process(command, {"NUMBA_CACHE_DIR": str(empty)}))
        second.append(whole_process(command, {"NUMBA_CACHE_DIR": str(empty)}))
        version.append(whole_process([*PROGRAM, "--version"]))
    return {
        name: sorted(found)[len(found) // 2]
        for name, found in locals().items()
        if name in {"first", "second", "version"}
    }


def goals(figures: Figures) -> list[Figures]:
    found = []
    last = figures["peer"]["sizes"][-1]
    for rounds, words in ((3, "its own job, three rounds"), (1, "one round")):
        theirs: Any = last["peers"].get(f"3.0.0 {rounds}")
        ours = last["ours"]
        ratio = theirs["seconds"] / ours["seconds"] if theirs else None
        share = ours["memory_mib"] / theirs["memory_mib"] if theirs else None
        found.append(
            {
                "goal": f"{last['size']} a side: 200 times as fast as mentor-match with munkres 3.0.0 ({words})",
                "figure": times(theirs["seconds"], ours["seconds"]) if theirs else "missing",
                "reached": None if ratio is None else ratio >= 200,
            }
        )
        found.append(
            {
                "goal": f"{last['size']} a side: at most a tenth of its memory ({words})",
                "figure": f"{mib(ours['memory_mib'])} of {mib(theirs['memory_mib'])}" if theirs else "missing",
                "reached": None if share is None else share <= 0.1,
            }
        )
    pairs = [(row["ours"], row["peer"]) for row in figures["one_rule"]]
    found.append(
        {
            "goal": "under one hard rule, at least as many allowed pairs at every size",
            "figure": ", ".join(f"{ours} / {'missing' if theirs is None else theirs}" for ours, theirs in pairs),
            "reached": None
            if any(theirs is None for _, theirs in pairs)
            else all(ours >= peer for ours, peer in pairs),
        }
    )
    largest = [row for row in figures["optimum"] if row["dense"]][-1]
    ratio = largest["dense"]["seconds"] / largest["all"]["seconds"]
    found.append(
        {
            "goal": f"{largest['mentees']:,} × {largest['mentors']:,} to the certified optimum: 5 times as fast as"
            " numpy and SciPy on the full matrix",
            "figure": times(largest["dense"]["seconds"], largest["all"]["seconds"])
            + f" ({seconds(largest['dense']['seconds'])} / {seconds(largest['all']['seconds'])})",
            "reached": ratio >= 5,
        }
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure, and write docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="small sizes once each; print the page, leave docs alone")
    quick = parser.parse_args().quick
    plan = QUICK if quick else FULL
    BENCH.mkdir(exist_ok=True)
    found, missing = environments()
    today = datetime.now(tz=UTC).date().isoformat()
    figures: Figures = {"date": today, "machine": machine(), "versions": versions()}
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=BENCH))
    try:
        figures["peer"] = measure_peer(plan, folder, found, missing)
        figures["one_rule"] = measure_one_rule(plan, folder, found)
        figures["optimum"] = measure_optimum(plan)
        figures["rank"] = measure_rank(plan)
        figures["reading"] = measure_reading(plan, folder)
        figures["start"] = measure_start(plan, folder)
    finally:
        shutil.rmtree(folder)
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    figures["goals"] = goals(figures)
    (BENCH / ("quick.json" if quick else "figures.json")).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if quick:
        sys.stdout.write(page(figures))
    else:
        place = PROJECT / "docs" / "benchmarks.md"
        place.write_text(page(figures), encoding="utf-8")
        say(f"written: {place.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
