"""Taking somebody before others who have waited longer: an act with a reason, which is counted and shown."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import EarlierReason
from mentornet.intake.models.enrolments import Enrolment


class Earlier(Record):
    """An exception from the order of the waiting list: the longest wait first.

    Attributes:
        created_at: when it was noted.
        reason: why, of a few that can be counted; empty where it was noted by no person.
        words: why, in the words of whoever noted it.
        passed_over: how many had waited longer at that moment, and could have been matched: a number, and never who.
        noted_by, author_name: who answers for it.
        over_at: when she got a mentor, or when it was taken back; until then she stands first on the list.
        is_undone: it was taken back: it counts nowhere.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="exceptions", verbose_name=_("enrolment")
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    reason = models.CharField(_("reason"), max_length=10, choices=EarlierReason.choices)
    words = models.CharField(_("why she is taken earlier"), max_length=500, blank=True)
    passed_over = models.PositiveIntegerField(_("how many had waited longer"))
    noted_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author"), max_length=150)
    over_at = models.DateTimeField(_("over"), null=True, blank=True)
    is_undone = models.BooleanField(_("taken back"), default=False)

    class Meta:
        verbose_name = _("taken earlier")
        verbose_name_plural = _("taken earlier")
        constraints = [
            models.UniqueConstraint(
                name="intake_earlier_once", fields=["enrolment"], condition=Q(over_at__isnull=True)
            ),
            models.CheckConstraint(name="intake_earlier_reason", condition=Q(reason__in=EarlierReason.values)),
            models.CheckConstraint(
                name="intake_earlier_undone", condition=Q(is_undone=False) | Q(over_at__isnull=False)
            ),
        ]
        indexes = [models.Index(name="intake_earlier_division", fields=["division", "created_at"])]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.reason}"
