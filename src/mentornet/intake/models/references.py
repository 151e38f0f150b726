"""What vouches for an applicant: asked for, seen, or not needed. The document itself is never kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.intake.enums import ReferenceState
from mentornet.intake.models.applications import Application
from mentornet.programmes.enums import ReferenceKind


class Reference(Record):
    """One thing that vouches for an applicant, and how far it has come.

    Attributes:
        words: who or what it is, in words; never what the document says.
        seen_on, seen_by, author_name: the day on which a coordinator saw it, or talked with whoever vouches, and who.
        reason: why it is not needed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="references", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReferenceKind.choices)
    words = models.CharField(_("who or what"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReferenceState.choices, default=ReferenceState.ASKED)
    seen_on = models.DateField(_("seen"), null=True, blank=True)
    seen_by = models.CharField(_("seen by"), max_length=60, blank=True)
    author_name = models.CharField(_("author's name"), max_length=150)
    reason = models.CharField(_("why it is not needed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [
            models.CheckConstraint(name="intake_reference_kind", condition=Q(kind__in=ReferenceKind.values)),
            models.CheckConstraint(
                name="intake_reference_state",
                condition=Q(state=ReferenceState.ASKED, seen_on__isnull=True, reason="")
                | Q(state=ReferenceState.SEEN, seen_on__isnull=False, reason="")
                | (Q(state=ReferenceState.WAIVED, seen_on__isnull=True) & ~Q(reason="")),
                violation_error_message=_("What was seen has a day, and what is not needed a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.application_id}"
