"""What is computed in the background of groups and numbers: how far it has come, and whether it has stopped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record

STOPPED_AFTER: Final = timedelta(minutes=10)
"""For how long work may show no sign of life before it counts as stopped; it waits for the worker as long."""


class ComputedState(models.TextChoices):
    """How far it has come."""

    AT_WORK = "at_work", _("being computed")
    DONE = "done", _("done")


class Computed(Record):
    """What was found on one day, or is being looked for.

    Attributes:
        asked_by: the key of whoever asked, or of the program.
        attempt: grows when it is begun anew: work of an earlier attempt then ends without a word.
        heartbeat_at: when the work last showed that it is alive.
        content: what was found; no row of anybody.
    """

    asked_by = models.CharField(_("asked by"), max_length=60)
    state = models.CharField(_("state"), max_length=8, choices=ComputedState.choices, default=ComputedState.AT_WORK)
    attempt = models.PositiveIntegerField(default=1)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(_("what was found"), default=dict, blank=True)

    class Meta:
        abstract = True

    def has_stopped(self, at: datetime) -> bool:
        """Whether nothing has been heard of the work for long: it may be begun anew."""
        return self.state != ComputedState.DONE and (self.heartbeat_at or self.created_at) + STOPPED_AFTER <= at
