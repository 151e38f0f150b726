"""What happens by itself."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import System
from mentornet.common.jobs import every, register_job
from mentornet.matching.services import (
    ask_after_meetings,
    ask_for_all_shortages,
    ask_weekly_for_forecast,
    compute_five_more,
    compute_forecast,
    compute_shortages,
    expire_proposals,
    follow_loans,
    prepare_meeting,
    see_to_apart,
    see_to_introductions,
    see_to_loans,
)
from mentornet.matching.services.five_more import FIVE_MORE
from mentornet.matching.services.forecasts import FORETELL
from mentornet.matching.services.meetings import FIRST_RUN
from mentornet.matching.services.shortages import MAP


@register_job("matching.see_to_apart")
def see_to(*, people: list[list[str]]) -> None:
    """See to what is open between people who must not meet, or may again; asked twice it changes nothing more."""
    for one, other in people:
        by = System("matching.see_to_apart", timezone.now())
        see_to_apart(by=by, one_id=UUID(one), other_id=UUID(other))
        see_to_loans(by=by, person_id=UUID(one))


@register_job("matching.see_to_introductions")
def see_to_introductions_of(*, person: str) -> None:
    """See to what is open with somebody who is introduced to nobody any more, or is again; twice changes no more."""
    by = System("matching.see_to_introductions", timezone.now())
    see_to_introductions(by=by, person_id=UUID(person))
    see_to_loans(by=by, person_id=UUID(person))


@register_job(FIRST_RUN)
def first_run(*, meeting_id: str, attempt: int) -> None:
    """Look for a meeting's first set. Asked twice, or for an earlier attempt, it does nothing."""
    prepare_meeting(
        by=System(FIRST_RUN, timezone.now()), meeting_id=UUID(meeting_id), attempt=attempt, clock=timezone.now
    )


@every(minutes=30, name="matching.expire_proposals")
def expire(by: System) -> None:
    """End the proposals whose last day is over."""
    expire_proposals(by=by)


@every(minutes=30, name="matching.ask_after_meetings")
def ask_after(by: System) -> None:
    """Ask the two of a first meeting that is over whether they met."""
    ask_after_meetings(by=by)


@every(minutes=30, name="matching.follow_loans")
def follow(by: System) -> None:
    """Let loans lapse that nobody answers or uses, and end with their pairs."""
    follow_loans(by=by)


@register_job(MAP)
def compute(*, map_id: str, attempt: int) -> None:
    """Compute whom a division's bank lacks. Asked twice, or for an earlier attempt, it does nothing."""
    by = System("matching.shortages", timezone.now())
    compute_shortages(by=by, map_id=UUID(map_id), attempt=attempt, clock=timezone.now)


@every(minutes=24 * 60, name="ask whom the banks lack")
def ask_whom_the_banks_lack(by: System) -> None:
    """Have the shortage maps computed anew."""
    ask_for_all_shortages(by=by)


every(name="matching.ask_for_forecast", minutes=7 * 24 * 60)(ask_weekly_for_forecast)


@register_job(FORETELL)
def foretell(*, forecast_id: str, attempt: int) -> None:
    """Compute how long women will wait. Asked twice, or for an earlier attempt, it does nothing."""
    by = System("forecast", timezone.now())
    compute_forecast(by=by, forecast_id=UUID(forecast_id), attempt=attempt, clock=timezone.now)


@register_job(FIVE_MORE)
def play_five_more(*, asked_id: str, attempt: int) -> None:
    """Play through what five more mentors would change. Asked twice, or for an earlier attempt, it does nothing."""
    by = System("forecast", timezone.now())
    compute_five_more(by=by, asked_id=UUID(asked_id), attempt=attempt, clock=timezone.now)
