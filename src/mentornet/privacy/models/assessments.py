"""Assessments: that somebody answers for what the program does with people's data, as it was on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record


class Assessment(Record):
    """A sign-off of the impact assessment. Never changed: what has changed since is told by comparing.

    Attributes:
        number: counts up from one.
        mark: what the register of columns was then, as a hash.
        columns: the register of columns then: each column about people, with what was said of it.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    mark = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    program = models.CharField(_("version"), max_length=40)
    words = models.TextField(_("what the officer says"), max_length=4_000, blank=True)
    signed_by = models.CharField(max_length=60)
    author_name = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        constraints = [
            models.CheckConstraint(name="privacy_assessment_signed", condition=~Q(signed_by="")),
        ]

    def __str__(self) -> str:
        return f"assessment {self.number}"
