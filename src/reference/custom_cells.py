"""Columns of a programme's own criteria in the spreadsheets of people: their headers, and what their cells say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from reference.cells import Cell, CellReader
from reference.columns import Column, Subject
from reference.columns import Kind as CellKind
from reference.customs import Choice, Custom, Kind
from reference.lists import SEPARATOR
from reference.spoken import Listed
from reference.translation import N_, Message
from reference.verdicts import Verdict, wrong
from reference.vocabulary import folded

_BOTH: Final = (Subject.MENTORS, Subject.MENTEES)
_KINDS: Final = {
    Kind.YES_NO: CellKind.YES_NO,
    Kind.NUMBER: CellKind.COUNT,
    Kind.LEVEL: CellKind.TEXT,
    Kind.LIST: CellKind.NOTE,
}


def custom_column(custom: Custom) -> Column:
    """Return the column of an own criterion; its header is the same in every language."""
    help_text = Message(N_("What the programme asks: {name}."), {"name": custom})
    return Column(custom.column, custom.column, _BOTH, _KINDS[custom.kind], help_text, {"en": (), "da": ()})


def custom_columns(customs: Iterable[Custom]) -> dict[str, tuple[Column, Custom]]:
    """Return the columns of own criteria by their headers, folded as headers are compared."""
    return {folded(custom.column): (custom_column(custom), custom) for custom in customs}


def read_answer(cells: CellReader, custom: Custom, cell: Cell) -> Verdict:
    """Return what a cell answers to a programme's own question."""
    verdict = cells.read(_KINDS[custom.kind], cell)
    if verdict.value is None or verdict.faults or custom.kind is Kind.YES_NO:
        return verdict
    if custom.kind is Kind.NUMBER:
        if custom.number_of(verdict.value) >= 0:  # type: ignore[arg-type]
            return verdict
        return wrong(N_("expected a whole number from {low} to {high}"), low=custom.low, high=custom.high)
    keys = {folded(name): choice.key for choice in custom.choices for name in (choice.key, *choice.names.values())}
    items = str(verdict.value).split(SEPARATOR) if custom.kind is Kind.LIST else [str(verdict.value)]
    chosen = [keys.get(folded(item)) for item in items if item.strip()]
    if not chosen or None in chosen:
        return wrong(N_("expected one of these: {choices}"), choices=_named(custom.choices))
    return Verdict(tuple(dict.fromkeys(chosen)) if custom.kind is Kind.LIST else chosen[0])


def _named(choices: tuple[Choice, ...]) -> Listed:
    return Listed(choices)


def with_answers(values: dict[str, Any], customs: Iterable[Custom]) -> dict[str, Any]:
    """Return the values of a row with the answers to own questions together, as a person has them."""
    asked = [(custom.key, custom_column(custom).field) for custom in customs]
    answers = tuple((key, values[name]) for key, name in asked if values.get(name) is not None)
    names = {name for _key, name in asked}
    return {name: value for name, value in values.items() if name not in names} | {"answers": answers}
