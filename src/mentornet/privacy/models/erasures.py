"""Erasures: that one was carried out, when, and for what; never of whom, to anybody who does not have her key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.ledger import PERSON
from mentornet.privacy.enums import Reason


class Erasure(models.Model):
    """One erasure, as the ledger on the disk holds it too (:mod:`mentornet.common.ledger`).

    Attributes:
        number: the same as in the ledger.
        key: SHA-256 of the key of whoever was erased. Nothing else tells who it was, nor which emptied rows are left.
        emptied: how many entries of the audit were emptied, and a hash of which; the ledger holds the same.
        erased_by: the key of whoever did it; the program's, where an older backup was restored.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"))
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, default=PERSON)
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    erased_by = models.CharField(_("by"), max_length=60)
    emptied = models.CharField(_("emptied entries"), max_length=90, blank=True, editable=False)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(name="privacy_erasure_reason", condition=Q(reason__in=Reason.values)),
            models.UniqueConstraint(name="privacy_erasure_once", fields=["key"]),
        ]

    def __str__(self) -> str:
        return f"erasure {self.number}"
