"""Early signs that a partnership may not last, and what the network's own history tells of how long they last."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.computed import Computed, ComputedState
from mentornet.common.models import Record
from mentornet.followup.sign_kinds import SignKind
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role

LONGEST_REASON: Final = 300


class EarlySign(Record):
    """A reason to call a pair, from the day it was first seen until it is gone.

    It is for coordinators: neither of the two meets it on any page or in any letter.

    Attributes:
        side: whose answers it is read from; empty where it is about both.
        facts: the numbers and days that it was read from, by name, as they were last seen.
        put_aside_until: the day on which it counts again; until then somebody has said why it is no sign, or a talk has
            answered it.
        put_aside_by: the key of whoever said so, or of that talk.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="early_signs", verbose_name=_("partnership")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=SignKind.choices)
    side = models.CharField(_("side"), max_length=10, blank=True, choices=Role.choices)
    facts = models.JSONField(_("numbers"), default=dict, blank=True)
    first_seen_on = models.DateField(_("first seen"))
    last_seen_on = models.DateField(_("last seen"))
    gone_on = models.DateField(_("gone"), null=True, blank=True)
    put_aside_until = models.DateField(_("put aside until"), null=True, blank=True)
    put_aside_reason = models.CharField(_("why it is no sign"), max_length=LONGEST_REASON, blank=True)
    put_aside_by = models.CharField(_("put aside by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("early sign")
        verbose_name_plural = _("early signs")
        constraints = [
            models.UniqueConstraint(
                name="followup_earlysign_once",
                fields=["partnership", "kind", "side"],
                condition=Q(gone_on__isnull=True),
            ),
            models.CheckConstraint(
                name="followup_earlysign_lists", condition=Q(kind__in=SignKind.values, side__in=["", *Role.values])
            ),
            models.CheckConstraint(
                name="followup_earlysign_days",
                condition=Q(last_seen_on__gte=F("first_seen_on"))
                & (Q(gone_on__isnull=True) | Q(gone_on__gte=F("first_seen_on"))),
            ),
            models.CheckConstraint(
                name="followup_earlysign_aside",
                condition=Q(put_aside_until__isnull=True, put_aside_reason="", put_aside_by="")
                | Q(put_aside_until__isnull=False, put_aside_reason__gt="", put_aside_by__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.partnership_id}"


class SurvivalFit(Computed):
    """How long partnerships have lasted, as computed on one day from all that have ever been.

    Attributes:
        read: how many partnerships have been read so far; ``in_all``, how many there are.
        until: the last day that is counted.
        endings: how many ended before their time.
        content: curves and numbers (:mod:`mentornet.followup.lasting`); no row of anybody.
    """

    read = models.PositiveIntegerField(default=0)
    in_all = models.PositiveIntegerField(default=0)
    fitted_at = models.DateTimeField(_("computed"), null=True, blank=True)
    until = models.DateField(_("counted until"), null=True, blank=True)
    endings = models.PositiveIntegerField(_("ended before their time"), default=0)

    class Meta:
        verbose_name = _("how long partnerships last")
        verbose_name_plural = _("how long partnerships last")
        constraints = [
            models.UniqueConstraint(
                name="followup_survivalfit_at_work", fields=["state"], condition=Q(state="at_work")
            ),
            models.CheckConstraint(name="followup_survivalfit_state", condition=Q(state__in=ComputedState.values)),
            models.CheckConstraint(
                name="followup_survivalfit_done",
                condition=~Q(state="done") | Q(fitted_at__isnull=False, until__isnull=False),
            ),
        ]
        indexes = [models.Index(name="followup_survivalfit_newest", fields=["-fitted_at"])]

    def __str__(self) -> str:
        return f"{self.state} {self.until}"
