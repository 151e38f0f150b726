"""Which part of the waiting list is asked for, read from an address and written into one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import QueryDict

from mentornet.divisions.staff import Staff
from mentornet.intake.enums import WaitReason
from mentornet.intake.models import Enrolment
from mentornet.intake.waiting import TAKEN_EARLIER, because, in_order

BY_WORD = "word"
MINE = "mine"
NOBODY = "nobody"
OVERDUE = "overdue"
EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; an empty value asks nothing.

    Attributes:
        division, programme: their keys.
        language: a code.
        whose: ``mine`` for her own cases.
        fit: ``nobody`` for those whom no mentor fits.
        why: a reason why somebody waits, or ``earlier`` for those who are taken before others.
        word: ``overdue`` for those who should have heard from us.
        sort: ``word`` for the next promised word first; else the longest wait.
        everybody: on one page, for printing.
    """

    division: str = ""
    programme: str = ""
    language: str = ""
    whose: str = ""
    fit: str = ""
    why: str = ""
    word: str = ""
    sort: str = ""
    everybody: str = ""

    @property
    def in_force(self) -> int:
        """How many of them leave somebody out."""
        return sum(bool(getattr(self, field.name)) for field in fields(self) if field.name not in {"sort", "everybody"})

    def query(self, **changed: str) -> str:
        """Return the address's query, with some of it changed."""
        query = QueryDict(mutable=True)
        for field in fields(self):
            if value := changed.get(field.name, getattr(self, field.name)):
                query[field.name] = value
        return query.urlencode()


def filters_from(
    query: QueryDict, *, divisions: Collection[UUID], programmes: Collection[UUID], languages: Collection[str]
) -> Filters:
    """Read the filters from an address. What does not exist, or not for this reader, asks nothing."""
    known: dict[str, Collection[str]] = {
        "division": {str(key) for key in divisions},
        "programme": {str(key) for key in programmes},
        "language": languages,
        "whose": {MINE},
        "fit": {NOBODY},
        "why": {*WaitReason.values, EARLIER},
        "word": {OVERDUE},
        "sort": {BY_WORD},
        "everybody": {"1"},
    }
    return Filters(**{name: value for name, values in known.items() if (value := query.get(name, "")) in values})


def narrowed(waiting: QuerySet[Enrolment], filters: Filters, by: Staff) -> QuerySet[Enrolment]:
    """Return what the database can tell of a filtered list, in order; who fits nobody is asked elsewhere.

    ``waiting`` says why each waits (:func:`mentornet.intake.waiting.with_why`).
    """
    if filters.division:
        waiting = waiting.filter(division_id=filters.division)
    if filters.programme:
        waiting = waiting.filter(programme_id=filters.programme)
    if filters.language:
        waiting = waiting.filter(person__languages__code=filters.language)
    if filters.whose:
        waiting = waiting.filter(coordinator_id=by.user_id)
    if filters.why == EARLIER:
        waiting = waiting.filter(TAKEN_EARLIER)
    elif filters.why:
        waiting = waiting.filter(because(filters.why))
    if filters.word:
        waiting = waiting.filter(word_due_on__lt=by.today)
    if filters.sort:
        waiting = waiting.order_by(F("word_due_on").asc(nulls_last=True), F("since").asc(nulls_last=True), "pk")
    else:
        waiting = waiting.order_by(*in_order())
    return waiting
