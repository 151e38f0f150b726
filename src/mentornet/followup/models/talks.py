"""Talks with pairs, and the nights in which the next ones are asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.followup.enums import MINUTES, Going, TalkWay, WithWhom
from mentornet.partnerships.models import Partnership


class Talk(Record):
    """A coordinator has talked with one of a pair, or with both, or has tried to.

    What was seen or heard stands apart from what she thinks of it: colleagues read the one beside everything else of
    the pair, the other only where they ask for it. Whom it is with is given both when she asks for her data.

    Attributes:
        was_reached: nobody answered otherwise; then nothing was seen.
        going: how it goes, as she said; empty where nobody asked.
        seen: what was seen or heard.
        thought: what the coordinator makes of it.
        next_call_on: on which day they have agreed to talk again, if they have.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="talks", verbose_name=_("partnership")
    )
    on = models.DateField(_("day"))
    with_whom = models.CharField(_("with whom"), max_length=10, choices=WithWhom.choices)
    way = models.CharField(_("how"), max_length=10, choices=TalkWay.choices, default=TalkWay.PHONE)
    was_reached = models.BooleanField(_("reached"), default=True)
    going = models.CharField(_("how it goes"), max_length=10, choices=Going.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, choices=[(one, str(one)) for one in MINUTES]
    )
    seen = models.TextField(_("seen or heard"), max_length=5_000, blank=True)
    thought = models.TextField(_("what the coordinator thinks of it"), max_length=5_000, blank=True)
    next_call_on = models.DateField(_("next call"), null=True, blank=True)
    written_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        constraints = [
            models.CheckConstraint(
                name="followup_talk_lists",
                condition=Q(with_whom__in=WithWhom.values, way__in=TalkWay.values, going__in=["", *Going.values]),
            ),
            models.CheckConstraint(
                name="followup_talk_reached", condition=Q(was_reached=True) | Q(going="", minutes__isnull=True)
            ),
            models.CheckConstraint(
                name="followup_talk_next", condition=Q(next_call_on__isnull=True) | Q(next_call_on__gt=F("on"))
            ),
        ]
        indexes = [models.Index(name="followup_talk_on", fields=["partnership", "on"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.on}"


class CadenceRun(Record):
    """One night's round over all running pairs; it names nobody. Cut short, it goes on where it stopped.

    Attributes:
        night: the day on which it was due: one round for each.
        reached: the key of the last pair that was looked at.
        total, looked_at: how many pairs there were when it began, and how many of them it has looked at.
        asked, moved, withdrawn: how many tasks it has made, changed and ended.
    """

    night = models.DateField(_("night"), unique=True)
    reached = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(_("pairs"), default=0)
    looked_at = models.PositiveIntegerField(_("pairs looked at"), default=0)
    asked = models.PositiveIntegerField(_("tasks made"), default=0)
    moved = models.PositiveIntegerField(_("tasks moved"), default=0)
    withdrawn = models.PositiveIntegerField(_("tasks ended"), default=0)

    class Meta:
        verbose_name = _("night of tasks")
        verbose_name_plural = _("nights of tasks")
        constraints = [
            models.CheckConstraint(
                name="followup_cadencerun_ended",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return f"tasks of {self.night}"
