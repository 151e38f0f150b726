"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, about, declare, personal, setup

_WRITTEN = ("id", "language", "number", "title", "summary", "body", "written_at", "written_by")

declare("learning.Chapter", setup("id", "created_at", "role", "slug", "position"))
declare("learning.Module", setup("id", "created_at", "role", "slug", "position", "minutes"))
declare("learning.ChapterText", setup(*_WRITTEN, "chapter", "situations"))
declare("learning.ModuleText", setup(*_WRITTEN, "module", "questions"))
declare(
    "learning.ReadReceipt",
    personal(
        Level.CASEWORK,
        "shows her, and those who work with her, what she has read",
        *("id", "chapter", "person", "language", "number", "read_at", "is_told"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
declare(
    "learning.Attendance",
    personal(
        Level.CASEWORK,
        "shows that she was trained before her first match",
        *("id", "module", "person", "way", "on", "reason", "brought_in", "told_by", "created_at"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
declare(
    "learning.ModuleProgress",
    personal(
        Level.CASEWORK,
        "lets her go on where she stopped",
        *("id", "module", "person", "right", "changed_at"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
