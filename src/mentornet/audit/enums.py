"""What can be wrong with the audit's chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fault(models.TextChoices):
    """What does not fit."""

    MISSING = "missing", _("An entry is missing here.")
    CHANGED = "changed", _("This entry is not as it was written.")
    UNFIT = "unfit", _("The seal of this entry does not follow from the one before.")
    FOREIGN = "foreign", _("This entry was not written by the program.")
    BEYOND = "beyond", _("There are sealed entries that the head does not count.")
    REDACTION = "redaction", _("More or fewer entries have been emptied than the audit tells of.")
    NO_ERASURE = (
        "no_erasure",
        _("Entries have been emptied for an erasure that never was, or other ones than it emptied."),
    )
    NO_HEAD = "no_head", _("The head of the chain is missing.")
    UNKNOWN_KEY = "unknown_key", _("The head of the chain is not signed with this installation's secret key.")
    NOT_NOTED = "not_noted", _("The chain does not lead through the head that was written down.")
