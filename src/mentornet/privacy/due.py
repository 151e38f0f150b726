"""What goes on a day: asked by the page that shows it the day before, and by the night that does it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentornet.audit.models import Entry
from mentornet.audit.queries import REDACT
from mentornet.common.fields import TERMS, Retention, subject_of
from mentornet.common.models import WordsField
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.people.recipients import PREFIX, person_key
from mentornet.privacy.clocks import LEAST, Part, parts
from mentornet.privacy.ends import apart_from, ended_by, kept_back, whole
from mentornet.privacy.enums import Kept
from mentornet.privacy.hers import in_parts
from mentornet.privacy.models import RetentionRun, RetentionTerm
from mentornet.privacy.services.emptying import EMPTIED, empty_value

WARNING: Final = timedelta(days=30)
"""How long before it goes somebody is told; and how long after the first night, or a shorter time, nothing goes."""
_AUDIT: Final = "audit.Entry"


def terms_on(day: date) -> dict[Retention, int]:
    """Return for how many days each class is kept; a time that was made shorter counts a month later.

    Never fewer than what hangs on the class needs, whatever stands in the table.
    """
    days = {retention: term.days for retention, term in TERMS.items()}
    for own in RetentionTerm.objects.order_by("created_at", "pk"):
        retention = Retention(own.retention)
        if own.days >= days[retention] or timezone.localdate(own.created_at) + WARNING <= day:
            days[retention] = max(own.days, LEAST[retention].days)
    return days


def begins_on(today: date) -> date:
    """Return from which day on anything goes: whoever works here is warned first."""
    first = RetentionRun.objects.order_by("night").values_list("night", flat=True).first()
    return (first or today) + WARNING


@dataclass(frozen=True, slots=True)
class Due:
    """What goes on a day.

    Attributes:
        people: who goes as a whole, with the day on which her time ended.
        kept: who would, and is left alone, and why.
        over: whose time ended long enough ago for some class, with the day; those in ``people`` too.
        aside: everybody who is left alone, whether she is due or not.
    """

    day: date
    days: Mapping[Retention, int]
    people: Mapping[UUID, date] = field(default_factory=dict)
    kept: Mapping[UUID, Kept] = field(default_factory=dict)
    over: Mapping[UUID, date] = field(default_factory=dict)
    aside: Mapping[UUID, Kept] = field(default_factory=dict)

    def rows(self, part: Part) -> Iterator[QuerySet[Any]]:
        """Return the rows of which a part goes, a few people's at a time."""
        last = self.day - timedelta(days=self.days[part.retention])
        found = _filled(part).filter(part.clock.of).filter(self._not_aside(part))
        if not part.clock.is_hers:
            for lookup in part.clock.since:
                found = found.filter(_over(part.model, lookup, last))
            for thing, lookup in part.clock.optional:
                found = found.filter(Q(**{f"{thing}__isnull": True}) | _over(part.model, lookup, last))
            yield found
            return
        (path,) = _paths(part)
        for some in in_parts(person for person, ended in self.over.items() if ended <= last):
            yield found.filter(**{f"{path}__in": some})

    def _not_aside(self, part: Part) -> Q:
        subject = subject_of(part.table)
        assert subject is not None
        if subject.keys:
            keys = [person_key(person) for person in self.aside]
            return reduce(lambda wanted, column: wanted & ~Q(**{f"{column}__in": keys}), subject.keys, Q())
        return apart_from(self.aside, _paths(part))

    def counts(self) -> Counter[tuple[Retention, str]]:
        """Return how many rows go, by class and table."""
        found: Counter[tuple[Retention, str]] = Counter()
        for part in parts():
            found[part.retention, part.table] = sum(rows.count() for rows in self.rows(part))
        found[Retention.LOG, _AUDIT] = self.entries().count()
        return +found

    def entries(self) -> QuerySet[Entry]:
        """Return the entries of the audit whose time is over, and which are not emptied yet."""
        return Entry.objects.filter(over_entries(self.day, self.days), redaction__isnull=True).exclude(act=REDACT)


def over_entries(day: date, days: Mapping[Retention, int]) -> Q:
    """Return which entries of the audit have been kept for their time."""
    return Q(at__lt=_end_of(day - timedelta(days=days[Retention.LOG])))


def due_on(day: date, among: Collection[UUID] | None = None) -> Due:
    """Return what goes on a day, as things stand now; of everybody, or of some people alone."""
    days = terms_on(day)
    over = ended_by(day - timedelta(days=min(days[Retention.NOTES], whole(days))), among)
    aside = kept_back(day)
    last = day - timedelta(days=whole(days))
    due = {person: ended for person, ended in over.items() if ended <= last}
    return Due(
        day=day,
        days=days,
        people={person: ended for person, ended in due.items() if person not in aside},
        kept={person: aside[person] for person in due if person in aside},
        over={person: ended for person, ended in over.items() if person not in aside},
        aside=aside,
    )


def going_within(today: date) -> dict[UUID, date]:
    """Return who goes as a whole in the time of warning, with her day; never a day before anything goes at all."""
    first = max(begins_on(today), today + timedelta(days=1))
    length = timedelta(days=whole(terms_on(today + WARNING)))
    found = ended_by(today + WARNING - length)
    aside = kept_back(today + WARNING)
    return {person: max(ended + length, first) for person, ended in found.items() if person not in aside}


def people_of(part: Part, rows: QuerySet[Any]) -> set[UUID]:
    """Return whom some rows of a part are about."""
    subject = subject_of(part.table)
    assert subject is not None
    columns = subject.keys or _paths(part)
    found = {one for row in rows.order_by().values_list(*columns) for one in row if one}
    if not subject.keys:
        return found
    prefix = f"{PREFIX}:"
    return {UUID(key.removeprefix(prefix)) for key in found if key.startswith(prefix)}


def _paths(part: Part) -> tuple[str, ...]:
    subject = subject_of(part.table)
    assert subject is not None
    if subject.side:
        return tuple(f"{subject.via}__{side}__person" for side in ("mentee", "mentor"))
    return subject.paths


def _over(model: type[models.Model], lookup: str, last: date) -> Q:
    holder: Any = model
    *way, last_name = lookup.split("__")
    for name in way:
        holder = holder._meta.get_field(name).related_model
    if isinstance(holder._meta.get_field(last_name), models.DateTimeField):
        return Q(**{f"{lookup}__lt": _end_of(last)})
    return Q(**{f"{lookup}__lte": last})


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _filled(part: Part) -> QuerySet[Any]:
    """Return the rows in which any of the columns still says something; all of them where rows go as a whole."""
    rows = part.model._default_manager.order_by("pk")
    if not part.columns:
        return rows
    return rows.filter(reduce(or_, (_says_something(column) for column in part.columns)))


def _says_something(column: models.Field[Any, Any]) -> Q:
    empty = empty_value(column)
    if empty is None:
        return Q(**{f"{column.name}__isnull": False})
    if isinstance(column, WordsField | models.CharField | models.TextField):
        return ~Q(**{f"{column.name}__in": ["", EMPTIED]}) if empty != "" else ~Q(**{column.name: ""})
    return ~Q(**{column.name: empty})


def by_division(people: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return whom each division knows of some people."""
    known: dict[UUID, set[UUID]] = defaultdict(set)
    for some in in_parts(people):
        for model in (Application, Enrolment, ContactPerson):
            for person, division in model.objects.filter(person__in=some).values_list("person_id", "division_id"):
                known[division].add(person)
    return {division: sorted(those) for division, those in known.items()}
