"""``mentornet verify``: a result is accepted as it was written, wherever it was moved, and in no other state."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from cli.running import (
    CERTIFICATE,
    PAIR_COLUMNS,
    PAIRS,
    UNMATCHED,
    UNMATCHED_COLUMNS,
    Network,
    Program,
    a_network,
    everything_in,
    read_table,
    write_table,
    written,
)
from factories.people import TODAY, a_mentee, a_mentor
from reference.people import Mentee, Mentor

ON: Final = ("--today", TODAY.isoformat())
Rows = list[dict[str, str]]


@pytest.fixture
def result(program: Program, tmp_path: Path) -> Path:
    """Return the folder of a result in which some are paired and some are not, with a lock and a prohibition."""
    network = a_network(1)
    allowed = [
        (mentee, mentor)
        for mentee in network.mentees
        for mentor in network.mentors
        if not network.fails(mentee, mentor)
    ]
    (one, other), (out, of) = allowed[0], allowed[-1]
    words = ("--lock", f"{one.id}:{other.id}", "--forbid", f"{out.id}:{of.id}")
    assert program("match", *written(network, tmp_path / "files"), *ON, *words, "--out", tmp_path / "out").code == 0
    assert len(read_table(tmp_path / "out" / PAIRS, PAIR_COLUMNS)) > 4
    assert len(read_table(tmp_path / "out" / UNMATCHED, UNMATCHED_COLUMNS)) > 2
    return tmp_path / "out"


def test_result_is_accepted_and_left_alone(program: Program, tmp_path: Path, result: Path) -> None:
    before = everything_in(tmp_path)
    ran = program("verify", result)
    assert (ran.code, ran.err) == (0, "")
    assert f"{len(read_table(result / PAIRS, PAIR_COLUMNS)) - 1} pairs, the most there can be" in ran.out
    assert everything_in(tmp_path) == before


# Tampering ------------------------------------------------------------------------------------------------------------


def swap_mentors(rows: Rows) -> None:
    rows[0]["mentor_id"], rows[1]["mentor_id"] = rows[1]["mentor_id"], rows[0]["mentor_id"]


def swap_lines(rows: Rows) -> None:
    """Swap all but the ids: every figure stands with somebody else."""
    for name in PAIR_COLUMNS[2:]:
        rows[0][name], rows[1][name] = rows[1][name], rows[0][name]


def with_value(name: str, change: Callable[[str], str], at: int = 0) -> Callable[[Rows], None]:
    def tamper(rows: Rows) -> None:
        rows[at][name] = change(rows[at][name])

    return tamper


def a_little_more(text: str) -> str:
    return f"{float(text) + 0.0001:.4f}"


def one_more(text: str) -> str:
    return str(int(text) + 1)


def score_and_bar(rows: Rows) -> None:
    for name in ("score", "time"):
        rows[0][name] = a_little_more(rows[0][name])


def drop(rows: Rows) -> None:
    del rows[1]


def double(rows: Rows) -> None:
    rows.append(rows[0])


TAMPERED_PAIRS: Final[dict[str, Callable[[Rows], None]]] = {
    "mentors swapped": swap_mentors,
    "figures swapped": swap_lines,
    "score": with_value("score", a_little_more),
    "score and bar": score_and_bar,
    "waiting": with_value("waiting", a_little_more),
    **{f"bar {name}": with_value(name, a_little_more, 2) for name in ("occupation", "language", "experience")},
    "more decimals": with_value("score", lambda text: text + "4"),
    "another writing": with_value("score", lambda text: text + "0"),
    "no number": with_value("score", lambda _: "high"),
    "NaN": with_value("score", lambda _: "NaN"),
    "infinite": with_value("score", lambda _: "Infinity"),
    "huge": with_value("score", lambda _: "1e30"),
    "huger": with_value("score", lambda _: "1e999999"),
    "unknown": with_value("unknown", lambda text: text + ";pace" if text else "pace"),
    "row removed": drop,
    "all removed": list.clear,
    "row doubled": double,
    "stranger": with_value("mentee_id", lambda _: "stranger"),
    "nobody": with_value("mentor_id", lambda _: ""),
}
TAMPERED_UNMATCHED: Final[dict[str, Callable[[Rows], None]]] = {
    **{
        name: with_value(name, one_more)
        for name in ("allowed", "above_floor", "fails_time", "only_capacity", "relaxation_gain")
    },
    "reason": with_value("reason", lambda text: "floor" if text == "taken" else "taken"),
    "relaxation": with_value("relaxation", lambda text: "" if text else "time"),
    "row removed": drop,
    "row doubled": double,
    "stranger": with_value("mentee_id", lambda _: "stranger"),
}


@pytest.mark.parametrize(
    ("name", "how"),
    [*((PAIRS, how) for how in TAMPERED_PAIRS), *((UNMATCHED, how) for how in TAMPERED_UNMATCHED)],
)
def test_table_that_was_tampered_with_is_refused(program: Program, result: Path, name: str, how: str) -> None:
    columns = PAIR_COLUMNS if name == PAIRS else UNMATCHED_COLUMNS
    rows = read_table(result / name, columns)
    write_table(result / name, rows, columns)
    # Negative control: read and written again, it is still accepted.
    assert program("verify", result).code == 0
    (TAMPERED_PAIRS if name == PAIRS else TAMPERED_UNMATCHED)[how](rows)
    write_table(result / name, rows, columns)
    ran = program("verify", result)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.strip()
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("side", ["mentees", "mentors"])
@pytest.mark.parametrize("stage", [0, 1])
@pytest.mark.parametrize("change", [-1, 1])
def test_price_that_was_changed_is_refused(program: Program, result: Path, side: str, stage: int, change: int) -> None:
    content = json.loads((result / CERTIFICATE).read_bytes())
    locked = content["locks"][0][side == "mentors"]
    name = next(name for name in content["prices"][side] if name != locked)
    content["prices"][side][name][stage] += change
    (result / CERTIFICATE).write_text(json.dumps(content), encoding="utf-8")
    ran = program("verify", result)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.strip()


def test_price_of_a_stranger_is_refused(program: Program, result: Path) -> None:
    content = json.loads((result / CERTIFICATE).read_bytes())
    content["prices"]["mentees"]["stranger"] = [1, 0]
    (result / CERTIFICATE).write_text(json.dumps(content), encoding="utf-8")
    ran = program("verify", result)
    assert ran.code == 1
    assert "stranger" in ran.err


def test_prices_that_overflow_prove_nothing(program: Program, tmp_path: Path) -> None:
    # Eight times 2**61 is 0 in 64 bits: nobody paired would be “proved” the best.
    network = Network(
        tuple(a_mentee(f"e{number}") for number in range(8)), tuple(a_mentor(f"m{number}") for number in range(8))
    )
    assert program("match", *written(network), *ON).code == 0
    out = tmp_path / "matches"
    content = json.loads((out / CERTIFICATE).read_bytes())
    content["prices"] = {"mentees": {f"e{number}": [1 << 61, 0] for number in range(8)}, "mentors": {}}
    (out / CERTIFICATE).write_text(json.dumps(content), encoding="utf-8")
    write_table(out / PAIRS, [], PAIR_COLUMNS)
    line = network.unmatched_figures(network.mentees[0])
    lines = [{**line, "mentee_id": mentee.id, "sentence": "Nobody."} for mentee in network.mentees]
    write_table(out / UNMATCHED, [{name: row[name] for name in UNMATCHED_COLUMNS} for row in lines], UNMATCHED_COLUMNS)
    ran = program("verify", out)
    assert (ran.code, ran.out) == (1, "")


def nested(content: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *parents, last = path.split(".")
    for parent in parents:
        content = content[parent]
    return content, last


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((name, None) for name in ("format", "files", "today", "policy", "locks", "forbidden", "paths", "prices")),
        *((name, 7) for name in ("format", "files", "today", "policy", "locks", "forbidden", "paths", "prices")),
        ("today", "yesterday"),
        ("policy.floor", "high"),
        ("policy.weights", {"job": 1}),
        ("policy.min_language", "D1"),
        ("locks", [["stranger", "nobody"]]),
        ("locks", [["e1"]]),
        ("paths.mentors", None),
        ("paths.mentees", None),
        ("paths.strangers", "mentors.csv"),
        ("paths.mentors", "\0"),
        ("paths", {}),
        ("prices.mentees", []),
        ("prices.mentees", {"1": [1.5, 0]}),
        ("prices.mentees", {"1": [1 << 70, 0]}),
        ("prices.mentees", {"1": [True, 0]}),
        ("prices.mentees", {"1": [1]}),
    ],
)
def test_broken_certificate_is_refused_without_a_crash(
    program: Program, result: Path, path: str, value: object
) -> None:
    content = json.loads((result / CERTIFICATE).read_bytes())
    parent, name = nested(content, path)
    if value is None:
        del parent[name]
    else:
        parent[name] = value
    (result / CERTIFICATE).write_text(json.dumps(content), encoding="utf-8")
    ran = program("verify", result)
    assert ran.code in {1, 2}
    assert ran.out == ""
    assert ran.err.strip()
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '"x"', "\udcff"])
def test_file_that_is_no_certificate_is_refused(program: Program, result: Path, text: str) -> None:
    (result / CERTIFICATE).write_bytes(text.encode("utf-8", "surrogateescape"))
    ran = program("verify", result)
    assert (ran.code, ran.out) == (2, "")
    assert CERTIFICATE in ran.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (PAIRS, b""),
        (PAIRS, b"mentee_id,mentor_id\n"),
        (PAIRS, b'"'),
        (PAIRS, b"\xff\xfe"),
        (UNMATCHED, b""),
        (UNMATCHED, b"mentee_id\ne1\n"),
        (PAIRS, None),
        (UNMATCHED, None),
    ],
)
def test_table_that_cannot_be_read_is_refused(program: Program, result: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (result / name).unlink()
    else:
        (result / name).write_bytes(content)
    ran = program("verify", result)
    assert (ran.code, ran.out) == (1, "")
    assert name in ran.err


# Files ----------------------------------------------------------------------------------------------------------------


def test_missing_folder_is_refused(program: Program, tmp_path: Path) -> None:
    ran = program("verify", tmp_path / "gone")
    assert (ran.code, ran.out) == (2, "")
    assert CERTIFICATE in ran.err


@pytest.mark.parametrize("name", ["mentors.csv", "mentees.csv"])
def test_changed_spreadsheet_is_refused(program: Program, tmp_path: Path, result: Path, name: str) -> None:
    file = tmp_path / "files" / name
    file.write_bytes(file.read_bytes() + b"\n")
    ran = program("verify", result)
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


def test_spreadsheets_swapped_are_refused(program: Program, tmp_path: Path, result: Path) -> None:
    files = tmp_path / "files"
    ran = program("verify", result, "--mentors", files / "mentees.csv", "--mentees", files / "mentors.csv")
    assert ran.code == 2


def test_missing_spreadsheets_are_all_named(program: Program, tmp_path: Path, result: Path) -> None:
    (tmp_path / "files").rename(tmp_path / "elsewhere")
    ran = program("verify", result)
    assert (ran.code, ran.out) == (2, "")
    assert "mentors.csv" in ran.err
    assert "mentees.csv" in ran.err


def test_folder_and_spreadsheets_may_be_moved_together(program: Program, tmp_path: Path, result: Path) -> None:
    (tmp_path / "new place").mkdir()
    result.rename(tmp_path / "new place" / "out")
    (tmp_path / "files").rename(tmp_path / "new place" / "files")
    assert program("verify", tmp_path / "new place" / "out").code == 0


def test_moved_spreadsheets_are_named(program: Program, tmp_path: Path, result: Path) -> None:
    (tmp_path / "files").rename(tmp_path / "elsewhere")
    moved = result.rename(tmp_path / "moved")
    mentors = (tmp_path / "elsewhere" / "mentors.csv").rename(tmp_path / "bank.csv")
    words = ("--mentors", mentors, "--mentees", tmp_path / "elsewhere" / "mentees.csv")
    assert program("verify", moved).code == 2
    assert program("verify", moved, *words).code == 0
    assert program("verify", moved, *words, "--language", "da").code == 0


def test_history_is_part_of_the_result(program: Program, tmp_path: Path) -> None:
    network = a_network(2)
    history = tmp_path / "history.csv"
    history.write_text(f"mentee id,mentor id\n{network.mentees[0].id},{network.mentors[0].id}\n", encoding="utf-8")
    assert program("match", *written(network), *ON, "--history", history).code == 0
    assert program("verify", "matches").code == 0
    moved = history.rename(tmp_path / "earlier.csv")
    assert program("verify", "matches").code == 2
    assert program("verify", "matches", "--history", moved).code == 0
    moved.write_text("mentee id,mentor id\n", encoding="utf-8")
    assert program("verify", "matches", "--history", moved).code == 2


# Results that are right -----------------------------------------------------------------------------------------------


def test_weights_that_do_not_sum_to_one_are_proved(program: Program, tmp_path: Path) -> None:
    # Brought to a sum of 1, written, read and brought to a sum of 1 again, weights move by a hair; a contribution of
    # 0.03125 would then be rounded to the other side, and a right result refused.
    weights = dict(
        zip(
            ("occupation", "topics", "language", "interests", "pace", "time", "education", "sector", "place"),
            (5, 6, 6, 3, 20, 15, 6, 6, 15),
            strict=True,
        )
    )
    lines = [f"{name} = {weight}" for name, weight in {**weights, "experience": 6}.items()]
    (tmp_path / "weights.toml").write_text("\n".join(["[weights]", *lines]), encoding="utf-8")
    network = Network((a_mentee("e1", occupation="2211"),), (a_mentor("m1", occupation="2221"),))
    assert program("match", *written(network), *ON, "--weights", "weights.toml").code == 0
    ran = program("verify", "matches")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("seed", range(12))
def test_any_weights_are_proved(program: Program, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    names = ("occupation", "topics", "language", "interests", "pace", "time", "education", "sector")
    lines = [f"{name} = {random.choice((1, 2, 3, 5, 7, 0.3, 12.5))}" for name in names]
    (tmp_path / "weights.toml").write_text("\n".join(["floor = 0.3501", "[weights]", *lines]), encoding="utf-8")
    network = replace(a_network(seed))
    assert program("match", *written(network), *ON, "--weights", "weights.toml").code == 0
    ran = program("verify", "matches")
    assert (ran.code, ran.err) == (0, "")


def test_ids_of_every_kind_are_found_again(program: Program, tmp_path: Path) -> None:
    ids = ("=1", "+2", "-3", "@4", '"quoted"', "a,b", "semi;colon", "œ 😀", "é", "e\u0301", "0", "00", "NaN", "null")
    network = Network(tuple(Mentee(id=name) for name in ids), tuple(Mentor(id=f"{name}*") for name in ids))
    for name, people in (("mentors.csv", network.mentors), ("mentees.csv", network.mentees)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "name"], *([one.id, "x"] for one in people)])
    assert program("match", "mentors.csv", "mentees.csv", *ON).code == 0
    assert len(read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)) == len(ids)
    ran = program("verify", "matches")
    assert (ran.code, ran.err) == (0, "")
