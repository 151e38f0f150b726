"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about_pair, declare, of_side, personal, technical

declare(
    "matching.Proposal",
    {
        **technical("id", "created_at", "mentee", "mentor", "division", "version", "partnership", "state"),
        **technical("score", "rank", "ranked", "loosened", "meets_first", "sent_at", "expires_on", "ended_at"),
        **personal(
            Level.CASEWORK,
            "explains later why these two were proposed",
            *("reason", "bars", "sentences", "end_note"),
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
