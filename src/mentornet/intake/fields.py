"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about, declare, nobody, personal, setup, technical

declare(
    "intake.Application",
    {
        **technical("id", "created_at", "person", "programme", "division", "role", "state", "is_imported"),
        **personal(Level.CASEWORK, "the place in the queue, and the counts", "received_on", erasure=Erasure.KEEP),
        **technical("way_in", "entered_by", "contact_confirmed"),
        **personal(Level.CASEWORK, "shows which recruiting works", "heard_through", "referrer", "referred_by"),
        **personal(Level.CASEWORK, "lets a coordinator speak with her in her language", "language"),
        **personal(Level.CASEWORK, "tells whether the programme is for her", "fits"),
        **personal(Level.CASEWORK, "finds her in the spreadsheet she came with", "reference"),
    },
    subject=about("person"),
)
declare(
    "intake.Interview",
    {
        **technical("id", "created_at", "application", "interviewer", "at", "held_at", "cancelled_at"),
        **technical("minutes", "way", "booked_at", "reminded_of"),
        **personal(Level.CASEWORK, "tells both where to come", "place"),
        **personal(
            Level.CASEWORK,
            "finds and presents the right partner",
            *("shareable", "answers"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.RESTRICTED, "lets the coordinator judge with care", "coordinator_only", retention=Retention.NOTES
        ),
    },
    subject=about("application__person"),
)
declare(
    "intake.Decision",
    {
        **technical("id", "created_at", "application", "outcome"),
        **personal(Level.CASEWORK, "explains the decision", "reason", retention=Retention.NOTES),
        **personal(
            Level.CASEWORK,
            "shows who answers for the decision",
            *("decided_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("application__person"),
)
declare(
    "intake.Enrolment",
    {
        **technical("id", "created_at", "application", "person", "profile", "programme", "division", "role", "stamp"),
        **technical("coordinator", "capacity", "promised", "active"),
        **personal(
            Level.CASEWORK,
            "the waiting list and the mentor bank, and the counts",
            *("since", "briefed_on", "resting_until", "last_word_on", "word_due_on", "ended_on", "end_reason"),
            *("returns_when_asked", "return_asked_on", "word_by_hand", "wait_reason", "wait_noted_on"),
            erasure=Erasure.KEEP,
        ),
        **personal(Level.CASEWORK, "tells colleagues why she waits", "wait_words", retention=Retention.NOTES),
        **personal(Level.CASEWORK, "lets the coordinator understand her rest", "rest_note", retention=Retention.NOTES),
    },
    subject=about("person"),
)
declare(
    "intake.SavedSearch",
    {
        **technical("id", "created_at"),
        **personal(
            Level.CASEWORK, "a coordinator's own searches", "user", "page", "name", "query", erasure=Erasure.DELETE
        ),
    },
    subject=nobody("what a member of the staff looks for"),
)
declare(
    "intake.Wish",
    {
        **technical("id", "created_at", "person", "division", "kind", "settled_at", "settled_by"),
        **personal(
            Level.RESTRICTED,
            "lets the coordinator do what she asks for; it may name other people",
            "words",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "intake.InterviewDraft",
    {
        **technical("id", "created_at", "application", "interviewer", "changed_at"),
        **personal(
            Level.RESTRICTED,
            "keeps a half-filled form when the connection is lost; only its author reads it",
            "typed",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("application__person"),
)
declare(
    "intake.InterviewSlot",
    {
        **technical("id", "created_at", "division", "interviewer", "starts_at", "minutes", "way", "withdrawn_at"),
        **technical("application"),
        **personal(Level.CASEWORK, "tells both where to come", "place", erasure=Erasure.KEEP),
    },
    subject=nobody("an interviewer’s time; whoever took it finds it at her interview"),
)
declare(
    "intake.InterviewOffer",
    {
        **technical("id", "created_at", "application", "offered_at", "refused_at"),
        **personal(
            Level.CASEWORK,
            "shows who wrote to her",
            *("offered_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "finds a time that suits her",
            "words",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("application__person"),
)
declare(
    "intake.ProfileConfirmation",
    {
        **technical("id", "created_at", "application", "asked_at", "confirmed_at", "way", "language"),
        **technical("seen_at", "seen_by"),
        **personal(
            Level.CASEWORK,
            "shows who asked her",
            *("asked_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "shows her coordinator what she has corrected",
            "corrected",
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("application__person"),
)
declare(
    "intake.Reference",
    {
        **technical("id", "created_at", "application", "kind", "state", "seen_on"),
        **personal(
            Level.CASEWORK,
            "shows that somebody has vouched for her",
            *("words", "reason"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "shows who has seen it",
            *("seen_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("application__person"),
)
# Nobody on the desk sees a draft. It is deleted a month after its last change, and emptied as soon as it is sent.
declare(
    "intake.ApplicationDraft",
    {
        **technical("id", "created_at", "role", "programme", "division", "step", "referral", "came_through"),
        **technical("entered_by", "changed_at", "expires_on", "submitted_at", "person", "application"),
        **personal(
            Level.RESTRICTED,
            "lets her go on writing where she stopped",
            *("language", "first_name", "last_name", "answers"),
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.RESTRICTED,
            "sends her the way back to what she has written",
            *("email", "phone", "safe_contact", "contact_way", "contact_from", "contact_until", "hides_network"),
            "confirmed",
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare("intake.ConsentText", setup("id", "created_at", "purpose", "language", "number", "text", "hash"))
declare(
    "intake.Consent",
    {
        **technical("id", "created_at", "person", "purpose", "text"),
        **personal(
            Level.CASEWORK,
            "shows what she has agreed to, and when",
            *("given_at", "withdrawn_at", "how", "heard_by", "heard_by_name"),
            retention=Retention.LOG,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "intake.Referral",
    {
        **technical("id", "created_at", "person"),
        **personal(Level.CASEWORK, "thanks whoever sends people to us", "code", "since", erasure=Erasure.DELETE),
    },
    subject=about("person"),
)
declare(
    "intake.IntakeLimit",
    setup(
        *("id", "created_at", "division", "programme", "most", "median_days", "opens_at", "does", "words"),
        *("step", "step_on", "has_closed", "rests_until", "changed_by"),
    ),
)
declare(
    "intake.Earlier",
    {
        **technical("id", "created_at", "enrolment", "division", "over_at", "is_undone"),
        **personal(
            Level.CASEWORK,
            "shows that the order of the waiting list is kept, and why it once was not",
            *("reason", "passed_over"),
            erasure=Erasure.KEEP,
        ),
        **personal(Level.CASEWORK, "explains why she was taken earlier", "words", retention=Retention.NOTES),
        **personal(
            Level.CASEWORK,
            "shows who answers for it",
            *("noted_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("enrolment__person"),
)
declare(
    "intake.IntakeWindow",
    setup("id", "created_at", "division", "role", "programme", "is_open", "since", "reason", "changed_by"),
)
declare(
    "intake.ContactPerson",
    {
        **technical("id", "created_at", "person", "division", "state", "referred_by"),
        **personal(
            Level.CASEWORK, "shows how long she has helped", "asked_on", "confirmed_on", "left_on", erasure=Erasure.KEEP
        ),
        **personal(Level.CASEWORK, "tells what she can be asked about", "field_words", "groups", "regions"),
        **personal(Level.CASEWORK, "shows which recruiting works", "heard_through"),
    },
    subject=about("person"),
)
