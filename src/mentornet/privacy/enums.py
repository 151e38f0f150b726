"""Why somebody is erased, how a breach stands, and what somebody asks about her data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody is erased: chosen, not written, since words may name her."""

    ASKED = "asked", _("She has asked for it")
    OVER = "over", _("What we kept it for is over")
    MISTAKE = "mistake", _("She should never have been entered")


class Risk(models.TextChoices):
    """What may come of a breach for the people whose data it is about."""

    NONE = "none", _("Unlikely that anything comes of it")
    SOME = "some", _("A risk")
    HIGH = "high", _("A high risk")


class BreachState(models.TextChoices):
    """How the clock of 72 hours stands."""

    RUNNING = "running", _("The clock runs")
    IN_TIME = "in_time", _("Told in time")
    LATE = "late", _("Told late")
    NO_DUTY = "no_duty", _("Need not be told")


class Kept(models.TextChoices):
    """Why somebody whose time is over is left alone."""

    OPEN = "open", _("Something of hers is still open")
    RESTRICTED = "restricted", _("Her data are restricted")
    HELD = "held", _("Somebody holds her back")
    PROTECTED = "protected", _("She is protected")


class RequestKind(models.TextChoices):
    """What somebody asks about her data."""

    ACCESS = "access", _("a copy of what is kept")
    CORRECTION = "correction", _("a correction")
    RESTRICTION = "restriction", _("to let her data rest")
    OBJECTION = "objection", _("to stop using her data for something")
    ERASURE = "erasure", _("to be forgotten")
    WITHDRAWAL = "withdrawal", _("to take back what she agreed to")


class RequestWay(models.TextChoices):
    """How a request came."""

    PORTAL = "portal", _("on her own page")
    LETTER = "letter", _("by letter or mail")
    TELEPHONE = "telephone", _("by telephone")
    IN_PERSON = "in_person", _("face to face")


class Outcome(models.TextChoices):
    """How a request ended; empty while it is open."""

    DONE = "done", _("It was done")
    REFUSED = "refused", _("It was refused")
    TAKEN_BACK = "taken_back", _("She has taken it back")


class Ground(models.TextChoices):
    """On which ground somebody outside was told something."""

    CONSENT = "consent", _("She has agreed to it")
    HER_INTEREST = "vital", _("Her life or health was at stake")
    LAW = "law", _("The law demands it")
    CONTRACT = "contract", _("It is needed for what she has asked us to do")
    INTEREST = "interest", _("We had a good reason that weighs more than hers")


class DemandAnswer(models.TextChoices):
    """What was answered to somebody who wanted a list of people."""

    REFUSED = "refused", _("Refused: nothing was handed out")
    ORDERED = "ordered", _("Handed out, as a court has ordered it")
    WAITS = "waits", _("Not answered yet")
