"""Searches for a mentor who is not in the bank, who is asked, and who was found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.people.validators import check_language_code, check_occupation, check_slots, check_topics
from mentornet.programmes.models import Programme
from mentornet.sourcing.briefs import FEWEST, Brief
from mentornet.sourcing.enums import HELPS, AskingState, ClosedBecause, Reply, SearchState
from mentornet.sourcing.models.prospects import Prospect
from reference.people import MeetingMode

MEETING = [(mode.value, mode.value) for mode in MeetingMode]


class Search(Record):
    """One search: for the mentor whom the bank lacks, for a waiting woman or for a profile that many wait for.

    Attributes:
        mentee: for whom, if for one; nobody who is asked learns it.
        occupation, language, topics, times, meeting: the brief (:class:`mentornet.sourcing.briefs.Brief`), which has
            been widened until it tells of nobody.
        steps: how it was widened, for the coordinator alone: what, what it was, what it became, how many it fits then.
        fits: how many waiting women it fitted when that was last counted.
        due_on: by when an answer is hoped for.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="searches", verbose_name=_("division")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="searches", verbose_name=_("programme")
    )
    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="searches", verbose_name=_("for")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="searches", verbose_name=_("coordinator")
    )
    occupation = models.CharField(_("field"), max_length=4, blank=True, validators=[check_occupation])
    language = models.CharField(_("language"), max_length=3, blank=True, validators=[check_language_code])
    topics = WordsField(_("topics"), default=tuple, blank=True, validators=[check_topics])
    times = WordsField(_("times"), default=tuple, blank=True, validators=[check_slots])
    meeting = models.CharField(_("way to meet"), max_length=10, blank=True, choices=MEETING)
    steps = models.JSONField(_("how the brief was widened"), default=list, blank=True)
    fits = models.PositiveIntegerField(_("waiting women whom it fits"))
    due_on = models.DateField(_("answers by"))
    state = models.CharField(_("state"), max_length=6, choices=SearchState.choices, default=SearchState.DRAFT)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_because = models.CharField(_("why it is closed"), max_length=10, blank=True, choices=ClosedBecause.choices)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.CheckConstraint(name="sourcing_search_state", condition=Q(state__in=SearchState.values)),
            # Two briefs for one woman could be laid side by side, and tell together what neither tells alone.
            models.UniqueConstraint(
                name="sourcing_search_once",
                fields=["mentee"],
                condition=~Q(state="closed"),
                violation_error_message=_("There is a search for her already. Go on with that one."),
            ),
            models.CheckConstraint(name="sourcing_search_anonymous", condition=Q(state="draft") | Q(fits__gte=FEWEST)),
            models.CheckConstraint(
                name="sourcing_search_closed",
                condition=Q(state="closed", closed_on__isnull=False, closed_because__in=ClosedBecause.values)
                | (~Q(state="closed") & Q(closed_on__isnull=True, closed_because="")),
            ),
        ]
        indexes = [models.Index(name="sourcing_search_place", fields=["division", "state", "due_on"])]

    def __str__(self) -> str:
        return f"search {self.pk}"

    @property
    def brief(self) -> Brief:
        """Which mentor is looked for."""
        return Brief(self.occupation, self.language, tuple(self.topics or ()), tuple(self.times or ()), self.meeting)

    @property
    def is_open(self) -> bool:
        """It was sent, and goes on."""
        return self.state == SearchState.OPEN


class Asking(Record):
    """One who is asked in a search, a contact person or an expert, and what she answers.

    Attributes:
        reply: one of three; no words, since they could be about somebody who has agreed to nothing.
        code: stands in the address that she passes on, or uses herself, once she helps; it tells nothing.
    """

    search = models.ForeignKey(Search, on_delete=models.PROTECT, related_name="askings", verbose_name=_("search"))
    contact = models.ForeignKey(
        ContactPerson,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="askings",
        verbose_name=_("contact person"),
    )
    prospect = models.ForeignKey(
        Prospect, on_delete=models.PROTECT, null=True, blank=True, related_name="askings", verbose_name=_("expert")
    )
    asked_at = models.DateTimeField(_("asked"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reply = models.CharField(_("answer"), max_length=7, blank=True, choices=Reply.choices)
    state = models.CharField(_("state"), max_length=8, choices=AskingState.choices, default=AskingState.ASKED)
    code = models.CharField(_("code"), max_length=12, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("asked in a search")
        verbose_name_plural = _("asked in searches")
        constraints = [
            models.CheckConstraint(
                name="sourcing_asking_whom",
                condition=Q(contact__isnull=False, prospect__isnull=True)
                | Q(contact__isnull=True, prospect__isnull=False),
            ),
            models.CheckConstraint(
                name="sourcing_asking_lists",
                condition=Q(state__in=AskingState.values, reply__in=["", *Reply.values]),
            ),
            models.CheckConstraint(
                name="sourcing_asking_answered",
                condition=Q(state="answered", answered_at__isnull=False)
                | (~Q(state="answered") & Q(answered_at__isnull=True, reply="")),
            ),
            models.CheckConstraint(
                name="sourcing_asking_code", condition=Q(code__isnull=True) | (~Q(code="") & Q(state="answered"))
            ),
            models.UniqueConstraint(name="sourcing_asking_contact", fields=["search", "contact"]),
            models.UniqueConstraint(name="sourcing_asking_prospect", fields=["search", "prospect"]),
        ]
        indexes = [models.Index(name="sourcing_asking_waits", fields=["asked_at"], condition=Q(state="asked"))]

    def __str__(self) -> str:
        return f"asking {self.pk}"

    @property
    def has_led_on(self) -> bool:
        """She knows or is somebody: her address may be passed on."""
        return self.reply in HELPS and self.code is not None


class Found(Record):
    """Somebody who has begun to write to us through an asking. Who she is stands in her own application alone.

    Attributes:
        draft_key: what she was writing; it is deleted a month later, whether she sends it or not.
        application: what she has sent; ``None`` before.
    """

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="found", verbose_name=_("asked"))
    draft_key = models.UUIDField(_("draft"), unique=True)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="found_by", verbose_name=_("became")
    )
    began_on = models.DateField(_("began"))

    class Meta:
        verbose_name = _("found in a search")
        verbose_name_plural = _("found in searches")

    def __str__(self) -> str:
        return f"found {self.pk}"
