"""People who are asked whether they know somebody, when the bank holds nobody who fits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models.referrals import Referral
from mentornet.people.models import Person
from mentornet.people.validators import check_occupation


def check_groups(words: tuple[str, ...]) -> None:
    """Refuse what are no groups of ISCO-08.

    Raises:
        ValidationError: names the first of them.
    """
    for word in words:
        check_occupation(word)


class ContactPerson(Record):
    """Somebody with a large circle of people, in one division.

    Attributes:
        field_words: in which trades she knows people, in her own words; ``groups`` the same as groups of ISCO-08.
        regions: where these people are.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="contact_persons", verbose_name=_("person")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="contact_persons", verbose_name=_("division")
    )
    field_words = models.CharField(_("where she knows people"), max_length=300, blank=True)
    groups = WordsField(_("fields"), null=True, blank=True, validators=[check_groups])
    regions = models.CharField(_("places"), max_length=200, blank=True)
    heard_through = models.CharField(_("how she heard of us"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ContactPersonState.choices, default=ContactPersonState.ASKED
    )
    asked_on = models.DateField(_("written to us"))
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)
    left_on = models.DateField(_("left"), null=True, blank=True)
    referred_by = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        constraints = [
            models.UniqueConstraint(
                name="intake_contactperson_current",
                fields=["person", "division"],
                condition=~Q(state="left"),
                violation_error_message=_("She is a contact person of this division already."),
            ),
            models.CheckConstraint(name="intake_contactperson_state", condition=Q(state__in=ContactPersonState.values)),
        ]
        indexes = [models.Index(name="intake_contactperson_place", fields=["division", "state"])]

    def __str__(self) -> str:
        return f"contact person {self.person_id}"

    @property
    def division_told(self) -> str:
        """The division's name as lists and files tell it: not of somebody protected, whom it would help to find."""
        return "" if self.person.is_protected else self.division.name
