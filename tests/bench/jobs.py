"""What is measured of ours, inside a fresh process: answers :class:`bench.measure.Helper`, one job for each line."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt
from openpyxl import load_workbook
from scipy.optimize import linear_sum_assignment

from bench.measure import Figures, memory_mib
from factories.network import TODAY, network
from pairing import cli, explain
from pairing.arguments import match_arguments
from pairing.policy import Policy
from pairing.problem import PairingProblem, build_problem
from pairing.run import Question, state
from pairing.scoring import judge_row
from pairing.solve import prepare, solve
from pairing.verify import verify
from reference.people import MeetingMode, Mentee, Mentor
from reference.reading import Limits, read_people
from reference.sheets import load

LIMITS = Limits()


def surroundings() -> cli.Surroundings:
    return cli.Surroundings(limits=LIMITS, language="en", resolver=None, version="bench", today=TODAY)


def match(folder: str) -> Figures:
    """The command ``match`` on two CSV files, as the program calls it: check of the proof and all files written."""
    parser = argparse.ArgumentParser()
    match_arguments(parser)
    where = Path(folder)
    words = [str(where / "mentors.csv"), str(where / "mentees.csv"), "--out", str(where / "matches")]
    before = memory_mib("VmRSS")
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        cli.match(parser.parse_args(words), surroundings())
    return {"seconds": time.perf_counter() - start, "memory_mib": memory_mib("VmHWM") - before}


def reasons(folder: str) -> Figures:
    """From CSV text to pairs with reasons, and to what would help those left over: the same calls, no files."""
    where = Path(folder)
    before = memory_mib("VmRSS")
    times = [time.perf_counter()]
    files = {name: load(where / f"{name}.csv", LIMITS) for name in ("mentors", "mentees")}
    stated = state(Question(files=files, today=TODAY, policy=Policy()), limits=LIMITS)
    times.append(time.perf_counter())
    result = solve(stated.problem)
    times.append(time.perf_counter())
    pairs = explain.explain_pairs(stated.problem, stated.people, result)
    left = explain.explain_unmatched(stated.problem, stated.people, result)
    said = [[message.text("en") for message in pair.reasons] for pair in pairs]
    said += [[message.text("en") for message in one.sentences] for one in left]
    times.append(time.perf_counter())
    reading, solving, explaining = (later - sooner for sooner, later in pairwise(times))
    assert all(said)
    return {
        "seconds": times[-1] - times[0],
        "reading": reading,
        "solving": solving,
        "explaining": explaining,
        "memory_mib": memory_mib("VmHWM") - before,
        "paired": len(pairs),
    }


def only_division(mentee: Mentee) -> Mentee:
    return replace(
        mentee, languages=None, availability=None, requires=(), must_not_meet=(), meeting=(MeetingMode.IN_PERSON,)
    )


def same_division(mentees: int, mentors: int) -> Figures:
    """How many pairs ours finds where only the division counts: everything else that could rule out is taken away."""
    waiting, bank = network(mentees, mentors)
    bare = [
        replace(
            mentor,
            languages=None,
            availability=None,
            requires=(),
            meeting=(MeetingMode.IN_PERSON,),
            capacity=1,
            active_pairs=0,
            resting_until=None,
            # The peer takes an unknown division for one of its own; so must this, or it would have more to choose.
            division=mentor.division or f"unknown to {mentor.id}",
        )
        for mentor in bank
    ]
    seekers = [replace(only_division(one), division=one.division or f"unknown to {one.id}") for one in waiting]
    problem = build_problem(mentees=seekers, mentors=bare, today=TODAY, policy=Policy(floor=0))
    return {"paired": len(solve(problem).pairs)}


_PEOPLE: dict[tuple[int, int], tuple[tuple[Mentee, ...], tuple[Mentor, ...]]] = {}


def people(mentees: int, mentors: int) -> tuple[tuple[Mentee, ...], tuple[Mentor, ...]]:
    if (mentees, mentors) not in _PEOPLE:
        _PEOPLE[mentees, mentors] = network(mentees, mentors)
    return _PEOPLE[mentees, mentors]


def problem_of(mentees: int, mentors: int) -> PairingProblem:
    waiting, bank = people(mentees, mentors)
    return build_problem(mentees=waiting, mentors=bank, today=TODAY)


def optimum(mentees: int, mentors: int, threads: int | None, is_checked: bool = False) -> Figures:
    """People in memory to the certified optimum."""
    waiting, bank = people(mentees, mentors)
    before = memory_mib("VmRSS")
    start = time.perf_counter()
    problem = build_problem(mentees=waiting, mentors=bank, today=TODAY)
    built = time.perf_counter()
    result = solve(problem, threads=threads)
    end = time.perf_counter()
    memory = memory_mib("VmHWM") - before
    if is_checked:
        verify(problem, result)
    return {
        "seconds": end - start,
        "features": built - start,
        "solving": end - built,
        "memory_mib": memory,
        "pairs": len(result.pairs),
        "total": int(result.scores.sum()),
        "checked": is_checked,
    }


def dense(mentees: int, mentors: int) -> Figures:
    """The same optimum by scoring every pair into a full matrix and SciPy's dense assignment."""
    waiting, bank = people(mentees, mentors)
    before = memory_mib("VmRSS")
    start = time.perf_counter()
    problem = build_problem(mentees=waiting, mentors=bank, today=TODAY)
    columns = np.repeat(np.arange(problem.mentors), problem.capacity)
    scores: npt.NDArray[np.int32] = np.full((problem.mentees, problem.mentors), -1, np.int32)
    for row in range(problem.mentees):
        judged = judge_row(problem, row)
        can = judged.rules.allowed & (judged.scores >= problem.policy.floor)
        scores[row, can] = judged.scores[can]
    scored = time.perf_counter()
    chosen_from = scores[:, columns]
    # No sum of scores reaches one more pair; everything stays far below 2^53, where floats are still whole.
    big = problem.mentees * (int(scores.max()) + 1)
    weights = np.where(chosen_from >= 0, chosen_from.astype(np.int64) + big, 0)
    rows, picked = linear_sum_assignment(weights, maximize=True)
    found = chosen_from[rows, picked]
    found = found[found >= 0]
    end = time.perf_counter()
    return {
        "seconds": end - start,
        "scoring": scored - start,
        "solving": end - scored,
        "memory_mib": memory_mib("VmHWM") - before,
        "pairs": len(found),
        "total": int(found.sum(dtype=np.int64)),
    }


_RANKED: dict[int, tuple[PairingProblem, explain.People]] = {}


def rank(mentors: int, row: int) -> Figures:
    """One mentee against the whole bank: order, and reasons for the first 50."""
    if mentors not in _RANKED:
        waiting, bank = network(50, mentors)
        problem = build_problem(mentees=waiting, mentors=bank, today=TODAY)
        _RANKED[mentors] = problem, explain.People(problem, waiting, bank)
    problem, everybody = _RANKED[mentors]
    start = time.perf_counter()
    explain.rank(problem, row)
    ordered = time.perf_counter()
    ranked = explain.explain_rank(problem, everybody, row, 50)
    said = [[message.text("en") for message in pair.reasons] for pair in ranked]
    end = time.perf_counter()
    assert all(said)
    return {"seconds": end - ordered, "ordering": ordered - start}


def reading(mentors: str, mentees: str) -> Figures:
    """Read, check and understand two files."""
    before = memory_mib("VmRSS")
    start = time.perf_counter()
    found = read_people(Path(mentors), Path(mentees), today=TODAY)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "memory_mib": memory_mib("VmHWM") - before, "rows": len(found.mentors)}


def bare_reading(path: str) -> Figures:
    """Only get the cells out, with the module everybody uses: csv, or openpyxl as it reads fastest."""
    before = memory_mib("VmRSS")
    start = time.perf_counter()
    if path.endswith(".csv"):
        with Path(path).open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.DictReader(file))
    else:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "memory_mib": memory_mib("VmHWM") - before, "rows": rows}


JOBS: dict[str, Callable[..., Figures]] = {
    one.__name__: one for one in (match, reasons, same_division, optimum, dense, rank, reading, bare_reading)
}


def warm_up() -> None:
    """Load compiled code and catalogues, so that no job pays for them."""
    prepare()
    waiting, bank = network(30, 30, today=date(2026, 1, 1))
    problem = build_problem(mentees=waiting, mentors=bank, today=TODAY)
    result = solve(problem)
    everybody = explain.People(problem, waiting, bank)
    for pair in explain.explain_pairs(problem, everybody, result):
        _ = [message.text("en") for message in pair.reasons]
    explain.explain_unmatched(problem, everybody, result)
    explain.explain_rank(problem, everybody, 0, 5)
    judge_row(problem, 0)


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    warm_up()
    for line in sys.stdin:
        question: list[Any] = json.loads(line)
        answers.write(json.dumps(JOBS[question[0]](*question[1:])) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
