"""What is written down about backups."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What was done."""

    BACKUP = "backup", pgettext_lazy("what was done", "backup")
    DRILL = "drill", pgettext_lazy("what was done", "restore drill")
    RESTORE = "restore", pgettext_lazy("what was done", "restore")
