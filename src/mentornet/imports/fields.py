"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, personal, setup, technical

declare(
    "imports.Batch",
    {
        **technical("id", "created_at", "division", "programme", "state", "counts", "attempt", "stage"),
        **technical("asked_at", "begun_at", "heartbeat_at", "rows_done", "rows_total", "problem"),
        **setup("are_briefed", "briefed_on"),
        **personal(
            Level.CASEWORK,
            "shows who took people over",
            *("user", "created_by", "author_name", "finished_at", "undone_at", "undone_by", "undone_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
)
declare(
    "imports.File",
    {
        **technical("id", "created_at", "batch", "subject", "name", "rows"),
        # Whole lists of people: gone as soon as the import is done, and thirty days after nobody went on with it.
        **personal(Level.CASEWORK, "holds the list until it is taken over", "content", "layout"),
    },
)
declare(
    "imports.Report",
    {
        **technical("id", "batch"),
        **personal(Level.CASEWORK, "shows what would be taken over", "content", "choices"),
    },
)
declare(
    "imports.Trace",
    {
        **technical("id", "batch", "made", "last_entry"),
        **personal(Level.CASEWORK, "lets an import be undone", "former"),
    },
)
declare("imports.ColumnMapping", setup("id", "created_at", "subject", "header", "field", "created_by"))
