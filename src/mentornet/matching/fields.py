"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import (
    Erasure,
    Level,
    Retention,
    about,
    about_pair,
    declare,
    nobody,
    of_side,
    personal,
    setup,
    technical,
)

declare(
    "matching.Proposal",
    {
        **technical("id", "created_at", "mentee", "mentor", "division", "version", "partnership", "state"),
        **technical("score", "rank", "ranked", "loosened", "meets_first", "sent_at", "expires_on", "ended_at"),
        **personal(
            Level.CASEWORK,
            "explains later why these two were proposed",
            *("reason", "again", "bars", "sentences", "end_note"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.CASEWORK,
            "shows who answers for the choice",
            *("chosen_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
        **personal(Level.PARTNER, "brings the two together", "meeting_on", "meeting_time", "meeting_place", "met_on"),
    },
    subject=about_pair(),
)
declare(
    "matching.ProposalAnswer",
    {
        **technical("id", "created_at", "proposal", "side", "round", "channel", "told_on"),
        # The other side learns that it came to nothing, never who said no or why.
        **personal(Level.CASEWORK, "decides whether the two begin", "reply", "decline_reason", erasure=Erasure.KEEP),
        **personal(Level.CASEWORK, "lets the next proposal be better", "note", retention=Retention.NOTES),
        **personal(
            Level.CASEWORK,
            "shows who took the answer down",
            *("taken_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=of_side("proposal"),
)
declare(
    "matching.ProposalQuestion",
    {
        **technical("id", "created_at", "proposal", "side", "answered_at"),
        **personal(
            Level.CASEWORK, "lets her ask before she answers", "text", retention=Retention.NOTES, erasure=Erasure.DELETE
        ),
        **personal(
            Level.CASEWORK,
            "shows who talked with her",
            *("answered_by", "answered_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=of_side("proposal"),
)
declare(
    "matching.MeetingOption",
    {
        **technical("id", "created_at", "proposal", "position", "place"),
        # The two see what is suggested; neither sees what the other has said of it, only what suits both.
        **personal(Level.PARTNER, "finds a time at which both can", "starts_at", erasure=Erasure.DELETE),
        **personal(
            Level.CASEWORK, "finds a time at which both can", "suits_mentee", "suits_mentor", erasure=Erasure.DELETE
        ),
    },
    subject=about_pair("proposal"),
)

_SHOWS_WHO = "shows who answers for it"
_RUNS_AGAIN = "lets a past choice be computed again, and explained"

declare(
    "matching.MatchingMeeting",
    {
        **setup("id", "created_at", "programme", "version", "state", "weights", "floor", "borrows", "revision"),
        **setup("own_weights"),
        **setup("settings_number", "step", "attempt", "asked_at", "heartbeat_at", "closed_at", "act"),
        **personal(
            Level.CASEWORK,
            _SHOWS_WHO,
            *("opened_by", "author_name", "closed_by", "closer_name", "acted_by", "actor_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=nobody("staff: who met, and by which weights; whom it was about stands in the rows beneath"),
)
declare(
    "matching.MeetingDivision",
    setup("id", "created_at", "meeting", "division"),
)
declare(
    "matching.MeetingTie",
    {
        **technical("id", "created_at", "meeting", "kind", "mentee", "mentor", "lifted_at"),
        **personal(
            Level.CASEWORK,
            _SHOWS_WHO,
            *("made_by", "author_name", "lifted_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about_pair(),
)
declare(
    "matching.MeetingPerson",
    {
        **technical("id", "created_at", "meeting", "enrolment", "number", "mark"),
        **personal(Level.CASEWORK, _RUNS_AGAIN, "facts", retention=Retention.NOTES, erasure=Erasure.DELETE),
    },
    subject=about("enrolment__person"),
)
declare(
    "matching.MeetingSnapshot",
    setup("id", "created_at", "meeting", "number", "day", "mark", "mentees", "mentors", "apart", "unbriefed", "kept"),
)
declare(
    "matching.MeetingRun",
    {
        **setup("id", "created_at", "meeting", "number", "snapshot", "cause", "tie", "settings", "locks"),
        **setup("forbidden", "out", "pairs", "pair_count", "total", "fingerprint", "certificate", "checked_at"),
        **personal(
            Level.CASEWORK,
            _SHOWS_WHO,
            *("asked_by", "author_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=nobody("numbers alone, which lead nowhere when the rows of the people are gone"),
)
declare(
    "matching.MeetingDecision",
    {
        **technical("id", "created_at", "meeting", "mentee", "mentor", "outcome", "number", "decided_at", "proposal"),
        **technical("score", "run"),
        **personal(
            Level.CASEWORK,
            "explains later why this was decided, and who saw it otherwise",
            *("reason", "dissent", "refused"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.CASEWORK, _SHOWS_WHO, "decided_by", "author_name", retention=Retention.LOG, erasure=Erasure.KEEP
        ),
    },
    subject=about_pair(),
)
declare(
    "matching.Loan",
    {
        **technical("id", "created_at", "mentee", "mentor", "division", "lender", "state", "proposal"),
        **technical("expires_on", "answered_at", "until_on", "ended_at"),
        **personal(
            Level.CASEWORK,
            "lets another division decide whether it lends a mentor",
            *("seen", "reason", "answer"),
            retention=Retention.NOTES,
        ),
        **personal(
            Level.CASEWORK,
            "shows who asked and who answered",
            *("asked_by", "author_name", "answered_by", "answered_name"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about_pair(),
)
declare(
    "matching.ShortageMap",
    setup(
        *("id", "created_at", "division", "programme", "asked_by", "state", "attempt", "read", "in_all"),
        *("heartbeat_at", "computed_at", "content"),
    ),
)
declare(
    "matching.Forecast",
    setup(
        *("id", "created_at", "asked_by", "state", "attempt", "played", "in_all", "heartbeat_at"),
        *("computed_at", "until", "matches", "content"),
    ),
)
declare(
    "matching.FiveMore",
    setup(
        *("id", "created_at", "asked_by", "state", "attempt", "played", "in_all", "heartbeat_at", "computed_at"),
        *("division", "programme", "occupation", "language", "time", "online", "content"),
    ),
)
