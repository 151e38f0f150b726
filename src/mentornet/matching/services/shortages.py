"""Computing whom the banks lack: asked for by the desk or by the day, done in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.computed import ComputedState
from mentornet.common.computing import Attempt, SupersededError, ask_once
from mentornet.common.jobs import enqueue
from mentornet.common.reach import Reach
from mentornet.divisions.queries import all_divisions, hidden_from_anybody
from mentornet.intake.queries import waiting_mentees
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.models import ShortageMap
from mentornet.matching.rules import may_ask_for_shortages
from mentornet.matching.shortage import shortages_of
from mentornet.matching.shortage_queries import waited_for
from mentornet.programmes.queries import current_version

MAP: Final = "matching.shortages"
"""The job by which it is done."""
KEPT_FOR: Final = timedelta(days=60)
"""What was computed longer ago is deleted: nobody has waited there since."""
_TOLD_EVERY: Final = timedelta(seconds=1)


@transaction.atomic
def ask_for_shortages(*, by: Actor, division_id: UUID, programme_id: UUID) -> ShortageMap:
    """Ask that a map be computed anew. Asked twice, it is computed once; what has stopped is begun again.

    Raises:
        NotAllowedError: she does not work in the division.
    """
    require(may_ask_for_shortages(by, division_id))
    there = ShortageMap.objects.filter(division_id=division_id, programme_id=programme_id, state=ComputedState.AT_WORK)
    fresh = ShortageMap(division_id=division_id, programme_id=programme_id, asked_by=by.key, created_at=by.at)
    asked, is_begun = ask_once(fresh, among=there, at=by.at, read=0, in_all=0)
    if not is_begun:
        return asked
    record(by=by, act="matching.ask_for_shortages", of=asked)
    enqueue(MAP, map_id=str(asked.pk), attempt=asked.attempt)
    return asked


def ask_for_all_shortages(*, by: System) -> int:
    """Ask for the map of each division and programme in which somebody waits; return how many. Old ones go."""
    done = ShortageMap.objects.filter(state=ComputedState.DONE, computed_at__lt=by.at - KEPT_FOR)
    done.delete()
    pairs = waited_for(list(all_divisions().values_list("pk", flat=True)))
    for division_id, programme_id in pairs:
        ask_for_shortages(by=by, division_id=division_id, programme_id=programme_id)
    return len(pairs)


def compute_shortages(*, by: System, map_id: UUID, attempt: int, clock: Callable[[], datetime]) -> ShortageMap | None:
    """Compute whom a division's bank lacks, and keep it in the place of what was kept before.

    It only reads until the end, and then writes one row: killed on the way, it is as if it had not begun. Whoever is
    hidden from one of the staff is left out: the map is shown to all who work there.

    Returns:
        The map; ``None`` when it was begun anew, or is done.
    """
    at_work = Attempt(ShortageMap, map_id, attempt, clock)
    asked = at_work.rows.select_related("division").first()
    if asked is None:
        return None
    last = [clock() - _TOLD_EVERY]

    def tell(read: int, in_all: int) -> None:
        now = clock()
        if read and now - last[0] < _TOLD_EVERY:
            return
        last[0] = now
        at_work.tell(now, read=read, in_all=in_all)

    reach = Reach([asked.division_id], hidden_from_anybody())
    bank = bank_with_lent(version=current_version(asked.programme_id), divisions=reach, today=by.today)
    waiting = set(waiting_mentees(reach).filter(programme_id=asked.programme_id).values_list("pk", flat=True))
    try:
        content = shortages_of(bank, waiting, asked.division.name, tell)
    except SupersededError:
        return None
    with transaction.atomic():
        before = ShortageMap.objects.filter(division_id=asked.division_id, programme_id=asked.programme_id)
        before.filter(state=ComputedState.DONE).delete()
        computed = at_work.keep(computed_at=clock(), content=content)
        if computed is None:
            # Its place is not given up for an attempt that has ended.
            transaction.set_rollback(True)
            return None
        record(by=by, act="matching.compute_shortages", of=computed)
    return computed
