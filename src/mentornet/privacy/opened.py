"""Whom it is about that somebody at the desk has opened, and whether they are her own cases.

A case is somebody's own when it has been hers for a day. What she takes over herself, by handing it to herself or by
booking the talk, counts until then, and what others give her counts in the hour in which they do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Model

from mentornet.accounts.models import Opening
from mentornet.accounts.queries import COUNTED_FOR
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.actors import user_key
from mentornet.followup.models import Afterwards
from mentornet.intake.models import (
    Application,
    ContactPerson,
    Enrolment,
    Interview,
    InterviewDraft,
    Reference,
    Wish,
)
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person, Reveal
from mentornet.people.recipients import PREFIX
from mentornet.privacy.models import Disclosure, Request
from mentornet.sourcing.models import Search

_LEADS_TO: Final[tuple[tuple[type[Model], str], ...]] = (
    (Person, "pk"),
    (Application, "person_id"),
    (Enrolment, "person_id"),
    (ContactPerson, "person_id"),
    (Wish, "person_id"),
    (Interview, "application__person_id"),
    (Reference, "application__person_id"),
    (Reveal, "person_id"),
    (Request, "person_id"),
    (Disclosure, "person_id"),
    (Search, "mentee__person_id"),
)
# Whom a quiet word is from is written down nowhere else, and an import is about many: each counts by itself.
OWN_AFTER: Final = timedelta(days=1)
"""How long a case has been somebody's before her reading in it no longer counts."""
_TAKEN_BY: Final = ("intake.hand_over", "intake.book_interview", "intake.record_interview")
"""Acts by which a case, a talk or what is to be done about it comes to somebody."""
_TAKEN: Final[Mapping[type[Model], str]] = {
    Application: "person_id",
    Enrolment: "person_id",
    Interview: "application__person_id",
}
_PAIRS: Final[tuple[tuple[type[Model], str], ...]] = ((Proposal, ""), (Partnership, ""), (Afterwards, "partnership__"))


def look_at(openings: Iterable[Opening], user_id: UUID, at: datetime) -> list[Opening]:
    """Say of each opening whom it is about, and whether that is a case of this user's: some twenty queries for all.

    A pair is one case, and hers where either of the two is. What is not found, such as somebody who is not there, is
    about nobody, and counts: who goes through addresses finds nothing, and is noticed.
    """
    rows = list(openings)
    keys = [row.opened for row in rows]
    persons = _persons(keys)
    pairs = _pairs(keys)
    everybody = {*persons.values(), *(one for both in pairs.values() for one in both)}
    own = _own_cases(user_id, everybody, at)
    for row in rows:
        row.subject = persons.get(row.opened)
        about = {row.subject, *pairs.get(row.opened, ())}
        row.is_own = not own.isdisjoint(about)
    return rows


def _persons(keys: Collection[UUID]) -> dict[UUID, UUID]:
    found: dict[UUID, UUID] = {}
    for model, path in _LEADS_TO:
        rows = model._default_manager.filter(pk__in=keys).values_list("pk", path)
        # A search for a profile is about nobody.
        found |= {pk: person for pk, person in rows if person is not None}
    prefix = f"{PREFIX}:"
    letters = Letter.objects.filter(pk__in=keys, recipient__startswith=prefix)
    found |= {pk: UUID(key.removeprefix(prefix)) for pk, key in letters.values_list("pk", "recipient")}
    return found


def _pairs(keys: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    found: dict[UUID, tuple[UUID, UUID]] = {}
    for model, via in _PAIRS:
        rows = model._default_manager.filter(pk__in=keys)
        for pk, mentee, mentor in rows.values_list("pk", f"{via}mentee__person_id", f"{via}mentor__person_id"):
            found[pk] = (mentee, mentor)
    return found


def _own_cases(user_id: UUID, people: Collection[UUID], at: datetime) -> set[UUID]:
    """Return whoever of some people is a user's own case: assigned to her, talked with by her, or on her list."""
    before = at - OWN_AFTER
    places = Enrolment.objects.filter(person_id__in=people, coordinator_id=user_id, created_at__lt=before)
    own = set(places.values_list("person_id", flat=True))
    for model in (Interview, InterviewDraft):
        talks = model._default_manager.filter(application__person_id__in=people, interviewer_id=user_id)
        own |= set(talks.filter(created_at__lt=before).values_list("application__person_id", flat=True))
    # A task hangs on a row of hers: on her application, her place, a pair.
    tasks = Task.objects.filter(owner_id=user_id, done_at__isnull=True, created_at__lt=before)
    targets = list(tasks.values_list("target_id", flat=True))
    own |= {*_persons(targets).values(), *(one for both in _pairs(targets).values() for one in both)}
    own &= set(people)
    return own - _just_come(user_id, own, at) if own else own


def _just_come(user_id: UUID, people: Collection[UUID], at: datetime) -> set[UUID]:
    """Return who of some people came to a user today by her own act, or in this hour by somebody else's."""
    rows: dict[str, UUID] = {}
    for model, path in _TAKEN.items():
        found = model._default_manager.filter(**{f"{path}__in": people})
        rows |= {str(pk): person for pk, person in found.values_list("pk", path)}
    labels = [model._meta.label for model in _TAKEN]
    taken = Entry.objects.filter(object_type__in=labels, object_id__in=rows, at__gt=at - OWN_AFTER, act__in=_TAKEN_BY)
    return {
        rows[key]
        for key, moment, actor in taken.values_list("object_id", "at", "actor")
        if actor == user_key(user_id) or moment > at - COUNTED_FOR
    }
