"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, about, declare, nobody, personal, setup, technical

declare(
    "sourcing.Search",
    {
        **technical("id", "created_at", "division", "programme", "mentee", "owner", "state", "sent_at", "fits"),
        **technical("due_on", "closed_on", "closed_because"),
        # It fits several women, and so tells of none.
        **personal(
            Level.CASEWORK,
            "says which mentor is looked for, in words that fit several",
            *("occupation", "language", "topics", "times", "meeting"),
            erasure=Erasure.KEEP,
        ),
        **personal(Level.CASEWORK, "shows the coordinator how her wishes became a brief", "steps"),
    },
    subject=about("mentee__person"),
)
declare(
    "sourcing.Asking",
    {
        **technical("id", "created_at", "search", "contact", "prospect", "asked_at", "reminded_at", "state", "code"),
        **personal(
            Level.CASEWORK,
            "shows who can help, and thanks her in numbers",
            *("answered_at", "reply"),
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("contact__person"),
)
declare(
    "sourcing.Found",
    technical("id", "created_at", "asking", "draft_key", "application", "began_on"),
    subject=about("application__person"),
)
_NOBODY_HERE = "an expert who takes no part: by the link in each letter she reads what is kept of her, and ends it"
declare(
    "sourcing.Prospect",
    {
        **technical("id", "created_at", "division", "state", "told_at", "keep_until", "ended_on"),
        **personal(
            Level.CASEWORK,
            "lets an expert be asked in her own field",
            *("name", "email", "phone", "language", "field_words", "occupation", "languages", "regions"),
            "search_text",
        ),
        **personal(
            Level.CASEWORK, "tells her where we have her name from, and why we may", "basis", "source", "obtained_on"
        ),
    },
    subject=nobody(_NOBODY_HERE),
)
declare(
    "sourcing.ProspectList",
    {
        **technical("id", "created_at", "division", "basis", "source", "obtained_on", "count", "left_out", "taken_at"),
        **technical("made_by", "file_name"),
        **personal(Level.CASEWORK, "lets a list be looked at before it is taken over", "rows", erasure=Erasure.DELETE),
    },
    subject=nobody(_NOBODY_HERE),
)
declare("sourcing.OptOut", setup("id", "created_at", "digest", "since"))
declare("sourcing.OptOutKey", setup("id", "created_at", "only", "sealed"))
