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


HER_OWN: Final = (Kind.REVEAL, Kind.REVEALED, Kind.RETENTION, Kind.HELD_BACK)
"""Tasks that are one person's by who she is, not by whose case it is: they go to nobody else."""


def waiting_for(tasks: QuerySet[Task], user_id: UUID, away: Collection[UUID] = ()) -> QuerySet[Task]:
    """Return those of some tasks that wait for a user: her own, and those that nobody has been given yet.

    What is nobody's is on everybody's list, lest it is on none. ``away`` are colleagues for whom she stands in: what
    waits for them waits for her too.
    """
    return tasks.filter(Q(owner_id__in={user_id, *away}) | Q(owner_id__isnull=True))


NOBODYS: Final = "nobody"
"""Who stands for those whom nobody has been given yet, where an owner is named."""


def owned_by(tasks: QuerySet[Task], owner: UUID | str) -> QuerySet[Task]:
    """Return those of some tasks that one user has been given, or nobody (:data:`NOBODYS`), and no others."""
    return tasks.filter(owner_id__isnull=True) if owner == NOBODYS else tasks.filter(owner_id=owner)


def falling_between(tasks: QuerySet[Task], first: date, last: date, today: date) -> QuerySet[Task]:
    """Return those of some open tasks that come up within some days: due then, or put off until then."""
    is_put_off = Q(snoozed_until__gt=today)
    falls = (is_put_off & Q(snoozed_until__range=(first, last))) | (~is_put_off & Q(due_on__range=(first, last)))
    return tasks.filter(falls, done_at__isnull=True).order_by("due_on", "created_at", "id")


def counts_by_owner(tasks: QuerySet[Task], today: date) -> dict[UUID | None, tuple[int, int]]:
    """Return how many of some tasks each owner has that are due, and how many of these are late. One query."""
    rows = tasks.order_by().filter(due_on__lte=today).values_list("owner_id")
    counted = rows.annotate(due=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    return {owner: (due, late) for owner, due, late in counted}


def put_off_tasks(*, divisions: Collection[UUID], today: date) -> QuerySet[Task]:
    """Return what has been put off until a later day, the next one first."""
    put_off = tasks_in(divisions).filter(done_at__isnull=True, snoozed_until__gt=today)
    return put_off.order_by("snoozed_until", "id")


def counts_by_kind(tasks: QuerySet[Task]) -> dict[str, int]:
    """Return how many there are of each kind."""
    return dict(tasks.order_by().values_list("kind").annotate(count=Count("pk")))


def open_about(targets: Collection[UUID], *, divisions: Collection[UUID]) -> QuerySet[Task]:
    """Return what waits about these things, put off or not, most urgent first."""
    tasks = tasks_in(divisions).filter(target_id__in=targets, done_at__isnull=True)
    return tasks.order_by("due_on", "created_at", "id")
