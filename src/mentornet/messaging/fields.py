"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, keyed, personal, setup, technical

declare(
    "messaging.Letter",
    {
        **technical("id", "created_at", "event", "about_id", "division_id", "queued_by", "state", "send_after"),
        **technical("attempts", "sending_since", "message_id", "sent_at", "may_have_arrived", "is_called_back"),
        **technical("bundle", "channel"),
        **personal(
            Level.CASEWORK,
            "shows what was written to whom",
            *("recipient", "values", "subject", "body", "language"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "shows where a letter went, and why one did not arrive",
            *("sent_to", "problem", "problem_detail"),
            retention=Retention.CONTACT,
            erasure=Erasure.DELETE,
        ),
    },
    subject=keyed("recipient", target="about_id"),
)
declare(
    "messaging.LetterText",
    setup("id", "created_at", "event", "language", "number", "subject", "body", "sms", "written_by", "author_name"),
)
declare(
    "messaging.OptOut",
    personal(
        Level.CASEWORK,
        "keeps from her what she does not want to be written",
        *("id", "created_at", "recipient", "kind"),
        retention=Retention.CONTACT,
        erasure=Erasure.DELETE,
    ),
    subject=keyed("recipient"),
)
declare(
    "messaging.Trial",
    # To whoever sets the program up, who is no participant.
    setup("id", "created_at", "channel", "mark", "address", "language", "asked_by", "arrived_at"),
)
