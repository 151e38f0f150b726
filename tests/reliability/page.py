"""docs/reliability.md, from the figures of one run; whatever was not run is said to be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.report import table

Figures = Mapping[str, Any]
FULL_CYCLES = 10_000
FULL_REQUESTS = 10_000
FULL_ATTEMPTS = 5_000


def faults(figures: Figures) -> Iterator[str]:
    """Yield, in sentences, what a run found wrong: with the program, or with a control that saw nothing."""
    for one in figures["killed"]:
        where = one["database"]
        yield from (f"{where}, killed: {fault}" for fault in [*one["killed"]["faults"], *one["swept"]["faults"]])
        for name in ("early", "torn"):
            if not one[name]["faults"]:
                yield f"{where}: the control *{name}* was not found out"
    for one in figures["synced"]:
        if bool(one["too_early"]) != bool(one["control"]):
            yield f"{one['database']}, {one['said'] or 'as served'}: {one['too_early']} acts acknowledged too early"
    for one in figures["crowded"]:
        places, control, services = one["places"], one["control"], one["services"]
        if places["beyond"] or places["full"] != places["places"] or places["accepted"] != places["places"]:
            yield f"{one['database']}: {places['accepted']} accepted on {places['places']} places"
        if not control["beyond"]:
            yield f"{one['database']}: the careless hold was not found out"
        wanted = services["places"]
        if {services["accepted"], services["partnerships"], services["full"]} != {wanted} or services["twice"]:
            yield f"{one['database']}: {services['partnerships']} partnerships on {wanted} places by the services"
    for one in figures["recorded"]:
        if not one["passed"]:
            yield f"{one['database']}: recorded requests were answered otherwise, or a control was not found out"


def page(figures: Figures) -> str:
    """Return docs/reliability.md."""
    wrong = list(faults(figures))
    verdict = (
        "Nothing was lost, torn, acknowledged too early, or given twice." if not wrong else "**Faults were found:**"
    )
    parts = [_head(figures), verdict, "\n".join(f"- {fault}" for fault in wrong)]
    parts += [_killed(figures["killed"]), _synced(figures), _crowded(figures["crowded"]), _recorded(figures), _repeat()]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _head(figures: Figures) -> str:
    machine = figures["machine"]
    command, told = "make soak", ""
    if figures["is_short"]:
        command = "python tests/reliability/run.py --short"
        told = f"""

**This is what a short run saw**, with the numbers that the tests run with every time. The long one (`make soak`:
{FULL_CYCLES:,} kills and {FULL_REQUESTS:,} recorded requests on each database, {FULL_ATTEMPTS:,} acceptances through
the whole of the services) has not been run for this page; no figure below is from it."""
    elif not figures["is_whole"]:
        command = "python tests/reliability/run.py --cycles"
        told = f"""

**This run was cut short:** fewer than the {FULL_CYCLES:,} kills on each database that `make soak` makes."""
    missing = "" if figures["has_postgresql"] else "\n\n**PostgreSQL is missing:** there was none beside this run."
    return f"""# Reliability, tried

One run of `{command}` on {figures["date"]}, on a shared machine
({machine["processor"]}, {machine["cores"]} cores, {machine["memory_gib"]} GiB, {machine["system"]};
load {machine["load"]} when it began, {machine["load_after"]} when it ended).

This page is written by the run itself. Each part has a control: the same with the guard away, which must be found
out.{told}{missing}"""


def _killed(runs: Sequence[Figures]) -> str:
    rows = [
        [
            one["database"],
            f"{one['killed']['cycles']:,}",
            f"{_all(one['killed'], 'acknowledged'):,}",
            f"{_all(one['killed'], 'vanished'):,}",
            f"{_all(one['killed'], 'finished'):,}",
            f"{one['killed']['sealing']:,}",
            f"{len(one['killed']['faults']):,}",
        ]
        for one in runs
    ]
    headers = [
        "Database",
        "killed",
        "acts acknowledged",
        "under way: not there",
        "under way: whole",
        "sealing",
        "faults",
    ]
    steps = [
        [
            one["database"],
            f"{one['swept']['cycles']:,}",
            f"{_all(one['swept'], 'vanished'):,}",
            f"{_all(one['swept'], 'finished'):,}",
            f"{len(one['swept']['faults']):,}",
            f"{one['early']['cycles']}: {_lost(one['early'])} found out",
            f"{one['torn']['cycles']}: {len(one['torn']['faults'])} found out",
        ]
        for one in runs
    ]
    step_headers = ["Database", "killed", "not there", "whole", "faults"]
    step_headers += ["control: acknowledges before the commit", "control: no transaction"]
    return f"""## Killed in the middle

A writer does the program's own services (an application received, a quiet word, a meeting told, proposals answered
with yes, yes and no, a letter written, the audit sealed) with the settings of a real installation, and says each time
when one has returned. It is killed with signal 9 at a random moment. Then everything acknowledged is looked for, with
its task, its letters and its entries in the audit; what was under way is there whole or not at all; and every table of
the database has as many more rows as these acts make when nobody disturbs them. Now and then, and at the end, all that
was acknowledged is looked for again, places are counted against proposals and partnerships, SQLite checks its file,
and the audit's chain is verified. *Sealing*: killed while the audit was sealed.

{table(headers, rows)}
And at each step in turn: before each statement of each act, before its commit, and right after it.

{table(step_headers, steps)}"""


def _synced(figures: Figures) -> str:
    if not figures["synced"]:
        return f"## On the disk before it is acknowledged\n\n**Missing:** {figures['synced_missing']}."
    rows = [
        [
            one["database"],
            f"`{one['said']}` (control)" if one["control"] else "as served",
            f"{one['acts']}",
            f"{one['flushes']}",
            f"{one['too_early']}",
        ]
        for one in figures["synced"]
    ]
    return f"""## On the disk before it is acknowledged

strace looks on. SQLite: when an act is acknowledged, nothing that was written to the database's files is unflushed,
and something was flushed. PostgreSQL: between each COMMIT of an act that the server receives and its answer, its log
has been flushed. What the disk itself does with a flush is the disk's word. Flushes are those of the database's files
during the acts (SQLite), or of the server's log in all (PostgreSQL).

{table(["Database", "told", "acts acknowledged", "flushes", "acknowledged too early"], rows)}"""


def _crowded(runs: Sequence[Figures]) -> str:
    rows, whole = [], []
    for one in runs:
        for name, words in (("places", "guarded"), ("control", "control: read, then write")):
            told = one[name]
            rows.append(
                [
                    one["database"],
                    words,
                    f"{told['attempts']:,}",
                    f"{told['processes']}",
                    f"{told['places']:,}",
                    f"{told['accepted']:,}",
                    f"{told['beyond']:,}",
                ]
            )
        told = one["services"]
        refused = ", ".join(
            f"{name} {count:,}" for name, count in sorted(told["said"].items()) if name.endswith("Error")
        )
        whole.append(
            [
                one["database"],
                f"{told['attempts']:,}",
                f"{told['processes']}",
                f"{told['places']:,}",
                f"{told['partnerships']:,}",
                f"{told['twice']}",
                refused,
            ]
        )
    headers = ["Database", "hold", "acceptances tried", "at once", "places", "accepted", "moments beyond capacity"]
    services = ["Database", "tried", "at once", "places", "partnerships", "opened twice", "refused"]
    return f"""## Many who want the same mentor

All want one mentor with three places at the same time, then the next one: a place is held, and taken, each step by
itself, in many processes at once. The database's own constraint is away, so that the conditional update stands alone;
a trigger notes each moment at which somebody has more than her capacity.

{table(headers, rows)}
Through the whole of the services: each proposes her own mentee; where that goes well, both sides say yes at the same
moment, in two processes.

{table(services, whole)}"""


def _recorded(figures: Figures) -> str:
    roles = list(dict.fromkeys(role for one in figures["recorded"] for role in one["requests"]))
    rows = [
        [
            one["database"],
            *(f"{one['requests'].get(role, 0):,}" for role in roles),
            f"{sum(one['requests'].values()):,}",
            f"{one['minutes']}",
            "yes" if one["passed"] else "**no**",
        ]
        for one in figures["recorded"]
    ]
    return f"""## Twin databases

Requests are recorded in a database with one division: all that a crawl finds; then filters, orders, pages and searches
drawn by chance, whole pages and parts of them, exports, and forms that are filled in wrongly; half of them in Danish,
half in English. Another division with people in every state is added, and all are made again: each answer is the same,
byte for byte. No two requests of the same person are the same: they differ in method, address, or what is sent. The
control lets one query forget whose division it is. The tests make {FULL_REQUESTS:,} on SQLite and a tenth of them on
PostgreSQL every time.

{table(["Database", *roles, "in all", "minutes", "the same bytes, control found out"], rows)}"""


def _repeat() -> str:
    return """## To repeat

    make soak                                   # everything; writes this page
    python tests/reliability/run.py --short     # the numbers of the tests; writes this page and says so"""


def _all(seen: Figures, name: str) -> int:
    return sum(seen[name].values())


def _lost(seen: Figures) -> int:
    return sum("acknowledged, and lost" in fault for fault in seen["faults"])
