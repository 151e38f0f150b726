"""One cell of a spreadsheet: its value, or what was expected instead, in words for the person who filled it in.

A CSV cell is text. A workbook's cell may also be a number, a truth value, a date or without a usable value
(:class:`Broken`). Nothing is repaired in silence: what is not in the table of columns is a fault.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Protocol

from reference import isco
from reference.columns import Kind
from reference.guard import unguarded
from reference.lists import (
    read_availability,
    read_ids,
    read_interests,
    read_languages,
    read_meeting,
    read_requirements,
    read_topics,
)
from reference.spoken import OccupationTitle
from reference.titles import TitleMatch, TitleResolver
from reference.translation import N_, Message, Value
from reference.verdicts import NOTHING, Verdict, wrong
from reference.vocabulary import LEVELS, YES_NO, folded

# Tab, line feed and carriage return may stand in a cell of several lines; no other control character has a meaning.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_BREAK: Final = re.compile(r"[\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
# Programs write 3 as 3.0. Other decimals are refused: 1.000 is one thousand to a Dane. Nine digits are enough for any
# count here, and keep every sum of them within a machine's numbers.
_WHOLE: Final = re.compile(r"\+?0*([0-9]{1,9})(?:[.,]0)?")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-.])([0-9]{1,2})\2([0-9]{4})")
_HIGHEST_EDUCATION: Final = 8
# Whole paragraphs are no titles, and would take long to compare.
_LONGEST_TITLE: Final = 200
# Spreadsheet programs keep 15 digits of a number; the others are lost before we see them.
_LONGEST_NUMBER: Final = 10**15

_SEVERAL_LINES: Final = frozenset(
    {
        Kind.NOTE,
        Kind.LANGUAGES,
        Kind.TOPICS,
        Kind.INTERESTS,
        Kind.AVAILABILITY,
        Kind.MEETING,
        Kind.IDS,
        Kind.REQUIREMENTS,
    }
)

EXPECTED: Final[Mapping[Kind, Message]] = MappingProxyType(
    {
        Kind.ID: Message(N_("expected an id: a number or a short text")),
        Kind.TEXT: Message(N_("expected text")),
        Kind.NOTE: Message(N_("expected text")),
        Kind.LANGUAGES: Message(N_("expected languages, such as Danish:B2; Arabic:native")),
        Kind.OCCUPATION: Message(N_("expected a job title, or an ISCO-08 number of 1 to 4 digits, such as 2221")),
        Kind.EDUCATION: Message(N_("expected a level of education, a whole number from 0 to 8")),
        Kind.TOPICS: Message(N_("expected topics, such as job_search; cv")),
        Kind.INTERESTS: Message(N_("expected words with a semicolon between them")),
        Kind.AVAILABILITY: Message(N_("expected days and parts of the day, such as mon-evening; sat-morning")),
        Kind.MEETING: Message(N_("expected in person, online, or both with a semicolon between them")),
        Kind.AMOUNT: Message(N_("expected a number above 0, such as 4 or 2.5")),
        Kind.COUNT: Message(N_("expected a whole number, 0 or more")),
        Kind.LEVEL: Message(N_("expected a level A1, A2, B1, B2, C1, C2 or native")),
        Kind.DATE: Message(N_("expected a date such as 2026-11-21 or 21-11-2026")),
        Kind.YES_NO: Message(N_("expected yes or no")),
        Kind.IDS: Message(N_("expected ids with a semicolon between them")),
        Kind.REQUIREMENTS: Message(N_("expected demands such as language:ar; occupation:22; in person")),
    }
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A workbook's cell without a usable value: ``text`` is what it shows, ``fault`` what to do about it."""

    text: str
    fault: Message


Cell = str | int | float | bool | date | Broken
"""What stands in a cell; the empty text is an empty cell."""


class Resolver(Protocol):
    """Finds the occupation that a job title means."""

    def resolve(self, text: str) -> TitleMatch | None:
        """Return the occupation of the job title ``text``, or ``None``."""


def cell_text(cell: Cell) -> str:
    """Return the cell as its owner sees it, near enough to find it again."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Broken):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LONGEST_NUMBER:
        return str(int(cell))
    return str(cell)


class CellReader:
    """Reads cells one by one; loads the table of job titles only when the first title comes.

    Args:
        resolver: what knows job titles; the bundled one unless given.
    """

    def __init__(self, resolver: Resolver | None = None) -> None:
        self._resolver = resolver

    def read(self, kind: Kind, cell: Cell) -> Verdict:
        """Return what ``cell`` says in a column of ``kind``."""
        if isinstance(cell, str):
            return self._read_text(kind, cell)
        if isinstance(cell, Broken):
            return Verdict(faults=(cell.fault,))
        if isinstance(cell, bool):
            return Verdict(cell) if kind is Kind.YES_NO else Verdict(faults=(EXPECTED[kind],))
        if isinstance(cell, date):
            return Verdict(cell) if kind is Kind.DATE else _made_a_date(kind)
        if kind is not Kind.AMOUNT and abs(cell) >= _LONGEST_NUMBER:
            return wrong(
                N_(
                    "expected a number of at most 15 digits: the spreadsheet program has lost the others; set the"
                    " column's format to text, and type it again"
                )
            )
        return self._read_text(kind, cell_text(cell))

    def _read_text(self, kind: Kind, text: str) -> Verdict:
        if _CONTROL.search(text):
            return wrong(N_("expected no control characters, signs that cannot be seen: empty the cell and type again"))
        text = text.strip()
        if not text:
            return NOTHING
        if kind not in _SEVERAL_LINES and _LINE_BREAK.search(text):
            return wrong(N_("expected one line, without tabs or line breaks"))
        if kind is Kind.OCCUPATION:
            return self._read_occupation(text)
        return _READERS[kind](text)

    def _read_occupation(self, text: str) -> Verdict:
        if text.isascii() and text.isdecimal():
            if len(text) <= isco.LONGEST and isco.exists(text):
                return Verdict(text)
            return wrong(
                N_("expected an ISCO-08 number of 1 to 4 digits that exists, such as 2221, or a job title in words")
            )
        if self._resolver is None:
            self._resolver = TitleResolver.bundled()
        match = self._resolver.resolve(text) if len(text) <= _LONGEST_TITLE else None
        if match is None:
            return wrong(
                N_(
                    "expected a job title that is known: write it in another way, in English or Danish, or write the"
                    " ISCO-08 number, such as 2221"
                )
            )
        values: dict[str, Value | Message] = {
            "code": match.code,
            "title": OccupationTitle(match.code),
            "percent": round(match.sureness * 100),
        }
        notice = Message(N_("taken as {code}, {title} ({percent} % sure); if that is wrong, write the number"), values)
        return Verdict(match.code, notices=(notice,))


def _made_a_date(kind: Kind) -> Verdict:
    return wrong(
        N_(
            "{expected}; the spreadsheet program has made a date of it: set the column's format to text, and type it"
            " again"
        ),
        expected=EXPECTED[kind],
    )


def _read_id(text: str) -> Verdict:
    return Verdict(unguarded(text))


def _read_plain(text: str) -> Verdict:
    return Verdict(text)


def _read_amount(text: str) -> Verdict:
    if _NUMBER.fullmatch(text):
        number = float(text.replace(",", "."))
        if math.isfinite(number) and number > 0:
            return Verdict(number)
    return Verdict(faults=(EXPECTED[Kind.AMOUNT],))


def _read_count(text: str) -> Verdict:
    if written := _WHOLE.fullmatch(text):
        return Verdict(int(written[1]))
    return Verdict(faults=(EXPECTED[Kind.COUNT],))


def _read_education(text: str) -> Verdict:
    written = _WHOLE.fullmatch(text)
    if written and int(written[1]) <= _HIGHEST_EDUCATION:
        return Verdict(int(written[1]))
    return Verdict(faults=(EXPECTED[Kind.EDUCATION],))


def _read_level(text: str) -> Verdict:
    level = LEVELS.get(folded(text))
    return Verdict(level) if level else Verdict(faults=(EXPECTED[Kind.LEVEL],))


def _read_yes_no(text: str) -> Verdict:
    answer = YES_NO.get(folded(text))
    return Verdict(faults=(EXPECTED[Kind.YES_NO],)) if answer is None else Verdict(answer)


def read_date(text: str) -> Verdict:
    """Return the date that ``text`` writes, in any of the three ways."""
    if written := _YEAR_FIRST.fullmatch(text):
        year, month, day = written.groups()
    elif written := _DAY_FIRST.fullmatch(text):
        day, _separator, month, year = written.groups()
    elif _NUMBER.fullmatch(text):
        # What is left of a date cell that was pasted as a number; which day it meant depends on the program.
        return wrong(
            N_(
                "expected a date such as 2026-11-21; this is a bare number: set the column's format to date in the"
                " spreadsheet program, check what it shows, save, and try again"
            )
        )
    else:
        return Verdict(faults=(EXPECTED[Kind.DATE],))
    try:
        return Verdict(date(int(year), int(month), int(day)))
    except ValueError:
        return wrong(N_("expected a date that exists, such as 2026-11-21 or 21-11-2026"))


_READERS: Final[Mapping[Kind, Callable[[str], Verdict]]] = MappingProxyType(
    {
        Kind.ID: _read_id,
        Kind.TEXT: _read_plain,
        Kind.NOTE: _read_plain,
        Kind.LANGUAGES: read_languages,
        Kind.EDUCATION: _read_education,
        Kind.TOPICS: read_topics,
        Kind.INTERESTS: read_interests,
        Kind.AVAILABILITY: read_availability,
        Kind.MEETING: read_meeting,
        Kind.AMOUNT: _read_amount,
        Kind.COUNT: _read_count,
        Kind.LEVEL: _read_level,
        Kind.DATE: read_date,
        Kind.YES_NO: _read_yes_no,
        Kind.IDS: read_ids,
        Kind.REQUIREMENTS: read_requirements,
    }
)
