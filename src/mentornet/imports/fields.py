"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, nobody, personal, setup, technical

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
    subject=nobody("an import as a whole: its counts tell of nobody"),
)
declare(
    "imports.File",
    {
        **technical("id", "created_at", "batch", "subject", "name", "rows"),
        # Whole lists of people: gone as soon as the import is done, and thirty days after nobody went on with it.
        **personal(Level.CASEWORK, "holds the list until it is taken over", "content", "layout"),
    },
    subject=nobody("a whole list of people, gone with the import; erasing one of them deletes it"),
)
declare(
    "imports.Report",
    {
        **technical("id", "batch"),
        **personal(Level.CASEWORK, "shows what would be taken over", "content", "choices"),
    },
    subject=nobody("tells of a whole list, and goes with it; erasing one of them deletes it"),
)
declare(
    "imports.Trace",
    {
        **technical("id", "batch", "made", "last_entry"),
        **personal(Level.CASEWORK, "lets an import be undone", "former"),
    },
    subject=nobody("lists what an import made; what it says of an erased person is taken out"),
)
declare("imports.ColumnMapping", setup("id", "created_at", "subject", "header", "field", "created_by"))
