"""What somebody has agreed to, each purpose by itself, with the very words that she read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.intake.enums import ConsentHow, ConsentPurpose
from mentornet.people.models import Person


class ConsentText(Record):
    """The words of one consent in one language, from one change to the next. Never altered once somebody read it."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    hash = models.CharField(_("hash of the text"), max_length=64)

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        constraints = [
            models.UniqueConstraint(name="intake_consenttext_number", fields=["purpose", "language", "number"]),
            models.UniqueConstraint(name="intake_consenttext_once", fields=["purpose", "language", "hash"]),
            models.CheckConstraint(name="intake_consenttext_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.language} {self.number}"


class Consent(Record):
    """She agrees to one purpose, until she takes it back.

    Attributes:
        text: the words she read, or that were read to her.
        how: she ticked it herself, or a staff member heard it.
        heard_by: the key of who heard it; ``heard_by_name`` her name, kept as it was.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("text"))
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=ConsentHow.choices)
    heard_by = models.CharField(_("heard by"), max_length=60, blank=True)
    heard_by_name = models.CharField(_("name of who heard it"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                name="intake_consent_standing",
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="intake_consent_heard",
                condition=Q(how="herself", heard_by="") | (Q(how="heard") & ~Q(heard_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.person_id}"
