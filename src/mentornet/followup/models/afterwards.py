"""How it goes once a partnership has ended: each side is asked some months later, and may leave it unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.followup.after_states import AfterState, AnsweredHow, Doing
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.outcomes import Said
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST_HOURS: Final = 60


def _said(label: _StrOrPromise) -> models.CharField[str, str]:
    return models.CharField(label, max_length=8, blank=True, choices=Said.choices)


class Afterwards(Record):
    """One question to one of a pair, so many months after it ended. That nobody answered is a value of its own.

    Attributes:
        month: how many months after the end.
        doing: what a mentee does now; ``hours`` a week, ``own_level`` and ``danish_better`` she may tell too.
        again: whether a mentor would like another mentee.
        may_ask_again: empty while she has not said; a no is the last question to her about this pair.
        answered_by: her own key, or that of the coordinator who has called her.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="afterwards", verbose_name=_("partnership")
    )
    side = models.CharField(_("who"), max_length=10, choices=Role.choices)
    month = models.PositiveSmallIntegerField(_("months after the end"))
    due_on = models.DateField(_("to be asked"))
    state = models.CharField(_("state"), max_length=12, choices=AfterState.choices, default=AfterState.PLANNED)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("noted by"), max_length=60, blank=True)
    how = models.CharField(_("how"), max_length=8, blank=True, choices=AnsweredHow.choices)
    doing = models.CharField(_("what she does now"), max_length=10, blank=True, choices=Doing.choices)
    hours = models.PositiveSmallIntegerField(
        _("hours a week"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )
    own_level = _said(_("at her own level"))
    danish_better = _said(_("her Danish is better"))
    again = _said(_("another mentee"))
    may_ask_again = models.BooleanField(_("may be asked again"), null=True, blank=True)

    class Meta:
        verbose_name = _("question afterwards")
        verbose_name_plural = _("questions afterwards")
        constraints = [
            models.UniqueConstraint(
                name="followup_afterwards_once",
                fields=["partnership", "side", "month"],
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="followup_afterwards_lists",
                condition=Q(
                    side__in=Role.values,
                    state__in=AfterState.values,
                    how__in=["", *AnsweredHow.values],
                    doing__in=["", *Doing.values],
                    own_level__in=["", *Said.values],
                    danish_better__in=["", *Said.values],
                    again__in=["", *Said.values],
                ),
            ),
            models.CheckConstraint(
                # Whoever has answered has said something; of whoever has not, nothing is known.
                name="followup_afterwards_answered",
                condition=Q(state="answered", answered_at__isnull=False, how__gt="", answered_by__gt="")
                & (Q(doing__gt="") | Q(again__gt=""))
                | ~Q(state="answered") & Q(answered_at__isnull=True, how="", doing="", again="", hours__isnull=True),
            ),
            models.CheckConstraint(
                name="followup_afterwards_asked",
                condition=~Q(state__in=["asked", "no_answer"]) | Q(asked_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="followup_afterwards_due", fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.side} {self.month}"
