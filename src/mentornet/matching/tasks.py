"""What happens by itself."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import System
from mentornet.common.jobs import every, register_job
from mentornet.matching.services import ask_after_meetings, expire_proposals, see_to_apart, see_to_introductions


@register_job("matching.see_to_apart")
def see_to(*, people: list[list[str]]) -> None:
    """See to what is open between people who must not meet, or may again; asked twice it changes nothing more."""
    for one, other in people:
        see_to_apart(by=System("matching.see_to_apart", timezone.now()), one_id=UUID(one), other_id=UUID(other))


@register_job("matching.see_to_introductions")
def see_to_introductions_of(*, person: str) -> None:
    """See to what is open with somebody who is introduced to nobody any more, or is again; twice changes no more."""
    see_to_introductions(by=System("matching.see_to_introductions", timezone.now()), person_id=UUID(person))


@every(minutes=30, name="matching.expire_proposals")
def expire(by: System) -> None:
    """End the proposals whose last day is over."""
    expire_proposals(by=by)


@every(minutes=30, name="matching.ask_after_meetings")
def ask_after(by: System) -> None:
    """Ask the two of a first meeting that is over whether they met."""
    ask_after_meetings(by=by)
