"""Applications that somebody is still writing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.draft_answers import check_answers
from mentornet.intake.enums import Applying, Referrer
from mentornet.intake.models.applications import Application
from mentornet.intake.models.referrals import Referral
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.programmes.models import Programme


class ApplicationDraft(Record):
    """What somebody has answered so far. Nobody on the desk sees it before she sends it; after a month it is deleted.

    How she is reached stands in columns, because letters look it up; everything else in ``answers``, by step. Once it
    is sent, all of that lies with the application, and is emptied here.

    Attributes:
        language: in which she reads the form, and letters.
        answers: by step, in the shape of :mod:`mentornet.intake.draft_answers`.
        step: the step on which she was last.
        confirmed: the address or number at which she has received a code and given it back; empty before.
        came_through: how the form was begun: by herself, or by a referrer who sits beside her.
        entered_by: the key of whoever began it with her; empty when she did by herself.
        person: who she has become; ``application`` what the draft has become, none for a contact person.
    """

    role = models.CharField(_("role"), max_length=20, choices=Applying.choices)
    language = models.CharField(_("language of letters"), max_length=10, default="da")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("programme")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    safe_contact = models.CharField(_("how to reach her safely"), max_length=200, blank=True)
    contact_way = models.CharField(_("safe way"), max_length=5, blank=True, choices=ContactWay.choices)
    contact_from = models.TimeField(_("safe from"), null=True, blank=True)
    contact_until = models.TimeField(_("safe until"), null=True, blank=True)
    hides_network = models.BooleanField(_("never name the network"), default=False)
    confirmed = models.CharField(_("confirmed address or number"), max_length=254, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True, validators=[check_answers])
    step = models.CharField(_("step"), max_length=20, blank=True)
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name=_("sent by")
    )
    came_through = models.CharField(_("came through"), max_length=20, blank=True, choices=Referrer.choices)
    entered_by = models.CharField(_("entered by"), max_length=60, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    expires_on = models.DateField(_("deleted on"))
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name=_("person")
    )
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("became")
    )

    COLUMNS = (
        "first_name", "last_name", "email", "phone", "safe_contact", "contact_way", "contact_from", "contact_until",
        "hides_network",
    )  # fmt: skip
    """What is kept in columns of the same names as a person's."""

    class Meta:
        verbose_name = _("application being written")
        verbose_name_plural = _("applications being written")
        constraints = [
            models.CheckConstraint(name="intake_applicationdraft_role", condition=Q(role__in=Applying.values)),
            models.CheckConstraint(
                name="intake_applicationdraft_sent",
                condition=Q(submitted_at__isnull=True, person__isnull=True, application__isnull=True)
                | Q(submitted_at__isnull=False, person__isnull=False),
            ),
            models.CheckConstraint(
                name="intake_applicationdraft_hours",
                condition=Q(contact_from__isnull=True, contact_until__isnull=True)
                | Q(contact_from__isnull=False, contact_until__isnull=False),
            ),
        ]
        indexes = [models.Index(name="intake_applicationdraft_end", fields=["expires_on"])]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_open(self) -> bool:
        """She is still writing."""
        return self.submitted_at is None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def reached_at(self) -> str:
        """The address or number to which a code or a link goes; empty where nothing may be written to her."""
        if self.contact_way == ContactWay.CALL:
            return ""
        if self.contact_way == ContactWay.TEXT:
            return self.phone
        return self.email or self.phone

    @property
    def is_confirmed(self) -> bool:
        """She has shown that what is sent there reaches her."""
        return bool(self.confirmed) and self.confirmed == self.reached_at

    def answered(self, step: str) -> dict[str, Any]:
        """Return what she has answered in a step; nothing before."""
        found: dict[str, Any] = self.answers.get(step, {})
        return found
