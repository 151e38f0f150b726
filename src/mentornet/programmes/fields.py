"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import declare, setup

declare("programmes.Programme", setup("id", "created_at", "name", "division", "closed_on"))
declare(
    "programmes.ProgrammeVersion",
    setup(
        *("id", "programme", "number", "eligibility", "weights", "neutral", "floor", "min_language"),
        *("waiting_bonus", "waiting_days", "expiry_days", "meets_first", "references", "modules", "care_settings"),
        "customs",
        # Whoever changes the rules answers for it as staff: it tells about no participant.
        *("created_at", "created_by", "author_name", "reason"),
    ),
)
declare(
    "programmes.RefusedName",
    # What a member of staff wrote about a criterion, and answers for as staff: it tells about no participant.
    setup("id", "created_at", "programme", "words", "ground", "written_by", "author_name"),
)
