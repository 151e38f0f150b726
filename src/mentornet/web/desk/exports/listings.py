"""The lists that can be had as a file: what each is called, who is in it, and what stands in its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.divisions.staff import Staff
from mentornet.web.desk.exports import chosen, pairs, people
from mentornet.web.desk.exports.columns import Column
from reference.writing import Table

AT_ONCE: Final = 1_000
"""Rows that are read together: few enough for every database to be asked for by their keys."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the desk.

    Attributes:
        title: as on its page.
        page: the name of its address.
        choose: from an address to who is in it.
        columns: all that it could hold, in the reader's language.
        rows: from keys to rows, in the keys' order; a fixed number of queries.
    """

    title: str | Promise
    page: str
    choose: chosen.Choose
    columns: Callable[[], list[Column]]
    rows: Callable[[Staff, Collection[UUID]], Iterable[Any]]


LISTINGS: Final[Mapping[str, Listing]] = {
    "waiting": Listing(
        _("Waiting list"), "desk:waiting", chosen.waiting, people.waiting_columns, people.enrolment_rows
    ),
    "bank": Listing(_("Mentor bank"), "desk:bank", chosen.bank, people.bank_columns, people.enrolment_rows),
    "people": Listing(_("People"), "desk:people", chosen.people, people.people_columns, people.person_rows),
    "partnerships": Listing(
        _("Partnerships"), "desk:partnerships", chosen.partnerships, pairs.partnership_columns, pairs.partnership_rows
    ),
    "early_signs": Listing(
        _("Early signs"), "desk:early_signs", chosen.early_signs, pairs.warned_columns, pairs.warned_rows
    ),
    "proposals": Listing(
        _("Proposals"), "desk:proposals", chosen.proposals, pairs.proposal_columns, pairs.proposal_rows
    ),
}


def table_of(by: Staff, listing: Listing, ids: Sequence[UUID], columns: Sequence[Column]) -> Table:
    """Return a list as a table."""
    rows = [
        [column.value(row) for column in columns]
        for start in range(0, len(ids), AT_ONCE)
        for row in listing.rows(by, ids[start : start + AT_ONCE])
    ]
    return Table(tuple(str(column.header) for column in columns), rows)
