"""How a partnership comes to its end, what came of it, and what each of the two does next: coordinators' words."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class Scenario(models.TextChoices):
    """How it comes to an ending."""

    PLANNED = "planned", pgettext_lazy("an ending", "as the two have agreed")
    UNPLANNED = "unplanned", pgettext_lazy("an ending", "something came in between")
    ONE_SIDED = "one_sided", pgettext_lazy("an ending", "one of them wants to end")
    SAFETY = "safety", pgettext_lazy("an ending", "somebody may not be safe")


class ExitTalk(models.TextChoices):
    """Whether one of the two was talked with at the end."""

    HELD = "held", pgettext_lazy("a last talk", "we have talked")
    NOT_REACHED = "not_reached", pgettext_lazy("a last talk", "she could not be reached")
    NOT_WANTED = "not_wanted", pgettext_lazy("a last talk", "she does not want to talk about it")


class Said(models.TextChoices):
    """An answer of which it may also be known that nobody knows it."""

    YES = "yes", pgettext_lazy("an answer", "yes")
    NO = "no", pgettext_lazy("an answer", "no")
    UNKNOWN = "unknown", pgettext_lazy("an answer", "not known")


class Work(models.TextChoices):
    """What she does for a living at the end: the codes in which outcomes are counted."""

    ORDINARY = "ordinary", pgettext_lazy("outcome", "an ordinary job")
    SUBSIDISED = "subsidised", pgettext_lazy("outcome", "a job with a wage subsidy")
    PLACEMENT = "placement", pgettext_lazy("outcome", "a work placement")
    IGU = "igu", pgettext_lazy("outcome", "IGU, basic education with pay")
    EDUCATION = "education", pgettext_lazy("outcome", "an education")
    SELF_EMPLOYED = "self_employed", pgettext_lazy("outcome", "a business of her own")
    NONE = "none", pgettext_lazy("outcome", "none of these")
    UNKNOWN = "unknown", pgettext_lazy("outcome", "not known")


PAID: Final = (Work.ORDINARY, Work.SUBSIDISED, Work.IGU, Work.SELF_EMPLOYED)
"""What has hours, and a level that may be her own."""


class LaterContact(models.TextChoices):
    """What the two may do once it has ended."""

    FREE = "free", pgettext_lazy("later contact", "they may keep in touch as they like")
    OFFICE = "office", pgettext_lazy("later contact", "only through the office")
    NONE = "none", pgettext_lazy("later contact", "no contact")


class MenteeNext(models.TextChoices):
    """What the mentee does after the ending."""

    OLD_PLACE = "old_place", pgettext_lazy("after an ending", "she waits again, in her old place")
    FROM_NOW = "from_now", pgettext_lazy("after an ending", "she waits again, from the day it ended")
    LEAVES = "leaves", pgettext_lazy("after an ending", "she leaves with this")


class MentorNext(models.TextChoices):
    """What the mentor does after the ending."""

    RESTS = "rests", pgettext_lazy("after an ending", "she rests, and is back by herself")
    READY = "ready", pgettext_lazy("after an ending", "she is ready for another mentee at once")
    LEAVES = "leaves", pgettext_lazy("after an ending", "she stops as a mentor")
