"""``mentornet match`` from end to end: files in, files out, held against the plain oracle."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from cli.running import (
    CERTIFICATE,
    PAIR_COLUMNS,
    PAIRS,
    PILOT_RUN,
    UNMATCHED,
    UNMATCHED_COLUMNS,
    Network,
    Program,
    a_network,
    everything_in,
    read_table,
    written,
    written_otherwise,
)
from factories.people import TODAY, a_mentee, a_mentor
from oracle import brute
from pairing.policy import Policy
from pairing.terms import CRITERIA, Criterion
from reference.cefr import Level
from reference.guard import guarded
from reference.people import Mentee, Mentor

ON: Final = ("--today", TODAY.isoformat())
HALF: Final = 0.500001e-4


def in_a_process(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "mentornet.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def assert_tables_follow(out: Path, network: Network) -> None:
    """Hold pairs.csv and unmatched.csv against the oracle: each figure, and that nothing is better."""
    her = {guarded(mentee.id): mentee for mentee in network.mentees}
    their = {guarded(mentor.id): mentor for mentor in network.mentors}
    pairs = read_table(out / PAIRS, PAIR_COLUMNS)
    ids = [(row["mentee_id"], row["mentor_id"]) for row in pairs]
    number, total = 0, 0
    for row in pairs:
        mentee, mentor = her[row["mentee_id"]], their[row["mentor_id"]]
        right = network.pair_figures(mentee, mentor)
        assert row["score"] == f"{right['score']:.4f}"
        figures = {name: float(row[name]) for name in right}
        assert figures == pytest.approx(right, abs=HALF)
        assert all(len(row[name].partition(".")[2]) == 4 for name in right)
        # The bars add up to the score within the rounding of eleven bars and the score.
        bars = sum(figures[name] for name in ("waiting", *CRITERIA))
        assert bars == pytest.approx(figures["score"], abs=12 * HALF)
        assert row["unknown"] == network.unknown(mentee, mentor)
        assert row["reasons"].strip()
        assert network.fails(mentee, mentor) == ()
        if (mentee.id, mentor.id) not in network.locks:
            number += 1
            total += network.score(mentee, mentor)
            assert network.score(mentee, mentor) >= network.policy.floor
    assert (number, total) == network.optimum(brute.scipy_best)
    assert set(ids) >= {(guarded(mentee), guarded(mentor)) for mentee, mentor in network.locks}
    # In order of id, and everybody once.
    paired = {mentee for mentee, _ in ids}
    assert [her[mentee].id for mentee, _ in ids] == sorted(her[mentee].id for mentee in paired)
    left = read_table(out / UNMATCHED, UNMATCHED_COLUMNS)
    alone = sorted((mentee for name, mentee in her.items() if name not in paired), key=lambda mentee: mentee.id)
    assert [{name: row[name] for name in row if name != "sentence"} for row in left] == [
        network.unmatched_figures(mentee) for mentee in alone
    ]
    assert all(row["sentence"].strip() for row in left)


# The pilot ------------------------------------------------------------------------------------------------------------


def test_pilot_example_gives_the_pairs_it_promises(program: Program, tmp_path: Path) -> None:
    report, everything = tmp_path / "rapport.html", tmp_path / "all.json"
    ran = program("match", *PILOT_RUN, "--out", "result", "--report", report, "--json", everything)
    assert ran.code == 0
    assert "10 of 12 mentees have a mentor." in ran.out
    assert report.as_uri() in ran.out
    pairs = read_table(tmp_path / "result" / PAIRS, PAIR_COLUMNS)
    left = read_table(tmp_path / "result" / UNMATCHED, UNMATCHED_COLUMNS)
    assert [row["mentee_id"] for row in pairs] == [f"K{n:02}" for n in (1, 2, 3, 4, 5, 6, 9, 10, 11, 12)]
    assert [(row["mentee_id"], row["reason"]) for row in left] == [("K07", "taken"), ("K08", "no_allowed")]
    assert report.read_text(encoding="utf-8").startswith("<!")
    assert program("verify", "result").code == 0


@pytest.mark.parametrize("language", ["en", "da"])
def test_pilot_example_runs_as_a_program(tmp_path: Path, language: str) -> None:
    words = ("match", *PILOT_RUN, "--language", language, "--out", tmp_path / "ud", "--report", tmp_path / "r.html")
    ran = in_a_process(*words)
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False)
    # Column names and numbers are the same in both languages.
    pairs = read_table(tmp_path / "ud" / PAIRS, PAIR_COLUMNS)
    assert len(pairs) == 10
    assert all(row["score"][:2] == "0." for row in pairs)
    checked = in_a_process("verify", tmp_path / "ud", "--language", language)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_refusal_is_the_exit_code_of_the_program(tmp_path: Path) -> None:
    ran = in_a_process("match", tmp_path / "gone.csv", tmp_path / "gone too.csv")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "gone.csv" in ran.stderr
    assert "gone too.csv" in ran.stderr
    assert "Traceback" not in ran.stderr


# Tables ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_tables_follow_from_the_people(program: Program, tmp_path: Path, seed: int) -> None:
    network = a_network(seed)
    ran = program("match", *written(network), *ON)
    assert ran.code == 0
    # The folder without --out.
    assert_tables_follow(tmp_path / "matches", network)
    number, _ = network.optimum(brute.scipy_best)
    assert f"{number} of 14 mentees have a mentor." in ran.out
    assert program("verify", "matches").code == 0


def test_all_are_unmatched_and_the_exit_code_is_still_0(program: Program, tmp_path: Path) -> None:
    network = a_network(policy=Policy(floor=20_000))
    ran = program("match", *written(network), *ON, "--floor", "2")
    assert ran.code == 0
    assert read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS) == []
    assert_tables_follow(tmp_path / "matches", network)
    # What could be reached is told, and holds.
    any_at, most, all_at = re.search(
        r"floor of 2; the highest that leaves any pair is ([0-9.]+)\.\n"
        r"The rules allow (\d+) pairs at most: up to a floor of ([0-9.]+)\.",
        ran.out,
    ).groups()  # type: ignore[union-attr]
    for floor, count in ((any_at, None), (all_at, int(most))):
        units = round(float(floor) * 10_000)
        reached = [
            replace(network, policy=Policy(floor=one)).optimum(brute.scipy_best)[0] for one in (units, units + 1)
        ]
        assert reached[0] > reached[1]
        assert reached[0] == count or (count is None and reached[1] == 0)


def test_a_floor_that_is_reached_says_nothing_of_others(program: Program, tmp_path: Path) -> None:
    ran = program("match", *written(a_network()), *ON)
    assert "highest that leaves any pair" not in ran.out


@pytest.mark.parametrize(("mentees", "mentors"), [(0, 0), (0, 4), (4, 0)])
def test_empty_files_give_empty_tables(program: Program, tmp_path: Path, mentees: int, mentors: int) -> None:
    network = a_network(1, mentees, mentors)
    ran = program("match", *written(network), *ON, "--scores", "all.npz", "--json", "all.json", "--report", "r.html")
    assert ran.code == 0
    assert_tables_follow(tmp_path / "matches", network)
    with np.load(tmp_path / "all.npz") as arrays:
        assert arrays["scores"].shape == arrays["allowed"].shape == (mentees, mentors)
    assert program("verify", "matches").code == 0


@pytest.mark.parametrize("seed", [None, 3])
@pytest.mark.parametrize("kind", ["csv", "semicolon", "tab", "cp1252", "xlsx"])
def test_same_people_give_the_same_tables(program: Program, tmp_path: Path, kind: str, seed: int | None) -> None:
    network = a_network(5)
    assert program("match", *written(network), *ON, "--out", "one").code == 0
    files = written_otherwise(network, tmp_path / "other", kind=kind, seed=seed)
    assert program("match", *files, *ON, "--out", "two").code == 0
    for name in (PAIRS, UNMATCHED):
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
    one, two = (json.loads((tmp_path / folder / CERTIFICATE).read_bytes()) for folder in ("one", "two"))
    assert two["prices"] == one["prices"]


def test_run_again_gives_the_same_bytes(program: Program, tmp_path: Path) -> None:
    words = ("match", *written(a_network(6)), *ON, "--json", "all.json", "--report", "r.html")
    assert program(*words).code == 0
    first = everything_in(tmp_path)
    assert program(*words).code == 0
    assert everything_in(tmp_path) == first


def test_files_that_are_not_ours_survive(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "matches"
    (out / "letters").mkdir(parents=True)
    strangers = {"letters": None, "letters/to Amina.txt": b"Dear Amina", "notes.csv": b"id\n", ".hidden": b""}
    for name, content in strangers.items():
        if content is not None:
            (out / name).write_bytes(content)
    (out / PAIRS).write_bytes(b"of last year")
    assert program("match", *written(a_network()), *ON).code == 0
    assert everything_in(out).items() >= strangers.items()
    assert not [name for name in everything_in(out) if ".mentornet" in name]
    assert_tables_follow(out, a_network())


# Options --------------------------------------------------------------------------------------------------------------


def test_history_is_not_repeated(program: Program, tmp_path: Path) -> None:
    network = a_network(2)
    files = written(network)
    assert program("match", *files, *ON, "--out", "first").code == 0
    chosen = [(row["mentee_id"], row["mentor_id"]) for row in read_table(tmp_path / "first" / PAIRS, PAIR_COLUMNS)]
    history = tmp_path / "history.csv"
    lines = ["mentee id,mentor id,since,until,reason", *(f"{one},{other},2020-01-01,," for one, other in chosen)]
    history.write_text("\n".join([*lines, "gone,away,,,"]), encoding="utf-8")
    assert program("match", *files, *ON, "--history", history).code == 0
    assert_tables_follow(tmp_path / "matches", replace(network, earlier=tuple(chosen)))
    assert program("verify", "matches").code == 0


def test_locks_and_prohibitions_are_kept(program: Program, tmp_path: Path) -> None:
    network = a_network(3)
    possible = [
        (mentee.id, mentor.id)
        for mentee in network.mentees
        for mentor in network.mentors
        if not network.fails(mentee, mentor)
    ]
    lock = min(possible, key=lambda pair: network.score(*_people(network, pair)))
    forbidden = tuple(pair for pair in possible[::5] if pair != lock)
    words = [f"--forbid={mentee}:{mentor}" for mentee, mentor in forbidden]
    floor = network.score(*_people(network, lock)) + 1
    ran = program("match", *written(network), *ON, "--lock", ":".join(lock), *words, "--floor", f"{floor / 10_000}")
    assert ran.code == 0
    fixed = replace(network, locks=(lock,), forbidden=forbidden, policy=Policy(floor=floor))
    assert_tables_follow(tmp_path / "matches", fixed)
    assert program("verify", "matches").code == 0


def _people(network: Network, pair: tuple[str, str]) -> tuple[Mentee, Mentor]:
    mentee = next(mentee for mentee in network.mentees if mentee.id == pair[0])
    return mentee, next(mentor for mentor in network.mentors if mentor.id == pair[1])


@pytest.mark.parametrize("floor", ["0.4120", "0,412", ".412", "0.412000", "41.2e-2"])
def test_floor_of_the_command_line_is_inclusive(program: Program, tmp_path: Path, floor: str) -> None:
    files = written(Network((Mentee(id="e"),), (Mentor(id="m"),)))
    assert program("match", *files, *ON, "--floor", floor).code == 0
    assert len(read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)) == 1
    assert program("match", *files, *ON, "--floor", "0.41201").code == 0
    assert read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS) == []


def test_floor_of_the_command_line_wins_over_the_file(program: Program, tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text("floor = 1.5\n", encoding="utf-8")
    network = a_network(4)
    ran = program("match", *written(network), *ON, "--weights", "weights.toml", "--floor", "0,35")
    assert ran.code == 0
    assert_tables_follow(tmp_path / "matches", network)


WEIGHTS: Final = """
floor = 0.4021
[weights]
occupation = 0.2
topics = 0.1
language = 0.15
interests = 0.1
pace = 0.1
time = 0.15
education = 0.05
sector = 0.05
place = 0.05
experience = 0.05
[neutral]
pace = 0.25
[rules]
min_language = "A2"
[waiting]
bonus = 0.1
days = 100
"""


def test_weights_file_is_followed(program: Program, tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text(WEIGHTS, encoding="utf-8")
    weights = (0.2, 0.1, 0.15, 0.1, 0.1, 0.15, 0.05, 0.05, 0.05, 0.05)
    policy = Policy(
        weights=dict(zip(CRITERIA, weights, strict=True)),
        neutral={**Policy().neutral, Criterion.PACE: 0.25},
        floor=4021,
        min_language=Level.A2,
        waiting_bonus=0.1,
        waiting_days=100.0,
    )
    network = a_network(7, policy=policy)
    ran = program("match", *written(network), *ON, "--weights", "weights.toml")
    assert ran.code == 0
    assert_tables_follow(tmp_path / "matches", network)
    assert "occupation 0.2000, topics 0.1000, language 0.1500" in ran.out
    assert program("verify", "matches").code == 0


def test_normalised_weights_are_reported(program: Program, tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text("[weights]\noccupation = 1.25\n", encoding="utf-8")
    ran = program("match", *written(a_network()), *ON, "--weights", "weights.toml", "--json", "all.json")
    assert ran.code == 0
    assert "occupation 0.6250, topics 0.1000, language 0.0600" in ran.out
    policy = json.loads((tmp_path / "all.json").read_bytes())["policy"]
    assert policy["weights"]["occupation"] == 0.625
    assert sum(policy["weights"].values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("today", "paired"), [("2026-11-20", 0), ("2026-11-21", 1), ("22-11-2026", 1), ("20.11.2026", 0)]
)
def test_today_governs_resting(program: Program, tmp_path: Path, today: str, paired: int) -> None:
    network = Network((a_mentee(),), (a_mentor(resting_until=TODAY),))
    assert program("match", *written(network), "--today", today).code == 0
    assert len(read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)) == paired


def test_today_governs_waiting(program: Program, tmp_path: Path) -> None:
    files = written(Network((a_mentee(waiting_since=TODAY),), (a_mentor(),)))
    waiting = []
    for today in ("2026-11-20", "2026-11-21", "2027-02-02", "2027-11-21", "2036-01-01"):
        assert program("match", *files, "--today", today).code == 0
        waiting.append(read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)[0]["waiting"])
    assert waiting == ["0.0000", "0.0000", "0.0040", "0.0200", "0.0200"]


def test_setting_governs_the_language_unless_asked_otherwise(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = written(a_network())
    monkeypatch.setenv("MENTORNET_LANGUAGE", "da")
    assert program("match", *files, *ON, "--out", "set").code == 0
    assert program("match", *files, *ON, "--out", "asked", "--language", "en").code == 0
    monkeypatch.delenv("MENTORNET_LANGUAGE")
    assert program("match", *files, *ON, "--out", "usual").code == 0
    one, two = ((tmp_path / folder / PAIRS).read_bytes() for folder in ("asked", "usual"))
    assert one == two
    assert (tmp_path / "set" / PAIRS).read_bytes() != one


# Ranking --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_rank_orders_the_whole_bank(program: Program, tmp_path: Path, seed: int) -> None:
    network = a_network(seed)
    mentee = network.mentees[seed]
    ran = program("match", *written(network), *ON, "--rank", mentee.id)
    assert ran.code == 0
    rows = read_table(tmp_path / "matches" / "rank.csv", (*PAIR_COLUMNS, "allowed", "fails"))
    fails = {mentor.id: network.fails(mentee, mentor) for mentor in network.mentors}
    order = sorted(
        network.mentors, key=lambda mentor: (bool(fails[mentor.id]), -network.score(mentee, mentor), mentor.id)
    )
    assert [(row["mentee_id"], row["mentor_id"], row["allowed"], row["fails"]) for row in rows] == [
        (mentee.id, mentor.id, "no" if fails[mentor.id] else "yes", ";".join(fails[mentor.id])) for mentor in order
    ]
    for row, mentor in zip(rows, order, strict=True):
        right = network.pair_figures(mentee, mentor)
        assert {name: float(row[name]) for name in right} == pytest.approx(right, abs=HALF)
        assert row["unknown"] == network.unknown(mentee, mentor)
    # Nobody is paired, and nothing else is written.
    assert not {PAIRS, UNMATCHED, CERTIFICATE} & everything_in(tmp_path / "matches").keys()
    allowed = sum(not rules for rules in fails.values())
    assert f"{allowed} of {len(order)} mentors" in ran.out


# Ids ------------------------------------------------------------------------------------------------------------------

FORMULAS: Final = ("=1+1", "+45", "-7", "@x", "a=b", "'", "''", "é", "17")


def test_ids_that_would_be_run_come_out_guarded(program: Program, tmp_path: Path) -> None:
    her = tuple(Mentee(id=name) for name in FORMULAS)
    their = tuple(Mentor(id=f"{name} m") for name in FORMULAS)
    network = Network(her, their)
    # As somebody types them: the writer would guard them, and they would be other ids.
    for path, people in (("mentors.csv", their), ("mentees.csv", her)):
        (tmp_path / path).write_text("id\n" + "".join(f"{one.id}\n" for one in people), encoding="utf-8")
    assert program("match", "mentors.csv", "mentees.csv", *ON).code == 0
    assert_tables_follow(tmp_path / "matches", network)
    rows = read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)
    written_ids = {row["mentee_id"] for row in rows} | {row["mentor_id"] for row in rows}
    assert not [name for name in written_ids if name.startswith(("=", "+", "-", "@"))]
    assert program("verify", "matches").code == 0


def test_guarded_id_is_the_id_that_it_guards(program: Program, tmp_path: Path) -> None:
    # A table of ours that comes back as input names the same people.
    (tmp_path / "mentors.csv").write_text("id,must not meet\n'-m,'=e\n+n,\n", encoding="utf-8")
    (tmp_path / "mentees.csv").write_text("id\n=e\n", encoding="utf-8")
    assert program("match", "mentors.csv", "mentees.csv", *ON, "--lock", "=e:+n").code == 0
    (row,) = read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)
    assert (row["mentee_id"], row["mentor_id"]) == ("'=e", "'+n")
    assert program("verify", "matches").code == 0
    # So the two in one file are one id, twice.
    (tmp_path / "mentees.csv").write_text("id\n=e\n'=e\n", encoding="utf-8")
    ran = program("match", "mentors.csv", "mentees.csv", *ON)
    assert ran.code == 2
    assert "mentees.csv, row 3, id" in ran.err
