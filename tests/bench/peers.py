"""The peer, mentor-match, in environments of its own: installed by the bench, once with each munkres."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reference.people import Mentee, Mentor

WORKER = Path(__file__).with_name("peer_worker.py")
COLUMNS = ("first name", "last name", "email", "role", "organisation", "grade", "profession")
# The peer cannot do without a grade: who told no education gets the middle of the scale.
UNKNOWN_GRADE = 5
ASKED_VERSIONS = (
    "import json, sys; from importlib.metadata import version;"
    "print(json.dumps([version('mentor-match'), version('munkres'), sys.version.split()[0]]))"
)


class PeerMissingError(Exception):
    """Raised when an environment of the peer cannot be made."""


@dataclass(frozen=True)
class Peer:
    """One environment.

    Attributes:
        python: its interpreter.
        versions: as installed, such as ``mentor-match 7.0.1, munkres 3.0.0, Python 3.11.7``.
    """

    python: Path
    versions: str


def install(folder: Path, munkres: str, mentor_match: str = "7.0.1") -> Peer:
    """Make the environment if it is not there, and check what is in it.

    Raises:
        PeerMissingError: it cannot be made, or holds something else.
    """
    place = folder / f"mentor-match-{mentor_match}-munkres-{munkres}"
    python = place / "bin" / "python"
    wanted = [mentor_match, munkres]
    if not python.exists() or _versions(python)[:2] != wanted:
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True, capture_output=True)
            # mentor-match asks for any munkres at all, so both are within what it allows.
            command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            command += [f"mentor-match=={mentor_match}", f"munkres=={munkres}"]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            raise PeerMissingError(f"mentor-match with munkres {munkres} could not be installed") from error
    found = _versions(python)
    if found[:2] != wanted:
        raise PeerMissingError(f"mentor-match with munkres {munkres}: other versions were installed")
    return Peer(python, f"mentor-match {found[0]}, munkres {found[1]}, Python {found[2]}")


def _versions(python: Path) -> list[str]:
    asked = subprocess.run([str(python), "-c", ASKED_VERSIONS], capture_output=True, text=True, check=False)
    return [str(part) for part in json.loads(asked.stdout)] if asked.returncode == 0 else []


def write_people(folder: Path, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
    """Write the people as the peer reads them: the division is the organisation, education the grade."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, people in (("mentees", mentees), ("mentors", mentors)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            rows.writerows(_row(person) for person in people)


def _row(person: Mentee | Mentor) -> tuple[str | int, ...]:
    first, _, last = (person.name or "").partition(" ")
    return (
        first,
        last,
        f"{person.id}@example.org",
        person.sector or "",
        person.division or f"unknown to {person.id}",
        UNKNOWN_GRADE if person.education is None else person.education,
        person.occupation or f"unknown to {person.id}",
    )
