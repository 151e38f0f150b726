"""The weights file: what it may say, and every fault of it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import fsum
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factories.people import TODAY, a_mentee, a_mentor, skills
from oracle import plain
from pairing.errors import PolicyError
from pairing.policy import (
    DEFAULT_NEUTRAL,
    DEFAULT_WEIGHTS,
    Policy,
    floor_units,
    normalised,
    policy_from,
    read_policy,
)
from pairing.problem import build_problem, waiting_bonus
from pairing.scoring import judge_row
from pairing.terms import CRITERIA, UNITS, Criterion, Rule
from reference.cefr import Level

DOCUMENTED: Final = """
floor = 0.35
[weights]
occupation = 0.25
topics = 0.20
language = 0.12
interests = 0.10
pace = 0.10
time = 0.08
education = 0.05
sector = 0.04
place = 0.03
experience = 0.03
[neutral]
occupation = 0.3
topics = 0.4
language = 0.5
interests = 0.3
pace = 0.6
time = 0.5
education = 0.5
sector = 0.3
place = 0.5
experience = 0.5
[rules]
min_language = "B1"
[waiting]
bonus = 0.02
days = 365
"""
TABLES = "floor, [weights], [neutral], [rules], [waiting], [[custom]]"
NAMES: Final = ", ".join(CRITERIA)


def written(folder: Path, text: str) -> Path:
    path = folder / "weights.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        read_policy(written(folder, text))
    return caught.value.lines("en")


# What a file says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", DOCUMENTED, "\ufeff# only a comment\n", "[weights]\n[neutral]\n"])
def test_defaults_are_as_documented(tmp_path: Path, text: str) -> None:
    assert read_policy(written(tmp_path, text)) == Policy()


def test_default_weights_sum_to_one() -> None:
    assert sum(Fraction(str(weight)) for weight in DEFAULT_WEIGHTS.values()) == 1
    assert normalised(DEFAULT_WEIGHTS) == DEFAULT_WEIGHTS


def test_subset_is_normalised_with_the_rest(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, "[weights]\noccupation = 0.75\nlanguage = 0\n"))
    # 0.75 for 0.25 and 0 for 0.12: the sum is 1.38.
    right = {name: Fraction(str(weight)) for name, weight in DEFAULT_WEIGHTS.items()}
    right |= {Criterion.OCCUPATION: Fraction("0.75"), Criterion.LANGUAGE: Fraction(0)}
    assert policy.weights == pytest.approx({name: float(weight / Fraction("1.38")) for name, weight in right.items()})
    assert fsum(policy.weights.values()) == pytest.approx(1, abs=1e-15)
    assert list(policy.weights) == list(CRITERIA)
    # Neutral values are not weights.
    assert policy.neutral == DEFAULT_NEUTRAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[weights]\n" + "".join(f"{name} = 0\n" for name in CRITERIA if name != "time") + "time = 12", 1.0),
        ("[weights]\n" + "".join(f"{name} = 7\n" for name in CRITERIA), 0.1),
        ("[weights]\n" + "".join(f"{name} = 1_000_000\n" for name in CRITERIA), 0.1),
        ("[weights]\n" + "".join(f"{name} = 1e-9\n" for name in CRITERIA), 0.1),
    ],
)
def test_weights_of_any_size_are_brought_to_a_sum_of_one(tmp_path: Path, text: str, expected: float) -> None:
    policy = read_policy(written(tmp_path, text))
    assert policy.weights[Criterion.TIME] == pytest.approx(expected, abs=1e-15)
    assert fsum(policy.weights.values()) == pytest.approx(1, abs=1e-15)


whole_weights: Final = st.lists(st.integers(0, 100), min_size=10, max_size=10).filter(any)


@given(whole_weights)
def test_normalised_weights_are_in_proportion(weights: list[int]) -> None:
    found = normalised(dict(zip(CRITERIA, map(float, weights), strict=True)))
    total = sum(weights)
    assert found == pytest.approx(
        {name: weight / total for name, weight in zip(CRITERIA, weights, strict=True)}, abs=1e-15
    )


@given(whole_weights)
@example([5, 6, 6, 3, 20, 15, 6, 6, 15, 6])
@example([10, 3, 15, 15, 3, 10, 10, 1, 15, 6])
def test_normalising_twice_changes_nothing(weights: list[int]) -> None:
    # A certificate keeps the normalised weights and is read as a weights file: the check must state the same problem.
    once = normalised(dict(zip(CRITERIA, map(float, weights), strict=True)))
    assert normalised(once) == once


def test_all_else_is_taken_as_written(tmp_path: Path) -> None:
    text = """
floor = 0
[neutral]
pace = 1
topics = 0.125
[rules]
min_language = "c1"
[waiting]
bonus = 0
days = 0.5e3
"""
    assert read_policy(written(tmp_path, text)) == Policy(
        neutral={**DEFAULT_NEUTRAL, Criterion.PACE: 1.0, Criterion.TOPICS: 0.125},
        floor=0,
        min_language=Level.C1,
        waiting_bonus=0.0,
        waiting_days=500.0,
    )


# Faults ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "flor = 0.3",
            "flor: not a known setting; known are floor, [weights], [neutral], [rules], [waiting], [[custom]]",
        ),
        (
            "[wieghts]",
            "wieghts: not a known setting; known are floor, [weights], [neutral], [rules], [waiting], [[custom]]",
        ),
        ("[weights]\njob = 1", f"[weights] job: not a known setting; known are {NAMES}"),
        ("[neutral]\nOccupation = 1", f"[neutral] Occupation: not a known setting; known are {NAMES}"),
        ("[rules]\nlanguage = 1", "[rules] language: not a known setting; known are min_language"),
        ("[waiting]\nmonths = 1", "[waiting] months: not a known setting; known are bonus, days"),
        ("weights = 1", "weights: expected a table, as in “[weights]” on a line of its own"),
        ("waiting = []", "waiting: expected a table, as in “[waiting]” on a line of its own"),
        ("[[neutral]]\ntime = 0.5", "neutral: expected a table, as in “[neutral]” on a line of its own"),
        *(
            (f"[weights]\ntime = {value}", "[weights] time: expected a number from 0 to 1000000")
            for value in ("-0.1", "1000000.1", "nan", "inf", '"0.1"', "true", "[1]", "2026-11-21")
        ),
        *(
            (f"[neutral]\ntime = {value}", "[neutral] time: expected a number from 0 to 1")
            for value in ("-0.1", "1.1", "nan", "-inf", '"0.1"', "false")
        ),
        *(
            (f"floor = {value}", "floor: expected a number from 0 to 2")
            for value in ("-0.1", "2.1", "35", "nan", "inf", '"0,35"', "true", "{}", "1e400")
        ),
        *(
            (f"[rules]\nmin_language = {value}", "[rules] min_language: expected one of A1, A2, B1, B2, C1, C2")
            for value in ('"B3"', '"native"', '""', "3", "true", '["B1"]')
        ),
        *(
            (f"[waiting]\nbonus = {value}", "[waiting] bonus: expected a number from 0 to 1")
            for value in ("-0.01", "1.01", '"2"')
        ),
        *(
            (f"[waiting]\ndays = {value}", "[waiting] days: expected a number from 1 to 36525")
            for value in ("0", "0.9", "-365", "36526", "true")
        ),
        (
            "[weights]\n" + "".join(f"{name} = 0\n" for name in CRITERIA),
            "[weights]: expected at least one weight above 0",
        ),
    ],
)
def test_fault_is_told_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert faults_of(tmp_path, text) == (f"weights.toml, {expected}",)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = """
floor = 3
colour = "red"
[weights]
time = -1
job = 1
[neutral]
place = 2
[rules]
min_language = "D1"
[waiting]
bonus = 2
days = 0
"""
    assert set(faults_of(tmp_path, text)) == {
        f"weights.toml, colour: not a known setting; known are {TABLES}",
        f"weights.toml, [weights] job: not a known setting; known are {NAMES}",
        "weights.toml, [weights] time: expected a number from 0 to 1000000",
        "weights.toml, [neutral] place: expected a number from 0 to 1",
        "weights.toml, floor: expected a number from 0 to 2",
        "weights.toml, [rules] min_language: expected one of A1, A2, B1, B2, C1, C2",
        "weights.toml, [waiting] bonus: expected a number from 0 to 1",
        "weights.toml, [waiting] days: expected a number from 1 to 36525",
    }


def test_file_that_is_no_weights_file_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "floor = \n")[0].startswith("weights.toml: not a weights file (TOML): ")
    assert faults_of(tmp_path, "floor = 0.3\nfloor = 0.4\n")[0].startswith("weights.toml: not a weights file (TOML): ")


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    latin = tmp_path / "weights.toml"
    latin.write_bytes("# vægte".encode("cp1252"))
    for path, expected in (
        (latin, "weights.toml: expected a text file in UTF-8"),
        (tmp_path / "gone.toml", "gone.toml: the file cannot be read"),
        (tmp_path, f"{tmp_path.name}: the file cannot be read"),
    ):
        with pytest.raises(PolicyError) as caught:
            read_policy(path)
        assert caught.value.lines("en") == (expected,)


# The floor ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("floor", "units"),
    [
        *(("0", 0), ("0.35", 3500), ("0.3501", 3501), ("0.35010", 3501), ("1", 10_000), ("2", 20_000)),
        # Nothing between two units reaches it but the upper one.
        *(("0.35001", 3501), ("0.350099999999999999999", 3501), ("0.3500000000000000000000001", 3501)),
        *((".35", 3500), ("35e-2", 3500), ("1e-9", 1), ("0.9999", 9999), ("0.99991", 10_000)),
        # As doubles these lie beside their decimals.
        *((f"0.{units:04d}", units) for units in (1, 7, 29, 57, 1001, 1003, 2047, 4097, 5803, 8193)),
    ],
)
def test_floor_is_the_smallest_number_of_units_that_reaches_it(tmp_path: Path, floor: str, units: int) -> None:
    assert floor_units(floor) == units
    if not floor.startswith("."):
        assert read_policy(written(tmp_path, f"floor = {floor}")).floor == units


@given(st.integers(0, 20_000))
def test_floor_of_whole_units_is_exact(units: int) -> None:
    assert floor_units(str(Decimal(units) / UNITS)) == units
    # As a certificate writes it and reads it again.
    assert policy_from({"floor": Decimal(repr(units / UNITS))}, "certificate.json").floor == units


# What the settings do -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", Level)
def test_min_language_governs_the_language_rule(level: Level) -> None:
    policy = Policy(min_language=level)
    their = [a_mentor(f"m{other.value}", languages=skills(f"ar:{other.name}")) for other in Level]
    problem = build_problem(mentees=[a_mentee(languages=skills("ar:C2"))], mentors=their, today=TODAY, policy=policy)
    fails = judge_row(problem, 0).rules.fails[list(Rule).index(Rule.LANGUAGE)].tolist()
    assert fails == [other < level for other in Level]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, 0),
        (-1, 0),
        (0, 0),
        (1, Fraction("0.02") / 365),
        (182, Fraction("0.02") * 182 / 365),
        (364, Fraction("0.02") * 364 / 365),
        (365, Fraction("0.02")),
        (366, Fraction("0.02")),
        (10_000, Fraction("0.02")),
    ],
)
def test_waiting_bonus_grows_by_the_day_to_its_end(days: int | None, expected: Fraction) -> None:
    since = None if days is None else TODAY - timedelta(days=days)
    assert waiting_bonus(since, policy=Policy(), today=TODAY) == pytest.approx(float(expected), abs=1e-15)
    assert plain.waiting_bonus(a_mentee(waiting_since=since), Policy(), TODAY) == expected


def test_waiting_bonus_stands_in_the_score() -> None:
    policy = Policy(waiting_bonus=0.1, waiting_days=100)
    her = [
        a_mentee("e1", waiting_since=None),
        a_mentee("e2", waiting_since=TODAY - timedelta(days=50)),
        a_mentee("e3", waiting_since=TODAY - timedelta(days=500)),
    ]
    problem = build_problem(mentees=her, mentors=[a_mentor()], today=TODAY, policy=policy)
    scores = [int(judge_row(problem, row).scores[0]) for row in range(3)]
    assert [score - scores[0] for score in scores] == [0, 500, 1000]
    assert scores[0] == plain.score(her[0], a_mentor(), policy, TODAY)


def test_with_floor_changes_the_floor_only() -> None:
    policy = Policy(min_language=Level.C1, waiting_bonus=0.5)
    assert policy.with_floor(1) == replace(policy, floor=1)
