"""The post: letters leave as soon as they are due."""

from __future__ import annotations

from typing import Final

from mentornet.common.actors import System
from mentornet.common.jobs import every
from mentornet.messaging.queries import is_post_waiting
from mentornet.messaging.services import deliver_due_letters

ROUND: Final = 20
"""Letters a round: between rounds the worker looks whether it shall stop, and what else is to be done."""


@every(name="deliver letters", when=is_post_waiting)
def deliver_letters(*, by: System) -> None:
    """Deliver what is due. Letters are claimed one by one, so workers may do this at the same time."""
    deliver_due_letters(by=by, limit=ROUND)
