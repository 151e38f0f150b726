"""Why somebody is erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody is erased: chosen, not written, since words may name her."""

    ASKED = "asked", _("She has asked for it")
    OVER = "over", _("What we kept it for is over")
    MISTAKE = "mistake", _("She should never have been entered")
