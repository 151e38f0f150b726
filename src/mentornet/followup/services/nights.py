"""The night's round: for every running pair, the tasks that its days ask for, made, moved or ended.

A round looks at some hundreds of pairs at a time, each in a transaction of its own that also notes how far it has come:
a worker that is killed goes on where it stopped, and two beside each other share the work. What has been made is not
made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.followup.cadence import KINDS, Due, Standing, due_of
from mentornet.followup.models import CadenceRun, Talk
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

NIGHT: Final = time(3)
"""From when on, by the installation's own clock, the night's round is due: an hour after the backup."""
AT_ONCE: Final = 500
"""How many pairs a transaction looks at: somebody who notes a meeting of one of them waits no longer than for these."""
A_ROUND: Final = 20
"""How many transactions until letters have their turn."""
AHEAD: Final = timedelta(days=7)
"""How long before its day a task stands on the list: as far as Today looks."""
KEPT: Final = timedelta(days=60)
"""How long it is known how a night went."""
_BY_ACTS: Final = frozenset({Kind.NOT_MET, Kind.PAUSED})
"""Kinds that an act asks for as soon as it happens, however far ahead their day is."""


def night_of(at: datetime) -> date:
    """Return which night's round is due at a moment."""
    local = timezone.localtime(at)
    return local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)


def is_cadence_due(at: datetime) -> bool:
    """Tell whether this night's round is still to be made, or to be ended."""
    return not CadenceRun.objects.filter(night=night_of(at), finished_at__isnull=False).exists()


def ask_for_talks(*, by: System) -> bool:
    """Do a part of this night's round. Returns whether the night is done; otherwise another part follows."""
    run, made = CadenceRun.objects.get_or_create(night=night_of(by.at), defaults={"created_at": by.at})
    if made:
        total = Partnership.objects.filter(state__in=RUNNING).count()
        CadenceRun.objects.filter(pk=run.pk).update(total=total)
        CadenceRun.objects.filter(night__lt=run.night - KEPT).delete()
    care = {version.programme_id: version.care for version in current_versions(Programme.objects.all())}
    return any(_go_on(by, run, care) for _number in range(A_ROUND))


@transaction.atomic
def _go_on(by: System, run: CadenceRun, care: Mapping[UUID, Care]) -> bool:
    """Look at the next pairs; true when there are none left and the night is done."""
    # Held till the end: of two workers one takes these pairs, and the other the next.
    run = CadenceRun.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is not None:
        return True
    keys = Partnership.objects.filter(state__in=RUNNING).order_by("pk")
    if run.reached is not None:
        keys = keys.filter(pk__gt=run.reached)
    # Held as well: none is closed, and its tasks ended, while one more is made for it.
    some = list(keys.select_for_update().values_list("pk", flat=True)[:AT_ONCE])
    if not some:
        withdrawn = _end_of_those_that_run_no_more(by)
        CadenceRun.objects.filter(pk=run.pk).update(finished_at=by.at, withdrawn=F("withdrawn") + withdrawn)
        return True
    changed = settle(by, _read(some), care)
    CadenceRun.objects.filter(pk=run.pk).update(
        reached=some[-1],
        looked_at=F("looked_at") + len(some),
        asked=F("asked") + changed.asked,
        moved=F("moved") + changed.moved,
        withdrawn=F("withdrawn") + changed.withdrawn,
    )
    return False


@dataclass(frozen=True, slots=True)
class _Pair:
    """A running pair, as the round has read it."""

    key: UUID
    division_id: UUID
    owner_id: UUID | None
    programme_id: UUID
    names: dict[str, str]
    standing: Standing


@dataclass(slots=True)
class Changed:
    """What a part of the round has changed."""

    asked: int = 0
    moved: int = 0
    withdrawn: int = 0


_SIDES: Final = ("mentee", "mentor")
_COLUMNS: Final = (
    *("pk", "state", "created_at", "matched_on", "first_met_on", "agreed_until", "paused_until", "division_id"),
    *("mentee__coordinator_id", "mentee__programme_id"),
    *(f"{side}__person__{name}" for side in _SIDES for name in ("first_name", "last_name")),
)


def _read(keys: Collection[UUID]) -> list[_Pair]:
    """Read pairs with their talks: three queries, however many they are."""
    rows = list(Partnership.objects.filter(pk__in=keys).order_by("pk").values_list(*_COLUMNS))
    talks = _talks_of(keys)
    asked = _pauses_asked_about([row[0] for row in rows if row[1] == PartnershipState.PAUSED])
    return [
        _Pair(
            key=row[0],
            division_id=row[7],
            owner_id=row[8],
            programme_id=row[9],
            names={"mentee": f"{row[10]} {row[11]}".strip(), "mentor": f"{row[12]} {row[13]}".strip()},
            standing=Standing(
                state=row[1],
                known_at=row[2],
                matched_on=row[3],
                first_met_on=row[4],
                agreed_until=row[5],
                paused_until=row[6],
                asked_on=asked.get(row[0]),
                spread=row[0].int,
                **talks.get(row[0], {}),
            ),
        )
        for row in rows
    ]


def _talks_of(keys: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return of each pair the last talk, and the last time that nobody was reached."""
    found: dict[UUID, dict[str, Any]] = {}
    rows = Talk.objects.filter(partnership_id__in=keys).order_by("partnership_id", "on", "created_at")
    for key, on, with_whom, was_reached, next_call_on in rows.values_list(
        "partnership_id", "on", "with_whom", "was_reached", "next_call_on"
    ):
        if was_reached:
            found[key] = {"talked_on": on, "talked_with": with_whom, "agreed_on": next_call_on}
        else:
            found.setdefault(key, {}).update(tried_on=on, again_on=next_call_on)
    return found


def _pauses_asked_about(keys: Collection[UUID]) -> dict[UUID, date]:
    """Return when somebody has last seen to a pause that goes on."""
    if not keys:
        return {}
    done = Task.objects.filter(target_id__in=keys, kind=Kind.PAUSED, done_at__isnull=False).order_by()
    rows = done.exclude(done_by__startswith="system:").values_list("target_id").annotate(at=Max("done_at"))
    return {key: timezone.localdate(at) for key, at in rows}


@dataclass(slots=True)
class _Wanted:
    """What is to be changed of the tasks of some pairs."""

    made: list[Task] = field(default_factory=list)
    moved: list[Task] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)


def settle(by: System, pairs: Iterable[_Pair], care: Mapping[UUID, Care]) -> Changed:
    """Make, move and end the tasks of some pairs, as the pairs' days ask for. Done twice, it changes no more."""
    pairs = list(pairs)
    there: dict[tuple[UUID, str], Task] = {
        (task.target_id, task.kind): task
        for task in Task.objects.filter(
            target_id__in=[pair.key for pair in pairs], kind__in=KINDS, done_at__isnull=True
        )
    }
    wanted = _Wanted()
    for pair in pairs:
        due = {one.kind: one for one in due_of(pair.standing, care.get(pair.programme_id, Care()), by.today)}
        for kind in KINDS:
            _compare(by, wanted, pair, kind, due.get(kind), there.get((pair.key, kind)))
    Task.objects.bulk_create(wanted.made, ignore_conflicts=True)
    Task.objects.bulk_update(wanted.moved, ["due_on", "words"], batch_size=AT_ONCE)
    ended = Task.objects.filter(pk__in=wanted.ended, done_at__isnull=True).update(done_at=by.at, done_by=by.key)
    return Changed(len(wanted.made), len(wanted.moved), ended)


def _compare(by: System, wanted: _Wanted, pair: _Pair, kind: Kind, due: Due | None, task: Task | None) -> None:
    is_ahead = due is not None and due.on > by.today + AHEAD and kind not in _BY_ACTS
    if task is not None and (due is None or is_ahead):
        wanted.ended.append(task.pk)
    if due is None or is_ahead:
        return
    words = pair.names | due.words
    if task is None:
        if due.on <= by.today + AHEAD:
            wanted.made.append(
                Task(
                    kind=kind,
                    target_id=pair.key,
                    division_id=pair.division_id,
                    owner_id=pair.owner_id,
                    due_on=due.on,
                    words=words,
                    created_at=by.at,
                )
            )
        return
    # Its day was set by an act, which knows more: when a meeting was taken back, or a pause without a day began.
    on = task.due_on if kind == Kind.NOT_MET or (kind == Kind.PAUSED and not due.words) else due.on
    if task.due_on != on or task.words != words:
        task.due_on, task.words = on, words
        wanted.moved.append(task)


def _end_of_those_that_run_no_more(by: System) -> int:
    """End the tasks of pairs that have gone otherwise than by being closed, such as by the undoing of an import."""
    running = Partnership.objects.filter(state__in=RUNNING).values("pk")
    left = Task.objects.filter(kind__in=KINDS, done_at__isnull=True).exclude(target_id__in=running)
    return left.update(done_at=by.at, done_by=by.key)
