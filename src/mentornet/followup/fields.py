"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import (
    Erasure,
    Level,
    Retention,
    about,
    about_pair,
    declare,
    hanging_on,
    nobody,
    of_side,
    personal,
    setup,
    technical,
)

_SEES_TO_IT = "lets somebody outside the pair see to what is wrong"
_SHOWS_WHO = "shows that somebody has seen to it, and a second one has looked"

declare(
    "followup.Concern",
    {
        **personal(
            Level.RESTRICTED,
            _SEES_TO_IT,
            *("id", "created_at", "raised_by", "partnership", "division", "coordinator"),
            *("about", "addressee", "kept_from", "heard", "written_by", "author_name", "state"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.RESTRICTED,
            _SEES_TO_IT,
            *("words", "wants_call", "call_words", "outcome"),
            retention=Retention.LOG,
        ),
        **personal(
            Level.RESTRICTED,
            _SHOWS_WHO,
            *("taken_at", "taken_by", "resolved_at", "resolved_by", "closed_at", "closed_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("raised_by"),
)
declare(
    "followup.ConcernNote",
    {
        **personal(
            Level.RESTRICTED,
            _SHOWS_WHO,
            *("id", "created_at", "concern", "written_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
        **personal(Level.RESTRICTED, _SEES_TO_IT, "text", retention=Retention.LOG, erasure=Erasure.DELETE),
    },
    subject=about("concern__raised_by"),
)
declare(
    "followup.Afterwards",
    {
        **technical("id", "created_at", "partnership", "side", "month", "due_on", "state"),
        **technical("asked_at", "reminded_at", "answered_at", "answered_by", "how"),
        **personal(
            Level.CASEWORK,
            "shows how it goes for her since, and counts it",
            *("doing", "hours", "own_level", "danish_better", "again", "may_ask_again"),
            erasure=Erasure.KEEP,
        ),
    },
    subject=of_side("partnership"),
)
declare(
    "followup.EarlySign",
    {
        **technical("id", "created_at", "partnership", "side"),
        **personal(
            Level.CASEWORK,
            "lets a coordinator call before it is too late",
            *("kind", "facts", "first_seen_on", "last_seen_on", "gone_on"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.CASEWORK,
            "tells the next coordinator why it is no sign",
            *("put_aside_until", "put_aside_reason", "put_aside_by"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "followup.SurvivalFit",
    setup(
        *("id", "created_at", "asked_by", "state", "attempt", "read", "in_all", "heartbeat_at"),
        *("fitted_at", "until", "endings", "content"),
    ),
)
declare(
    "followup.ConcernAlarm",
    personal(
        Level.RESTRICTED,
        "shows that somebody was told that something waits",
        *("id", "created_at", "concern", "user", "round"),
        retention=Retention.LOG,
        erasure=Erasure.KEEP,
    ),
    subject=about("concern__raised_by"),
)
declare(
    "followup.Handover",
    {
        **technical("id", "created_at", "division", "count", "has_written", "taken_back_at"),
        **personal(
            Level.CASEWORK,
            "shows who looked after whom, and since when",
            *("former", "receiver", "note", "made_by", "author_name", "taken_back_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=nobody("staff: from whom to whom, and how many; who they are stands in the rows beneath"),
)
declare(
    "followup.HandedOn",
    {
        **technical("id", "created_at", "handover"),
        **personal(
            Level.RESTRICTED,
            "lets a handover be taken back exactly",
            *("kind", "target_id"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=hanging_on("target_id"),
)
declare(
    "followup.Talk",
    {
        **technical("id", "created_at", "partnership", "with_whom"),
        **personal(
            Level.CASEWORK,
            "looks after the pair, and the counts",
            *("on", "way", "was_reached", "minutes", "next_call_on"),
            erasure=Erasure.KEEP,
        ),
        **personal(
            Level.CASEWORK,
            "lets another coordinator take over",
            *("going", "seen"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.RESTRICTED,
            "lets another coordinator take over",
            "thought",
            retention=Retention.NOTES,
        ),
        **personal(
            Level.CASEWORK,
            "shows who wrote it",
            *("written_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=of_side("partnership", "with_whom"),
)
declare(
    "followup.CadenceRun",
    setup(
        *("id", "created_at", "night", "reached", "finished_at"),
        *("total", "looked_at", "asked", "moved", "withdrawn"),
    ),
)
declare(
    "followup.Reflection",
    personal(
        Level.RESTRICTED,
        "is hers alone: neither her partner nor staff read it, unless she shares it",
        *("id", "created_at", "partnership", "person", "prompt", "text", "changed_at", "shared_at", "for_letter_at"),
        retention=Retention.NOTES,
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
declare(
    "followup.LetterWish",
    personal(
        Level.RESTRICTED,
        "keeps out of letters to the mentor what one of the two does not want there; nobody else is told",
        *("id", "created_at", "partnership", "side", "wants_none", "leaves_out", "changed_at"),
        retention=Retention.NOTES,
        erasure=Erasure.DELETE,
    ),
    subject=of_side("partnership"),
)
declare(
    "followup.ImpactLetter",
    {
        **technical("id", "created_at", "partnership", "occasion", "due_on", "since", "until"),
        **personal(
            Level.RESTRICTED,
            "asks the mentee alone whether a letter goes to her mentor",
            *("state", "asked_at", "answer_by", "approved_at", "sent_at", "ended_at"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.RESTRICTED,
            "tells the mentor what the two have done, as the mentee has said yes to it",
            *("chosen", "words", "texts", "language_mentee", "language_mentor"),
            retention=Retention.NOTES,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about_pair("partnership"),
)
declare(
    "followup.Certificate",
    {
        **personal(
            Level.CASEWORK,
            "lets her show what she has done, and others see that it is true",
            *("id", "created_at", "person", "division", "role", "since", "until", "facts", "signer"),
            *("issued_on", "issued_by", "outlives", "withdrawn_at"),
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.RESTRICTED,
            "checks a paper that somebody holds, without a name",
            *("code_hash", "sealed_code", "name_hash"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "followup.TenureThanks",
    personal(
        Level.CASEWORK,
        "thanks her once for so many years",
        *("id", "created_at", "person", "division", "years", "reached_on", "called_at", "called_by"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person"),
)
