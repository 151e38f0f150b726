"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import (
    Erasure,
    Level,
    Retention,
    about,
    about_pair,
    declare,
    of_side,
    personal,
    setup,
    technical,
)

declare(
    "partnerships.Partnership",
    {
        **technical("id", "created_at", "mentee", "mentor", "division", "state"),
        **personal(
            Level.CASEWORK,
            "looks after the pair, and the counts",
            *("matched_on", "first_met_on", "agreement_on", "agreed_until", "paused_until"),
            *("stopped_on", "closed_on", "closing_reason"),
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.PARTNER,
            "lets the partner see what each has chosen to share",
            *("mentee_shares", "mentor_shares"),
            retention=Retention.CONTACT,
        ),
        **personal(
            Level.CASEWORK,
            "lets the next pair be better",
            *("closing_note", "imported_reason"),
            retention=Retention.NOTES,
        ),
    },
    subject=about_pair(),
)
declare(
    "partnerships.Meeting",
    {
        **technical("id", "created_at", "partnership", "told_by"),
        **personal(
            Level.CASEWORK,
            "looks after the pair, and the counts",
            "on",
            "minutes",
            "way",
            "topics",
            erasure=Erasure.KEEP,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.Account",
    {
        **technical("id", "created_at", "meeting", "side"),
        **personal(Level.PARTNER, "shows both what each remembers", "minutes", "way", "topics", erasure=Erasure.DELETE),
    },
    subject=of_side("meeting__partnership"),
)
declare(
    "partnerships.PlannedMeeting",
    {
        **technical("id", "created_at", "partnership", "side", "changes", "changed_at", "called_off_at"),
        **personal(
            Level.PARTNER,
            "tells both when they meet next",
            *("at", "minutes", "place"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.CalendarFeed",
    personal(
        Level.RESTRICTED,
        "lets her own calendar follow her meetings",
        *("id", "created_at", "person", "token_hash", "closed_at"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
declare(
    "partnerships.AgreementTemplate",
    setup("id", "created_at", "number", "language", "wording", "is_draft", "written_by"),
)
declare(
    "partnerships.Agreement",
    {
        **technical("id", "created_at", "partnership", "number", "template_number", "side", "made_by", "superseded_at"),
        **personal(Level.PARTNER, "is what the two have agreed on", "terms", "texts", erasure=Erasure.DELETE),
        **personal(
            Level.PARTNER,
            "lets each read it in her own language",
            *("language_mentee", "language_mentor"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.AgreementSignature",
    {
        **technical("id", "created_at", "agreement", "side", "how", "noted_by"),
        **personal(Level.PARTNER, "proves who has signed which words", "name", "language", erasure=Erasure.DELETE),
        **personal(
            Level.PARTNER, "proves who has signed which words", "signed_on", "text_hash", erasure=Erasure.DELETE
        ),
    },
    subject=of_side("agreement__partnership"),
)
declare(
    "partnerships.Goal",
    {
        **technical("id", "created_at", "partnership", "side", "changed_by"),
        **personal(Level.PARTNER, "is what the two work on", "words", erasure=Erasure.DELETE),
        **personal(Level.PARTNER, "shows how far they have come", "reached_on", erasure=Erasure.DELETE),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.GoalStep",
    {
        **technical("id", "created_at", "goal", "side"),
        **personal(Level.PARTNER, "is what the two work on", "words", "done_on", erasure=Erasure.DELETE),
    },
    subject=about_pair("goal__partnership"),
)
declare(
    "partnerships.Introduction",
    {
        **technical("id", "created_at", "partnership", "side"),
        **personal(
            Level.PARTNER,
            "shows which doors were opened, and counts them",
            *("on", "door", "sector", "came_of_it"),
            erasure=Erasure.KEEP,
        ),
        **personal(Level.PARTNER, "shows which doors were opened", "words", retention=Retention.NOTES),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.OwnNote",
    personal(
        Level.RESTRICTED,
        "is hers alone: neither her partner nor staff read it",
        *("id", "created_at", "partnership", "person", "text", "changed_at"),
        retention=Retention.NOTES,
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
declare(
    "partnerships.Note",
    {
        **technical("id", "created_at", "partnership"),
        **personal(
            Level.CASEWORK,
            "lets another coordinator take over",
            "text",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "shows who wrote it",
            "written_by",
            "author_name",
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.Closure",
    {
        **technical("id", "created_at", "partnership", "began_by", "filled", "former"),
        **technical("closed_at", "closed_by", "undone_at", "undone_by"),
        **personal(
            Level.CASEWORK,
            "looks after the pair, and the counts",
            *("scenario", "ended_on", "reason", "work", "hours", "own_level", "danish_step", "network"),
            *("later_contact", "keeps_apart", "mentee_next", "mentor_next", "mentor_rests_until", "blame"),
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "lets the next pair be better",
            *("note", "outcome_words", "blame_words", "undone_words"),
            retention=Retention.NOTES,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "partnerships.ClosureSide",
    {
        **technical("id", "created_at", "closure", "side"),
        **personal(
            Level.CASEWORK,
            "shows why it ended, as each of the two says",
            *("led_to_it", "talk", "talk_on", "reason", "wants_contact", "has_thanks", "may_be_asked"),
            *("own_reason", "own_contact", "own_at"),
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "shows why it ended, as each of the two says",
            "said",
            "own_words",
            retention=Retention.NOTES,
        ),
        **personal(Level.RESTRICTED, "helps whoever matches her next", "remark", retention=Retention.NOTES),
    },
    subject=of_side("closure__partnership"),
)
