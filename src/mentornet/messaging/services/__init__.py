"""Queueing letters, taking them back, delivering them; their words; who does not want which."""

from mentornet.messaging.services.delivery import BACK_OFF, MOST_ATTEMPTS, Delivered, deliver_due_letters
from mentornet.messaging.services.outbox import (
    TIME_TO_TAKE_BACK,
    LetterTo,
    call_back_letters,
    note_arrival,
    queue_letter,
    queue_letters,
    resend_letter,
    settle_letter,
    take_back_letter,
    unsettle_letter,
    write_by_hand,
)
from mentornet.messaging.services.refusals import refuse_letters, want_letters
from mentornet.messaging.services.texts import rewrite_letter

__all__ = [
    "BACK_OFF",
    "MOST_ATTEMPTS",
    "TIME_TO_TAKE_BACK",
    "Delivered",
    "LetterTo",
    "call_back_letters",
    "deliver_due_letters",
    "note_arrival",
    "queue_letter",
    "queue_letters",
    "refuse_letters",
    "resend_letter",
    "rewrite_letter",
    "settle_letter",
    "take_back_letter",
    "unsettle_letter",
    "want_letters",
    "write_by_hand",
]
