"""Interviews with applicants."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, mark_of
from mentornet.intake.enums import InterviewWay
from mentornet.intake.models.applications import Application
from mentornet.intake.models.slots import USUAL_MINUTES
from mentornet.intake.validators import check_answers


class Interview(Record):
    """A talk with an applicant: booked, then held. What may be shared is kept apart from what may not.

    Attributes:
        minutes, way: how long it is, and how the two meet.
        booked_at: when it was booked, or moved last.
        reminded_of: the moment of which she was reminded: another one than ``at`` once it has been moved.
        shareable: what the other side of a proposal may be told, in words she would recognise.
        answers: what she said to the questions of the form, by question; may be shared like ``shareable``.
        coordinator_only: for the division's coordinators; reading it is audited.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="interviews", verbose_name=_("application")
    )
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=USUAL_MINUTES)
    place = models.CharField(_("where"), max_length=120, blank=True)
    way = models.CharField(_("how"), max_length=10, choices=InterviewWay.choices, default=InterviewWay.IN_PERSON)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    reminded_of = models.DateTimeField(_("reminded of"), null=True, blank=True)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("with")
    )
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    shareable = models.TextField(_("may be shared"), blank=True, max_length=5_000)
    answers = models.JSONField(_("her answers"), default=dict, blank=True, validators=[check_answers])
    coordinator_only = models.TextField(_("for coordinators only"), blank=True, max_length=5_000)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.CheckConstraint(
                name="intake_interview_end", condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="intake_interview_booked",
                fields=["application"],
                condition=Q(held_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(name="intake_interview_way", condition=Q(way__in=InterviewWay.values)),
        ]
        # Asked every few minutes: who is to be reminded of tomorrow.
        indexes = [
            models.Index(
                name="intake_interview_coming",
                fields=["at"],
                condition=Q(held_at__isnull=True, cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"interview {self.application_id}"

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is to be over."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def mark(self) -> str:
        """What a form carries to tell whether it is still booked as it was when the form was opened."""
        return mark_of(self.pk, self.at.timestamp(), str(self.interviewer_id), self.place)


class InterviewDraft(Record):
    """A form half filled in: one for each interviewer and application, gone as soon as the interview is written down.

    Attributes:
        typed: by the field's name what was typed, as the form sends it.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="interview_drafts", verbose_name=_("application")
    )
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("typed by")
    )
    typed = models.JSONField(_("what was typed"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("draft of an interview")
        verbose_name_plural = _("drafts of interviews")
        constraints = [
            models.UniqueConstraint(name="intake_interviewdraft_once", fields=["application", "interviewer"]),
        ]

    def __str__(self) -> str:
        return f"draft {self.application_id}"
