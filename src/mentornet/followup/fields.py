"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about, declare, personal

_SEES_TO_IT = "lets somebody outside the pair see to what is wrong"
_SHOWS_WHO = "shows that somebody has seen to it, and a second one has looked"

declare(
    "followup.Concern",
    {
        **personal(
            Level.RESTRICTED,
            _SEES_TO_IT,
            *("id", "created_at", "raised_by", "partnership", "division", "coordinator"),
            *("about", "addressee", "kept_from", "state"),
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
