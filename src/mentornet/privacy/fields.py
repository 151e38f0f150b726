"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about, declare, nobody, personal, setup, technical

declare(
    "privacy.Erasure",
    setup("id", "number", "at", "key", "kind", "reason", "erased_by", "emptied"),
    subject=nobody("tells of nobody to whoever does not have her key already"),
)
declare(
    "privacy.Breach",
    personal(
        Level.CASEWORK,
        "shows what went wrong with data, and that it was seen to",
        *("id", "created_at", "found_at", "due_at", "found_by", "reported_by", "reporter_name", "division", "happened"),
        *("kinds", "people", "measures", "risk", "risk_words", "authority_told_at", "authority_reference"),
        *("authority_words", "has_no_duty", "people_told_at", "people_words", "follow_up"),
        *("settled_at", "settled_by", "settled_name", "closed_at", "closed_by", "closer_name"),
        retention=Retention.LOG,
        erasure=Erasure.KEEP,
    ),
    subject=nobody("tells of an event and of how many; whoever writes it is asked to name nobody"),
)
declare("privacy.RetentionTerm", setup("id", "created_at", "retention", "days", "reason", "set_by", "author_name"))
declare("privacy.RetentionRun", setup("id", "created_at", "night", "finished_at", "erased", "waiting"))
declare("privacy.RetentionCount", setup("id", "run", "retention", "table", "count"))
declare(
    "privacy.RetentionHold",
    {
        **technical("id", "created_at", "person"),
        **personal(
            Level.CASEWORK,
            "keeps what is still needed after its time, and says why",
            *("until", "reason", "set_by", "author_name", "lifted_at", "lifted_by"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "privacy.Assessment",
    setup("id", "created_at", "number", "mark", "columns", "program", "words", "signed_by", "author_name"),
)
declare(
    "privacy.Request",
    {
        **technical("id", "created_at", "person", "division", "kind", "way", "outcome"),
        **technical("received_on", "due_on", "extended_on", "closed_at"),
        **personal(
            Level.CASEWORK,
            "answers what she asks about her data, and shows that she was answered",
            *("words", "extension_reason", "answer"),
            retention=Retention.LOG,
        ),
        **personal(
            Level.CASEWORK,
            "shows who answers for it",
            *("taken_by", "closed_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("person"),
)
declare(
    "privacy.Disclosure",
    {
        **technical("id", "created_at", "person", "division"),
        **personal(
            Level.CASEWORK,
            "shows who outside was told what about her",
            *("told_on", "told_to", "told", "reason", "ground", "written_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "keeps an inquiry from being told of too early",
            *("held_back_reason", "review_on"),
            retention=Retention.LOG,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "privacy.Demand",
    personal(
        Level.CASEWORK,
        "shows that a list of people was asked for, and what was answered",
        *("id", "created_at", "division", "asked_on", "asked_by", "asked", "answer", "answer_words"),
        *("written_by", "author_name"),
        retention=Retention.LOG,
        erasure=Erasure.KEEP,
    ),
    subject=nobody("tells of a demand; whoever writes it is asked to name nobody"),
)
declare(
    "privacy.Merge",
    {
        **technical("id", "created_at", "person", "gone_id", "gone_user_id", "undo_until", "undone_at"),
        **personal(
            Level.CASEWORK,
            "lets two rows that were made one be two again, and shows who answers for it",
            *("reason", "merged_by", "author_name", "steps", "undone_by", "undone_name"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "privacy.NotTheSame",
    {
        **technical("id", "created_at", "one", "other"),
        **personal(
            Level.CASEWORK,
            "keeps two women who look like one from being taken for one",
            *("noted_by", "author_name"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("one", "other"),
)
