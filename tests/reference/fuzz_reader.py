"""Mutate valid files for as long as asked, and read them: every outcome but a result or a refusal is a finding.

Run it alone: ``python tests/reference/fuzz_reader.py --seconds 60``. It prints the seed of each finding and keeps the
file, and ends with exit code 1 if there was one. No coverage guides it: many small changes to files of every kind do.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reference.cefr import Level
from reference.columns import Subject
from reference.faults import Fault, UnusableFilesError
from reference.people import LanguageSkill, Mentee, Mentor, Pair, Role
from reference.reading import Limits, Source, read_people
from reference.templates import template_bytes
from reference.titles import TitleMatch
from reference.topics import Topic
from reference.writing import csv_bytes, pairs_table, people_table
from reference.xlsx_writing import xlsx_bytes

SLOW = 5.0
"""Seconds that no file of this size may take."""

_MENTORS = [
    Mentor(
        id=f"M{number}",
        name="Åse Møller",
        languages=(LanguageSkill("da", Level.B2), LanguageSkill("ar", None)),
        topics=(Topic.CV,),
        hours_per_month=2.5,
        resting_until=date(2026, 1, 2),
        wishes="to\nlinjer",
    )
    for number in range(3)
]
_MENTEES = [Mentee(id=f"E{number}", waiting_since=date(2026, 1, 2), practise_danish=True) for number in range(3)]
_TABLES = (
    people_table(_MENTORS, Role.MENTOR, "en"),
    people_table(_MENTORS, Role.MENTOR, "da"),
    people_table(_MENTEES, Role.MENTEE, "da"),
    pairs_table([Pair("E1", "M1", since=date(2025, 1, 1), reason="x")], "en"),
)
SEEDS: Sequence[bytes] = (
    *(csv_bytes(table) for table in _TABLES),
    *(csv_bytes(table).replace(b",", b"\t") for table in _TABLES),
    csv_bytes(_TABLES[1]).decode().encode("cp1252"),
    *(xlsx_bytes(table, "A") for table in _TABLES),
    template_bytes(Subject.MENTORS, "en"),
)

_PIECES = (
    b"", b",", b";", b"\t", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"id", b"=", b"'", b"<c", b"<row",
    b"<v>", b"</v>", b"<f>", b't="s"', b't="e"', b's="1"', b'r="XFD1"', b'r="1048576"', b"&#0;", b"&lt;", b"<!DOCTYPE ",
    b"_x0000_", b"9" * 400, b"-1", b"1e999", b"nan", b"2026-02-30", "æ".encode(), "é".encode("cp1252"), b"PK\x03\x04",
)  # fmt: skip


class _NoTitles:
    """A resolver that knows nothing: titles are not what is tried here."""

    def resolve(self, text: str) -> TitleMatch | None:
        del text
        return None


def read_everyhow(source: Source, limits: Limits | None = None) -> tuple[Fault, ...]:
    """Read ``source`` as each of the three files, beside good ones; return the faults."""
    limits = limits or Limits()
    mentors, mentees = Source("m", SEEDS[0]), Source("e", SEEDS[2])
    faults: list[Fault] = []
    for files in ((source, mentees), (mentors, source), (mentors, mentees, source)):
        try:
            read_people(*files, limits=limits, today=date(2026, 1, 1), resolver=_NoTitles())
        except UnusableFilesError as error:
            faults += error.faults
    for fault in faults:
        fault.text("en")
    return tuple(faults)


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Return ``content`` with some bytes flipped, cut out, doubled or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        place = chance.randrange(len(changed) + 1)
        length = chance.choice((0, 1, 1, 2, 5, 40))
        match chance.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length] * chance.choice((1, 2, 50))
            case _:
                changed[place : place + length] = chance.choice(_PIECES)
    return bytes(changed)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return a variant of ``seed``; in a workbook mostly a part is changed, so that the archive itself stays whole."""
    if not seed.startswith(b"PK") or chance.random() < 0.3:
        return _changed(seed, chance)
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    if chance.random() < 0.1:
        del parts[name]
    else:
        parts[name] = _changed(parts[name], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def main() -> int:
    """Try files until the time is over; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="the first number tried")
    parser.add_argument("--keep", type=Path, default=Path("/tmp"), help="the folder for files that fail")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    number, findings = options.seed, 0
    while time.monotonic() < end:
        chance = random.Random(number)
        content = mutated(chance.choice(SEEDS), chance)
        started = time.monotonic()
        try:
            read_everyhow(Source("f", content))
            problem = f"took {time.monotonic() - started:.1f} s\n" if time.monotonic() - started > SLOW else ""
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            problem = traceback.format_exc()
        if problem:
            findings += 1
            kept = options.keep / f"fuzz-reader-{number}"
            kept.write_bytes(content)
            sys.stdout.write(f"seed {number}, kept as {kept}:\n{problem}\n")
        number += 1
    sys.stdout.write(f"{number - options.seed} files, {findings} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
