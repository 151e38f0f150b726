"""``mentornet match --json`` and ``--scores``: by the schema, as the tables tell it, as the oracle has it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import jsonschema
import numpy as np
import pytest

from cli.running import (
    PAIR_COLUMNS,
    PAIRS,
    PILOT_RUN,
    PROJECT,
    UNMATCHED,
    UNMATCHED_COLUMNS,
    Program,
    a_network,
    read_table,
    written,
)
from factories.people import TODAY
from oracle import plain

ON: Final = ("--today", TODAY.isoformat())


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_json_is_as_its_schema_says(program: Program, tmp_path: Path, seed: int | None) -> None:
    schema = json.loads((PROJECT / "docs" / "result.schema.json").read_bytes())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    if seed is None:
        words: tuple[str | Path, ...] = PILOT_RUN
    else:
        network = a_network(seed)
        one, other = [
            f"{mentee.id}:{mentor.id}"
            for mentee in network.mentees
            for mentor in network.mentors
            if not network.fails(mentee, mentor)
        ][:2]
        words = (*written(network), *ON, "--lock", one, "--forbid", other)
    if seed == 1:
        words = words[:-4]
    assert program("match", *words, "--json", "all.json").code == 0
    content = json.loads((tmp_path / "all.json").read_bytes())
    assert [error.message for error in validator(schema).iter_errors(content)] == []
    # Negative control: the schema says something.
    assert not validator(schema).is_valid({**content, "pairs": [{}]})
    assert not validator(schema).is_valid({name: value for name, value in content.items() if name != "proof"})


def test_json_tells_what_the_tables_tell(program: Program, tmp_path: Path) -> None:
    assert program("match", *written(a_network(8)), *ON, "--json", "all.json").code == 0
    content = json.loads((tmp_path / "all.json").read_bytes())
    pairs = read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS)
    assert [
        {
            "mentee_id": pair["mentee_id"],
            "mentor_id": pair["mentor_id"],
            "score": f"{pair['score']:.4f}",
            "waiting": f"{pair['waiting']:.4f}",
            **{name: f"{part:.4f}" for name, part in pair["contributions"].items()},
            "unknown": ";".join(pair["unknown"]),
            "reasons": " ".join(pair["reasons"]),
        }
        for pair in content["pairs"]
    ] == pairs
    left = read_table(tmp_path / "matches" / UNMATCHED, UNMATCHED_COLUMNS)
    assert [
        {
            "mentee_id": one["mentee_id"],
            "reason": one["reason"],
            "allowed": str(one["allowed"]),
            "above_floor": str(one["above_floor"]),
            **{f"fails_{rule}": str(count) for rule, count in one["fails"].items()},
            **{f"only_{rule}": str(count) for rule, count in one["only"].items()},
            "relaxation": one["relaxation"] or "",
            "relaxation_gain": str(one["relaxation_gain"]),
            "sentence": " ".join(one["sentences"]),
        }
        for one in content["unmatched"]
    ] == left
    for pair in content["pairs"]:
        assert {name for name, value in pair["values"].items() if value is None} == set(pair["unknown"])


def test_scores_are_those_of_the_oracle(program: Program, tmp_path: Path) -> None:
    network = a_network(9)
    # Full, resting and locked mentors too: before locks, and allowed leaves capacity out.
    full = replace(network.mentors[0], capacity=1, active_pairs=1, resting_until=None)
    resting = replace(network.mentors[1], capacity=3, resting_until=TODAY.replace(year=2027))
    mentors = (full, resting, *network.mentors[2:])
    network = replace(network, mentors=mentors)
    pair = next(
        (mentee.id, mentor.id)
        for mentee in network.mentees
        for mentor in network.mentors
        if not network.fails(mentee, mentor)
    )
    out = (network.mentees[0].id, network.mentors[2].id)
    words = ("--lock", ":".join(pair)) if pair != out else ()
    network = replace(network, forbidden=(out,))
    ran = program("match", *written(network), *ON, *words, "--forbid", ":".join(out), "--scores", "all.npz")
    assert ran.code == 0
    her = sorted(network.mentees, key=lambda mentee: mentee.id)
    their = sorted(network.mentors, key=lambda mentor: mentor.id)
    with np.load(tmp_path / "all.npz", allow_pickle=False) as arrays:
        assert set(arrays) == {"scores", "allowed", "capacity", "mentee_ids", "mentor_ids"}
        assert arrays["scores"].dtype == np.float64
        assert arrays["allowed"].dtype == np.bool_
        assert arrays["capacity"].dtype.kind == "i"
        assert arrays["mentee_ids"].dtype.kind == arrays["mentor_ids"].dtype.kind == "U"
        assert arrays["mentee_ids"].tolist() == [mentee.id for mentee in her]
        assert arrays["mentor_ids"].tolist() == [mentor.id for mentor in their]
        assert arrays["scores"].tolist() == [
            [network.score(mentee, mentor) / 10_000 for mentor in their] for mentee in her
        ]
        assert arrays["allowed"].tolist() == [
            [set(network.fails(mentee, mentor)) <= {"capacity"} for mentor in their] for mentee in her
        ]
        assert arrays["capacity"].tolist() == [plain.free_places(mentor, TODAY) for mentor in their]
    # Nothing of the work is left beside it.
    assert {path.name for path in tmp_path.iterdir()} == {"mentors.csv", "mentees.csv", "matches", "all.npz"}


def test_scores_go_with_a_ranking(program: Program, tmp_path: Path) -> None:
    network = a_network(2)
    words = ("match", *written(network), *ON, "--rank", network.mentees[0].id, "--scores", tmp_path / "s" / "all.npz")
    assert program(*words).code == 0
    with np.load(tmp_path / "s" / "all.npz") as arrays:
        assert np.isfinite(arrays["scores"]).all()
