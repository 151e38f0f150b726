"""What a concern is about, who reads it, and how far it has come."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class About(models.TextChoices):
    """What somebody writes about."""

    PARTNERSHIP = "partnership", pgettext_lazy("a quiet word", "how we work together")
    PARTNER = "partner", pgettext_lazy("a quiet word", "the other person")
    COORDINATOR = "coordinator", pgettext_lazy("a quiet word", "the coordinator or the office")
    OTHER = "other", pgettext_lazy("a quiet word", "something else")


ABOUT_A_PARTNER: Final = (About.PARTNERSHIP, About.PARTNER)
"""What is about whoever she works with; without a partnership named, it may be any of them."""


class Addressee(models.TextChoices):
    """Who reads it first."""

    COORDINATOR = "coordinator", pgettext_lazy("who reads it", "my coordinator")
    NATIONAL_LEAD = "national_lead", pgettext_lazy("who reads it", "the national lead, and nobody at my office")


class ConcernState(models.TextChoices):
    """How far a concern has come."""

    RAISED = "raised", pgettext_lazy("concern", "waits for somebody")
    TAKEN = "taken", pgettext_lazy("concern", "somebody sees to it")
    RESOLVED = "resolved", pgettext_lazy("concern", "waits for a second reader")
    CLOSED = "closed", pgettext_lazy("concern", "closed")


_S = ConcernState
CONCERN_STEPS: Final = Transitions(
    {
        _S.RAISED: (_S.TAKEN,),
        _S.TAKEN: (_S.RESOLVED,),
        # A second reader who is not content gives it back.
        _S.RESOLVED: (_S.CLOSED, _S.TAKEN),
        _S.CLOSED: (),
    }
)
OPEN: Final = (_S.RAISED, _S.TAKEN, _S.RESOLVED)
