"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, personal, technical

declare(
    "partnerships.Partnership",
    {
        **technical("id", "created_at", "mentee", "mentor", "division", "state"),
        **personal(
            Level.CASEWORK,
            "looks after the pair, and the counts",
            *("matched_on", "first_met_on", "agreement_on", "agreed_until", "paused_until"),
            *("closed_on", "closing_reason"),
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "lets the next pair be better",
            *("closing_note", "imported_reason"),
            retention=Retention.NOTES,
        ),
    },
)
declare(
    "partnerships.Meeting",
    {
        **technical("id", "created_at", "partnership", "told_by"),
        **personal(Level.CASEWORK, "looks after the pair, and the counts", "on", "minutes", erasure=Erasure.KEEP),
    },
)
declare(
    "partnerships.Note",
    {
        **technical("id", "created_at", "partnership"),
        **personal(
            Level.CASEWORK,
            "lets another coordinator take over",
            "text",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "shows who wrote it",
            "written_by",
            "author_name",
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
)
