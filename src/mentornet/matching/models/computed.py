"""What is computed of the bank and of the waiting list: groups and numbers, and no row of anybody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.computed import Computed, ComputedState
from mentornet.divisions.models import Division
from mentornet.programmes.models import Programme


class ShortageMap(Computed):
    """Which mentors a division's bank lacks for its waiting list, as computed on one day.

    It is made of groups alone: a profile stands in it only when at least three who wait have all that it names
    (:mod:`pairing.shortage`), and no row of anybody is kept.

    Attributes:
        read: how many steps are done; ``in_all``, how many there are.
        content: what was found (:mod:`mentornet.matching.shortage`).
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="shortage_maps", verbose_name=_("division")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="shortage_maps", verbose_name=_("programme")
    )
    read = models.PositiveIntegerField(default=0)
    in_all = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)

    class Meta:
        verbose_name = _("shortage map")
        verbose_name_plural = _("shortage maps")
        constraints = [
            # One that can be read, and one that is being computed.
            models.UniqueConstraint(name="matching_shortagemap_each", fields=["division", "programme", "state"]),
            models.CheckConstraint(name="matching_shortagemap_state", condition=Q(state__in=ComputedState.values)),
            models.CheckConstraint(
                name="matching_shortagemap_done", condition=~Q(state="done") | Q(computed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.division_id}"


class Forecast(Computed):
    """How long women will wait, as computed on one day from all that the network has done.

    Attributes:
        played: how many runs have been played through so far; ``in_all``, how many there will be.
        until: the day whose morning it is read from.
        matches: how many partnerships it is read from.
        content: numbers of groups (:mod:`mentornet.matching.forecast`); no row of anybody.
    """

    played = models.PositiveIntegerField(default=0)
    in_all = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    until = models.DateField(_("counted until"), null=True, blank=True)
    matches = models.PositiveIntegerField(_("partnerships"), default=0)

    class Meta:
        verbose_name = _("forecast of waits")
        verbose_name_plural = _("forecasts of waits")
        constraints = [
            models.UniqueConstraint(name="matching_forecast_at_work", fields=["state"], condition=Q(state="at_work")),
            models.CheckConstraint(name="matching_forecast_state", condition=Q(state__in=ComputedState.values)),
            models.CheckConstraint(
                name="matching_forecast_done",
                condition=~Q(state="done") | Q(computed_at__isnull=False, until__isnull=False),
            ),
        ]
        indexes = [models.Index(name="matching_forecast_newest", fields=["-computed_at"])]

    def __str__(self) -> str:
        return f"{self.state} {self.until}"


class FiveMore(Computed):
    """What five more mentors of one profile would change in a division within a year, as played through on one day.

    The last that was asked for stays, for each division, programme and profile.

    Attributes:
        occupation: the first one or two digits of an occupation's code; empty is any.
        language: spoken beside Danish; empty is none.
        time: a name of :data:`mentornet.matching.shortage.TIMES`.
        online: they meet online, from wherever they live; else in the division.
        played: how many runs have been played through so far; ``in_all``, how many there will be.
        content: what was found (:mod:`mentornet.matching.five_more`): numbers, and no row of anybody.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="five_more", verbose_name=_("division")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="five_more", verbose_name=_("programme")
    )
    occupation = models.CharField(_("occupation"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time = models.CharField(_("time"), max_length=10)
    online = models.BooleanField(_("online"), default=False)
    played = models.PositiveIntegerField(default=0)
    in_all = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)

    class Meta:
        verbose_name = _("five more mentors")
        verbose_name_plural = _("five more mentors")
        constraints = [
            # One that can be read, and one that is being played.
            models.UniqueConstraint(
                name="matching_fivemore_each",
                fields=["division", "programme", "occupation", "language", "time", "online", "state"],
            ),
            models.CheckConstraint(name="matching_fivemore_state", condition=Q(state__in=ComputedState.values)),
            models.CheckConstraint(
                name="matching_fivemore_done", condition=~Q(state="done") | Q(computed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.division_id}"
