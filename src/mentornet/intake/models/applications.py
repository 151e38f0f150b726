"""Applications, and the decisions on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.enums import OPEN_STATES, ApplicationState, Referrer, WayIn
from mentornet.intake.models.referrals import Referral
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.programmes.models import Programme


class Application(Record):
    """A person who wants to take part in a programme, in a division, in a role.

    Attributes:
        reference: the id that a spreadsheet knew her by; unique among those of the same import's role and division.
        is_imported: came with a spreadsheet.
        way_in: how it came; empty where nobody has noted it.
        language: in which she wrote it; empty where it was entered by somebody.
        referrer: who led her to us; ``heard_through`` are her words, ``referred_by`` is the member whose link she used.
        fits: she has said that the programme's conditions fit her; ``None`` when nobody has asked.
        entered_by: the key of whoever entered it with her.
        contact_confirmed: she has given back a code that was sent to her.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications", verbose_name=_("person"))
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="applications", verbose_name=_("programme")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="applications", verbose_name=_("division")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.RECEIVED
    )
    received_on = models.DateField(_("received"))
    heard_through = models.CharField(_("how she heard of us"), max_length=120, blank=True)
    reference = models.CharField(_("id in the spreadsheet"), max_length=200, blank=True)
    is_imported = models.BooleanField(_("imported"), default=False)
    way_in = models.CharField(_("way in"), max_length=10, blank=True, choices=WayIn.choices)
    language = models.CharField(_("written in"), max_length=10, blank=True)
    referrer = models.CharField(_("who led her to us"), max_length=20, blank=True, choices=Referrer.choices)
    referred_by = models.ForeignKey(
        Referral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("sent by a member"),
    )
    fits = models.BooleanField(_("the conditions fit her"), null=True, blank=True)
    entered_by = models.CharField(_("entered by"), max_length=60, blank=True)
    contact_confirmed = models.BooleanField(_("a code has reached her"), default=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                name="intake_application_open",
                fields=["person", "programme", "role"],
                condition=Q(state__in=OPEN_STATES),
                violation_error_message=_("She has an open application for this programme already."),
            ),
            models.CheckConstraint(name="intake_application_state", condition=Q(state__in=ApplicationState.values)),
            models.CheckConstraint(name="intake_application_role", condition=Q(role__in=Role.values)),
        ]
        indexes = [
            models.Index(name="intake_application_place", fields=["division", "role", "state"]),
            models.Index(name="intake_application_ref", fields=["division", "role", "reference"]),
            # All that is asked of a person's applications when people are listed.
            models.Index(name="intake_application_who", fields=["person", "division", "role", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"

    @property
    def division_told(self) -> str:
        """The division's name as lists and files tell it: not of somebody protected, whom it would help to find."""
        return "" if self.person.is_protected else self.division.name

    @property
    def is_open(self) -> bool:
        """Nothing is decided yet."""
        return self.state in OPEN_STATES


class Decision(Record):
    """The decision on an application: once, by somebody, with a reason."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="decision", verbose_name=_("application")
    )
    outcome = models.CharField(
        _("decision"),
        max_length=20,
        choices=[(state.value, state.label) for state in (ApplicationState.APPROVED, ApplicationState.DECLINED)],
    )
    reason = models.TextField(_("reason"), max_length=2_000)
    decided_by = models.CharField(_("decided by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(name="intake_decision_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="intake_decision_outcome", condition=Q(outcome__in=("approved", "declined"))),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.application_id}"
