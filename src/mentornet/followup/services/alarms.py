"""The alarm: a quiet word that nobody has taken for a working day is not left lying."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from mentornet.audit.services import record
from mentornet.common.actors import System
from mentornet.common.jobs import enqueue
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern, ConcernAlarm
from mentornet.followup.queries import alarm_at, at_work, readers_of, untaken

LETTER_JOB: Final = "followup.write_that_something_waits"


def sound_alarms(*, by: System) -> int:
    """Tell those who may read a quiet word that something waits for them, once a working day has gone by.

    After a second working day whoever leads the network is told, also where she was before. Each is told once for each
    word and round, never whom it is kept from, and one letter tells somebody of all that waits. Neither letter nor job
    says what waits, or of whom: others may read her mail. Returns how many were written to.
    """
    told: set[UUID] = set()
    # All of them, however many: the newest would else wait behind those that were told of yesterday.
    waiting = list(untaken(by.at - timedelta(days=1)))
    # Asked for once, not for each word.
    staff = list(at_work(by.at)) if waiting else []
    for concern in waiting:
        for round_ in (2, 1):
            if alarm_at(concern, round_) <= by.at:
                told |= _tell(by, concern, round_, told, staff)
                break
    return len(told)


@transaction.atomic
def _tell(by: System, concern: Concern, round_: int, told: set[UUID], staff: Collection[Staff]) -> set[UUID]:
    # Held till the end: whoever takes it at this moment is not told that it lies there.
    still = Concern.objects.select_for_update().filter(pk=concern.pk, state=ConcernState.RAISED)
    if not list(still.values_list("pk")):
        return set()
    asked = {one.user_id for one in _of_round(list(readers_of(concern, staff)), round_)}
    known = ConcernAlarm.objects.filter(concern=concern, round=round_, user_id__in=asked)
    new = sorted(asked - set(known.values_list("user_id", flat=True)))
    ConcernAlarm.objects.bulk_create(
        [ConcernAlarm(concern=concern, user_id=user_id, round=round_, created_at=by.at) for user_id in new]
    )
    if new:
        record(by=by, act="followup.sound_alarm", of=concern, division_id=concern.division_id)
    for user_id in new:
        if user_id not in told:
            enqueue(LETTER_JOB, user_id=str(user_id))
    return set(new)


def _of_round(readers: list[Staff], round_: int) -> list[Staff]:
    """Return who is told: first the office, then whoever leads the network; where that is nobody, whoever may read."""
    first = [one for one in readers if one.is_national_lead == (round_ == 2)]
    return first or readers
