"""Playing through what five more mentors would change: asked for by the desk, or with the forecast; a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import denied, require
from mentornet.common.computed import ComputedState
from mentornet.common.jobs import enqueue
from mentornet.matching.five_more import RUNS, Wanted, habits_found, most_wanted, play, wanted_by
from mentornet.matching.models import FiveMore, ShortageMap
from mentornet.matching.past import read_past
from mentornet.matching.rules import may_ask_for_five_more
from mentornet.matching.solving import solved
from mentornet.programmes.queries import current_version

FIVE_MORE: Final = "matching.five_more"
"""The job by which it is done."""
KEPT_FOR: Final = timedelta(days=60)
"""What was played longer ago is deleted: it can be played again."""


class _SupersededError(Exception):
    """It was begun anew meanwhile: this attempt ends without a word."""


@transaction.atomic
def ask_for_five_more(*, by: Actor, division_id: UUID, programme_id: UUID, wanted: Wanted) -> FiveMore:
    """Ask that it be played through. Asked twice, it is played once; what has stopped is begun again.

    Raises:
        NotAllowedError: she does not work in the division, there is no such profile, or it is too early.
    """
    require(may_ask_for_five_more(by, division_id))
    if not wanted.is_known:
        require(denied(_("There is no such field of work, language or time. Choose from the lists.")))
    if habits_found(programme_id) is None:
        require(denied(_("It is too early: how long women wait in this programme has to be computed first.")))
    profile: dict[str, Any] = {
        "occupation": wanted.occupation,
        "language": wanted.language,
        "time": wanted.time,
        "online": wanted.online,
    }
    at_work = FiveMore.objects.filter(
        division_id=division_id, programme_id=programme_id, state=ComputedState.AT_WORK, **profile
    )
    there = at_work.first()
    if there is not None and not there.has_stopped(by.at):
        return there
    if there is not None:
        at_work.filter(attempt=there.attempt).update(
            attempt=there.attempt + 1, created_at=by.at, heartbeat_at=None, played=0, in_all=0
        )
        asked = FiveMore.objects.get(pk=there.pk)
    else:
        asked = FiveMore(
            division_id=division_id, programme_id=programme_id, asked_by=by.key, created_at=by.at, **profile
        )
        try:
            with transaction.atomic():
                asked.save(force_insert=True)
        except IntegrityError:
            # Somebody else has just asked.
            return at_work.get()
    record(by=by, act="matching.ask_for_five_more", of=asked)
    enqueue(FIVE_MORE, asked_id=str(asked.pk), attempt=asked.attempt)
    return asked


def ask_for_the_most_wanted(*, by: System) -> int:
    """Ask what five of the most wanted profile of each map would change; return how many. Old ones go."""
    FiveMore.objects.filter(state=ComputedState.DONE, computed_at__lt=by.at - KEPT_FOR).delete()
    asked = 0
    for one in ShortageMap.objects.filter(state=ComputedState.DONE).order_by("pk"):
        wanted = most_wanted(one)
        if wanted is None or habits_found(one.programme_id) is None:
            continue
        ask_for_five_more(by=by, division_id=one.division_id, programme_id=one.programme_id, wanted=wanted)
        asked += 1
    return asked


def compute_five_more(*, by: System, asked_id: UUID, attempt: int, clock: Callable[[], datetime]) -> FiveMore | None:
    """Play a year through with five more mentors and without, and keep what differs in the place of what was kept.

    It only reads until the end, and then writes one row: killed on the way, it is as if it had not begun.

    Returns:
        What was found; ``None`` when it was begun anew, or is done.
    """
    at_work = FiveMore.objects.filter(pk=asked_id, attempt=attempt, state=ComputedState.AT_WORK)
    asked = at_work.select_related("division").first()
    if asked is None:
        return None
    played = 0

    def tell(more: int = 1) -> None:
        nonlocal played
        played += more
        if not at_work.update(played=played, in_all=RUNS, heartbeat_at=clock()):
            raise _SupersededError

    found = habits_found(asked.programme_id)
    try:
        tell(0)
        # It was too early after all: there is nothing to play with.
        content: dict[str, Any] = {}
        if found is not None:
            content = play(
                read_past(current_version(asked.programme_id), by.today),
                by.today.toordinal(),
                wanted_by(asked),
                division_id=asked.division_id,
                division=asked.division.name,
                found=found,
                solve=solved,
                tell=tell,
            )
    except _SupersededError:
        return None
    with transaction.atomic():
        before = FiveMore.objects.filter(
            division_id=asked.division_id, programme_id=asked.programme_id, occupation=asked.occupation,
            language=asked.language, time=asked.time, online=asked.online, state=ComputedState.DONE,
        )  # fmt: skip
        before.delete()
        if not at_work.update(state=ComputedState.DONE, computed_at=clock(), content=content):
            # Its place is not given up for an attempt that has ended.
            transaction.set_rollback(True)
            return None
        done = FiveMore.objects.get(pk=asked_id)
        record(by=by, act="matching.play_five_more", of=done)
    return done
