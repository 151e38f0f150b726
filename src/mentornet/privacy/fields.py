"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import declare, nobody, setup

declare(
    "privacy.Erasure",
    setup("id", "number", "at", "key", "kind", "reason", "erased_by"),
    subject=nobody("tells of nobody to whoever does not have her key already"),
)
