"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Level, Retention, declare, personal, technical

declare(
    "accounts.User",
    {
        **technical("id", "is_active", "date_joined", "sessions_ended_at"),
        **personal(Level.CASEWORK, "who acts here, and answers for it", "name", retention=Retention.LOG),
        **personal(Level.CASEWORK, "signing in, and letters about it", "email", "phone", "language"),
        **personal(Level.RESTRICTED, "signing in", "password", "last_login"),
    },
)
declare(
    "accounts.PersonalLink",
    technical(
        "id", "created_at", "purpose", "subject", "token_hash", "person_key", "language", "expires_at", "closed_at",
        "first_opened_at",
    ),
)  # fmt: skip
declare(
    "accounts.OneTimeCode",
    technical("id", "created_at", "purpose", "subject", "recipient", "salt", "expires_at", "attempts", "used_at"),
)
declare(
    "accounts.SignInSession",
    {
        **technical("id", "created_at", "user", "session_key", "door"),
        **personal(Level.RESTRICTED, "her own list of where she is signed in", "seen_at", "browser"),
    },
)
