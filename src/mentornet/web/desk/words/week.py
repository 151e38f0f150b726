"""The times of one person, or of two over each other, as a table of the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import pgettext

from mentornet.web.ui.listed import PARTS
from reference.slots import Day, Part, Slot


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of one day: who has time (``both``, ``mentee``, ``mentor`` or ``none``), in a word."""

    who: str
    word: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week as a table: days across, parts of the day down.

    Attributes:
        days: short and whole names.
        rows: (part, its seven cells).
        common: how many times both have.
        is_one: only one person's week.
    """

    days: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    common: int
    is_one: bool


def week(mentee: Iterable[Slot] | None, mentor: Iterable[Slot] | None = None, *, is_one: bool = False) -> Week | None:
    """Return the times of one person, or of two over each other; ``None`` where nobody's are known."""
    if mentee is None and mentor is None:
        return None
    hers, other = frozenset(mentee or ()), frozenset(mentor or ())
    words = {
        "both": pgettext("time of the week", "both"),
        "mentee": pgettext("time of the week", "free") if is_one else pgettext("time of the week", "the mentee"),
        "mentor": pgettext("time of the week", "the mentor"),
        "none": pgettext("time of the week", "no"),
    }
    rows = []
    for part in Part:
        cells = []
        for day in Day:
            slot = Slot(day, part)
            who = {(True, True): "both", (True, False): "mentee", (False, True): "mentor", (False, False): "none"}[
                slot in hers, slot in other
            ]
            cells.append(Cell(who, words[who]))
        rows.append((str(PARTS[part]), cells))
    days = [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day]).capitalize()) for day in Day]
    return Week(days, rows, len(hers & other), is_one)
