"""Reading the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import models

from mentornet.audit.models import Entry


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
    """Return those entries that belong to these divisions, or to none."""
    return entries.filter(models.Q(division_id__in=divisions) | models.Q(division_id__isnull=True))
