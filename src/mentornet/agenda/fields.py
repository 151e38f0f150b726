"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, declare, hanging_on, personal, technical

declare(
    "agenda.Task",
    {
        **technical(
            *("id", "created_at", "kind", "target_id", "division_id", "owner_id"),
            *("due_on", "snoozed_until", "done_at", "done_by"),
        ),
        **personal(Level.CASEWORK, "says what is to be done", "words", "snooze_reason", erasure=Erasure.DELETE),
    },
    subject=hanging_on("target_id"),
)
