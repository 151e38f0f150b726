"""Programmes and their versions: a change is a new version, with who made it and why."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.programmes.care import Care, check_care
from mentornet.programmes.enums import Ground
from mentornet.programmes.validators import (
    check_customs,
    check_modules,
    check_neutral,
    check_references,
    check_texts,
    check_weights,
)
from reference.cefr import Level
from reference.customs import Custom, read_customs


class Programme(Record):
    """What people apply to. National, or one division's own."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("division"),
        help_text=_("Empty: the programme runs in all divisions."),
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(models.Model):
    """How a programme decides, from one change to the next. Never altered once written.

    Attributes:
        eligibility: who may take part, by language code.
        weights: of each criterion, as entered; normalised to 1 where they are used.
        neutral: of each criterion, 0 to 1: what stands in for an unknown.
        floor: the lowest score, 0 to 1, of a pair that is proposed without a word.
        waiting_bonus: added for a wait of ``waiting_days`` days, in proportion below; 0 to 1.
        expiry_days: how long a proposal waits for its answers.
        meets_first: the two meet once before they decide.
        references: kinds of references that must have been seen, or be not needed, before somebody is approved.
        modules: the names of the training modules that it asks for; every one of a role where this is ``None``.
        customs: its own criteria and hard rules, as :func:`reference.customs.read_customs` reads them; a weight is in
            points, of which the ten criteria together have 100.
        care_settings: what it chooses otherwise than :class:`mentornet.programmes.care.Care` has it, by name.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    eligibility = models.JSONField(_("who may take part"), default=dict, blank=True, validators=[check_texts])
    weights = models.JSONField(_("weights"), validators=[check_weights])
    neutral = models.JSONField(_("neutral values"), validators=[check_neutral])
    floor = models.DecimalField(
        _("floor"),
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    min_language = models.CharField(
        _("language level that both need"), max_length=2, choices=[(level.name, level.name) for level in Level]
    )
    waiting_bonus = models.DecimalField(
        _("waiting bonus"), max_digits=5, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    waiting_days = models.PositiveIntegerField(_("days to the whole bonus"), validators=[MinValueValidator(1)])
    expiry_days = models.PositiveIntegerField(
        _("days until a proposal expires"), default=10, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    meets_first = models.BooleanField(_("the two meet once before they decide"), default=False)
    references = models.JSONField(
        _("what must be seen before a yes"), default=list, blank=True, validators=[check_references]
    )
    modules = models.JSONField(_("training"), null=True, blank=True, default=None, validators=[check_modules])
    care_settings = models.JSONField(_("care"), default=dict, blank=True, validators=[check_care])
    customs = models.JSONField(_("own criteria"), default=list, blank=True, validators=[check_customs])
    created_at = models.DateTimeField(_("made"))
    created_by = models.CharField(_("author"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("programme version")
        verbose_name_plural = _("programme versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="programmes_programmeversion_number", fields=["programme", "number"]),
            models.CheckConstraint(name="programmes_programmeversion_floor", condition=Q(floor__gte=0, floor__lte=1)),
            models.CheckConstraint(
                name="programmes_programmeversion_bonus", condition=Q(waiting_bonus__gte=0, waiting_bonus__lte=1)
            ),
            models.CheckConstraint(name="programmes_programmeversion_expiry", condition=Q(expiry_days__gte=1)),
            models.CheckConstraint(name="programmes_programmeversion_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.number}"

    @property
    def floor_units(self) -> int:
        """The floor in whole units of 1/10,000."""
        return int(self.floor * 10_000)

    @property
    def own(self) -> tuple[Custom, ...]:
        """Its own criteria and hard rules, in their order."""
        return read_customs(self.customs, is_trusted=True) if self.customs else ()

    @property
    def care(self) -> Care:
        """How it looks after its partnerships."""
        return Care.of(self.care_settings)

    def settings(self) -> dict[str, Any]:
        """Return what two versions may differ in, by name."""
        return {name: getattr(self, name) for name in SETTINGS}


SETTINGS = (
    "eligibility",
    "weights",
    "neutral",
    "floor",
    "min_language",
    "waiting_bonus",
    "waiting_days",
    "expiry_days",
    "meets_first",
    "references",
    "modules",
    "care_settings",
    "customs",
)


class RefusedName(Record):
    """A name of a criterion that was refused, since it reads as what nobody is matched by; for the national lead.

    Attributes:
        words: the name or the choice, as somebody wrote it.
        ground: one of :data:`reference.barred.GROUNDS`.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="refused_names", verbose_name=_("programme")
    )
    words = models.CharField(_("words"), max_length=200)
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    written_by = models.CharField(_("author"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("refused name")
        verbose_name_plural = _("refused names")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="programmes_refusedname_ground", condition=Q(ground__in=Ground.values)),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.programme_id}"
