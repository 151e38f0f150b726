"""Setting up questionnaires, asking both sides, and writing down what they answer."""

from __future__ import annotations

from mentornet.surveys.services.answering import answer, pass_over
from mentornet.surveys.services.asking import (
    ask_both_sides,
    ask_by_hand,
    ask_due,
    ask_in_background,
    let_go,
    remind,
    withdraw_end,
)
from mentornet.surveys.services.shipping import install_questionnaires
from mentornet.surveys.services.writing import (
    change_due,
    close_questionnaire,
    discard_draft,
    publish,
    start_questionnaire,
    write_draft,
)

__all__ = [
    "answer",
    "ask_both_sides",
    "ask_by_hand",
    "ask_due",
    "ask_in_background",
    "change_due",
    "close_questionnaire",
    "discard_draft",
    "install_questionnaires",
    "let_go",
    "pass_over",
    "publish",
    "remind",
    "start_questionnaire",
    "withdraw_end",
    "write_draft",
]
