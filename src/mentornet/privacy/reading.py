"""The audit, read as a whole by whoever oversees data: who did what when, never the words that somebody wrote.

What is told in confidence stays off it, as it stays off every list; whoever must not see somebody does not find her
here either. Nor does it name participants to whoever works with none of them; of a protected person it tells nowhere in
which division it was, whoever acted and whatever row it was about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_off_guard, without_hidden_in
from mentornet.common.actors import user_key
from mentornet.common.reach import rows_about
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.queries import visible_people
from mentornet.people.models import Person
from mentornet.people.queries import people_by_id
from mentornet.people.recipients import person_key

_PERSON = "people.Person"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty is not asked."""

    who: str = ""
    what: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None

    def filters(self) -> dict[str, str]:
        """Return which of them are set."""
        given = {"who": self.who, "what": self.what, "act": self.act, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as it is read.

    Attributes:
        who, about: in words where somebody is known by the key; else the key.
    """

    entry: Entry
    who: str
    about: str
    division: str
    detail: str


def entries_asked(by: Staff, asked: Asked) -> QuerySet[Entry]:
    """Return the entries that somebody looks for, the last first."""
    found = without_hidden_in(entries_off_guard(Entry.objects.all()), by.casework)
    if asked.who:
        people = User.objects.filter(name__icontains=asked.who, staff_roles__isnull=False)
        keys = [user_key(pk) for pk in people.distinct().values_list("pk", flat=True)]
        found = found.filter(Q(actor__in=keys) | Q(actor__contains=asked.who))
    if asked.what:
        found = found.filter(Q(object_id=asked.what) | Q(object_type__icontains=asked.what))
    if asked.act:
        found = found.filter(act__contains=asked.act)
    if asked.since:
        found = found.filter(at__gte=_begin(asked.since))
    if asked.until:
        found = found.filter(at__lt=_begin(asked.until + timedelta(days=1)))
    return found.order_by("-at", "-pk")


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def rows_of_entries(by: Staff, entries: Iterable[Entry]) -> list[EntryRow]:
    """Prepare entries to be read; as many queries for one as for many, and more where anybody is protected.

    Participants have names where the reader works with them: to whoever oversees data they are keys.
    """
    listed = list(entries)
    actors = {key for one in listed if (key := _uuid(one.actor.partition(":")[2])) is not None}
    about = {key for one in listed if one.object_type == _PERSON and (key := _uuid(one.object_id)) is not None}
    staff = User.objects.filter(pk__in=actors, staff_roles__isnull=False).distinct()
    users = {user_key(pk): name for pk, name in staff.values_list("pk", "name")}
    known = people_by_id(visible_people(by).filter(pk__in=actors | about).order_by().values_list("pk", flat=True))
    names = {key: person.name for key, person in known.items()}
    divisions, hers = dict(Division.objects.values_list("pk", "name")), _about_protected()

    def division_of(entry: Entry) -> str:
        # Where a protected person is seen to, by whom, or where she acts tells where she is to be found.
        if entry.division_id is None or entry.actor in hers or (entry.object_type, entry.object_id) in hers:
            return ""
        return divisions.get(entry.division_id, "")

    def named(key: str, otherwise: str) -> str:
        return names.get(_uuid(key) or UUID(int=0), otherwise)

    return [
        EntryRow(
            entry=one,
            who=users.get(one.actor) or named(one.actor.partition(":")[2], one.actor),
            about=named(one.object_id, one.object_id) if one.object_type == _PERSON else one.object_id,
            division=division_of(one),
            detail=json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else "",
        )
        for one in listed
    ]


def _about_protected() -> frozenset[str | tuple[str, str]]:
    """Return what names protected people in the audit: their own keys as those who act, and every row about them."""
    protected = set(Person.objects.filter(is_protected=True).values_list("pk", flat=True))
    users = set(User.objects.filter(person__in=protected).values_list("pk", flat=True)) if protected else set()
    found: set[str | tuple[str, str]] = {*map(person_key, protected), *map(user_key, users)}
    found |= {(User._meta.label, str(user_id)) for user_id in users}
    for label, keys in rows_about(protected).items():
        found |= {(label, str(key)) for key in keys}
    return frozenset(found)
