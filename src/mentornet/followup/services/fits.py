"""Computing how long partnerships last: asked for by a lead or by the week, done in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.jobs import enqueue
from mentornet.followup.courses import partnerships_counted, read_courses
from mentornet.followup.lasting import estimate
from mentornet.followup.models import SurvivalFit
from mentornet.followup.sign_kinds import FitState
from mentornet.followup.sign_queries import fit_at_work
from mentornet.followup.sign_rules import may_ask_for_fit
from mentornet.partnerships.enums import PartnershipState

FIT: Final = "followup.fit"
"""The job by which it is done."""
KEPT_FOR: Final = timedelta(days=400)
"""What was computed longer ago is deleted: it can be computed again."""


class _SupersededError(Exception):
    """It was begun anew meanwhile: this attempt ends without a word."""


@transaction.atomic
def ask_for_fit(*, by: Actor) -> SurvivalFit:
    """Ask that it be computed anew. Asked twice, it is computed once; what has stopped is begun again.

    Raises:
        NotAllowedError: neither a lead nor the program.
    """
    require(may_ask_for_fit(by))
    there = fit_at_work()
    if there is not None and not there.has_stopped(by.at):
        return there
    if there is not None:
        SurvivalFit.objects.filter(pk=there.pk, attempt=there.attempt).update(
            attempt=there.attempt + 1, created_at=by.at, heartbeat_at=None, read=0
        )
        fit = SurvivalFit.objects.get(pk=there.pk)
    else:
        fit = SurvivalFit(asked_by=by.key, created_at=by.at, in_all=partnerships_counted(by.today).count())
        try:
            with transaction.atomic():
                fit.save(force_insert=True)
        except IntegrityError:
            # Somebody else has just asked.
            return SurvivalFit.objects.get(state=FitState.AT_WORK)
    record(by=by, act="followup.ask_for_fit", of=fit)
    enqueue(FIT, fit_id=str(fit.pk), attempt=fit.attempt)
    return fit


def ask_weekly(*, by: System) -> None:
    """Ask for it once a week, and delete what was computed more than a year ago.

    A network in which nothing has ended yet has nothing to compute.
    """
    SurvivalFit.objects.filter(state=FitState.DONE, fitted_at__lt=by.at - KEPT_FOR).delete()
    if partnerships_counted(by.today).filter(state=PartnershipState.CLOSED).exists():
        ask_for_fit(by=by)


def fit_history(*, by: System, fit_id: UUID, attempt: int, clock: Callable[[], datetime]) -> SurvivalFit | None:
    """Compute how long partnerships last, from all that have ever been, and keep it; ``None`` when it was begun anew.

    It only reads until the end, and then writes one row: killed on the way, it is as if it had not begun.
    """

    def tell(read: int) -> None:
        at_work = SurvivalFit.objects.filter(pk=fit_id, attempt=attempt, state=FitState.AT_WORK)
        if not at_work.update(read=read, heartbeat_at=clock()):
            raise _SupersededError

    try:
        tell(0)
        gathered = read_courses(by.today, tell)
    except _SupersededError:
        return None
    courses, dimensions = gathered.ready()
    content = estimate(courses, dimensions) | {"left_out": gathered.left_out}
    with transaction.atomic():
        at_work = SurvivalFit.objects.filter(pk=fit_id, attempt=attempt, state=FitState.AT_WORK)
        done = at_work.update(
            state=FitState.DONE,
            fitted_at=clock(),
            until=by.today,
            endings=int(courses.ended.sum()),
            content=content,
        )
        if not done:
            return None
        fit = SurvivalFit.objects.get(pk=fit_id)
        record(by=by, act="followup.fit", of=fit)
    return fit
