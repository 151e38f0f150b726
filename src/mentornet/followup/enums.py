"""Quiet words, talks, what the two have of it: their states, and what one chooses from."""

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


class Heard(models.TextChoices):
    """How a concern came to be written down."""

    WRITTEN = "written", pgettext_lazy("a quiet word", "she has written it herself")
    TOLD = "told", pgettext_lazy("a quiet word", "she has told it to one of us")
    SEEN = "seen", pgettext_lazy("a quiet word", "one of us has seen it")


class Passed(models.TextChoices):
    """What passes from one coordinator to another."""

    PLACE = "place", pgettext_lazy("handover", "somebody’s place")
    TALK = "talk", pgettext_lazy("handover", "an interview")
    TASK = "task", pgettext_lazy("handover", "a task")
    WORD = "word", pgettext_lazy("handover", "what was told in confidence")


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


# Talks ----------------------------------------------------------------------------------------------------------------


class WithWhom(models.TextChoices):
    """With whom of a pair somebody has talked."""

    MENTEE = "mentee", pgettext_lazy("a talk with", "the mentee")
    MENTOR = "mentor", pgettext_lazy("a talk with", "the mentor")
    BOTH = "both", pgettext_lazy("a talk with", "both")


class TalkWay(models.TextChoices):
    """How somebody has talked with one of a pair."""

    PHONE = "phone", pgettext_lazy("a talk", "on the phone")
    IN_PERSON = "in_person", pgettext_lazy("a talk", "face to face")
    MESSAGE = "message", pgettext_lazy("a talk", "by message")
    OTHER = "other", pgettext_lazy("a talk", "in another way")


class Going(models.TextChoices):
    """How it goes, as she says it herself."""

    WELL = "well", pgettext_lazy("how it goes", "well")
    SO_SO = "so_so", pgettext_lazy("how it goes", "so-so")
    BADLY = "badly", pgettext_lazy("how it goes", "badly")


MINUTES: Final = (5, 10, 15, 30, 45, 60)
"""How long a talk was, to choose from."""


# What the two have of it ----------------------------------------------------------------------------------------------


class Stage(models.TextChoices):
    """How far a pair has come, for the question that is put to each of them."""

    BEGINNING = "beginning"
    UNDERWAY = "underway"
    HARD = "hard"
    ENDING = "ending"


class Occasion(models.TextChoices):
    """Why an impact letter is written."""

    YEAR = "year"
    END = "end"


class ImpactState(models.TextChoices):
    """How far a letter to the mentor has come. Nothing but her own yes brings it to the mentor."""

    DRAFT = "draft"
    ASKED = "asked"
    APPROVED = "approved"
    SENT = "sent"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


_I = ImpactState
IMPACT_STEPS: Final = Transitions(
    {
        _I.DRAFT: (_I.ASKED, _I.LAPSED),
        _I.ASKED: (_I.APPROVED, _I.DECLINED, _I.LAPSED),
        # Until it leaves she may think again; what changes meanwhile between the two stops it.
        _I.APPROVED: (_I.SENT, _I.ASKED, _I.DECLINED, _I.LAPSED),
        _I.SENT: (_I.WITHDRAWN,),
        _I.DECLINED: (),
        _I.LAPSED: (),
        _I.WITHDRAWN: (),
    }
)
UNDER_WAY: Final = (_I.DRAFT, _I.ASKED, _I.APPROVED)
"""Of these there is one at a time between two."""
SPEAKING: Final = (_I.ASKED, _I.APPROVED, _I.SENT)
"""In these a letter holds words."""
SILENT: Final = (_I.DECLINED, _I.LAPSED, _I.WITHDRAWN)
"""In these nothing of its words is kept."""


class Fact(models.TextChoices):
    """What may be in a letter to the mentor, each for itself."""

    MET = "met", pgettext_lazy("in a letter to the mentor", "How often you have met")
    HOURS = "hours", pgettext_lazy("in a letter to the mentor", "How many hours you have spent together")
    GOALS = "goals", pgettext_lazy("in a letter to the mentor", "Goals that are reached")
    STEPS = "steps", pgettext_lazy("in a letter to the mentor", "How many small steps are done")
    DOORS = "doors", pgettext_lazy("in a letter to the mentor", "How many doors were opened")
    CAME_OF_IT = "came_of_it", pgettext_lazy("in a letter to the mentor", "What came of the doors")
    DANISH = "danish", pgettext_lazy("in a letter to the mentor", "That your Danish has come further")
