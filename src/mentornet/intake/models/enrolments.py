"""Enrolments: whoever waits, stands in the bank, or is taken."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, stamp
from mentornet.divisions.models import Division
from mentornet.intake.enums import NOTED_REASONS, EndReason
from mentornet.intake.models.applications import Application
from mentornet.people.enums import Role
from mentornet.people.models import Person, Profile
from mentornet.programmes.models import Programme

UNTIL_SHE_SAYS: Final = date.max
"""The day until which somebody rests who is asked before she is back: no day brings her back."""


class Enrolment(Record):
    """Somebody approved: on the waiting list, in the mentor bank, or taken.

    The *waiting list* and the *mentor bank* are queries over these rows (:mod:`mentornet.intake.queries`).

    Attributes:
        capacity: how many she can be paired with at once; a mentee's is 1, a mentor's may be 0 for a while.
        promised, active: places held by proposals, and taken by partnerships. Together never more than the capacity:
            a constraint, so that no race can promise her twice.
        briefed_on: a mentor's briefing; before it she is not in the bank.
        resting_until: nobody is proposed to her before that day; a mentee keeps her place in the queue.
        returns_when_asked: on that day she is asked, and rests on until she says that she is back. Otherwise she is
            back on it by herself, as a coordinator has noted it.
        return_asked_on: when she was asked; empty before, and once she has answered.
        rest_note: why, in her words, if she wants to say.
        since: on the waiting list, or in the bank without a mentee, since this day; unknown when empty.
        word_due_on: by when she has been promised to hear from us.
        word_by_hand: somebody tells her the next time; the program writes no letter by itself until she has heard.
        wait_reason: why she waits, where a coordinator has noted it; empty where it shows in what is written down.
        wait_words: the coordinator's word about it.
        wait_noted_on: when she noted it.
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
    returns_when_asked = models.BooleanField(_("is asked before she is back"), default=False)
    return_asked_on = models.DateField(_("asked whether she is back"), null=True, blank=True)
    rest_note = models.CharField(_("why she rests"), max_length=300, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    last_word_on = models.DateField(_("last heard from us"), null=True, blank=True)
    word_due_on = models.DateField(_("promised to hear by"), null=True, blank=True)
    word_by_hand = models.BooleanField(_("somebody tells her the next time"), default=False)
    wait_reason = models.CharField(
        _("why she waits"), max_length=10, blank=True, choices=[(one.value, one.label) for one in NOTED_REASONS]
    )
    wait_words = models.CharField(_("a word about why she waits"), max_length=300, blank=True)
    wait_noted_on = models.DateField(_("noted why she waits"), null=True, blank=True)
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
            models.CheckConstraint(
                name="intake_enrolment_return",
                condition=Q(resting_until__isnull=False)
                | Q(returns_when_asked=False, return_asked_on__isnull=True, rest_note=""),
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

    @property
    def rests_until(self) -> date | None:
        """The day until which she rests, as the mathematics knows it: none brings back who is asked first."""
        return UNTIL_SHE_SAYS if self.resting_until and self.returns_when_asked else self.resting_until

    def is_resting(self, today: date) -> bool:
        """Tell whether nobody is proposed to her on a day because she rests."""
        return self.rests_until is not None and self.rests_until > today

    @property
    def division_told(self) -> str:
        """The division's name as lists and files tell it: not of somebody protected, whom it would help to find."""
        return "" if self.person.is_protected else self.division.name
