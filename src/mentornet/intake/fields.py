"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, personal, technical

declare(
    "intake.Application",
    {
        **technical("id", "created_at", "person", "programme", "division", "role", "state", "is_imported"),
        **personal(Level.CASEWORK, "the place in the queue, and the counts", "received_on", erasure=Erasure.KEEP),
        **personal(Level.CASEWORK, "shows which recruiting works", "heard_through"),
        **personal(Level.CASEWORK, "finds her in the spreadsheet she came with", "reference"),
    },
)
declare(
    "intake.Interview",
    {
        **technical("id", "created_at", "application", "interviewer", "at", "held_at", "cancelled_at"),
        **personal(Level.CASEWORK, "tells both where to come", "place"),
        **personal(Level.CASEWORK, "finds and presents the right partner", "shareable", retention=Retention.NOTES),
        **personal(
            Level.RESTRICTED, "lets the coordinator judge with care", "coordinator_only", retention=Retention.NOTES
        ),
    },
)
declare(
    "intake.Decision",
    {
        **technical("id", "created_at", "application", "outcome"),
        **personal(Level.CASEWORK, "explains the decision", "reason", retention=Retention.NOTES),
        **personal(
            Level.CASEWORK,
            "shows who answers for the decision",
            *("decided_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
)
declare(
    "intake.Enrolment",
    {
        **technical("id", "created_at", "application", "person", "profile", "programme", "division", "role", "stamp"),
        **technical("coordinator", "capacity", "promised", "active"),
        **personal(
            Level.CASEWORK,
            "the waiting list and the mentor bank, and the counts",
            *("since", "briefed_on", "resting_until", "last_word_on", "word_due_on", "ended_on", "end_reason"),
            erasure=Erasure.KEEP,
        ),
    },
)
declare(
    "intake.SavedSearch",
    {
        **technical("id", "created_at"),
        **personal(
            Level.CASEWORK, "a coordinator's own searches", "user", "page", "name", "query", erasure=Erasure.DELETE
        ),
    },
)
