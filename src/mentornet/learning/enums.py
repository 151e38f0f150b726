"""How a training module was done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How somebody has done a module."""

    READ = "read", _("read, and the questions answered")
    ATTENDED = "attended", _("at a meeting")
    WAIVED = "waived", _("let off by a coordinator")
