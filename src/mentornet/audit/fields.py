"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, personal

declare(
    "audit.Entry",
    personal(
        Level.RESTRICTED,
        "shows who did what, by keys alone",
        *("id", "at", "kind", "actor", "act", "object_type", "object_id", "division_id", "detail"),
        retention=Retention.LOG,
        erasure=Erasure.KEEP,
    ),
)
