"""Retention: how long the organisation keeps what, who is held back, and what went in which night."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.fields import Retention
from mentornet.common.models import Record
from mentornet.people.models import Person

OWN = (Retention.CASE, Retention.CONTACT, Retention.NOTES, Retention.LOG)
"""The classes for which days count."""


class RetentionTerm(Record):
    """The organisation's own number of days for a class, from when on, and why. The last one counts."""

    retention = models.CharField(_("class"), max_length=10, choices=[(one.value, one.value) for one in OWN])
    days = models.PositiveIntegerField(_("days"), validators=[MinValueValidator(1)])
    reason = models.CharField(_("why"), max_length=500)
    set_by = models.CharField(max_length=60)
    author_name = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("time of keeping")
        verbose_name_plural = _("times of keeping")
        constraints = [
            models.CheckConstraint(
                name="privacy_retentionterm_class", condition=Q(retention__in=[one.value for one in OWN])
            ),
            models.CheckConstraint(name="privacy_retentionterm_days", condition=Q(days__gte=1)),
            models.CheckConstraint(name="privacy_retentionterm_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.retention}: {self.days} days"


class RetentionHold(Record):
    """Somebody whose data are kept longer than their time, until a day, for a reason.

    Attributes:
        lifted_at, lifted_by: when somebody took it back before its day.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    until = models.DateField(_("until"))
    reason = models.CharField(_("why"), max_length=500)
    set_by = models.CharField(max_length=60)
    author_name = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("erasures put off")
        constraints = [
            models.UniqueConstraint(
                name="privacy_retentionhold_once",
                fields=["person"],
                condition=Q(lifted_at__isnull=True),
                violation_error_message=_("She is held back already."),
            ),
            models.CheckConstraint(
                name="privacy_retentionhold_lifted", condition=Q(lifted_at__isnull=True) | ~Q(lifted_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"hold until {self.until}"


class RetentionRun(Record):
    """One night's round; it names nobody.

    Attributes:
        night: the day on which it was due: one round for each.
        erased: how many people went as a whole.
        waiting: how many were due and left alone.
    """

    night = models.DateField(_("night"), unique=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    erased = models.PositiveIntegerField(_("people erased"), default=0)
    waiting = models.PositiveIntegerField(_("left alone"), default=0)

    class Meta:
        verbose_name = _("night of retention")
        verbose_name_plural = _("nights of retention")
        constraints = [
            models.CheckConstraint(
                name="privacy_retentionrun_ended",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return f"retention of {self.night}"


class RetentionCount(models.Model):
    """How many rows of a table were emptied or deleted in a night because a class was over; no more than a number."""

    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="counts")
    retention = models.CharField(_("class"), max_length=10, choices=[(one.value, one.value) for one in OWN])
    table = models.CharField(_("what"), max_length=60)
    count = models.PositiveIntegerField(_("how many"), default=0)

    class Meta:
        verbose_name = _("number of a night")
        verbose_name_plural = _("numbers of a night")
        constraints = [
            models.UniqueConstraint(name="privacy_retentioncount_once", fields=["run", "retention", "table"])
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.count}"
