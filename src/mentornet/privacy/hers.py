"""Which rows are about a person, read from the field registry: for her copy, for her erasure, and for nothing else.

A model that somebody adds is found here without being named, as soon as it says whom its rows are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from mentornet.common.actors import user_key
from mentornet.common.fields import BOTH, Subject, declared_models, subject_of
from mentornet.intake.models import ApplicationDraft
from mentornet.intake.recipients import draft_key
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.people.recipients import person_key
from mentornet.privacy.journal import GONE
from mentornet.privacy.models import Merge

AT_ONCE: Final = 200
"""How many keys one query names."""
_SIDES: Final = ("mentee", "mentor")
_KNOWN_BY: Final = ("first_name", "last_name", "email", "phone", "postcode")
_BY_ITSELF: Final = frozenset({"audit"})
"""Apps whose rows are found and changed by their own means alone."""

Model = type[models.Model]


@dataclass(slots=True)
class Hers:
    """The rows about one person.

    Attributes:
        rows: keys by model; of a pair's rows too, which are about the other one as well.
        user_id: by whom she signs in.
        former: the keys of rows of hers that were made one with this one, which the audit and older backups know.
        former_users: the same of her users.
    """

    person_id: UUID
    user_id: UUID | None
    rows: dict[Model, list[Any]] = field(default_factory=dict)
    former: tuple[UUID, ...] = ()
    former_users: tuple[UUID, ...] = ()

    def ids(self) -> set[UUID]:
        """Return the keys of all rows that have one which is drawn at random, and of her user."""
        found = {key for keys in self.rows.values() for key in keys if isinstance(key, UUID)}
        return found | {*self.former, *self.former_users} | ({self.user_id} if self.user_id is not None else set())

    def own_keys(self) -> set[str]:
        """Return the keys under which she acts, is written to and is counted."""
        keys = {person_key(one) for one in (self.person_id, *self.former)}
        keys |= {user_key(one) for one in self.former_users}
        keys |= {draft_key(pk) for pk in self.rows.get(ApplicationDraft, ())}
        return keys | ({user_key(self.user_id)} if self.user_id is not None else set())


def known_as(person: Person) -> list[Person | ProtectedIdentity]:
    """Return under which names and addresses she is known: as she stands here, is sealed, and stood in a row merged."""
    return [person, *ProtectedIdentity.objects.filter(person=person), *stood_as(person.pk)]


def stood_as(person_id: UUID) -> list[Person]:
    """Return as whom somebody stood here before rows of hers were made one, as long as it is kept for undoing that."""
    found = []
    for steps in Merge.objects.filter(person_id=person_id, undone_at__isnull=True).values_list("steps", flat=True):
        for kind, label, *told in steps:
            if label == Person._meta.label:
                before = told[0] if kind == GONE else {name: was for name, (was, _now) in told[1].items()}
                found.append(Person(**{name: before.get(name) or "" for name in _KNOWN_BY}))
    return found


def models_about_people() -> Iterator[tuple[Model, Subject]]:
    """Return the models whose rows are about people, with the way from a row to whom."""
    for label in sorted(declared_models()):
        subject, app = subject_of(label), label.partition(".")[0]
        if subject is not None and not subject.reason and app not in _BY_ITSELF:
            yield apps.get_model(label), subject


def find_hers(person: Person) -> Hers:
    """Find all rows about somebody."""
    merged = Merge.objects.filter(person_id=person.pk, undone_at__isnull=True)
    former = list(merged.order_by("created_at", "pk").values_list("gone_id", "gone_user_id"))
    hers = Hers(
        person.pk,
        person.user_id,
        former=tuple(one for one, _user in former),
        former_users=tuple(user for _one, user in former if user is not None),
    )
    about = list(models_about_people())
    for model, subject in about:
        if subject.paths or subject.side:
            hers.rows[model] = list(model._default_manager.filter(_of(subject, person.pk)).values_list("pk", flat=True))
    ids, keys = sorted(hers.ids()), sorted(hers.own_keys())
    for model, subject in about:
        if subject.keys or subject.target:
            hers.rows[model] = sorted(_hanging_on(model, subject, ids, keys))
    return hers


def is_hers(model: Model, person_id: UUID) -> Q:
    """Return what makes a row of a model one about a person, as far as the model says it by a path."""
    subject = subject_of(model._meta.label)
    assert subject is not None
    return _of(subject, person_id)


def _of(subject: Subject, person_id: UUID) -> Q:
    wanted = Q(pk__in=[])
    for path in subject.paths:
        wanted |= Q(**{path: person_id})
    if subject.side:
        for side in _SIDES:
            wanted |= Q(**{f"{subject.side}__in": (side, BOTH), f"{subject.via}__{side}__person": person_id})
    return wanted


def _hanging_on(model: Model, subject: Subject, ids: list[UUID], keys: list[str]) -> set[Any]:
    rows, found = model._default_manager, set()
    for column in subject.keys:
        found |= set(rows.filter(**{f"{column}__in": keys}).values_list("pk", flat=True))
    if subject.target:
        is_key = isinstance(model._meta.get_field(subject.target), models.UUIDField)
        for some in in_parts(ids):
            wanted = Q(**{f"{subject.target}__in": some}) if is_key else _names_any(subject.target, some)
            found |= set(rows.filter(wanted).values_list("pk", flat=True))
    return found


def _names_any(column: str, ids: Iterable[UUID]) -> Q:
    """Return what finds a key in a text such as ``<proposal>:<person>``."""
    wanted = Q(pk__in=[])
    for one in ids:
        wanted |= Q(**{f"{column}__contains": str(one)})
    return wanted


def in_parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """Return keys in lists that one query can name."""
    listed = list(keys)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
