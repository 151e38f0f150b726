"""A participant reads what was written about her, corrects it, and says that it is right."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.intake.enums import ConfirmationWay
from mentornet.intake.models.applications import Application


class ProfileConfirmation(Record):
    """She was asked whether her profile is right: once for each time that she is asked.

    Attributes:
        asked_by, author_name: who asked.
        confirmed_at: when she said that all of it is right; empty while it waits for her.
        way: by her own page, or told to a coordinator.
        corrected: by field name what stood before, as stored, for whoever looks after her.
        language: in which she read it.
        seen_at, seen_by: somebody at the desk has read what she corrected.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("application")
    )
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(_("asked by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    way = models.CharField(_("how"), max_length=10, choices=ConfirmationWay.choices, blank=True)
    corrected = models.JSONField(_("what stood before"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    seen_at = models.DateTimeField(_("read at the desk"), null=True, blank=True)
    seen_by = models.CharField(_("read by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("confirmation of a profile")
        verbose_name_plural = _("confirmations of profiles")
        constraints = [
            models.UniqueConstraint(
                name="intake_profileconfirmation_open",
                fields=["application"],
                condition=Q(confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="intake_profileconfirmation_way",
                condition=Q(confirmed_at__isnull=True, way="")
                | Q(confirmed_at__isnull=False, way__in=ConfirmationWay.values),
            ),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.application_id}"
