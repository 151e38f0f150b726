"""Where somebody was reached before the office wrote it anew: so that she can be told there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record


class WrittenReach(Record):
    """An e-mail address or a number that one of the staff has written for somebody, from ``created_at`` on.

    Attributes:
        email, phone: those that stood there before, as far as she may be told there; emptied once they are not needed.
        written_by: who has written the new ones.
    """

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="written_reaches", verbose_name=_("person")
    )
    email = models.EmailField(_("former e-mail address"), blank=True)
    phone = models.CharField(_("former telephone"), max_length=30, blank=True)
    written_by = models.CharField(_("by"), max_length=60)

    class Meta:
        verbose_name = _("address written anew")
        verbose_name_plural = _("addresses written anew")
        constraints = [models.CheckConstraint(name="people_writtenreach_by", condition=~Q(written_by=""))]
        indexes = [models.Index(name="people_writtenreach_newest", fields=["person", "created_at"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.created_at:%Y-%m-%d}"
