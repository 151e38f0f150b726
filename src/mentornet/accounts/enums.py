"""What a personal link or a one-time code is for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """The one thing that a link, or a code, opens."""

    DRAFT = "draft", _("go on with an application")
    STATUS = "status", _("see how an application stands")
    INTERVIEW = "interview", _("choose a time for a talk")
    CONFIRM = "confirm", _("read and correct what is written")
    PROPOSAL = "proposal", _("answer a proposal")
    PARTNERSHIP = "partnership", _("a partnership")
    RETURN = "return", _("come back after a rest")
    TRAINING = "training", _("do the training")
    AFTERWARDS = "afterwards", _("tell how it goes afterwards")
    SURVEY = "survey", _("answer a few questions")
    SEARCH = "search", _("say whether she knows somebody")
    EXPERT = "expert", _("read what is kept of an expert, and say no")
    SIGN_IN = "sign_in", _("sign in")
    TRIAL = "trial", _("see whether letters arrive")


class Door(models.TextChoices):
    """By which of the two doors somebody signed in: each opens its own rooms."""

    STAFF = "staff", _("for staff")
    PORTAL = "portal", _("for participants")
