"""What happens by itself."""

from __future__ import annotations

from mentornet.common.actors import System
from mentornet.common.jobs import every
from mentornet.matching.services import expire_proposals


@every(minutes=30, name="matching.expire_proposals")
def expire(by: System) -> None:
    """End the proposals whose last day is over."""
    expire_proposals(by=by)
