"""Columns that a product with a database takes over beside those of the pairing: names apart, contact, briefing.

They stand in no template and no result: a network that has them in its list need not type them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from reference.columns import Column, Kind, Subject, columns_of
from reference.translation import N_, Message
from reference.vocabulary import folded

_BOTH: Final = (Subject.MENTORS, Subject.MENTEES)

EXTRA_COLUMNS: Final[tuple[Column, ...]] = (
    Column("first name", "fornavn", _BOTH, Kind.TEXT, Message(N_("The first name alone.")), {}),
    Column("last name", "efternavn", _BOTH, Kind.TEXT, Message(N_("The last name alone.")), {}),
    Column("email", "e-mail", _BOTH, Kind.TEXT, Message(N_("The e-mail address.")), {}),
    Column("phone", "telefon", _BOTH, Kind.TEXT, Message(N_("The telephone number.")), {}),
    Column("birth year", "fødselsår", _BOTH, Kind.COUNT, Message(N_("The year of birth, four digits.")), {}),
    Column("area", "område", _BOTH, Kind.TEXT, Message(N_("The town or part of town; never an address.")), {}),
    Column(
        "language of letters",
        "brevsprog",
        _BOTH,
        Kind.TEXT,
        Message(N_("The language in which letters are written to the person.")),
        {},
    ),
    Column(
        "briefed on",
        "briefet den",
        (Subject.MENTORS,),
        Kind.DATE,
        Message(N_("The date when the mentor was briefed; empty: not yet.")),
        {},
    ),
)

# What lists call these columns, beside the names above. Only words that can mean nothing else.
_ALSO_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "e mail": "email",
        "mail": "email",
        "e mail address": "email",
        "telephone": "phone",
        "tlf": "phone",
        "mobil": "phone",
        "surname": "last_name",
        "year of birth": "birth_year",
        "by": "area",
        "town": "area",
    }
)


@cache
def all_columns_of(subject: Subject) -> tuple[Column, ...]:
    """Return every column that a list of ``subject`` may bring, the usual ones first."""
    return columns_of(subject) + tuple(column for column in EXTRA_COLUMNS if subject in column.subjects)


@cache
def all_columns_by_header(subject: Subject) -> Mapping[str, Column]:
    """Return every column of ``subject`` by its headers and other names, folded as headers are compared."""
    columns = {folded(name): column for column in all_columns_of(subject) for name in (column.english, column.danish)}
    by_field = {column.field: column for column in all_columns_of(subject)}
    for name, field in _ALSO_CALLED.items():
        if field in by_field:
            columns.setdefault(name, by_field[field])
    return MappingProxyType(columns)
