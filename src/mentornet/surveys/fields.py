"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from typing import Final

from mentornet.common.fields import Erasure, Level, declare, nobody, of_side, personal, setup, technical

_SHOWS: Final = "shows in time how it goes for each of the two"

declare(
    "surveys.Questionnaire",
    setup(
        *("id", "created_at", "key", "programme", "aim", "who", "is_anonymous", "due", "closed_on"),
        *("draft", "draft_number"),
    ),
)
declare(
    "surveys.QuestionnaireVersion",
    setup("id", "created_at", "questionnaire", "number", "title", "questions", "created_by", "author_name", "reason"),
)
declare(
    "surveys.Ask",
    {
        **technical("id", "created_at", "questionnaire", "version", "partnership", "side", "occasion", "is_anonymous"),
        **personal(
            Level.CASEWORK,
            "counts who was asked, and who has answered",
            *("due_on", "asked_at", "reminded_at", "answered_at", "state", "said"),
            erasure=Erasure.KEEP,
        ),
        **personal(Level.CASEWORK, _SHOWS, "answers"),
    },
    subject=of_side("partnership"),
)
declare(
    "surveys.AnonymousAnswer",
    personal(
        Level.CASEWORK,
        "counts what was answered; nobody knows by whom",
        *("id", "version", "division", "side", "month", "question", "value"),
        erasure=Erasure.KEEP,
    ),
    subject=nobody("an answer of which nobody knows who gave it: it leads to no person, pair or asking"),
)
