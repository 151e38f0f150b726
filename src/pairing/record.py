"""The certificate beside a result: what was asked, of which files, and the prices that prove the answer.

``certificate.json`` lies beside ``pairs.csv``; with both and the spreadsheets, anybody can check the result later.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np

from pairing.certificate import Certificate, PairingResult
from pairing.errors import CertificateError, PairingError
from pairing.explain import explain_pairs, explain_unmatched
from pairing.features import I64
from pairing.outputs import (
    UNMATCHED_COLUMNS,
    Json,
    json_bytes,
    pair_columns,
    pair_figures,
    question_json,
    unmatched_figures,
)
from pairing.policy import Policy, policy_from
from pairing.problem import IdPair, PairingProblem
from pairing.run import Question, Stated
from pairing.terms import CRITERIA, UNITS
from reference.guard import guarded
from reference.translation import N_, Message

FORMAT: Final = "mentornet-certificate-1"
PAIRS: Final = "pairs.csv"
UNMATCHED: Final = "unmatched.csv"
CERTIFICATE: Final = "certificate.json"
HIGHEST_SCORE: Final = 2


def prices_json(problem: PairingProblem, certificate: Certificate) -> dict[str, Json]:
    """Return each person's two prices by id: for the number of pairs, and for the total in units of 1/10,000.

    Whoever has no price (both 0) is left out.
    """

    def by_id(ids: Sequence[str], number: I64, total: I64) -> dict[str, Json]:
        prices = zip(ids, number.tolist(), total.tolist(), strict=True)
        return {name: [one, other] for name, one, other in prices if one or other}

    return {
        "mentees": by_id(problem.mentee_ids, certificate.number_of_mentee, certificate.total_of_mentee),
        "mentors": by_id(problem.mentor_ids, certificate.number_of_mentor, certificate.total_of_mentor),
    }


def record_json(question: Question, prices: Mapping[str, Json], paths: Mapping[str, str], version: str) -> bytes:
    """Return ``certificate.json``; ``paths`` are the files' places, seen from the folder of the result."""
    asked = question_json(question)
    # Weights as they were written, not as the report rounds them: the check must state the very same problem.
    return json_bytes({"format": FORMAT, "version": version, **asked, "paths": dict(paths), "prices": prices})


def seen_from(folder: Path, file: Path) -> str:
    """Return where ``file`` is, seen from ``folder``, so that the two can be moved together.

    On another drive there is no such way; then it is the file's name alone.
    """
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:
        return file.name


@dataclass(frozen=True, slots=True)
class Record:
    """What ``certificate.json`` says.

    Attributes:
        hashes: SHA-256 of each file, by role.
        paths: where each file was, seen from the folder.
        policy, today, locks, forbidden: what was asked.
        prices: by side (``mentees``, ``mentors``) and id, two whole numbers.
    """

    hashes: Mapping[str, str]
    paths: Mapping[str, str]
    policy: Policy
    today: date
    locks: tuple[IdPair, ...]
    forbidden: tuple[IdPair, ...]
    prices: Mapping[str, Mapping[str, tuple[int, int]]]


def _broken(name: str) -> CertificateError:
    return CertificateError([Message(N_("{file}: not a file that “mentornet match” has written"), {"file": name})])


def read_record(folder: Path) -> Record:
    """Read ``certificate.json``.

    Raises:
        CertificateError: it is missing, or not what a run writes.
    """
    path = folder / CERTIFICATE
    try:
        content = json.loads(path.read_bytes(), parse_float=Decimal)
    except OSError as error:
        template = N_("{file}: there is no such file; name the folder that “mentornet match” wrote")
        raise CertificateError([Message(template, {"file": path.name})]) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path.name) from error
    try:
        if content["format"] != FORMAT:
            raise _broken(path.name)
        policy = dict(content["policy"])
        if any(set(policy[table]) != set(CRITERIA) for table in ("weights", "neutral")):
            # A criterion that a later version has added would be judged by its usual weight.
            raise _broken(path.name)
        policy["rules"] = {"min_language": policy.pop("min_language")}
        prices = {
            side: {str(name): (_whole(both[0]), _whole(both[1])) for name, both in content["prices"][side].items()}
            for side in ("mentees", "mentors")
        }
        return Record(
            hashes={file["role"]: str(file["sha256"]) for file in content["files"]},
            paths=_paths(content["paths"]),
            policy=policy_from(policy, path.name),
            today=date.fromisoformat(content["today"]),
            locks=tuple((str(pair[0]), str(pair[1])) for pair in content["locks"]),
            forbidden=tuple((str(pair[0]), str(pair[1])) for pair in content["forbidden"]),
            prices=prices,
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, PairingError) as error:
        raise _broken(path.name) from error


def _paths(paths: Mapping[str, str]) -> dict[str, str]:
    roles = set(paths)
    if not {"mentors", "mentees"} <= roles <= {"mentors", "mentees", "history"} or "\0" in "".join(paths.values()):
        raise ValueError
    return dict(paths)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 62:
        raise TypeError
    return value


def _units(score: str) -> int:
    units = Decimal(score) * UNITS
    if not 0 <= units <= HIGHEST_SCORE * UNITS:
        raise ValueError
    return int(units)


def _table(folder: Path, name: str, header: Sequence[str]) -> list[dict[str, str]]:
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CertificateError([Message(N_("{file}: the file cannot be read"), {"file": name})]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise _broken(name) from error
    if not rows or rows[0] != list(header) or any(len(row) != len(header) for row in rows):
        raise _broken(name)
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def read_result(folder: Path, record: Record, problem: PairingProblem) -> tuple[PairingResult, list[dict[str, str]]]:
    """Read the pairs and prices of a folder as a result for ``problem``, and the rows of ``unmatched.csv``.

    Raises:
        CertificateError: a file is missing or broken, or names somebody who is not there.
    """
    # Ids that a spreadsheet program would run stand guarded in the files.
    rows_by_id = {guarded(name): row for row, name in enumerate(problem.mentee_ids)}
    columns_by_id = {guarded(name): column for column, name in enumerate(problem.mentor_ids)}
    wrong: list[Message] = []
    found: list[tuple[int, int, int]] = []
    for line in _table(folder, PAIRS, pair_columns(problem.policy)):
        row, column = rows_by_id.get(line["mentee_id"]), columns_by_id.get(line["mentor_id"])
        if row is None or column is None:
            values = {"file": PAIRS, "mentee": line["mentee_id"], "mentor": line["mentor_id"]}
            wrong.append(Message(N_("{file}: {mentee} and {mentor} are not both in the spreadsheets"), values))
            continue
        try:
            found.append((row, column, _units(line["score"])))
        except (ArithmeticError, ValueError):
            wrong.append(Message(N_("{file}: “{value}” is not a score"), {"file": PAIRS, "value": line["score"]}))
    for side, ids in (("mentees", rows_by_id), ("mentors", columns_by_id)):
        wrong += [
            Message(N_("{file}: “{id}” is not in the spreadsheets"), {"file": CERTIFICATE, "id": name})
            for name in record.prices[side]
            if guarded(name) not in ids
        ]
    if wrong:
        raise CertificateError(wrong)
    found.sort()
    columns = np.array(found, np.int64).reshape(-1, 3)

    def prices(side: str, ids: Sequence[str], which: int) -> I64:
        return np.array([record.prices[side].get(name, (0, 0))[which] for name in ids], np.int64)

    result = PairingResult(
        pairs=columns[:, :2],
        scores=columns[:, 2],
        certificate=Certificate(
            number_of_mentee=prices("mentees", problem.mentee_ids, 0),
            number_of_mentor=prices("mentors", problem.mentor_ids, 0),
            total_of_mentee=prices("mentees", problem.mentee_ids, 1),
            total_of_mentor=prices("mentors", problem.mentor_ids, 1),
        ),
    )
    return result, _table(folder, UNMATCHED, UNMATCHED_COLUMNS)


def check_tables(folder: Path, stated: Stated, result: PairingResult, leftover: Sequence[Mapping[str, str]]) -> None:
    """Check that the two tables say what follows from the people and the pairs.

    Raises:
        CertificateError: with every row and column that says something else.
    """
    wrong: list[Message] = []
    explained = {
        PAIRS: {
            guarded(pair.mentee.id): pair_figures(pair) for pair in explain_pairs(stated.problem, stated.people, result)
        },
        UNMATCHED: {
            guarded(left.mentee.id): unmatched_figures(left)
            for left in explain_unmatched(stated.problem, stated.people, result)
        },
    }
    tables = {PAIRS: _table(folder, PAIRS, pair_columns(stated.problem.policy)), UNMATCHED: leftover}
    for name, right in explained.items():
        rows = {line["mentee_id"]: line for line in tables[name]}
        if len(rows) != len(tables[name]) or rows.keys() != right.keys():
            template = N_("{file}: not everybody who belongs there is there once, and nobody else")
            wrong.append(Message(template, {"file": name}))
            continue
        for mentee, figures in right.items():
            wrong += [
                Message(
                    N_("{file}, {mentee}: {column} is “{claimed}”, and should be “{right}”"),
                    {"file": name, "mentee": mentee, "column": column, "claimed": rows[mentee][column], "right": value},
                )
                for column, value in figures.items()
                if rows[mentee][column] != value
            ]
    if wrong:
        raise CertificateError(wrong)
