"""Breaches: what went wrong with people's data, by when the authority is to be told, and what was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.privacy.enums import BreachState, Risk

TELL_WITHIN: Final = timedelta(hours=72)
"""How long after it was found the authority is to be told."""
LOUD_UNDER: Final = timedelta(hours=24)


class Breach(Record):
    """Something that went wrong with people's data. It names nobody: ``kinds`` says which data, ``people`` how many.

    Attributes:
        found_at: when somebody here first knew: the clock runs from then.
        due_at: by when the authority is to be told, 72 hours later.
        found_by: who found it, as she calls herself.
        reported_by, reporter_name: who wrote it down here.
        division: where it happened; empty where it is the whole network's.
        happened: in the words of whoever reported it.
        kinds: which data.
        people: how many people, estimated.
        measures: what was done against it.
        risk, risk_words: what may come of it for the people, and why.
        authority_told_at, authority_reference: when the authority was told, and its number for the case.
        authority_words: why it was told late, or not at all.
        people_told_at, people_words: when the people were told; or why they were not.
        follow_up: what is done so that it does not happen again.
        settled_at, settled_by, settled_name: when the first one was done with it.
        closed_at, closed_by, closer_name: when a second one had read it and agreed.
    """

    found_at = models.DateTimeField(_("found"))
    due_at = models.DateTimeField(_("to be told by"))
    found_by = models.CharField(_("found by"), max_length=120)
    reported_by = models.CharField(max_length=60)
    reporter_name = models.CharField(max_length=150)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    happened = models.TextField(_("what happened"), max_length=4_000)
    kinds = models.TextField(_("which data"), max_length=1_000, blank=True)
    people = models.PositiveIntegerField(_("how many people, about"), null=True, blank=True)
    measures = models.TextField(_("what was done against it"), max_length=4_000, blank=True)
    risk = models.CharField(_("risk for the people"), max_length=10, choices=Risk.choices, blank=True)
    risk_words = models.TextField(_("why so"), max_length=2_000, blank=True)
    authority_told_at = models.DateTimeField(_("the authority was told"), null=True, blank=True)
    authority_reference = models.CharField(_("the authority’s reference"), max_length=80, blank=True)
    authority_words = models.TextField(_("why late, or why not"), max_length=2_000, blank=True)
    has_no_duty = models.BooleanField(_("the authority need not be told"), default=False)
    people_told_at = models.DateTimeField(_("the people were told"), null=True, blank=True)
    people_words = models.TextField(_("what they were told, or why not"), max_length=2_000, blank=True)
    follow_up = models.TextField(_("so that it does not happen again"), max_length=2_000, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=60, blank=True)
    settled_name = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closer_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        constraints = [
            models.CheckConstraint(name="privacy_breach_risk", condition=Q(risk__in=["", *Risk.values])),
            models.CheckConstraint(name="privacy_breach_happened", condition=~Q(happened="")),
            models.CheckConstraint(
                name="privacy_breach_no_duty",
                condition=Q(has_no_duty=False) | (Q(authority_told_at__isnull=True) & ~Q(authority_words="")),
                violation_error_message=_("Write why the authority need not be told."),
            ),
            models.CheckConstraint(
                name="privacy_breach_late",
                condition=Q(authority_told_at__isnull=True)
                | Q(authority_told_at__lte=F("due_at"))
                | ~Q(authority_words=""),
                violation_error_message=_("The authority was told after 72 hours: write why."),
            ),
            models.CheckConstraint(
                name="privacy_breach_told",
                condition=Q(authority_told_at__isnull=True) | Q(authority_told_at__gte=F("found_at")),
                violation_error_message=_("The authority cannot have been told before it was found."),
            ),
            models.CheckConstraint(
                name="privacy_breach_settled",
                condition=Q(settled_at__isnull=True, settled_by="") | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
            ),
            models.CheckConstraint(
                name="privacy_breach_second_reader",
                condition=Q(closed_at__isnull=True, closed_by="")
                | (
                    Q(closed_at__isnull=False, settled_at__isnull=False)
                    & ~Q(closed_by="")
                    & ~Q(closed_by=F("settled_by"))
                ),
            ),
        ]
        indexes = [models.Index(name="privacy_breach_open", fields=["found_at"], condition=Q(closed_at__isnull=True))]

    def __str__(self) -> str:
        return f"breach {self.pk}"

    @property
    def state(self) -> BreachState:
        """How the clock stands, whatever the hour."""
        if self.has_no_duty:
            return BreachState.NO_DUTY
        if self.authority_told_at is None:
            return BreachState.RUNNING
        return BreachState.IN_TIME if self.authority_told_at <= self.due_at else BreachState.LATE

    def is_loud(self, at: datetime) -> bool:
        """Tell whether the clock runs, and less than a day is left or none."""
        return self.state == BreachState.RUNNING and at >= self.due_at - LOUD_UNDER
