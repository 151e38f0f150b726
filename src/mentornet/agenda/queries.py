"""What is to be done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mentornet.agenda.models import Kind, Task
from mentornet.common.reach import without_hidden


def tasks_in(divisions: Collection[UUID]) -> QuerySet[Task]:
    """Return all tasks of these divisions, done ones too."""
    return without_hidden(Task.objects.filter(division_id__in=divisions), divisions)


def open_tasks(*, divisions: Collection[UUID], today: date) -> QuerySet[Task]:
    """Return what waits in these divisions, most urgent first; what is put off comes back on its day."""
    return (
        tasks_in(divisions)
        .filter(done_at__isnull=True)
        .filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today))
        .order_by("due_on", "created_at", "id")
    )


FOR_ITS_OWNER: Final = "list"
"""The word ``why`` of a task that tells its owner what nobody else may know: that a list holds somebody protected."""


def meant_for(tasks: QuerySet[Task], user_id: UUID) -> QuerySet[Task]:
    """Leave out of some tasks those that are for their owner's eyes alone, and are another one's."""
    return tasks.exclude(Q(kind=Kind.REVEALED, words__why=FOR_ITS_OWNER) & ~Q(owner_id=user_id))


def waiting_for(tasks: QuerySet[Task], user_id: UUID) -> QuerySet[Task]:
    """Return those of some tasks that wait for a user: her own, and those that nobody has been given yet.

    What is nobody's is on everybody's list, lest it is on none.
    """
    return tasks.filter(Q(owner_id=user_id) | Q(owner_id__isnull=True))


def put_off_tasks(*, divisions: Collection[UUID], today: date) -> QuerySet[Task]:
    """Return what has been put off until a later day, the next one first."""
    put_off = tasks_in(divisions).filter(done_at__isnull=True, snoozed_until__gt=today)
    return put_off.order_by("snoozed_until", "id")


def counts_by_kind(tasks: QuerySet[Task]) -> dict[str, int]:
    """Return how many there are of each kind."""
    return dict(tasks.order_by().values_list("kind").annotate(count=Count("pk")))
