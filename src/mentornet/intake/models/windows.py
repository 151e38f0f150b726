"""When a division takes new people in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import Applying
from mentornet.programmes.models import Programme
from mentornet.programmes.validators import check_texts


class IntakeWindow(Record):
    """Whether a division takes in one role of one programme. Where there is no row it does.

    Attributes:
        programme: none for contact persons, who belong to no programme.
        since: the day of the last change.
        reason: what everybody may read, by language code; may be empty.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="intake_windows", verbose_name=_("division")
    )
    role = models.CharField(_("role"), max_length=20, choices=Applying.choices)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("programme")
    )
    is_open = models.BooleanField(_("open"), default=True)
    since = models.DateField(_("since"))
    reason = models.JSONField(_("reason"), default=dict, blank=True, validators=[check_texts])
    changed_by = models.CharField(_("changed by"), max_length=60)

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.UniqueConstraint(
                name="intake_intakewindow_once", fields=["division", "role", "programme"], nulls_distinct=False
            ),
            models.CheckConstraint(name="intake_intakewindow_role", condition=Q(role__in=Applying.values)),
            models.CheckConstraint(
                name="intake_intakewindow_programme",
                condition=Q(role="contact_person", programme__isnull=True)
                | (~Q(role="contact_person") & Q(programme__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.role}"
