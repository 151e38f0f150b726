"""How far somebody's work reaches: divisions, and the people in them whom she must not see.

Queries are asked for the rows of divisions. A :class:`Reach` is such a set of divisions that also knows from whom its
holder is kept away, so that whoever hands it on cannot forget them. Which rows are about these people is read from the
field registry, as for their copies and erasures: a model that is added later is covered without being named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from mentornet.common.fields import Subject, declared_models, subject_of

M = TypeVar("M", bound=models.Model)

PERSON: Final = "person"
"""What stands before a person's key where it is kept as text: ``person:…``."""
_SIDES: Final = ("mentee", "mentor")
_BY_THEMSELVES: Final = frozenset({"audit", "accounts"})
"""Apps whose rows are not named one by one: the audit’s are found by what they tell of, the accounts’ shown nowhere."""
_AT_ONCE: Final = 500


class Reach(frozenset[UUID]):
    """The divisions whose people somebody sees, without those who must not be seen by her.

    Two are equal when their divisions and their hidden people are: what is kept in memory for the one is for the other.

    Attributes:
        hidden: the keys of people.
    """

    hidden: frozenset[UUID]

    def __new__(cls, divisions: Iterable[UUID] = (), hidden: Iterable[UUID] = ()) -> Self:
        """Make one of divisions and people."""
        reach = super().__new__(cls, divisions)
        reach.hidden = frozenset(hidden)
        return reach

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and self.hidden == hidden_from(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((frozenset.__hash__(self), self.hidden)) if self.hidden else frozenset.__hash__(self)

    @cached_property
    def rows(self) -> Mapping[str, frozenset[Any]]:
        """The keys of the rows about hidden people, by the model's label; those about two count as well.

        Read once: a reach lasts as long as a request.
        """
        return rows_about(self.hidden)


def hidden_from(reach: object) -> frozenset[UUID]:
    """Return the people who must not be seen by whom a set of divisions belongs to; none for a plain set."""
    return reach.hidden if isinstance(reach, Reach) else frozenset()


def kept_as(reach: Collection[UUID]) -> frozenset[UUID]:
    """Return a set of divisions as a key for what is kept in memory: hidden people are part of it."""
    return reach if isinstance(reach, frozenset) else frozenset(reach)


def shown(reach: object, *people: str) -> Q:
    """Return what leaves out rows about hidden people; ``people`` are lookups from a row to people's keys.

    Where nobody is hidden it asks for nothing, and costs nothing.
    """
    hidden, condition = hidden_from(reach), Q()
    for path in people if hidden else ():
        condition &= ~Q(**{f"{path}__in": hidden})
    return condition


def without_hidden(rows: models.QuerySet[M], reach: object) -> models.QuerySet[M]:
    """Leave out of some rows those about hidden people, as the registry knows them."""
    if not isinstance(reach, Reach):
        return rows
    return rows.exclude(pk__in=reach.rows.get(rows.model._meta.label, frozenset()))


def rows_about(people: Collection[UUID]) -> dict[str, frozenset[Any]]:
    """Return the keys of the stored rows about these people, by the model's label."""
    found: dict[str, set[Any]] = {}
    hanging: list[tuple[type[models.Model], Subject]] = []
    if not people:
        return {}
    for label in sorted(declared_models()):
        subject = subject_of(label)
        if subject is None or subject.reason or label.partition(".")[0] in _BY_THEMSELVES:
            continue
        model = apps.get_model(label)
        if (condition := _about(subject, people)) is not None:
            found[label] = set(model._default_manager.filter(condition).values_list("pk", flat=True))
        if subject.keys or subject.target:
            hanging.append((model, subject))
    theirs = sorted({key for keys in found.values() for key in keys if isinstance(key, UUID)} | set(people))
    for model, subject in hanging:
        found.setdefault(model._meta.label, set()).update(_hanging_on(model, subject, people, theirs))
    return {label: frozenset(keys) for label, keys in found.items() if keys}


def _about(subject: Subject, people: Collection[UUID]) -> Q | None:
    paths = list(subject.paths)
    if subject.side:
        # Of a pair both are hidden together: what the other one has told tells of her.
        before = f"{subject.via}__" if subject.via else ""
        paths += [f"{before}{side}__person" for side in _SIDES]
    if not paths:
        return None
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__in": people})
    return condition


def _hanging_on(
    model: type[models.Model], subject: Subject, people: Collection[UUID], theirs: list[UUID]
) -> Iterable[Any]:
    rows = model._default_manager
    keys = [f"{PERSON}:{one}" for one in people]
    for column in subject.keys:
        yield from rows.filter(**{f"{column}__in": keys}).values_list("pk", flat=True)
    if not subject.target:
        return
    for start in range(0, len(theirs), _AT_ONCE):
        some = theirs[start : start + _AT_ONCE]
        yield from rows.filter(**{f"{subject.target}__in": some}).values_list("pk", flat=True)
