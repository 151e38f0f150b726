"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import declare, setup

declare(
    "backups.Run",
    setup(
        "id", "created_at", "kind", "finished_at", "file", "made_at", "size", "sha256", "seal", "tables", "rows",
        "replayed", "has_signed_in", "problem",
    ),
)  # fmt: skip
