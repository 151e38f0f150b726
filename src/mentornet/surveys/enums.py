"""What a questionnaire is for, whom it asks, what its questions are like, and how one asking stands."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class Aim(models.TextChoices):
    """What a questionnaire is for."""

    CHECK_IN = "check_in", pgettext_lazy("questionnaire", "how it goes")
    QUALITY = "quality", pgettext_lazy("questionnaire", "what it is like for both")
    FREE = "free", pgettext_lazy("questionnaire", "something else")


class Asked(models.TextChoices):
    """Whom a questionnaire, or one question of it, asks."""

    BOTH = "both", pgettext_lazy("asked", "both")
    MENTEE = "mentee", pgettext_lazy("asked", "the mentee")
    MENTOR = "mentor", pgettext_lazy("asked", "the mentor")


class AnswerKind(models.TextChoices):
    """How a question is answered."""

    SCALE = "scale", pgettext_lazy("answer", "from 1 to 5")
    SINGLE = "single", pgettext_lazy("answer", "one of several")
    MULTIPLE = "multiple", pgettext_lazy("answer", "several of several")
    NUMBER = "number", pgettext_lazy("answer", "a number")
    TEXT = "text", pgettext_lazy("answer", "in her own words")


class AskState(models.TextChoices):
    """How one asking stands."""

    OPEN = "open", pgettext_lazy("asking", "not answered yet")
    BEGUN = "begun", pgettext_lazy("asking", "begun")
    ANSWERED = "answered", pgettext_lazy("asking", "answered")
    SILENT = "silent", pgettext_lazy("asking", "not answered")


_S = AskState
ASK_STEPS: Final = Transitions(
    {
        _S.OPEN: (_S.BEGUN, _S.ANSWERED, _S.SILENT),
        _S.BEGUN: (_S.ANSWERED,),
        _S.ANSWERED: (),
        _S.SILENT: (),
    }
)
HAS_ANSWERED: Final = (_S.BEGUN, _S.ANSWERED)
"""Something was answered: what is counted as a reply."""

GOING: Final = "going"
"""The question of a check-in that says how it goes: from 1 to 5."""
MET: Final = "met"
"""The question of a check-in that says how often they have met; four is four or more."""
CALL: Final = "call"
"""The question of a check-in that says whether she wants to be called."""
YES: Final = "yes"
"""The answer to it that makes a task."""
SCALE: Final = (1, 2, 3, 4, 5)
