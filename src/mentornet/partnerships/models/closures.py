"""Endings: how it came to one, what each of the two says, what has come of it, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.partnerships.enums import ClosingReason
from mentornet.partnerships.models.pairs import Partnership
from mentornet.partnerships.outcomes import ExitTalk, LaterContact, MenteeNext, MentorNext, Said, Scenario, Work
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST_HOURS: Final = 60


def _said(label: _StrOrPromise) -> models.CharField[str, str]:
    return models.CharField(label, max_length=8, blank=True, choices=Said.choices)


class Closure(Record):
    """One ending of a partnership, from the day on which somebody begins it; a draft until it is closed.

    Nothing of it is deleted: an ending that was called off, or taken back, stands beside the next one.

    Attributes:
        began_by: the key of whoever began it.
        filled: the steps that were filled in, by name.
        ended_on, reason, note: what the partnership itself keeps once it is closed.
        work, hours, own_level: what the mentee does for a living now; hours a week.
        danish_step: she has come a step further in Danish. network: she knows more people in her field.
        keeps_apart: that the two must not meet is noted as it closes.
        blame: a person's answer to whether it ended without blame, where it is another one than the rule's
            (:func:`mentornet.partnerships.ending.without_blame`); ``blame_words`` say why.
        former: what the two places, and what each shared, were before: it goes back if the ending was a mistake.
        undone_at: when it was called off, or taken back.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="closures", verbose_name=_("partnership")
    )
    began_by = models.CharField(_("begun by"), max_length=60)
    scenario = models.CharField(_("how it ends"), max_length=10, choices=Scenario.choices)
    filled = WordsField(_("filled in"), default=tuple, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=12, blank=True, choices=ClosingReason.choices)
    note = models.TextField(_("note"), blank=True, max_length=2_000)
    work = models.CharField(_("work"), max_length=14, blank=True, choices=Work.choices)
    hours = models.PositiveSmallIntegerField(
        _("hours a week"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )
    own_level = _said(_("at her own level"))
    danish_step = _said(_("a step further in Danish"))
    network = _said(_("knows more people in her field"))
    outcome_words = models.TextField(_("what has come of it, in her words"), blank=True, max_length=2_000)
    later_contact = models.CharField(_("later contact"), max_length=6, blank=True, choices=LaterContact.choices)
    keeps_apart = models.BooleanField(_("must not meet"), default=False)
    blame = _said(_("without blame"))
    blame_words = models.CharField(_("why"), max_length=500, blank=True)
    mentee_next = models.CharField(_("the mentee afterwards"), max_length=9, blank=True, choices=MenteeNext.choices)
    mentor_next = models.CharField(_("the mentor afterwards"), max_length=6, blank=True, choices=MentorNext.choices)
    mentor_rests_until = models.DateField(_("the mentor rests until"), null=True, blank=True)
    former = models.JSONField(default=dict, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=60, blank=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.CharField(_("taken back by"), max_length=60, blank=True)
    undone_words = models.CharField(_("why it was taken back"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("ending")
        verbose_name_plural = _("endings")
        constraints = [
            models.UniqueConstraint(
                name="partnerships_closure_standing", fields=["partnership"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="partnerships_closure_lists",
                condition=Q(
                    scenario__in=Scenario.values,
                    reason__in=["", *ClosingReason.values],
                    work__in=["", *Work.values],
                    later_contact__in=["", *LaterContact.values],
                    mentee_next__in=["", *MenteeNext.values],
                    mentor_next__in=["", *MentorNext.values],
                ),
            ),
            models.CheckConstraint(
                name="partnerships_closure_said",
                condition=Q(
                    own_level__in=["", *Said.values],
                    danish_step__in=["", *Said.values],
                    network__in=["", *Said.values],
                    blame__in=["", Said.YES, Said.NO],
                ),
            ),
            models.CheckConstraint(
                name="partnerships_closure_closed",
                condition=Q(closed_at__isnull=True, closed_by="")
                | Q(closed_at__isnull=False, closed_by__gt="", ended_on__isnull=False, reason__gt=""),
            ),
            models.CheckConstraint(
                name="partnerships_closure_safety",
                condition=~Q(scenario="safety") | Q(later_contact__in=["", "none"]),
            ),
            models.CheckConstraint(
                name="partnerships_closure_hours",
                condition=Q(hours__isnull=True) | Q(hours__gte=1, hours__lte=MOST_HOURS),
            ),
            models.CheckConstraint(
                # Why stands in no constraint: an erasure empties what somebody wrote.
                name="partnerships_closure_undone",
                condition=Q(undone_at__isnull=True, undone_by="", undone_words="")
                | Q(undone_at__isnull=False, undone_by__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.scenario}"

    @property
    def is_open(self) -> bool:
        """It is being filled in."""
        return self.closed_at is None and self.undone_at is None

    @property
    def is_safety(self) -> bool:
        """Somebody may not be safe."""
        return self.scenario == Scenario.SAFETY


class ClosureSide(Record):
    """What one of the two says at the end: in a talk, and on her own page.

    Attributes:
        led_to_it: of an ending that one of them wants: she does; where somebody may not be safe: it is about her.
        said: what she said in the talk, as an observation: she may read it.
        remark: for the division's coordinators alone; reading it is audited.
        has_thanks: a letter of thanks goes to her.
        may_be_asked: she may be asked later how it goes.
        own_reason, own_words, own_contact: her own answers on her own page; the words as she wrote them.
    """

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="sides", verbose_name=_("ending"))
    side = models.CharField(_("who"), max_length=10, choices=Role.choices)
    led_to_it = models.BooleanField(_("it began with her"), default=False)
    talk = models.CharField(_("last talk"), max_length=12, blank=True, choices=ExitTalk.choices)
    talk_on = models.DateField(_("talked on"), null=True, blank=True)
    said = models.TextField(_("what she said"), blank=True, max_length=5_000)
    reason = models.CharField(_("why, as she says"), max_length=12, blank=True, choices=ClosingReason.choices)
    wants_contact = _said(_("wants to keep in touch"))
    remark = models.TextField(_("for coordinators only"), blank=True, max_length=5_000)
    has_thanks = models.BooleanField(_("a letter of thanks"), default=True)
    may_be_asked = models.BooleanField(_("may be asked later"), default=True)
    own_reason = models.CharField(_("why, as she wrote"), max_length=12, blank=True, choices=ClosingReason.choices)
    own_words = models.TextField(_("in her words"), blank=True, max_length=2_000)
    own_contact = _said(_("wants to keep in touch, as she wrote"))
    own_at = models.DateTimeField(_("wrote"), null=True, blank=True)

    class Meta:
        verbose_name = _("one side of an ending")
        verbose_name_plural = _("sides of endings")
        constraints = [
            models.UniqueConstraint(name="partnerships_closureside_once", fields=["closure", "side"]),
            models.CheckConstraint(
                name="partnerships_closureside_lists",
                condition=Q(
                    side__in=Role.values,
                    talk__in=["", *ExitTalk.values],
                    reason__in=["", *ClosingReason.values],
                    own_reason__in=["", *ClosingReason.values],
                    wants_contact__in=["", *Said.values],
                    own_contact__in=["", *Said.values],
                ),
            ),
            models.CheckConstraint(
                name="partnerships_closureside_talk", condition=Q(talk="held") | Q(talk_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closure_id} {self.side}"
