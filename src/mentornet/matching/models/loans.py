"""A mentor of one division, asked for by another one for one of its mentees."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import ANSWERED_LOANS, LENT, OPEN_LOANS, LoanState
from mentornet.matching.models.proposals import Proposal


class Loan(Record):
    """One division has asked another one for a mentor, whom it knows by what is said of several alike.

    Until it is released the row tells the division that asks nothing but :attr:`seen`; the mentor's key leads nowhere
    there. The division that lends is never told for whom: that stands in the proposal, should there be one.

    Attributes:
        division: that asks: the mentee's.
        lender: whose mentor it is.
        seen: what the one who asked saw of her (:func:`mentornet.matching.lending.kept`): never her name.
        reason: why she is asked for, as the other division reads it.
        answer: what the division that asks is told with a yes or a no.
        expires_on: after this day an unanswered one has lapsed.
        until_on: after this day a released one has lapsed, if nobody has been proposed.
        proposal: the latest by which it was used.
    """

    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="loans_as_mentee", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="loans_as_mentor", verbose_name=_("mentor")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="loans_asked", verbose_name=_("division that asks")
    )
    lender = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="loans_given", verbose_name=_("division that lends")
    )
    state = models.CharField(_("state"), max_length=10, choices=LoanState.choices, default=LoanState.ASKED)
    seen = models.JSONField(_("what was seen of her"), default=dict)
    reason = models.TextField(_("why she is asked for"), max_length=1_000)
    asked_by = models.CharField(_("asked by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    expires_on = models.DateField(_("to be answered by"))
    answer = models.CharField(_("what the other division is told"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=60, blank=True)
    answered_name = models.CharField(_("name of whoever answered"), max_length=150, blank=True)
    until_on = models.DateField(_("released until"), null=True, blank=True)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="loans", verbose_name=_("proposal")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        constraints = [
            models.UniqueConstraint(
                name="matching_loan_once",
                fields=["mentee", "mentor"],
                condition=Q(state__in=OPEN_LOANS),
                violation_error_message=_("She has been asked for already."),
            ),
            models.CheckConstraint(name="matching_loan_state", condition=Q(state__in=LoanState.values)),
            models.CheckConstraint(name="matching_loan_two", condition=~Q(division=F("lender"))),
            models.CheckConstraint(
                name="matching_loan_answered", condition=~Q(state__in=ANSWERED_LOANS) | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="matching_loan_released", condition=~Q(state__in=LENT) | Q(until_on__isnull=False)
            ),
            models.CheckConstraint(
                name="matching_loan_used", condition=~Q(state=LoanState.USED) | Q(proposal__isnull=False)
            ),
            models.CheckConstraint(
                name="matching_loan_ended",
                condition=Q(state__in=OPEN_LOANS, ended_at__isnull=True)
                | (~Q(state__in=OPEN_LOANS) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="matching_loan_asked", fields=["division", "state"]),
            models.Index(name="matching_loan_given", fields=["lender", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} {self.mentor_id}"

    @property
    def is_open(self) -> bool:
        """It waits for an answer, for a proposal, or lasts as long as the pair."""
        return self.state in OPEN_LOANS

    @property
    def is_lent(self) -> bool:
        """The division that asked knows who she is."""
        return self.state in LENT
