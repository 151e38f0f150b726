"""A book of what a merge does, step by step, from which it is undone the other way round.

Two kinds of steps: columns of a row are set, with what stood there before and what stands there now; and a row goes,
with all that stood in it. What is written is plain, so that it lies in one column of the database.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.db.models import Q

from mentornet.common.models import stamp

SET: Final = "set"
GONE: Final = "gone"
_NEVER_KEPT: Final = frozenset({"password"})
"""Nothing by which somebody comes in is kept for an undoing: she is given a new one."""

Model = type[models.Model]
Step = list[Any]


def _columns(model: Model) -> dict[str, models.Field[Any, Any]]:
    return {column.attname: column for column in model._meta.concrete_fields}


def _held(model: Model, pk: Any) -> models.QuerySet[Any]:
    """Return one row, which nobody else changes between its being read and written."""
    rows = model._default_manager.filter(pk=pk)
    return rows.select_for_update(no_key=True) if connection.features.has_select_for_update else rows


def written(value: Any) -> Any:
    """Return a column's value as the book holds it."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return list(value) if isinstance(value, tuple) else value


def read(column: models.Field[Any, Any], value: Any) -> Any:
    """Return what the book holds as the column's value."""
    if value is None or isinstance(column, models.JSONField):
        return value
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return target.to_python(value)


@dataclass(slots=True)
class Journal:
    """Does what a merge does to rows, and writes it down."""

    steps: list[Step] = field(default_factory=list)

    def set(self, model: Model, pk: Any, **values: Any) -> None:
        """Set columns of one row, by their names in the database; what does not change is no step."""
        row = _held(model, pk).values(*values).first()
        changed = {name: value for name, value in values.items() if row is not None and row[name] != value}
        if row is None or not changed:
            return
        told = {name: [written(row[name]), written(value)] for name, value in changed.items()}
        columns = _columns(model)
        if "stamp" in columns:
            changed["stamp"] = stamp()
        model._default_manager.filter(pk=pk).update(**changed)
        self.steps.append([SET, model._meta.label, written(pk), told])

    def drop(self, model: Model, pk: Any) -> None:
        """Let one row go; nothing may hang on it any more.

        Raises:
            ProtectedError: something does.
        """
        row = model._default_manager.get(pk=pk)
        held = {name: written(getattr(row, name)) for name in _columns(model) if name not in _NEVER_KEPT}
        row.delete()
        self.steps.append([GONE, model._meta.label, held])

    def told(self) -> Counter[str]:
        """Return how many rows of each model have gone over or were laid together."""
        return counted(self.steps)


def counted(steps: Sequence[Step]) -> Counter[str]:
    """Return how many rows of each model some steps have touched, each row once."""
    rows = {(step[1], step[2] if step[0] == SET else str(step[2].get("id", ""))) for step in steps}
    return Counter(label for label, _key in rows)


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing has left as it was, since others have worked with it.

    Attributes:
        changed: by model, how many rows were changed since and stay so.
        missing: how many rows are no longer there.
    """

    changed: Mapping[str, int]
    missing: int


def undo(steps: Sequence[Step]) -> Undone:
    """Do the opposite of each step, the last one first.

    What somebody has changed since stays as she left it; what is no longer there stays away.
    """
    changed, missing = Counter[str](), 0
    for step in reversed(steps):
        model = apps.get_model(step[1])
        if step[0] == GONE:
            _bring_back(model, step[2])
            continue
        columns = _columns(model)
        row = _held(model, step[2]).values(*step[3]).first()
        if row is None:
            missing += 1
            continue
        back = {name: before for name, (before, after) in step[3].items() if written(row[name]) == after}
        if len(back) < len(step[3]):
            changed[step[1]] += 1
        if back:
            values = {name: read(columns[name], value) for name, value in back.items()}
            if "stamp" in columns:
                values["stamp"] = stamp()
            model._default_manager.filter(pk=step[2]).update(**values)
    return Undone(dict(changed), missing)


def _bring_back(model: Model, held: Mapping[str, Any]) -> None:
    columns = _columns(model)
    values = {name: read(columns[name], value) for name, value in held.items() if name in columns}
    if "password" in columns:
        values["password"] = make_password(None)
    if "stamp" in columns:
        values["stamp"] = stamp()
    model._default_manager.bulk_create([model(**values)])


def same_elsewhere(row: models.Model, column: models.Field[Any, Any], value: Any) -> Iterator[models.Model]:
    """Yield the rows that would be the same as a row, to a constraint, if ``value`` stood in its column."""
    model = type(row)
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or column.name not in constraint.fields:
            continue
        # By the keys of what they lead to, as they stand in the database.
        wanted = {
            one.name: getattr(row, one.attname) for one in _columns(model).values() if one.name in constraint.fields
        }
        wanted[column.name] = value
        condition = constraint.condition or Q()
        if model._default_manager.filter(condition, pk=row.pk).exists():
            yield from model._default_manager.filter(condition, **wanted).exclude(pk=row.pk)
    if column.unique and not column.primary_key:
        yield from model._default_manager.filter(**{column.name: value}).exclude(pk=row.pk)
