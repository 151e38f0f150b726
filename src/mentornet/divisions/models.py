"""Divisions as dated rows, and staff roles in them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record


class Division(Record):
    """A local division: open from a day, and until one if it has closed.

    Attributes:
        address: where its office is: street and town, as letters tell it.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    area = models.CharField(_("area"), max_length=120, blank=True)
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    email = models.EmailField(_("the office's e-mail address"), blank=True)
    phone = models.CharField(_("the office's telephone"), max_length=30, blank=True)
    # As long as the place of a talk, which it may become.
    address = models.CharField(_("the office’s address"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints = [
            models.CheckConstraint(
                name="divisions_division_dates",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A division closes after it has opened."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: date) -> bool:
        """Tell whether the division is open on a day."""
        return self.opened_on <= on and (self.closed_on is None or on < self.closed_on)


class MeetingPlace(Record):
    """A neutral place in which two may meet for the first time, such as a library: it gives nothing away.

    Attributes:
        name: as it stands in letters and calendars.
        address: street and town, as people say it.
        note: what helps to find each other there.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="meeting_places", verbose_name=_("division")
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=58, blank=True)
    note = models.CharField(_("how to find each other"), max_length=200, blank=True)
    is_active = models.BooleanField(_("is suggested"), default=True)

    class Meta:
        verbose_name = _("place to meet")
        verbose_name_plural = _("places to meet")
        constraints = [
            models.UniqueConstraint(
                name="divisions_meetingplace_once",
                fields=["division", "name"],
                violation_error_message=_("There is a place of this name already."),
            ),
            models.CheckConstraint(name="divisions_meetingplace_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        """Name and address in one line: what the letters tell."""
        return f"{self.name}, {self.address}" if self.address else self.name


class Organisation(Record):
    """Who runs the network: one row, shown on the public site and named in the privacy notice.

    Attributes:
        name: the network's, as people know it.
        legal_name: of whoever answers for people's data.
        data_protection_email: whom to write to about one's data.
    """

    name = models.CharField(_("the network’s name"), max_length=80)
    legal_name = models.CharField(_("the organisation behind it"), max_length=150, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    data_protection_email = models.EmailField(_("whom to write to about one’s data"), blank=True)
    is_only = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            # The same in every row, and unique: there is one organisation.
            models.UniqueConstraint(name="divisions_organisation_one", fields=["is_only"]),
            models.CheckConstraint(name="divisions_organisation_is_only", condition=Q(is_only=True)),
            models.CheckConstraint(name="divisions_organisation_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a staff member is."""

    COORDINATOR = "coordinator", _("coordinator")
    DIVISION_LEAD = "division_lead", _("division lead")
    NATIONAL_LEAD = "national_lead", _("national lead")
    ADMINISTRATOR = "administrator", _("administrator")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("data-protection officer")


class StaffRole(Record):
    """A role that somebody holds from a day on; local ones in a division, the others in the whole network.

    Attributes:
        given_by: the key of whoever gave it; empty where nobody has noted it.
    """

    LOCAL: ClassVar = (Role.COORDINATOR, Role.DIVISION_LEAD)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_roles", verbose_name=_("who")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("division")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    given_by = models.CharField(_("given by"), max_length=60, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.CheckConstraint(
                name="divisions_staffrole_place",
                condition=Q(role__in=("coordinator", "division_lead"), division__isnull=False)
                | Q(
                    role__in=("national_lead", "administrator", "data_protection_officer"),
                    division__isnull=True,
                ),
                violation_error_message=_("Coordinators and division leads have a division, the others have none."),
            ),
            models.CheckConstraint(
                name="divisions_staffrole_dates", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                name="divisions_staffrole_once",
                fields=["user", "role", "division"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class HiddenPerson(Record):
    """Somebody whom a member of the staff must not see, from ``created_at`` on: to that one she is not there.

    People are known further up: hers is a key alone.

    Attributes:
        reason: why, in few words; empty where she has chosen it herself.
        lifted_at: nothing while it holds.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hidden_people", verbose_name=_("from whom")
    )
    person_id = models.UUIDField(_("who"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    set_by = models.CharField(_("by"), max_length=60)
    set_by_name = models.CharField(_("by"), max_length=150, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=60, blank=True)
    lifted_by_name = models.CharField(_("lifted by"), max_length=150, blank=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("hidden from one of the staff")
        verbose_name_plural = _("hidden from one of the staff")
        constraints = [
            models.UniqueConstraint(
                name="divisions_hiddenperson_once", fields=["user", "person_id"], condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="divisions_hiddenperson_lifted",
                condition=Q(lifted_at__isnull=True, lifted_by="", lift_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(lift_reason="")),
                violation_error_message=_("Say why it is lifted."),
            ),
        ]
        indexes = [models.Index(name="divisions_hiddenperson_who", fields=["person_id"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.person_id}"


class Absence(Record):
    """Somebody of the staff is away, from a day until a day, and a colleague stands in for her.

    It ends by itself. Her cases stay hers: what is to be done meanwhile stands on the stand-in's Today as well.

    Attributes:
        until_on: the last day of it; ended early, the day before she was back.
        ended_at: set where it was ended early, or called off before it began.
        note: for colleagues; never why she is away.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("who is away")
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stands_in", verbose_name=_("stand-in")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until and including"))
    note = models.CharField(_("a word to colleagues"), max_length=200, blank=True)
    set_by = models.CharField(_("by"), max_length=60)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="divisions_absence_dates",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                name="divisions_absence_two",
                condition=~Q(user=F("stand_in")),
                violation_error_message=_("Choose a colleague: nobody stands in for herself."),
            ),
            models.CheckConstraint(
                name="divisions_absence_ended",
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
            # Two that begin together are refused by the database; two that overlap otherwise, by the service, which
            # holds both colleagues meanwhile.
            models.UniqueConstraint(
                name="divisions_absence_once",
                fields=["user", "from_on"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("She is away on some of these days already."),
            ),
        ]
        indexes = [models.Index(name="divisions_absence_days", fields=["until_on", "from_on"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.from_on}"
