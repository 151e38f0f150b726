"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about, declare, hanging_on, keyed, personal, technical

declare(
    "accounts.User",
    # A participant's goes with her. Whoever works here as well keeps hers, for that: it is no longer tied to a person.
    {
        **technical("id", "is_active", "is_sealed", "date_joined", "sessions_ended_at"),
        **technical("reading_asked_at", "reading_paused_at"),
        **personal(
            Level.CASEWORK,
            "who acts here, and answers for it",
            "name",
            retention=Retention.LOG,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "signing in, and letters about it",
            *("email", "phone", "language"),
            erasure=Erasure.DELETE,
        ),
        **personal(Level.RESTRICTED, "signing in", "password", "last_login", erasure=Erasure.DELETE),
    },
    subject=about("person"),
)
declare(
    "accounts.PersonalLink",
    personal(
        Level.RESTRICTED,
        "opens one thing for whom it was sent to",
        *("id", "created_at", "purpose", "subject", "token_hash", "person_key", "language", "expires_at"),
        *("closed_at", "first_opened_at"),
        retention=Retention.CONTACT,
        erasure=Erasure.DELETE,
    ),
    subject=keyed("person_key", target="subject"),
)
declare(
    "accounts.OneTimeCode",
    personal(
        Level.RESTRICTED,
        "shows that she reads her own letters",
        *("id", "created_at", "purpose", "subject", "recipient", "salt", "expires_at", "attempts", "used_at"),
        retention=Retention.CONTACT,
        erasure=Erasure.DELETE,
    ),
    subject=keyed("recipient", target="subject"),
)
declare(
    "accounts.SignInSession",
    {
        **technical("id", "created_at", "user", "session_key", "door"),
        **personal(
            Level.RESTRICTED,
            "her own list of where she is signed in",
            *("seen_at", "browser"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("user__person"),
)
declare(
    "accounts.Opening",
    {
        **technical("id", "reader_id", "at", "is_own", "is_looked_at"),
        **personal(
            Level.RESTRICTED,
            "shows that somebody opens unusually many pages",
            *("opened", "subject"),
            retention=Retention.CONTACT,
            erasure=Erasure.DELETE,
        ),
    },
    subject=hanging_on("opened"),
)
