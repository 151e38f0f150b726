"""What the tests of the program share: people in files, what a run has said, tables read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, Protocol

from factories.people import TODAY, random_people
from oracle import networks, plain
from pairing.terms import CRITERIA, RULES
from reference.guard import guarded
from reference.people import Mentee, Mentor, Role
from reference.translation import Language
from reference.writing import Table, csv_bytes, people_table
from reference.xlsx_writing import xlsx_bytes

PROJECT: Final = Path(__file__).resolve().parents[2]
PILOT: Final = PROJECT / "examples" / "pilot-2003"
PILOT_RUN: Final = (PILOT / "mentorbank.xlsx", PILOT / "venteliste.xlsx", "--today", "2003-11-21")
PAIRS: Final = "pairs.csv"
UNMATCHED: Final = "unmatched.csv"
CERTIFICATE: Final = "certificate.json"
# Exactly as spreadsheets.md names them.
PAIR_COLUMNS: Final = (
    *("mentee_id", "mentor_id", "score", "waiting"),
    *("occupation", "topics", "language", "interests", "pace", "time", "education", "sector", "place", "experience"),
    *("unknown", "reasons"),
)
UNMATCHED_COLUMNS: Final = (
    *("mentee_id", "reason", "allowed", "above_floor"),
    *("fails_language", "only_language", "fails_place", "only_place", "fails_time", "only_time"),
    *("fails_requires", "only_requires", "fails_conflict", "only_conflict", "fails_resting", "only_resting"),
    *("fails_capacity", "only_capacity", "fails_forbidden", "only_forbidden"),
    *("relaxation", "relaxation_gain", "sentence"),
)


class Ran(NamedTuple):
    """How a run ended and what it said."""

    code: str | int | None
    out: str
    err: str


class Program(Protocol):
    """The program, called with the words of a command line."""

    def __call__(self, *words: str | Path) -> Ran: ...


class Network(networks.Network):
    """People, and what a coordinator has fixed; the figures of a run by the plain oracle."""

    def pair_figures(self, mentee: Mentee, mentor: Mentor) -> dict[str, float]:
        """Return score, waiting and contributions as fractions of 1."""
        parts = plain.contributions(mentee, mentor, self.policy)
        return {
            "score": self.score(mentee, mentor) / 10_000,
            "waiting": float(plain.waiting_bonus(mentee, self.policy, TODAY)),
            **{criterion.value: float(parts[criterion]) for criterion in CRITERIA},
        }

    def unknown(self, mentee: Mentee, mentor: Mentor) -> str:
        values = plain.criterion_values(mentee, mentor)
        return ";".join(criterion for criterion in CRITERIA if values[criterion] is None)

    def unmatched_figures(self, mentee: Mentee) -> dict[str, str]:
        """Return the line of unmatched.csv but its sentence."""
        broken = [self.fails(mentee, mentor) for mentor in self.mentors]
        reaches = [self.score(mentee, mentor) >= self.policy.floor for mentor in self.mentors]
        allowed = sum(not rules for rules in broken)
        above = sum(not rules and enough for rules, enough in zip(broken, reaches, strict=True))
        only = {rule: [rules == (rule,) for rules in broken] for rule in RULES}
        gains = {rule: sum(map(min, only[rule], reaches)) for rule in RULES}
        best = max(gains.values())
        return {
            "mentee_id": guarded(mentee.id),
            "reason": "taken" if above else "floor" if allowed else "no_allowed",
            "allowed": str(allowed),
            "above_floor": str(above),
            **{f"fails_{rule}": str(sum(rule in rules for rules in broken)) for rule in RULES},
            **{f"only_{rule}": str(sum(only[rule])) for rule in RULES},
            "relaxation": next(rule for rule in RULES if gains[rule] == best) if best else "",
            "relaxation_gain": str(best),
        }


def a_network(seed: int = 1, mentees: int = 14, mentors: int = 10, **changes: object) -> Network:
    """Return a network in which some are paired and some are not."""
    her, their = random_people(seed, mentees, mentors, unknown_share=0.5)
    random = Random(seed)
    their = tuple(replace(mentor, capacity=random.choice((1, 1, 2)), active_pairs=0) for mentor in their)
    return replace(Network(her, their), **changes)  # type: ignore[arg-type]  # fields of the network


def tables_of(network: Network, language: Language = "en") -> dict[str, Table]:
    return {
        "mentors": people_table(network.mentors, Role.MENTOR, language),
        "mentees": people_table(network.mentees, Role.MENTEE, language),
    }


class Files(NamedTuple):
    """The two spreadsheets, in the order of the command line."""

    mentors: Path
    mentees: Path


def written(network: Network, folder: Path = Path()) -> Files:
    """Write the network as mentors.csv and mentees.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / "mentors.csv", folder / "mentees.csv")
    for path, table in zip(files, tables_of(network).values(), strict=True):
        path.write_bytes(csv_bytes(table))
    return files


def written_otherwise(network: Network, folder: Path, *, kind: str, seed: int | None = None) -> Files:
    """Write the network as ``kind`` (csv, semicolon, tab, cp1252, xlsx), with rows and columns in another order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, original in tables_of(network).items():
        table = original if seed is None else shuffled(original, seed)
        path = folder / f"{name}.{'xlsx' if kind == 'xlsx' else 'csv'}"
        if kind == "xlsx":
            path.write_bytes(xlsx_bytes(table, name))
        else:
            text = csv_bytes(table).decode()
            rows = list(csv.reader(io.StringIO(text, newline="")))
            buffer = io.StringIO()
            sign = {"semicolon": ";", "tab": "\t"}.get(kind, ",")
            csv.writer(buffer, delimiter=sign).writerows(rows)
            path.write_bytes(buffer.getvalue().encode("cp1252" if kind == "cp1252" else "utf-8-sig"))
        paths.append(path)
    return Files(*paths)


def shuffled(table: Table, seed: int) -> Table:
    random = Random(seed)
    order = random.sample(range(len(table.headers)), len(table.headers))
    rows = random.sample(list(table.rows), len(table.rows))
    return Table(tuple(table.headers[at] for at in order), [[row[at] for at in order] for row in rows])


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a table whose header is exactly ``columns``."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert tuple(rows[0]) == tuple(columns)
    return [dict(zip(columns, row, strict=True)) for row in rows[1:]]


def write_table(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """Return every file with its content, and every folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
