"""How a question stands that is asked once a partnership has ended, and what is answered: coordinators' words."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class AfterState(models.TextChoices):
    """How a question stands that is asked some months after a partnership has ended."""

    PLANNED = "planned", pgettext_lazy("asked afterwards", "to be asked")
    ASKED = "asked", pgettext_lazy("asked afterwards", "asked, no answer yet")
    ANSWERED = "answered", pgettext_lazy("asked afterwards", "answered")
    NO_ANSWER = "no_answer", pgettext_lazy("asked afterwards", "no answer")
    UNREACHABLE = "unreachable", pgettext_lazy("asked afterwards", "could not be reached")
    UNWANTED = "unwanted", pgettext_lazy("asked afterwards", "does not want to be asked")
    NOT_ASKED = "not_asked", pgettext_lazy("asked afterwards", "was not asked")
    CANCELLED = "cancelled", pgettext_lazy("asked afterwards", "called off")


_A = AfterState
AFTER_STEPS: Final = Transitions(
    {
        _A.PLANNED: (_A.ASKED, _A.ANSWERED, _A.UNREACHABLE, _A.UNWANTED, _A.NOT_ASKED, _A.CANCELLED),
        _A.ASKED: (_A.ANSWERED, _A.NO_ANSWER, _A.UNREACHABLE, _A.UNWANTED, _A.CANCELLED),
        # She may answer late, and change what she has answered.
        _A.NO_ANSWER: (_A.ANSWERED, _A.UNREACHABLE, _A.UNWANTED, _A.CANCELLED),
        _A.ANSWERED: (_A.ANSWERED, _A.CANCELLED),
        _A.UNREACHABLE: (_A.ANSWERED, _A.UNWANTED, _A.CANCELLED),
        _A.UNWANTED: (_A.ANSWERED, _A.CANCELLED),
        _A.NOT_ASKED: (_A.ANSWERED, _A.CANCELLED),
        _A.CANCELLED: (),
    }
)
WAS_ASKED: Final = (_A.ASKED, _A.ANSWERED, _A.NO_ANSWER, _A.UNREACHABLE)
"""The states of those of whom an answer could be expected: what a response rate is counted of."""


class AnsweredHow(models.TextChoices):
    """Who has given the answer, and how."""

    HERSELF = "herself", pgettext_lazy("asked afterwards", "by her own tap")
    CALL = "call", pgettext_lazy("asked afterwards", "on the telephone, noted by a coordinator")


class Doing(models.TextChoices):
    """What a mentee does now, in four words."""

    WORK = "work", pgettext_lazy("what she does now", "in work")
    EDUCATION = "education", pgettext_lazy("what she does now", "in education")
    LOOKING = "looking", pgettext_lazy("what she does now", "looking for work")
    OTHER = "other", pgettext_lazy("what she does now", "something else")
