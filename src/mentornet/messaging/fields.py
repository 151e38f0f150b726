"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Level, Retention, declare, personal, technical

declare(
    "messaging.Letter",
    {
        **technical("id", "created_at", "event", "about_id", "division_id", "queued_by", "state", "send_after"),
        **technical("attempts", "sending_since", "message_id", "sent_at", "may_have_arrived", "is_called_back"),
        **personal(
            Level.CASEWORK,
            "shows what was written to whom",
            *("recipient", "values", "subject", "body", "language"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.CASEWORK,
            "shows where a letter went, and why one did not arrive",
            *("sent_to", "problem", "problem_detail"),
            retention=Retention.CONTACT,
        ),
    },
)
