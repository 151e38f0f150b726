"""Concerns: what somebody tells in confidence, and what was done about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.followup.enums import About, Addressee, ConcernState, Heard
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person


class Concern(Record):
    """A quiet word, from the moment it is told until a second reader has closed it.

    It stands apart from the pair's case: no task, letter, note or timeline tells of it, and nobody is notified of it
    but those who may read it (:func:`mentornet.followup.rules.may_read`).

    Attributes:
        partnership: in which it arose, if in one.
        coordinator: whose case it is; nobody's in particular when empty.
        kept_from: the keys of users who never read it, whatever their roles: whoever it is about, and herself.
        wants_call: she asks to be called, as ``call_words`` say.
        heard: whether she has written it herself, has told it to one of the staff, or one of them has seen it.
        written_by, author_name: who of the staff has written it down; empty where she has done so herself.
        taken_by, resolved_by, closed_by: keys of users; who closes is another one than who resolved.
    """

    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("told by"))
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concerns",
        verbose_name=_("partnership"),
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("division")
    )
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concerns",
        verbose_name=_("coordinator"),
    )
    about = models.CharField(_("about"), max_length=12, choices=About.choices)
    addressee = models.CharField(_("for"), max_length=14, choices=Addressee.choices)
    kept_from = WordsField(_("kept from"), default=tuple, blank=True)
    words = models.TextField(_("in her words"), max_length=5_000)
    wants_call = models.BooleanField(_("wants to be called"), default=False)
    call_words = models.CharField(_("how and when she can be called"), max_length=200, blank=True)
    heard = models.CharField(_("how it came"), max_length=10, choices=Heard.choices, default=Heard.WRITTEN)
    written_by = models.CharField(_("written down by"), max_length=60, blank=True)
    author_name = models.CharField(_("author's name"), max_length=150, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ConcernState.choices, default=ConcernState.RAISED)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    taken_by = models.CharField(_("taken by"), max_length=60, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=60, blank=True)
    outcome = models.TextField(_("what was done"), max_length=2_000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("second reader"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        constraints = [
            models.CheckConstraint(name="followup_concern_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="followup_concern_lists",
                condition=Q(about__in=About.values, addressee__in=Addressee.values, state__in=ConcernState.values),
            ),
            models.CheckConstraint(
                # Whoever sees to it, and whoever it is about, has no say in whether it is done with.
                name="followup_concern_second_reader",
                condition=~Q(state="closed")
                | (Q(closed_by__gt="", resolved_by__gt="", closed_at__isnull=False) & ~Q(closed_by=F("resolved_by"))),
            ),
            models.CheckConstraint(
                name="followup_concern_about_coordinator",
                condition=~Q(about="coordinator") | Q(addressee="national_lead"),
            ),
            models.CheckConstraint(
                name="followup_concern_heard",
                condition=Q(heard="written", written_by="", author_name="")
                | (Q(heard__in=("told", "seen")) & ~Q(written_by="")),
            ),
        ]
        indexes = [models.Index(name="followup_concern_state", fields=["state", "division", "created_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class ConcernNote(Record):
    """What somebody who sees to a concern has heard or done."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="notes", verbose_name=_("concern"))
    text = models.TextField(_("note"), max_length=5_000)
    written_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("note on a concern")
        verbose_name_plural = _("notes on concerns")
        constraints = [models.CheckConstraint(name="followup_concernnote_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return str(self.concern_id)


class ConcernAlarm(Record):
    """One of the staff was told that something waits for her: once for each concern, reader and round.

    What it is about stands in no letter. ``round`` 1 is after a working day, 2 after a second one.
    """

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="alarms", verbose_name=_("concern"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="concern_alarms", verbose_name=_("who")
    )
    round = models.PositiveSmallIntegerField(_("round"))

    class Meta:
        verbose_name = _("alarm about a concern")
        verbose_name_plural = _("alarms about concerns")
        constraints = [
            models.UniqueConstraint(name="followup_concernalarm_once", fields=["concern", "user", "round"]),
            models.CheckConstraint(name="followup_concernalarm_round", condition=Q(round__in=(1, 2))),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.round}"
