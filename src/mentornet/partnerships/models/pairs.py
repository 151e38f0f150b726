"""Partnerships, and what coordinators note in their cases."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import RUNNING, ClosingReason, PartnershipState, SharedContact


class Partnership(Record):
    """A running or closed pair. It belongs to the mentee's division.

    Attributes:
        agreed_until: the end that the two have agreed on.
        agreement_on: the day on which both had signed their agreement.
        stopped_on: since when the two see no more of each other and do nothing together, because somebody may not be
            safe; the ending itself may come later.
        imported_reason: why it ended, in the words of the spreadsheet that brought it.
        mentee_shares, mentor_shares: what of her contact details each lets the other see; nothing until she has chosen.
    """

    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="partnerships_as_mentee", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="partnerships_as_mentor", verbose_name=_("mentor")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="partnerships", verbose_name=_("division")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PartnershipState.choices, default=PartnershipState.MATCHED
    )
    matched_on = models.DateField(_("matched"), null=True, blank=True)
    first_met_on = models.DateField(_("first met"), null=True, blank=True)
    agreement_on = models.DateField(_("agreement signed"), null=True, blank=True)
    agreed_until = models.DateField(_("agreed until"), null=True, blank=True)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    stopped_on = models.DateField(_("kept from each other since"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closing_reason = models.CharField(_("reason"), max_length=12, blank=True, choices=ClosingReason.choices)
    closing_note = models.TextField(_("note"), blank=True, max_length=2_000)
    imported_reason = models.CharField(_("reason in the spreadsheet"), max_length=200, blank=True)
    mentee_shares = models.CharField(
        _("what the mentor sees of the mentee’s contact details"),
        max_length=5,
        blank=True,
        choices=SharedContact.choices,
    )
    mentor_shares = models.CharField(
        _("what the mentee sees of the mentor’s contact details"),
        max_length=5,
        blank=True,
        choices=SharedContact.choices,
    )

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        constraints = [
            models.CheckConstraint(
                name="partnerships_partnership_state", condition=Q(state__in=PartnershipState.values)
            ),
            models.CheckConstraint(
                name="partnerships_partnership_closed",
                condition=Q(state="closed", closing_reason__gt="") | (~Q(state="closed") & Q(closed_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="partnerships_partnership_active",
                condition=~Q(state="active") | Q(first_met_on__isnull=False),
            ),
            models.CheckConstraint(
                # Who is kept from the other has no way to her.
                name="partnerships_partnership_stopped",
                condition=Q(stopped_on__isnull=True) | Q(mentee_shares="", mentor_shares=""),
            ),
            models.CheckConstraint(name="partnerships_partnership_two", condition=~Q(mentee=F("mentor"))),
            models.UniqueConstraint(
                name="partnerships_partnership_running", fields=["mentee"], condition=Q(state__in=RUNNING)
            ),
        ]
        indexes = [
            models.Index(name="partnerships_state", fields=["division", "state", "matched_on"]),
            models.Index(name="partnerships_pair", fields=["mentee", "mentor"]),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} {self.mentor_id}"

    @property
    def is_running(self) -> bool:
        """It has not been closed."""
        return self.state in RUNNING

    @property
    def is_together(self) -> bool:
        """It runs, and the two see each other's pages."""
        return self.is_running and self.stopped_on is None

    @property
    def is_safe(self) -> bool:
        """It neither is about to end for somebody's safety, nor has; whatever reason is counted in the end."""
        return self.stopped_on is None and self.closing_reason != ClosingReason.SAFETY

    @property
    def division_told(self) -> str:
        """The division's name as lists and files tell it: not where one of the two is protected."""
        is_protected = self.mentee.person.is_protected or self.mentor.person.is_protected
        return "" if is_protected else self.division.name


class Note(Record):
    """What a coordinator has seen or heard in a pair's case: an observation, fit to be read by those it is about."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="notes", verbose_name=_("partnership")
    )
    text = models.TextField(_("note"), max_length=5_000)
    written_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.CheckConstraint(name="partnerships_note_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.created_at:%Y-%m-%d}"
