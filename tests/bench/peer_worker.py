"""Does the peer's whole job, in the peer's own environment: reads CSV, matches, writes its lists of pairs.

Run by :mod:`bench.peers` with the Python of that environment, so nothing of ours is imported here. It answers one
line of JSON for each line of JSON, ``[folder, rules, rounds]``; with ``--once`` it does one job and ends.

The rules are those of the application that mentor-match's author has published beside it: the same organisation is
ruled out, the mentor's grade has to be one or two above the mentee's, and points go to grade, profession and to
people who have nobody yet. (Its rule about characteristics is left out: the package itself has no such column.)
"""

from __future__ import annotations

import json
import operator
import sys
import time
from pathlib import Path
from typing import Any

import matching.rules.rule as rl
from matching import process


def memory_kib(field: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    raise LookupError(field)


def scoring() -> list[Any]:
    return [
        rl.Grade(1, operator.eq, {True: 10, False: 0}),
        rl.Grade(2, operator.eq, {True: 7, False: 0}),
        rl.Equivalent("profession", {True: 8, False: 0}),
        rl.UnmatchedBonus(6),
    ]


def published() -> list[Any]:
    return [
        rl.Disqualify(lambda match: match.mentee.organisation == match.mentor.organisation),
        rl.Disqualify(rl.Grade(target_diff=2, logical_operator=operator.gt).evaluate),
        rl.Disqualify(rl.Grade(target_diff=0, logical_operator=operator.le).evaluate),
        *scoring(),
    ]


def same_division() -> list[Any]:
    return [rl.Disqualify(lambda match: match.mentee.organisation != match.mentor.organisation), *scoring()]


RULES = {"published": published, "same_division": same_division}


def job(folder: str, rules: str, rounds: int) -> dict[str, float]:
    before = memory_kib("VmRSS")
    start = time.perf_counter()
    mentors, mentees = process.conduct_matching_from_file(Path(folder), [RULES[rules]() for _ in range(rounds)])
    process.create_mailing_list(mentors, Path(folder) / "output")
    process.create_mailing_list(mentees, Path(folder) / "output")
    seconds = time.perf_counter() - start
    memory = memory_kib("VmHWM") - before
    return {
        "seconds": seconds,
        "memory_mib": memory / 1024,
        "paired": sum(bool(mentee.connections) for mentee in mentees),
    }


def main() -> None:
    if "--once" in sys.argv:
        job(*json.loads(sys.argv[-1]))
        return
    for line in sys.stdin:
        sys.stdout.write(json.dumps(job(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
