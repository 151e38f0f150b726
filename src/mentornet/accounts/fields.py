"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Level, Retention, declare, personal, technical

declare(
    "accounts.User",
    {
        **technical("id", "is_active", "date_joined", "sessions_ended_at"),
        **personal(Level.CASEWORK, "who acts here, and answers for it", "name", retention=Retention.LOG),
        **personal(Level.CASEWORK, "signing in, and letters about it", "email", "language"),
        **personal(Level.RESTRICTED, "signing in", "password", "last_login"),
    },
)
