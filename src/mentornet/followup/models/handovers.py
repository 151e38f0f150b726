"""Cases that pass from one coordinator to another, each thing by a row of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.followup.enums import Passed


class Handover(Record):
    """What one coordinator has handed to another at one moment. It can be taken back for three days.

    Attributes:
        count: how many cases it was: people, not what was to be done about them.
        has_written: the people were written to, who looks after them now.
        taken_back_at: nothing while it holds.
    """

    former = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handed_on", verbose_name=_("from whom")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("to whom")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("division")
    )
    count = models.PositiveIntegerField(_("number of cases"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    has_written = models.BooleanField(_("the people were written to"), default=False)
    made_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.CharField(_("taken back by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(name="followup_handover_two", condition=~Q(former=F("receiver"))),
            models.CheckConstraint(
                name="followup_handover_taken_back",
                condition=Q(taken_back_at__isnull=True, taken_back_by="")
                | (Q(taken_back_at__isnull=False) & ~Q(taken_back_by="")),
            ),
        ]
        indexes = [models.Index(name="followup_handover_division", fields=["division", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.former_id} {self.receiver_id} {self.created_at:%Y-%m-%d}"


class HandedOn(Record):
    """One thing that a handover has passed on: so that taking it back leaves all as it was.

    Attributes:
        target_id: an opaque key: a place, a talk, a task or a quiet word, as ``kind`` says.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="things", verbose_name=_("handover"))
    kind = models.CharField(_("kind"), max_length=10, choices=Passed.choices)
    target_id = models.UUIDField(_("target"))

    class Meta:
        verbose_name = _("what was handed over")
        verbose_name_plural = _("what was handed over")
        constraints = [
            models.UniqueConstraint(name="followup_handedon_once", fields=["handover", "kind", "target_id"]),
            models.CheckConstraint(name="followup_handedon_kind", condition=Q(kind__in=Passed.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"
