"""Applications, interviews, decisions, enrolments, and saved searches of the bank."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, mark_of, stamp
from mentornet.divisions.models import Division
from mentornet.intake.enums import OPEN_STATES, ApplicationState, EndReason
from mentornet.people.enums import Role
from mentornet.people.models import Person, Profile
from mentornet.programmes.models import Programme


class Application(Record):
    """A person who wants to take part in a programme, in a division, in a role.

    Attributes:
        reference: the id that a spreadsheet knew her by; unique among those of the same import's role and division.
        is_imported: came with a spreadsheet.
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
    def is_open(self) -> bool:
        """Nothing is decided yet."""
        return self.state in OPEN_STATES


class Interview(Record):
    """A talk with an applicant: booked, then held. What may be shared is kept apart from what may not.

    Attributes:
        shareable: what the other side of a proposal may be told, in words she would recognise.
        coordinator_only: for the division's coordinators; reading it is audited.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="interviews", verbose_name=_("application")
    )
    at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=120, blank=True)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("with")
    )
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    shareable = models.TextField(_("may be shared"), blank=True, max_length=5_000)
    coordinator_only = models.TextField(_("for coordinators only"), blank=True, max_length=5_000)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.CheckConstraint(
                name="intake_interview_end", condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="intake_interview_booked",
                fields=["application"],
                condition=Q(held_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"interview {self.application_id}"

    @property
    def mark(self) -> str:
        """What a form carries to tell whether it is still booked as it was when the form was opened."""
        return mark_of(self.pk, self.at.timestamp(), str(self.interviewer_id), self.place)


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


class Enrolment(Record):
    """Somebody approved: on the waiting list, in the mentor bank, or taken.

    The *waiting list* and the *mentor bank* are queries over these rows (:mod:`mentornet.intake.queries`).

    Attributes:
        capacity: how many she can be paired with at once; a mentee's is 1, a mentor's may be 0 for a while.
        promised, active: places held by proposals, and taken by partnerships. Together never more than the capacity:
            a constraint, so that no race can promise her twice.
        briefed_on: a mentor's briefing; before it she is not in the bank.
        since: on the waiting list, or in the bank without a mentee, since this day; unknown when empty.
        word_due_on: by when she has been promised to hear from us.
        stamp: drawn anew at every write.
    """

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="enrolment", verbose_name=_("application")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("person"))
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("profile"))
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("programme")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("division")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("coordinator"),
    )
    capacity = models.PositiveSmallIntegerField(_("capacity"), default=1)
    promised = models.PositiveSmallIntegerField(_("promised"), default=0)
    active = models.PositiveSmallIntegerField(_("active pairs"), default=0)
    briefed_on = models.DateField(_("briefed"), null=True, blank=True)
    resting_until = models.DateField(_("resting until"), null=True, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    last_word_on = models.DateField(_("last heard from us"), null=True, blank=True)
    word_due_on = models.DateField(_("promised to hear by"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, blank=True, choices=EndReason.choices)
    stamp = models.BigIntegerField(default=stamp, editable=False)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.CheckConstraint(
                name="intake_enrolment_capacity",
                condition=Q(capacity__gte=F("promised") + F("active")),
                violation_error_message=_("She cannot be promised beyond her capacity."),
            ),
            models.CheckConstraint(
                name="intake_enrolment_mentee", condition=Q(role=Role.MENTOR) | Q(role=Role.MENTEE, capacity=1)
            ),
            models.CheckConstraint(
                name="intake_enrolment_end", condition=Q(ended_on__isnull=True) | Q(promised=0, active=0)
            ),
            models.UniqueConstraint(
                name="intake_enrolment_current",
                fields=["person", "programme", "role"],
                condition=Q(ended_on__isnull=True),
            ),
        ]
        indexes = [
            # Holds all that is summed to know whether what a process has in memory still stands.
            models.Index(
                name="intake_enrolment_pool",
                fields=["role", "division", "programme", "active", "stamp"],
                condition=Q(ended_on__isnull=True),
            ),
            models.Index(name="intake_enrolment_who", fields=["person", "division", "role"]),
            models.Index(name="intake_enrolment_since", fields=["role", "since"]),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"

    @property
    def places_left(self) -> int:
        """How many more she can be promised to."""
        return self.capacity - self.promised - self.active


class SavedSearch(Record):
    """A search that somebody keeps: the page's name and the address's query."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    page = models.CharField(_("page"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("search"), max_length=1_000)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(name="intake_savedsearch_name", fields=["user", "page", "name"]),
            models.CheckConstraint(name="intake_savedsearch_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
