"""Computing how long women will wait: asked for by a lead or by the week, done in the background, kept with its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.computed import ComputedState
from mentornet.common.jobs import enqueue
from mentornet.matching.forecast import NEEDED, forecast_at_work, foretell, runs_of
from mentornet.matching.models import Forecast
from mentornet.matching.past import partnerships_matched, read_past
from mentornet.matching.rules import may_ask_for_forecast
from mentornet.matching.services.five_more import ask_for_the_most_wanted
from mentornet.matching.solving import solved
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

FORETELL: Final = "matching.foretell"
"""The job by which it is done."""
KEPT_FOR: Final = timedelta(days=400)
"""What was computed longer ago is deleted: it can be computed again."""


class _SupersededError(Exception):
    """It was begun anew meanwhile: this attempt ends without a word."""


@transaction.atomic
def ask_for_forecast(*, by: Actor) -> Forecast:
    """Ask that it be computed anew. Asked twice, it is computed once; what has stopped is begun again.

    Raises:
        NotAllowedError: neither a lead nor the program.
    """
    require(may_ask_for_forecast(by))
    there = forecast_at_work()
    if there is not None and not there.has_stopped(by.at):
        return there
    if there is not None:
        Forecast.objects.filter(pk=there.pk, attempt=there.attempt).update(
            attempt=there.attempt + 1, created_at=by.at, heartbeat_at=None, played=0, in_all=0
        )
        forecast = Forecast.objects.get(pk=there.pk)
    else:
        forecast = Forecast(asked_by=by.key, created_at=by.at)
        try:
            with transaction.atomic():
                forecast.save(force_insert=True)
        except IntegrityError:
            # Somebody else has just asked.
            return Forecast.objects.get(state=ComputedState.AT_WORK)
    record(by=by, act="matching.ask_for_forecast", of=forecast)
    enqueue(FORETELL, forecast_id=str(forecast.pk), attempt=forecast.attempt)
    return forecast


def ask_weekly_for_forecast(*, by: System) -> None:
    """Ask for it once a week, and delete what was computed more than a year ago.

    A network with too few partnerships has nothing to compute.
    """
    Forecast.objects.filter(state=ComputedState.DONE, computed_at__lt=by.at - KEPT_FOR).delete()
    if partnerships_matched(by.today).count() >= NEEDED:
        ask_for_forecast(by=by)


def compute_forecast(*, by: System, forecast_id: UUID, attempt: int, clock: Callable[[], datetime]) -> Forecast | None:
    """Compute how long women will wait, programme by programme, and keep it; ``None`` when it was begun anew.

    It only reads until the end, and then writes one row: killed on the way, it is as if it had not begun. Then it is
    asked for what five more mentors of the most wanted profiles would change.
    """
    played = in_all = 0

    def tell(more: int = 1) -> None:
        nonlocal played
        played += more
        at_work = Forecast.objects.filter(pk=forecast_id, attempt=attempt, state=ComputedState.AT_WORK)
        if not at_work.update(played=played, in_all=in_all, heartbeat_at=clock()):
            raise _SupersededError

    try:
        tell(0)
        pasts = [read_past(version, by.today) for version in current_versions(Programme.objects.order_by("pk"))]
        in_all = sum(runs_of(past, by.today.toordinal()) for past in pasts)
        content = {
            str(past.programme.pk): foretell(past, by.today.toordinal(), solve=solved, tell=tell) for past in pasts
        }
    except _SupersededError:
        return None
    with transaction.atomic():
        at_work = Forecast.objects.filter(pk=forecast_id, attempt=attempt, state=ComputedState.AT_WORK)
        done = at_work.update(
            state=ComputedState.DONE,
            computed_at=clock(),
            until=by.today,
            matches=sum(len(past.history.matched) for past in pasts),
            content={"programmes": content},
        )
        if not done:
            return None
        forecast = Forecast.objects.get(pk=forecast_id)
        record(by=by, act="matching.foretell", of=forecast)
        ask_for_the_most_wanted(by=by)
    return forecast
