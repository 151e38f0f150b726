"""What the two work on: goals in small steps, doors opened, and what each writes for herself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.partnerships.enums import CameOfIt, Door, Sector
from mentornet.partnerships.models.pairs import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person


class Goal(Record):
    """Something that she wants to reach. Both may write it, and both may change it."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="goals", verbose_name=_("partnership")
    )
    words = models.CharField(_("goal"), max_length=300)
    side = models.CharField(_("written by"), max_length=10, choices=Role.choices)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    changed_by = models.CharField(_("last changed by"), max_length=10, choices=Role.choices, blank=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="partnerships_goal_words", condition=~Q(words="")),
            models.CheckConstraint(name="partnerships_goal_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.pk}"


class GoalStep(Record):
    """A step towards a goal, small enough for two weeks."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps", verbose_name=_("goal"))
    words = models.CharField(_("step"), max_length=200)
    side = models.CharField(_("written by"), max_length=10, choices=Role.choices)
    done_on = models.DateField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="partnerships_goalstep_words", condition=~Q(words="")),
            models.CheckConstraint(name="partnerships_goalstep_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.pk}"


class Introduction(Record):
    """A door that the mentor's network has opened. Nobody's name but theirs is asked for."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="introductions", verbose_name=_("partnership")
    )
    on = models.DateField(_("day"))
    door = models.CharField(_("which door"), max_length=12, choices=Door.choices)
    sector = models.CharField(_("field of work"), max_length=10, choices=Sector.choices)
    came_of_it = models.CharField(
        _("what came of it"), max_length=12, choices=CameOfIt.choices, default=CameOfIt.NOTHING_YET
    )
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    side = models.CharField(_("told by"), max_length=10, choices=Role.choices)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        constraints = [
            models.CheckConstraint(
                name="partnerships_introduction_lists",
                condition=Q(door__in=Door.values, sector__in=Sector.values, came_of_it__in=CameOfIt.values),
            ),
            models.CheckConstraint(name="partnerships_introduction_side", condition=Q(side__in=Role.values)),
        ]
        indexes = [models.Index(name="partnerships_introduced_on", fields=["partnership", "on"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.on}"


class OwnNote(Record):
    """What somebody writes for herself alone: neither her partner nor anybody at the office reads it."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="own_notes", verbose_name=_("partnership")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_notes", verbose_name=_("whose"))
    text = models.TextField(_("note"), max_length=5_000)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("note of one’s own")
        verbose_name_plural = _("notes of one’s own")
        constraints = [models.CheckConstraint(name="partnerships_ownnote_text", condition=~Q(text=""))]
        indexes = [models.Index(name="partnerships_own_notes", fields=["partnership", "person", "created_at"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.pk}"
