"""Computing how long partnerships last: asked for by a lead or by the week, done in the background."""

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
from mentornet.followup.courses import partnerships_counted, read_courses
from mentornet.followup.lasting import estimate
from mentornet.followup.models import SurvivalFit
from mentornet.followup.sign_queries import fits_at_work
from mentornet.followup.sign_rules import may_ask_for_fit
from mentornet.partnerships.enums import PartnershipState

FIT: Final = "followup.fit"
"""The job by which it is done."""
KEPT_FOR: Final = timedelta(days=400)
"""What was computed longer ago is deleted: it can be computed again."""


@transaction.atomic
def ask_for_fit(*, by: Actor) -> SurvivalFit:
    """Ask that it be computed anew. Asked twice, it is computed once; what has stopped is begun again.

    Raises:
        NotAllowedError: neither a lead nor the program.
    """
    require(may_ask_for_fit(by))
    fresh = SurvivalFit(asked_by=by.key, created_at=by.at, in_all=partnerships_counted(by.today).count())
    fit, is_begun = ask_once(fresh, among=fits_at_work(), at=by.at, read=0)
    if not is_begun:
        return fit
    record(by=by, act="followup.ask_for_fit", of=fit)
    enqueue(FIT, fit_id=str(fit.pk), attempt=fit.attempt)
    return fit


def ask_weekly(*, by: System) -> None:
    """Ask for it once a week, and delete what was computed more than a year ago.

    A network in which nothing has ended yet has nothing to compute.
    """
    SurvivalFit.objects.filter(state=ComputedState.DONE, fitted_at__lt=by.at - KEPT_FOR).delete()
    if partnerships_counted(by.today).filter(state=PartnershipState.CLOSED).exists():
        ask_for_fit(by=by)


def fit_history(*, by: System, fit_id: UUID, attempt: int, clock: Callable[[], datetime]) -> SurvivalFit | None:
    """Compute how long partnerships last, from all that have ever been, and keep it; ``None`` when it was begun anew.

    It only reads until the end, and then writes one row: killed on the way, it is as if it had not begun.
    """
    at_work = Attempt(SurvivalFit, fit_id, attempt, clock)
    try:
        at_work.tell(read=0)
        gathered = read_courses(by.today, lambda read: at_work.tell(read=read))
    except SupersededError:
        return None
    courses, dimensions = gathered.ready()
    content = estimate(courses, dimensions) | {"left_out": gathered.left_out}
    with transaction.atomic():
        fit = at_work.keep(fitted_at=clock(), until=by.today, endings=int(courses.ended.sum()), content=content)
        if fit is None:
            return None
        record(by=by, act="followup.fit", of=fit)
    return fit
