"""Closed lists about people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in a programme."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Provenance(models.TextChoices):
    """Where a fact about her comes from."""

    SELF_REPORTED = "self_reported", _("she wrote it herself")
    HEARD = "heard", _("heard at the interview")
    CONFIRMED = "confirmed", _("confirmed by her")
    IMPORTED = "imported", _("from a spreadsheet")
