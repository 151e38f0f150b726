"""By which way a letter reaches somebody, or why by none."""

from __future__ import annotations

from mentornet.messaging.models import Channel, Problem
from mentornet.messaging.post import texting
from mentornet.messaging.recipients import Recipient


def channel_of(recipient: Recipient | None) -> tuple[Channel | None, Problem | None]:
    """Return how somebody is written to: as she wants it; by e-mail if she has not said, else by text message."""
    if recipient is None:
        return None, Problem.NO_ADDRESS
    can_text = bool(recipient.phone) and texting() is not None
    match recipient.way:
        case "call":
            return None, Problem.CALLS
        case Channel.TEXT if can_text:
            return Channel.TEXT, None
        case Channel.TEXT:
            return None, Problem.NO_TEXTS if recipient.phone else Problem.NO_PHONE
    if recipient.email:
        return Channel.EMAIL, None
    # Who wants e-mail alone gets no text message: somebody else may read those.
    return (Channel.TEXT, None) if can_text and recipient.way != Channel.EMAIL else (None, Problem.NO_ADDRESS)
