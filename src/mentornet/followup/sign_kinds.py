"""Kinds of early signs, and how far a computation has come: words of the desk, which participants never meet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# Early signs ----------------------------------------------------------------------------------------------------------


class SignKind(models.TextChoices):
    """What may tell early that a partnership will not last."""

    UNMET = "unmet", _("not met for long")
    FALLING = "falling", _("it goes less well")
    ONE_SILENT = "one_silent", _("one side does not answer")
    BOTH_SILENT = "both_silent", _("neither side answers")
    PACE = "pace", _("meets less often than agreed")


# How long partnerships last -------------------------------------------------------------------------------------------


class FitState(models.TextChoices):
    """How far a computation has come."""

    AT_WORK = "at_work", _("being computed")
    DONE = "done", _("done")
