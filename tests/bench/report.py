"""From the bench's figures to docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
NONE = "–"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is flushed right."""
    lines = [list(headers), ["---"] + ["---:"] * (len(headers) - 1), *(list(row) for row in rows)]
    assert all(len(line) == len(headers) for line in lines), headers
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def seconds(value: float | None) -> str:
    """Return a time as people read it: three digits, in s or ms."""
    if value is None:
        return NONE
    if value >= 0.9995:
        return f"{value:.1f} s" if value >= 9.995 else f"{value:.2f} s"
    milliseconds = value * 1000
    if milliseconds >= 99.95:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds:.1f} ms" if milliseconds >= 9.995 else f"{milliseconds:.2f} ms"


def mib(value: float | None) -> str:
    """Return an amount of memory in MiB."""
    if value is None:
        return NONE
    return f"{value:,.0f} MiB" if value >= 9.95 else f"{value:.1f} MiB"


def times(theirs: float | None, ours: float | None) -> str:
    """Return how many times as much theirs is."""
    if theirs is None or not ours:
        return NONE
    ratio = theirs / ours
    return f"{ratio:,.0f}×" if ratio >= 9.95 else f"{ratio:.1f}×"


def page(figures: Mapping[str, Any]) -> str:
    """Return the whole page."""
    parts = [_head(figures), _goals(figures["goals"])]
    parts += [_peer(figures["peer"]), _one_rule(figures["one_rule"])]
    parts += [_optimum(figures["optimum"]), _rank(figures["rank"]), _reading(figures["reading"])]
    parts += [_start(figures["start"]), _repeat()]
    return "\n".join(parts)


def _head(figures: Mapping[str, Any]) -> str:
    machine, versions = figures["machine"], figures["versions"]
    held = ", ".join(f"{name} {version}" for name, version in versions.items())
    peers = "; ".join(figures["peer"]["environments"])
    return f"""# Benchmarks

One run of `make bench` on {figures["date"]}. The machine was shared with other work (load {machine["load"]} when the
run began, {machine["load_after"]} when it ended), so a time says little by itself; **only ratios within this run are
claimed**. Repetitions of ours and of what it is compared with took turns, and every figure is the median of its
repetitions. Unless something else is said, a time is inside a process that has imported everything and done a small
job before. Memory is the peak above what the process held at that point, in a process that did nothing else.

All people are synthetic (`tests/factories/network.py`): five divisions, uneven shares, about a tenth of the cells
unknown.

- Machine: {machine["processor"]}, {machine["cores"]} cores, {machine["memory_gib"]} GiB, {machine["system"]}
- Ours: {held}
- Peer: {peers}
"""


def _goals(goals: Sequence[Row]) -> str:
    rows = [
        [goal["goal"], goal["figure"], {True: "yes", False: "**no**", None: "not measured"}[goal["reached"]]]
        for goal in goals
    ]
    return "## Goals\n\n" + table(["Goal", "This run", "Reached"], rows)


def _peer(peer: Mapping[str, Any]) -> str:
    missing = "".join(f"\n**Missing:** {reason}.\n" for reason in peer["missing"])
    job_rows, memory_rows, whole_rows = [], [], []
    for size in peer["sizes"]:
        ours, match = size["ours"], size["match"]
        job_rows.append(
            [
                f"{size['size']}",
                seconds(ours["seconds"]),
                seconds(match["seconds"]),
                *(_theirs(size["peers"].get(key), ours["seconds"], "seconds") for key in peer["keys"]),
            ]
        )
        memory_rows.append(
            [
                f"{size['size']}",
                mib(ours["memory_mib"]),
                mib(match["memory_mib"]),
                *(_theirs(size["peers"].get(key), ours["memory_mib"], "memory_mib") for key in peer["keys"]),
            ]
        )
        whole_rows.append(
            [
                f"{size['size']}",
                seconds(size["whole_ours"]),
                *(
                    f"{seconds(theirs)} ({times(theirs, size['whole_ours'])})"
                    for theirs in map(size["whole_peers"].get, peer["keys"])
                ),
            ]
        )
    names = [peer["names"][key] for key in peer["keys"]]
    last = peer["sizes"][-1]["ours"]
    parts = ", ".join(f"{name} {seconds(last[name])}" for name in ("reading", "solving", "explaining"))
    return f"""## The whole job, against mentor-match

The same people in both formats, as many mentees as mentors. **Reasons** is ours from CSV text to pairs with reasons
in words and, for those left over, what would help. **Command** is all that `mentornet match` does: the same, an
independent check of the proof, and every table written. The peer reads its two CSV files, matches, and writes its
two lists; it gives no reasons.

The peer is used as its README says (`conduct_matching_from_file`, then `create_mailing_list`), with the rules of the
application that its author published: not the same organisation, a grade one or two above, points for grade,
profession and having nobody yet. That application matches in **three rounds** (up to three mentors each), the
package's own job; **one round** gives each mentee one mentor, as ours does. Division stands for organisation,
education for grade, occupation for profession. In brackets: how many times what *Reasons* takes.
{missing}
{table(["People a side", "Reasons", "Command", *names], job_rows)}
{_once(peer)}At {peer["sizes"][-1]["size"]} a side *Reasons* is {parts}.

Peak memory:

{table(["People a side", "Reasons", "Command", *names], memory_rows)}
Whole processes, from start to end, imports included; ours is the command `mentornet match`, the peer is run once:

{table(["People a side", "`mentornet match`", *names], whole_rows)}"""


def _theirs(theirs: Row | None, ours: float, field: str) -> str:
    if theirs is None:
        return "missing"
    show = seconds if field == "seconds" else mib
    return f"{show(theirs[field])} ({times(theirs[field], ours)})"


def _once(peer: Mapping[str, Any]) -> str:
    once = {size["size"] for size in peer["sizes"] if any(one["repetitions"] == 1 for one in size["peers"].values())}
    if not once:
        return ""
    return f"With {' and '.join(map(str, sorted(once)))} a side some of the peer's figures are one run only.\n\n"


def _one_rule(one_rule: Sequence[Row]) -> str:
    rows = [
        [f"{row['size']}", f"{row['ours']}", *(f"{row['peer']}" if row["peer"] is not None else "missing",)]
        for row in one_rule
    ]
    return f"""## Pairs under one hard rule that both know

Only people of the same division may be paired; whoever told no division counts as a division of her own. Nothing else
rules out anybody: for the peer a `Disqualify` rule (its scoring as above, one round), for ours the rule *place* with
everybody meeting in person, and no floor. Ours finds the most that there can be. The peer does too as long as its
rules give every allowed pair points, as here: it takes a pair that is ruled out for one that scores nothing.

{table(["People a side", "Ours: allowed pairs", "Peer: allowed pairs"], rows)}"""


def _optimum(optimum: Sequence[Row]) -> str:
    rows, memory = [], []
    for size in optimum:
        every, one, dense = size["all"], size["one"], size["dense"]
        rows.append(
            [
                f"{size['mentees']:,} × {size['mentors']:,}",
                seconds(every["features"]),
                seconds(every["solving"]),
                seconds(one["solving"]),
                seconds(every["seconds"]),
                seconds(one["seconds"]),
                seconds(dense["seconds"]) if dense else "not run",
                times(dense["seconds"], every["seconds"]) if dense else NONE,
                times(dense["solving"], every["seconds"]) if dense else NONE,
            ]
        )
        memory.append(
            [
                f"{size['mentees']:,} × {size['mentors']:,}",
                f"{every['pairs']:,}",
                f"{every['total'] / 10_000:,.4f}",
                "yes" if size["checked"] else "not in this run",
                mib(every["memory_mib"]),
                mib(size["mentees"] * size["mentors"] * 8 / 2**20),
                mib(dense["memory_mib"]) if dense else "not run",
            ]
        )
    split = [
        f"{size['mentees']:,} × {size['mentors']:,}: scoring {seconds(size['dense']['scoring'])},"
        f" assignment {seconds(size['dense']['solving'])}"
        for size in optimum
        if size["dense"]
    ]
    headers = ["Mentees × mentors", "Features", "Solving, all threads", "Solving, 1 thread", "Ours, all threads"]
    headers += ["Ours, 1 thread", "Dense", "Dense / ours", "SciPy's assignment alone / ours"]
    memory_headers = ["Mentees × mentors", "Pairs", "Total score", "Checked", "Peak memory, ours", "Full matrix"]
    memory_headers += ["Peak memory, dense"]
    return f"""## From people to the certified optimum

Ours is `build_problem` (*features*) and `solve` (*solving*, which scores, pairs and leaves the prices that prove it).
**Dense** is what one would write with numpy and SciPy: the same features, each mentee scored against all mentors at
once in numpy (`pairing.scoring.judge_row`: the definition, with every criterion and every rule), a full matrix of
whole numbers, mentors with more than one place as several columns, and `scipy.optimize.linear_sum_assignment` on
`big + score` for eligible pairs and 0 for staying alone. The bench fails unless both have the same number of pairs
and the same total to the last unit; they had. 5,000 × 100,000 is not run dense: its matrix alone is 4 GB.

{table(headers, rows)}
Dense in its parts: {"; ".join(split)}. `judge_row` is written to be read, not to be fast: so the last column leaves
all scoring of the dense way out and sets SciPy's assignment alone against all of ours.

*Checked* means that the independent verifier went through every pair afterwards (not timed). *Full matrix* is n × m
numbers of eight bytes, which ours never makes.

{table(memory_headers, memory)}"""


def _rank(rank: Sequence[Row]) -> str:
    rows = [
        [f"{row['mentors']:,}", seconds(row["ordering"]), seconds(row["seconds"]), seconds(row["slowest"])]
        for row in rank
    ]
    return f"""## Ranking the bank for one mentee

Twenty different mentees, each against the whole bank: **order** judges and orders every mentor; **with reasons** does
that and puts the reasons of the first 50 into words.

{table(["Mentors", "Order", "With reasons", "Slowest, with reasons"], rows)}"""


def _reading(reading: Sequence[Row]) -> str:
    rows = [
        [
            row["kind"],
            f"{row['rows']:,}",
            f"{row['mib']:.1f} MiB",
            seconds(row["ours"]["seconds"]),
            seconds(row["bare"]["seconds"]),
            times(row["ours"]["seconds"], row["bare"]["seconds"]),
            mib(row["ours"]["memory_mib"]),
        ]
        for row in reading
    ]
    return f"""## Reading spreadsheets

Mentors with all 23 columns. **Ours** reads, checks every cell and understands it. **Bare** only gets the cells out and
throws them away: `csv.DictReader`, and openpyxl's `read_only` mode.

{table(["File", "Rows", "Size", "Ours", "Bare", "Ours / bare", "Peak memory, ours"], rows)}"""


def _start(start: Mapping[str, Any]) -> str:
    rows = [
        ["`mentornet --version`", seconds(start["version"])],
        ["`mentornet match` on the pilot of 2003, second run", seconds(start["second"])],
        ["the same, the first time on a machine (everything is compiled)", seconds(start["first"])],
    ]
    return f"""## Starting the program

Whole processes. The pilot is `examples/pilot-2003`: two XLSX files with 312 mentors and 12 mentees. The first run
compiles the solver for the machine and keeps it; the bench gives it an empty `NUMBA_CACHE_DIR`.

{table(["Program", "Time"], rows)}"""


def _repeat() -> str:
    return """## To repeat

    make bench          # everything, a quarter of an hour; writes this page
    make bench-quick    # small sizes once each; prints the page

The peer is installed from the package index into environments under `.bench/`, which git ignores; where that fails,
this page says that it is missing. The figures behind this page are left in `.bench/figures.json`.
"""
