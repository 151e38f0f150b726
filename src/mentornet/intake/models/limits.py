"""How many may wait, and how long, before a division takes in nobody more."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import LimitDoes, LimitStep
from mentornet.programmes.models import Programme
from mentornet.programmes.validators import check_texts


class IntakeLimit(Record):
    """When a division's intake of mentees of one programme is to be closed, and opened again.

    Attributes:
        most: how many may wait: when it is reached the intake is to be closed. Empty: as many as there are.
        median_days: how long half of them may have waited. Empty: as long as it takes.
        opens_at: closed by this limit, it is to be opened again once no more than so many wait, and not too long.
            Empty: four fifths of the most.
        does: whether the program only says so, or does it.
        words: what everybody reads on the public site while it is closed by this, by language code; where a language
            is empty, the words that ship.
        step: what is to be done, or was done by the program, and waits for a lead to look at it.
        step_on: since when.
        has_closed: the program has closed it, so the program may open it again.
        rests_until: a lead has seen to it herself: until then the program leaves it alone.
        changed_by: the key of whoever set it last.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", verbose_name=_("programme"))
    most = models.PositiveIntegerField(
        _("most who wait"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    median_days = models.PositiveIntegerField(
        _("half of them have waited so many days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(14), MaxValueValidator(1_500)],
    )
    opens_at = models.PositiveIntegerField(_("opens again at"), null=True, blank=True)
    does = models.CharField(_("what the program does"), max_length=10, choices=LimitDoes.choices)
    words = models.JSONField(_("public words"), default=dict, blank=True, validators=[check_texts])
    step = models.CharField(_("step"), max_length=10, choices=LimitStep.choices, blank=True)
    step_on = models.DateField(_("since"), null=True, blank=True)
    has_closed = models.BooleanField(_("closed by the program"), default=False)
    rests_until = models.DateField(_("left alone until"), null=True, blank=True)
    changed_by = models.CharField(_("changed by"), max_length=60)

    class Meta:
        verbose_name = _("limit of the waiting list")
        verbose_name_plural = _("limits of the waiting list")
        constraints = [
            models.UniqueConstraint(name="intake_intakelimit_once", fields=["division", "programme"]),
            models.CheckConstraint(name="intake_intakelimit_does", condition=Q(does__in=LimitDoes.values)),
            models.CheckConstraint(name="intake_intakelimit_step", condition=Q(step__in=["", *LimitStep.values])),
            models.CheckConstraint(
                name="intake_intakelimit_opens",
                condition=Q(opens_at__isnull=True) | Q(most__isnull=True) | Q(opens_at__lt=F("most")),
                violation_error_message=_("It opens again at fewer than it closes at."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.programme_id}"

    @property
    def is_set(self) -> bool:
        """Whether there is any limit."""
        return self.most is not None or self.median_days is not None

    @property
    def enough(self) -> int | None:
        """At how many it opens again; ``None`` where their number is no limit."""
        if self.most is None:
            return None
        return self.opens_at if self.opens_at is not None else self.most * 4 // 5

    def is_reached(self, waiting: int, days: int | None) -> bool:
        """Tell whether so many, half of whom have waited so many days, are too many, or wait too long."""
        too_many = self.most is not None and waiting >= self.most
        return too_many or (self.median_days is not None and days is not None and days >= self.median_days)

    def has_room(self, waiting: int, days: int | None) -> bool:
        """Tell whether there is room again: clearly fewer than the most, so that it does not open and close in turn."""
        return not self.is_reached(waiting, days) and (self.enough is None or waiting <= self.enough)
