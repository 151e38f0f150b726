"""Reading the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import models

from mentornet.audit.models import Entry

_GUARDED: Final[set[str]] = set()


def keep_off_lists(object_type: str) -> None:
    """Keep what happens to rows of a kind off every list by division: even that there is such a row tells too much."""
    _GUARDED.add(object_type)


def entries_about(objects: Iterable[models.Model]) -> models.QuerySet[Entry]:
    """Return what happened to these rows, newest first."""
    wanted = models.Q(pk__in=[])
    by_type: dict[str, list[str]] = {}
    for one in objects:
        by_type.setdefault(one._meta.label, []).append(str(one.pk))
    for object_type, ids in by_type.items():
        wanted |= models.Q(object_type=object_type, object_id__in=ids)
    return Entry.objects.filter(wanted).order_by("-at", "-pk")


def entries_in(entries: models.QuerySet[Entry], divisions: Collection[UUID]) -> models.QuerySet[Entry]:
    """Return those entries that belong to these divisions, or to none; never any that is kept off lists."""
    mine = models.Q(division_id__in=divisions) | models.Q(division_id__isnull=True)
    return entries.filter(mine).exclude(object_type__in=_GUARDED)
