"""Making, moving and finishing tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import Actor


def ask_for(
    *,
    by: Actor,
    kind: Kind,
    target_id: UUID,
    division_id: UUID,
    due_on: date,
    owner_id: UUID | None = None,
    words: Mapping[str, object] | None = None,
) -> Task:
    """Make a task, or move the open one of the same kind and target to the new day. Asking twice makes one."""
    task, _ = Task.objects.update_or_create(
        kind=kind,
        target_id=target_id,
        done_at=None,
        defaults={"due_on": due_on, "words": dict(words or {}), "division_id": division_id},
        create_defaults={
            "due_on": due_on,
            "words": dict(words or {}),
            "division_id": division_id,
            "owner_id": owner_id,
            "created_at": by.at,
        },
    )
    return task


def ask_today(
    *,
    by: Actor,
    kind: Kind,
    target_id: UUID,
    division_id: UUID,
    owner_id: UUID | None = None,
    words: Mapping[str, object] | None = None,
) -> Task:
    """Ask for something that cannot wait: it is due today, also where somebody has put it off."""
    task = ask_for(
        by=by,
        kind=kind,
        target_id=target_id,
        division_id=division_id,
        due_on=by.today,
        owner_id=owner_id,
        words=words,
    )
    return task if task.snoozed_until is None else wake(by=by, task=task)


def _open(target_id: UUID, kinds: Collection[Kind] | None) -> QuerySet[Task]:
    tasks = Task.objects.filter(target_id=target_id, done_at__isnull=True)
    return tasks if kinds is None else tasks.filter(kind__in=kinds)


def finish(*, by: Actor, target_id: UUID, kinds: Collection[Kind] | None = None) -> int:
    """Finish the open tasks about something, by the act itself; all kinds of them unless some are named."""
    return _open(target_id, kinds).update(done_at=by.at, done_by=by.key)


def snooze(*, by: Actor, task: Task, until: date, reason: str) -> Task:
    """Put a task off until a day, with a reason."""
    del by
    task.snoozed_until, task.snooze_reason = until, reason
    task.full_clean()
    task.save(update_fields=["snoozed_until", "snooze_reason"])
    return task


def wake(*, by: Actor, task: Task) -> Task:
    """Take back that a task was put off."""
    del by
    task.snoozed_until, task.snooze_reason = None, ""
    task.save(update_fields=["snoozed_until", "snooze_reason"])
    return task


def tick_off(*, by: Actor, task: Task) -> bool:
    """Finish a task by hand; false when somebody else has just done so."""
    return bool(Task.objects.filter(pk=task.pk, done_at__isnull=True).update(done_at=by.at, done_by=by.key))


def untick(*, by: Actor, task: Task) -> bool:
    """Take back that a task was finished by hand; false when the same is asked for anew already."""
    del by
    again = Task.objects.filter(kind=task.kind, target_id=task.target_id, done_at__isnull=True)
    if again.exists():
        return False
    return bool(Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None, done_by=""))
