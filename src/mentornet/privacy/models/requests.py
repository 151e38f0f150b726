"""Requests: what somebody asks about her data, by when she hears, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.people.models import Person
from mentornet.privacy.enums import Outcome, RequestKind, RequestWay


class Request(Record):
    """One thing that somebody asks about her data.

    Attributes:
        division: the office that answers her.
        words: as she asks it, or as somebody has heard it.
        received_on: the day on which it came, which starts the clock.
        due_on: the day by which she hears.
        extended_on, extension_reason: when it was given more time, and why: she reads it. Once, and no more.
        answer: what she is told of what came of it.
        closed_by: a key; her own, where she has taken it back.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests", verbose_name=_("person"))
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    kind = models.CharField(_("what she asks for"), max_length=12, choices=RequestKind.choices)
    way = models.CharField(_("how it came"), max_length=10, choices=RequestWay.choices)
    words = models.TextField(_("in her words"), max_length=4_000, blank=True)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("answer by"))
    extended_on = models.DateField(_("given more time"), null=True, blank=True)
    extension_reason = models.CharField(_("why it takes longer"), max_length=500, blank=True)
    taken_by = models.CharField(_("taken down by"), max_length=60)
    outcome = models.CharField(_("what came of it"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("what she is told"), max_length=4_000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(name="privacy_request_kind", condition=Q(kind__in=RequestKind.values)),
            models.CheckConstraint(name="privacy_request_way", condition=Q(way__in=RequestWay.values)),
            models.CheckConstraint(name="privacy_request_outcome", condition=Q(outcome__in=["", *Outcome.values])),
            models.CheckConstraint(name="privacy_request_clock", condition=Q(due_on__gte=F("received_on"))),
            models.CheckConstraint(
                name="privacy_request_closed",
                condition=Q(outcome="", closed_at__isnull=True, closed_by="")
                | (~Q(outcome="") & Q(closed_at__isnull=False) & ~Q(closed_by="")),
            ),
            # A second press of the button is the same request. Divisions do not know of each other's.
            models.UniqueConstraint(
                name="privacy_request_open_here",
                fields=["person", "division", "kind"],
                condition=Q(closed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="privacy_request_due", fields=["due_on"], condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"

    @property
    def is_open(self) -> bool:
        """Whether she still waits for an answer."""
        return self.closed_at is None
