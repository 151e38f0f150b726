"""The interview planner: times at which an interviewer can be met, and what applicants were asked to choose from."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import InterviewWay
from mentornet.intake.models.applications import Application

USUAL_MINUTES = 45


class InterviewSlot(Record):
    """A time at which an interviewer can be met: free until one applicant takes it, or until it is withdrawn.

    Attributes:
        place: where, or for a video talk the address; empty for a telephone talk, where the interviewer calls.
        application: whose talk it has become; nobody else can take it then.
        withdrawn_at: it was taken out of the plan; kept, for what was written about it.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="interview_slots", verbose_name=_("division")
    )
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interview_slots", verbose_name=_("with")
    )
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=USUAL_MINUTES, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    place = models.CharField(_("where"), max_length=120, blank=True)
    way = models.CharField(_("how"), max_length=10, choices=InterviewWay.choices, default=InterviewWay.IN_PERSON)
    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slot",
        verbose_name=_("taken by"),
    )
    withdrawn_at = models.DateTimeField(_("taken out"), null=True, blank=True)

    class Meta:
        verbose_name = _("interview time")
        verbose_name_plural = _("interview times")
        constraints = [
            # Two that begin together are refused by both databases; two that overlap otherwise, by the service, which
            # holds the interviewer meanwhile.
            models.UniqueConstraint(
                name="intake_interviewslot_start",
                fields=["interviewer", "starts_at"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("There is a time at this moment already."),
            ),
            models.CheckConstraint(
                name="intake_interviewslot_taken",
                condition=Q(application__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="intake_interviewslot_way", condition=Q(way__in=InterviewWay.values)),
            models.CheckConstraint(name="intake_interviewslot_minutes", condition=Q(minutes__gte=5, minutes__lte=240)),
        ]
        indexes = [models.Index(name="intake_interviewslot_week", fields=["division", "starts_at"])]

    def __str__(self) -> str:
        return f"slot {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class InterviewOffer(Record):
    """An applicant was sent the free times; and what she answered when none of them suits her.

    Attributes:
        offered_by, author_name: who sent them.
        refused_at, words: when she said that none suits her, and what would.
    """

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="offer", verbose_name=_("application")
    )
    offered_at = models.DateTimeField(_("sent"))
    offered_by = models.CharField(_("sent by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    refused_at = models.DateTimeField(_("none suits her"), null=True, blank=True)
    words = models.TextField(_("what would suit her"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("offer of interview times")
        verbose_name_plural = _("offers of interview times")

    def __str__(self) -> str:
        return f"offer {self.application_id}"
