"""Writing the handbook and the training, and noting who has read and done what."""

from __future__ import annotations

from mentornet.learning.services.approving import decide_on
from mentornet.learning.services.reminding import remind_of_training
from mentornet.learning.services.shipping import SHIPPED, install_shipped
from mentornet.learning.services.studying import Checked, answer_questions, forget_read, note_read
from mentornet.learning.services.training import let_off, note_evening, note_training, take_training_back
from mentornet.learning.services.writing import rewrite_chapter, rewrite_module

__all__ = [
    "SHIPPED",
    "Checked",
    "answer_questions",
    "decide_on",
    "forget_read",
    "install_shipped",
    "let_off",
    "note_evening",
    "note_read",
    "note_training",
    "remind_of_training",
    "rewrite_chapter",
    "rewrite_module",
    "take_training_back",
]
