"""Disclosures: who outside was told what about whom; and who wanted a list of people."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.people.models import Person
from mentornet.privacy.enums import DemandAnswer, Ground


class Disclosure(Record):
    """Somebody outside was told something about a person.

    Attributes:
        told_to: who, with office or company.
        told: what was told, and what was not.
        held_back_reason: why she does not read it yet, such as an inquiry of the police; empty where she reads it.
        review_on: the day on which somebody asks again whether she may.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disclosures", verbose_name=_("person"))
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    told_on = models.DateField(_("on which day"))
    told_to = models.CharField(_("who was told"), max_length=200)
    told = models.TextField(_("what was told"), max_length=2_000)
    reason = models.CharField(_("why"), max_length=500)
    ground = models.CharField(_("on which ground"), max_length=10, choices=Ground.choices)
    held_back_reason = models.CharField(_("why she does not read it yet"), max_length=500, blank=True)
    review_on = models.DateField(_("look again on"), null=True, blank=True)
    written_by = models.CharField(_("written by"), max_length=60)
    author_name = models.CharField(_("written by"), max_length=150)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [
            models.CheckConstraint(name="privacy_disclosure_ground", condition=Q(ground__in=Ground.values)),
            # Nothing is kept from her without a day on which somebody asks again.
            models.CheckConstraint(
                name="privacy_disclosure_held_back",
                condition=Q(held_back_reason="", review_on__isnull=True)
                | (~Q(held_back_reason="") & Q(review_on__isnull=False)),
                violation_error_message=_("Give both: why she does not read it yet, and when you look again."),
            ),
        ]
        indexes = [models.Index(name="privacy_disclosure_when", fields=["division", "told_on"])]

    def __str__(self) -> str:
        return f"disclosure {self.person_id}"


class Demand(Record):
    """Somebody outside wanted a list of people: a state, an embassy, an employer, a newspaper. About nobody.

    Attributes:
        asked_by: who, with office.
        asked: what they wanted; no names.
        answer_words: what they were told.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    asked_on = models.DateField(_("on which day"))
    asked_by = models.CharField(_("who asked"), max_length=200)
    asked = models.TextField(_("what they wanted"), max_length=2_000)
    answer = models.CharField(_("answer"), max_length=10, choices=DemandAnswer.choices)
    answer_words = models.TextField(_("what they were told"), max_length=2_000, blank=True)
    written_by = models.CharField(_("written by"), max_length=60)
    author_name = models.CharField(_("written by"), max_length=150)

    class Meta:
        verbose_name = _("demand for a list")
        verbose_name_plural = _("demands for lists")
        constraints = [
            models.CheckConstraint(name="privacy_demand_answer", condition=Q(answer__in=DemandAnswer.values)),
        ]
        indexes = [models.Index(name="privacy_demand_when", fields=["division", "asked_on"])]

    def __str__(self) -> str:
        return f"demand {self.pk}"
