"""What happens by itself."""

from __future__ import annotations

from mentornet.common.actors import System
from mentornet.common.jobs import every
from mentornet.matching.services import ask_after_meetings, expire_proposals


@every(minutes=30, name="matching.expire_proposals")
def expire(by: System) -> None:
    """End the proposals whose last day is over."""
    expire_proposals(by=by)


@every(minutes=30, name="matching.ask_after_meetings")
def ask_after(by: System) -> None:
    """Ask the two of a first meeting that is over whether they met."""
    ask_after_meetings(by=by)
