"""That this database is a demonstration, and which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoNetwork(models.Model):
    """The mark of a demonstration: one row, written with the network itself.

    Attributes:
        loaded_on: the day to which all its dates are relative.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seed = models.BigIntegerField(_("seed"))
    size = models.CharField(_("size"), max_length=10)
    loaded_on = models.DateField(_("loaded on"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("demo network")
        verbose_name_plural = _("demo networks")
        constraints = [models.CheckConstraint(name="demo_demonetwork_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.size} {self.seed}"
