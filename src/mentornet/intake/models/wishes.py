"""What participants ask their coordinator for, from their own pages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import WishKind
from mentornet.people.models import Person


class Wish(Record):
    """One thing that she wants seen to by a person, in her own words: nothing happens by itself.

    Attributes:
        words: may name other people; each reading is recorded (:func:`mentornet.intake.services.wishes.read_wish`).
        settled_at, settled_by: when a coordinator had seen to it, and who.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wishes", verbose_name=_("person"))
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="wishes", verbose_name=_("division"))
    kind = models.CharField(_("what she asks for"), max_length=10, choices=WishKind.choices)
    words = models.TextField(_("in her words"), max_length=2_000, blank=True)
    settled_at = models.DateTimeField(_("seen to"), null=True, blank=True)
    settled_by = models.CharField(_("seen to by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("wish to the coordinator")
        verbose_name_plural = _("wishes to the coordinator")
        constraints = [
            models.CheckConstraint(name="intake_wish_kind", condition=Q(kind__in=WishKind.values)),
            # A second press of the button is the same wish.
            models.UniqueConstraint(
                name="intake_wish_open", fields=["person", "kind"], condition=Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
