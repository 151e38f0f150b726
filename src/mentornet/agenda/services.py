"""Making, moving and finishing tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.audit.services import entry_of, record_all
from mentornet.common.actors import Actor, user_key

LONGEST: Final = timedelta(days=2 * 366)
"""No task is put off for longer."""


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
    task, _is_new = Task.objects.update_or_create(
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of several tasks of a kind that are asked for together."""

    target_id: UUID
    division_id: UUID
    owner_id: UUID | None
    words: Mapping[str, object]


def ask_for_several(*, by: Actor, kind: Kind, due_on: date, wanted: Collection[Wanted]) -> None:
    """Make or move tasks as :func:`ask_for` does one: as many queries for one as for hundreds."""
    targets = [one.target_id for one in wanted]
    open_ones = Task.objects.filter(kind=kind, target_id__in=targets, done_at__isnull=True)
    there = {task.target_id: task for task in open_ones}
    new = []
    for one in wanted:
        task = there.get(one.target_id)
        if task is not None:
            task.due_on, task.words, task.division_id = due_on, dict(one.words), one.division_id
            continue
        new.append(
            Task(
                kind=kind,
                target_id=one.target_id,
                division_id=one.division_id,
                owner_id=one.owner_id,
                due_on=due_on,
                words=dict(one.words),
                created_at=by.at,
            )
        )
    Task.objects.bulk_create(new, ignore_conflicts=True)
    Task.objects.bulk_update(there.values(), ["due_on", "words", "division_id"])


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
    if task.snoozed_until is not None:
        _wake(task)
    return task


def _open(target_id: UUID, kinds: Collection[Kind] | None) -> QuerySet[Task]:
    tasks = Task.objects.filter(target_id=target_id, done_at__isnull=True)
    return tasks if kinds is None else tasks.filter(kind__in=kinds)


def finish(*, by: Actor, target_id: UUID, kinds: Collection[Kind] | None = None) -> int:
    """Finish the open tasks about something, by the act itself; all kinds of them unless some are named."""
    return _open(target_id, kinds).update(done_at=by.at, done_by=by.key)


def _record(by: Actor, act: str, tasks: Collection[Task], **detail: object) -> None:
    """Write into the audit what somebody has done with tasks by hand: one entry each, also where it was many."""
    record_all(
        entry_of(by=by, act=act, of=task, division_id=task.division_id, detail={"kind": task.kind, **detail})
        for task in tasks
    )


def _still(tasks: Collection[Task]) -> list[Task]:
    """Return those of some tasks that are not done, held until the end."""
    held = Task.objects.select_for_update().filter(pk__in=[task.pk for task in tasks], done_at__isnull=True)
    return list(held.order_by("pk"))


@transaction.atomic
def snooze(*, by: Actor, task: Task, until: date, reason: str) -> Task:
    """Put a task off until a day, with a reason.

    Raises:
        ValidationError: as :func:`put_off_together`.
    """
    _ask_until_when_and_why(by, until, reason)
    task.snoozed_until, task.snooze_reason = until, reason
    task.full_clean()
    task.save(update_fields=["snoozed_until", "snooze_reason"])
    _record(by, "agenda.put_off", [task], until=until.isoformat())
    return task


def _ask_until_when_and_why(by: Actor, until: date, reason: str) -> None:
    if until <= by.today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if until > by.today + LONGEST:
        # Nothing is put off for good: it would be forgotten.
        raise ValidationError({"until": _("That is too far ahead: choose a day within two years.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. Your colleagues see it beside the task.")})
    if len(reason) > Task._meta.get_field("snooze_reason").max_length:  # type: ignore[operator]  # it has one
        raise ValidationError({"reason": _("That is too long: a few words are enough.")})


def move(*, by: Actor, target_id: UUID, kind: Kind, due_on: date, words: Mapping[str, object]) -> bool:
    """Move an open task to a day on which it is tried again, with words that say why; false where none is open.

    Whatever it was put off until before counts no more.
    """
    del by
    task = _open(target_id, [kind]).first()
    if task is None:
        return False
    task.due_on, task.words, task.snoozed_until, task.snooze_reason = due_on, task.words | dict(words), None, ""
    task.save(update_fields=["due_on", "words", "snoozed_until", "snooze_reason"])
    return True


@transaction.atomic
def put_off_together(*, by: Actor, tasks: Collection[Task], until: date, reason: str) -> int:
    """Put several tasks off until one day, for one reason; what is done meanwhile stays done. Returns how many.

    Raises:
        ValidationError: a day that is not after today or more than two years ahead, no reason, or one that is too long.
    """
    _ask_until_when_and_why(by, until, reason)
    still = _still(tasks)
    _record(by, "agenda.put_off", still, until=until.isoformat())
    keys = [task.pk for task in still]
    return Task.objects.filter(pk__in=keys).update(snoozed_until=until, snooze_reason=reason.strip())


@transaction.atomic
def hand_over(*, by: Actor, tasks: Collection[Task], owner_id: UUID) -> int:
    """Give tasks to somebody else; whether she may see what they are about is known above. Returns how many."""
    still = _still(tasks)
    _record(by, "agenda.hand_over", still, to=user_key(owner_id))
    return Task.objects.filter(pk__in=[task.pk for task in still]).update(owner_id=owner_id)


@transaction.atomic
def wake(*, by: Actor, task: Task) -> Task:
    """Take back that a task was put off."""
    _wake(task)
    _record(by, "agenda.wake", [task])
    return task


def _wake(task: Task) -> None:
    task.snoozed_until, task.snooze_reason = None, ""
    task.save(update_fields=["snoozed_until", "snooze_reason"])


@transaction.atomic
def tick_off(*, by: Actor, task: Task) -> bool:
    """Finish a task by hand; false when somebody else has just done so."""
    if not Task.objects.filter(pk=task.pk, done_at__isnull=True).update(done_at=by.at, done_by=by.key):
        return False
    _record(by, "agenda.tick_off", [task])
    return True


@transaction.atomic
def untick(*, by: Actor, task: Task) -> bool:
    """Take back that a task was finished by hand; false when the same is asked for anew already."""
    again = Task.objects.filter(kind=task.kind, target_id=task.target_id, done_at__isnull=True)
    if again.exists():
        return False
    if not Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None, done_by=""):
        return False
    _record(by, "agenda.untick", [task])
    return True
