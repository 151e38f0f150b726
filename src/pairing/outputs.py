"""The result as files: tables for a spreadsheet program, everything as JSON, the scores as arrays.

Formats are defined in ``docs/formats.md``; the JSON also by ``docs/result.schema.json``.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from pairing.outcome import ExplainedPair, ExplainedUnmatched, Outcome, OwnValue
from pairing.policy import Policy
from pairing.problem import PairingProblem
from pairing.run import Question, fingerprint
from pairing.scoring import judge_row
from pairing.terms import CRITERIA, RULES, UNITS, Rule
from reference.customs import Custom, written
from reference.guard import guarded
from reference.translation import Language, Message
from reference.writing import Table, csv_bytes

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

PAIR_COLUMNS: Final = (
    "mentee_id",
    "mentor_id",
    "score",
    "waiting",
    *(criterion.value for criterion in CRITERIA),
    "unknown",
    "reasons",
)
UNMATCHED_COLUMNS: Final = (
    "mentee_id",
    "reason",
    "allowed",
    "above_floor",
    *(name for rule in RULES for name in (f"fails_{rule.value}", f"only_{rule.value}")),
    "relaxation",
    "relaxation_gain",
    "sentence",
)


def pair_columns(policy: Policy) -> tuple[str, ...]:
    """Return the columns of ``pairs.csv`` under a policy: its own criteria stand after the others."""
    if not policy.scored:
        return PAIR_COLUMNS
    at = PAIR_COLUMNS.index("unknown")
    return (*PAIR_COLUMNS[:at], *(custom.column for custom in policy.scored), *PAIR_COLUMNS[at:])


def _decimals(value: float) -> str:
    return f"{value:.4f}"


def said(messages: Iterable[Message], language: Language) -> str:
    """Return several sentences as one text."""
    return " ".join(message.text(language) for message in messages)


def pair_figures(pair: ExplainedPair) -> dict[str, str]:
    """Return the columns of ``pairs.csv`` but the reasons, as they are written."""
    return {
        "mentee_id": guarded(pair.mentee.id),
        "mentor_id": guarded(pair.mentor.id),
        "score": _decimals(pair.score / UNITS),
        "waiting": _decimals(pair.waiting),
        **{criterion.value: _decimals(pair.contributions[criterion]) for criterion in CRITERIA},
        **{own.custom.column: _decimals(own.contribution) for own in pair.own},
        "unknown": ";".join([*pair.unknown, *(own.custom.column for own in pair.own if own.value is None)]),
    }


def unmatched_figures(left: ExplainedUnmatched) -> dict[str, str]:
    """Return the columns of ``unmatched.csv`` but the sentence, as they are written."""
    counts = {
        name: str(count)
        for rule in RULES
        for name, count in ((f"fails_{rule.value}", left.fails[rule]), (f"only_{rule.value}", left.only[rule]))
    }
    return {
        "mentee_id": guarded(left.mentee.id),
        "reason": left.reason.value,
        "allowed": str(left.allowed),
        "above_floor": str(left.above_floor),
        **counts,
        "relaxation": left.relaxation.value if left.relaxation else "",
        "relaxation_gain": str(left.relaxation_gain),
    }


def _pair_row(pair: ExplainedPair, language: Language) -> list[str]:
    return [*pair_figures(pair).values(), said(pair.reasons, language)]


def pairs_csv(pairs: Iterable[ExplainedPair], language: Language, policy: Policy) -> bytes:
    """Return ``pairs.csv``."""
    return csv_bytes(Table(pair_columns(policy), [_pair_row(pair, language) for pair in pairs]))


def rank_csv(pairs: Iterable[ExplainedPair], language: Language, policy: Policy) -> bytes:
    """Return ``rank.csv``: the bank of one mentee in order, with the rules that each mentor fails."""
    rows = [
        [*_pair_row(pair, language), "no" if pair.fails else "yes", ";".join(rule.value for rule in pair.fails)]
        for pair in pairs
    ]
    return csv_bytes(Table((*pair_columns(policy), "allowed", "fails"), rows))


def unmatched_csv(unmatched: Iterable[ExplainedUnmatched], language: Language) -> bytes:
    """Return ``unmatched.csv``."""
    rows = [[*unmatched_figures(left).values(), said(left.sentences, language)] for left in unmatched]
    return csv_bytes(Table(UNMATCHED_COLUMNS, rows))


def policy_json(policy: Policy) -> dict[str, Json]:
    """Return the policy as it was used: weights normalised."""
    return {
        "floor": policy.floor / UNITS,
        "weights": {criterion.value: policy.weights[criterion] for criterion in CRITERIA},
        "neutral": {criterion.value: policy.neutral[criterion] for criterion in CRITERIA},
        "min_language": policy.min_language.name,
        "waiting": {"bonus": policy.waiting_bonus, "days": policy.waiting_days},
        # Where there are none, the file is as it was before there could be any.
        **({"custom": [_custom_json(custom) for custom in policy.customs]} if policy.customs else {}),
    }


def _custom_json(custom: Custom) -> Json:
    content: Json = json.loads(json.dumps(written(custom)))
    return content


def question_json(question: Question) -> dict[str, Json]:
    """Return what was asked, without anybody's data but the ids in locks and prohibitions."""
    return {
        "files": [
            {"role": role, "name": source.name, "sha256": fingerprint(source)}
            for role, source in question.files.items()
        ],
        "today": question.today.isoformat(),
        "policy": policy_json(question.policy),
        "locks": [list(pair) for pair in question.locks],
        "forbidden": [list(pair) for pair in question.forbidden],
    }


def _own_json(own: OwnValue) -> dict[str, Json]:
    return {"key": own.custom.key, "value": own.value, "contribution": own.contribution}


def _pair_json(pair: ExplainedPair, language: Language) -> dict[str, Json]:
    return {
        "mentee_id": pair.mentee.id,
        "mentor_id": pair.mentor.id,
        "score": pair.score / UNITS,
        "waiting": pair.waiting,
        "locked": pair.locked,
        "values": {criterion.value: pair.values[criterion] for criterion in CRITERIA},
        "contributions": {criterion.value: pair.contributions[criterion] for criterion in CRITERIA},
        "unknown": list(pair.unknown),
        "unsure": [rule.value for rule in pair.unsure],
        **({"custom": [_own_json(own) for own in pair.own]} if pair.own else {}),
        **({"custom_unsure": [custom.key for custom in pair.own_unsure]} if pair.own_unsure else {}),
        "reasons": [reason.text(language) for reason in pair.reasons],
    }


def _unmatched_json(left: ExplainedUnmatched, language: Language) -> dict[str, Json]:
    return {
        "mentee_id": left.mentee.id,
        "reason": left.reason.value,
        "allowed": left.allowed,
        "above_floor": left.above_floor,
        "fails": {rule.value: left.fails[rule] for rule in RULES},
        "only": {rule.value: left.only[rule] for rule in RULES},
        **({"custom_fails": dict(left.own_fails)} if left.own_fails else {}),
        "relaxation": left.relaxation.value if left.relaxation else None,
        "relaxation_gain": left.relaxation_gain,
        "sentences": [sentence.text(language) for sentence in left.sentences],
    }


def everything_json(
    outcome: Outcome, question: Question, certificate: Mapping[str, Json], language: Language, version: str
) -> bytes:
    """Return everything that a run found, as JSON."""
    proof = outcome.proof
    content: dict[str, Json] = {
        "format": "mentornet-result-1",
        "version": version,
        "language": language,
        **question_json(question),
        "mentees": outcome.mentees,
        "mentors": outcome.mentors,
        "places": outcome.places,
        "pairs": [_pair_json(pair, language) for pair in outcome.pairs],
        "unmatched": [_unmatched_json(left, language) for left in outcome.unmatched],
        "proof": {
            "number": proof.number,
            "number_bound": proof.number_bound,
            "total": proof.total / UNITS,
            "total_bound": proof.total_bound / UNITS,
            "checked": proof.checked,
        },
        "certificate": certificate,
        "notices": [notice.text(language) for notice in outcome.notices],
    }
    return json_bytes(content)


def json_bytes(content: Mapping[str, Json]) -> bytes:
    """Return ``content`` as JSON in UTF-8, indented, in the order given."""
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def write_scores(problem: PairingProblem, path: Path, progress: Callable[[int], None] | None = None) -> None:
    """Write every score to a file that ``numpy.load`` reads; one row at a time, whatever the size.

    Arrays: ``scores`` float64 (n, m), ``allowed`` bool (n, m), ``capacity`` int64 (m,), ``mentee_ids`` and
    ``mentor_ids``, all in order of id.
    """
    shape = (problem.mentees, problem.mentors)
    without_capacity = np.array([rule is not Rule.CAPACITY for rule in RULES])
    scores_file, allowed_file = path.with_suffix(".scores.npy"), path.with_suffix(".allowed.npy")
    try:
        scores = np.lib.format.open_memmap(scores_file, "w+", np.float64, shape)
        allowed = np.lib.format.open_memmap(allowed_file, "w+", np.bool_, shape)
        for row in range(problem.mentees):
            judged = judge_row(problem, row)
            scores[row] = judged.scores / UNITS
            allowed[row] = ~judged.rules.fails[without_capacity].any(axis=0)
            if progress is not None:
                progress(row)
        scores.flush()
        allowed.flush()
        with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
            archive.write(scores_file, "scores.npy")
            archive.write(allowed_file, "allowed.npy")
            small = {
                "capacity": problem.capacity,
                "mentee_ids": np.array(problem.mentee_ids, dtype=np.str_),
                "mentor_ids": np.array(problem.mentor_ids, dtype=np.str_),
            }
            for name, array in small.items():
                with archive.open(f"{name}.npy", "w") as entry:
                    np.lib.format.write_array(entry, array, allow_pickle=False)
    finally:
        scores_file.unlink(missing_ok=True)
        allowed_file.unlink(missing_ok=True)
