"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, keyed, personal, setup

# What may point at a person is emptied with her, by ``services.redact`` alone: the chain stays whole.
declare(
    "audit.Entry",
    personal(
        Level.RESTRICTED,
        "shows who did what, by keys alone",
        *("actor", "object_id", "division_id", "detail", "nonce"),
        retention=Retention.LOG,
        erasure=Erasure.EMPTY,
    )
    | personal(
        Level.RESTRICTED,
        "shows that something was done, and that nobody has changed the record of it",
        *("id", "at", "kind", "act", "object_type", "commitment", "position", "seal", "redaction"),
        retention=Retention.LOG,
        erasure=Erasure.KEEP,
    ),
    subject=keyed("actor", target="object_id"),
)
declare("audit.Head", setup("id", "sealed", "seal", "adopted_through", "mark", "sealed_at"))
