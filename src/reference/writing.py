"""People and pairs as tables, and tables as CSV; :mod:`reference.xlsx_writing` makes workbooks of them.

What is written here is read back by :mod:`reference.reading` as it was, save texts that a spreadsheet program would
run as a formula: they come out with an apostrophe before them (:func:`guarded`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from reference.cefr import Level
from reference.columns import SUBJECTS, Kind, Subject, columns_of
from reference.guard import guarded
from reference.lists import SEPARATOR
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Pair, Requirement, Role
from reference.slots import Slot
from reference.translation import Language
from reference.vocabulary import MEETING_WORDS, REQUIREMENT_WORDS, YES_NO_WORDS, slot_word

Value = str | int | float | date | None
"""What can be written into a cell; ``None`` is an empty cell."""

_BETWEEN: Final = f"{SEPARATOR} "
_QUOTED: Final = frozenset(',"\r\n')
_LONGEST_INTEGER: Final = 10**15


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows, ready to be written; texts are not yet guarded.

    Attributes:
        headers: one for each column.
        rows: each as long as ``headers``.
    """

    headers: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def people_table(people: Iterable[Mentor | Mentee], role: Role, language: Language) -> Table:
    """Return the spreadsheet of ``people``, who all have ``role``; headers and words are in ``language``."""
    return _table(SUBJECTS[role], people, language)


def pairs_table(pairs: Iterable[Pair], language: Language) -> Table:
    """Return the spreadsheet of ``pairs`` with headers in ``language``."""
    return _table(Subject.PAIRS, pairs, language)


def csv_bytes(table: Table) -> bytes:
    r"""Return the table as CSV: UTF-8, comma, lines ending in ``\n``; numbers with a point, dates as 2026-11-21."""
    lines = [_csv_line(row) for row in (table.headers, *table.rows)]
    return "".join(lines).encode("utf-8")


def _csv_line(row: Sequence[Value]) -> str:
    line = ",".join(_csv_cell(value) for value in row)
    # A line without anything would be no row at all.
    return (line or '""') + "\n"


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(plain_number(value))
    text = guarded(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.intersection(text) else text


def plain_number(number: float) -> int | float:
    """Return 12.0 as 12: a coordinator who wrote 12 hours wants to read 12 hours."""
    return int(number) if abs(number) < _LONGEST_INTEGER and number == int(number) else number


def _table(subject: Subject, rows: Iterable[Mentor | Mentee | Pair], language: Language) -> Table:
    columns = columns_of(subject)
    return Table(
        tuple(column.header(language) for column in columns),
        [[_value(column.kind, getattr(row, column.field), language) for column in columns] for row in rows],
    )


def _value(kind: Kind, value: Any, language: Language) -> Value:
    if value is None or value == ():
        return None
    write = _WRITERS.get(kind)
    if write is None:
        plain: Value = value
        return plain
    return write(value, language)


def _level(level: Level, _language: Language) -> str:
    return level.name


def _yes_no(answer: bool, language: Language) -> str:
    return YES_NO_WORDS[language][answer]


def _languages(skills: Sequence[LanguageSkill], _language: Language) -> str:
    return _BETWEEN.join(skill.code if skill.level is None else f"{skill.code}:{skill.level.name}" for skill in skills)


def _joined(items: Sequence[str], _language: Language) -> str:
    return _BETWEEN.join(items)


def _availability(slots: Sequence[Slot], language: Language) -> str:
    return _BETWEEN.join(slot_word(slot, language) for slot in slots)


def _meeting(modes: Sequence[MeetingMode], language: Language) -> str:
    return _BETWEEN.join(MEETING_WORDS[language][mode] for mode in modes)


def _requirements(requirements: Sequence[Requirement], language: Language) -> str:
    return _BETWEEN.join(
        REQUIREMENT_WORDS[language][requirement.kind] + (f":{requirement.value}" if requirement.value else "")
        for requirement in requirements
    )


_WRITERS: Final[Mapping[Kind, Callable[[Any, Language], Value]]] = MappingProxyType(
    {
        Kind.LANGUAGES: _languages,
        Kind.TOPICS: _joined,
        Kind.INTERESTS: _joined,
        Kind.AVAILABILITY: _availability,
        Kind.MEETING: _meeting,
        Kind.LEVEL: _level,
        Kind.YES_NO: _yes_no,
        Kind.IDS: _joined,
        Kind.REQUIREMENTS: _requirements,
    }
)
