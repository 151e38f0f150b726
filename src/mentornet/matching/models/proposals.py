"""Proposals and the answers to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField, mark_of
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import HOLDING, Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import ProgrammeVersion


class Proposal(Record):
    """A suggested pair, chosen by a coordinator with a written reason.

    What she saw when she chose is kept: score, bars and sentences by the programme version of that day. So the
    decision can be printed and explained later, whatever has changed since.

    Attributes:
        score: in units of 1/10,000.
        bars: by criterion and for ``waiting``: ``[contribution, value or null, most]``
            (:func:`mentornet.matching.ranking.bars_kept`).
        sentences: by language code, the reasons as they were shown.
        again: why these two are asked once more, where one of them has said no before.
        rank, ranked: her place among so many mentors of the bank.
        loosened: hard rules that the coordinator set aside for this pair, each for the written reason.
        expires_on: after this day it has come to nothing.
    """

    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="proposals_as_mentee", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="proposals_as_mentor", verbose_name=_("mentor")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("division")
    )
    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("programme version")
    )
    state = models.CharField(_("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFT)
    reason = models.TextField(_("why these two"), max_length=2_000)
    again = models.TextField(_("why once more"), max_length=1_000, blank=True)
    chosen_by = models.CharField(_("chosen by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    score = models.IntegerField(_("score"))
    bars = models.JSONField(_("bars"), default=dict)
    sentences = models.JSONField(_("reasons"), default=dict)
    rank = models.PositiveIntegerField(_("place in the list"))
    ranked = models.PositiveIntegerField(_("mentors in the list"))
    loosened = WordsField(_("rules set aside"), default=tuple, blank=True)
    meets_first = models.BooleanField(_("they meet first"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    meeting_on = models.DateField(_("they meet on"), null=True, blank=True)
    meeting_time = models.TimeField(_("they meet at"), null=True, blank=True)
    meeting_place = models.CharField(_("where they meet"), max_length=120, blank=True)
    met_on = models.DateField(_("have met on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_note = models.CharField(_("why it ended"), max_length=500, blank=True)
    partnership = models.OneToOneField(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                name="matching_proposal_open_mentee",
                fields=["mentee"],
                condition=Q(state__in=HOLDING),
                violation_error_message=_("There is an open proposal for her already."),
            ),
            models.UniqueConstraint(
                name="matching_proposal_draft", fields=["mentee", "mentor"], condition=Q(state="draft")
            ),
            models.CheckConstraint(name="matching_proposal_state", condition=Q(state__in=ProposalState.values)),
            models.CheckConstraint(name="matching_proposal_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="matching_proposal_sent",
                condition=Q(state__in=("draft", "withdrawn")) | Q(sent_at__isnull=False, expires_on__isnull=False),
            ),
            models.CheckConstraint(
                name="matching_proposal_accepted",
                condition=Q(state="accepted", partnership__isnull=False)
                | (~Q(state="accepted") & Q(partnership__isnull=True)),
            ),
            models.CheckConstraint(name="matching_proposal_met", condition=~Q(state="met") | Q(met_on__isnull=False)),
            models.CheckConstraint(
                name="matching_proposal_meeting_time",
                condition=Q(meeting_time__isnull=True) | Q(meeting_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="matching_proposal_state", fields=["division", "state", "expires_on"]),
            models.Index(name="matching_proposal_pair", fields=["mentee", "mentor"]),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} {self.mentor_id}"

    @property
    def division_told(self) -> str:
        """The division's name as lists and files tell it: not where one of the two is protected."""
        is_protected = self.mentee.person.is_protected or self.mentor.person.is_protected
        return "" if is_protected else self.division.name

    @property
    def is_open(self) -> bool:
        """It holds a place on both sides, or is still being written."""
        return self.state == ProposalState.DRAFT or self.state in HOLDING

    @property
    def meeting_mark(self) -> str:
        """What a form carries to tell whether their meeting is still planned as it was; empty while none is."""
        starts = [str(self.meeting_time)] if self.meeting_time else []
        return mark_of(str(self.meeting_on), self.meeting_place, *starts) if self.meeting_on else ""


class ProposalAnswer(Record):
    """One side's answer in one round: who took it down, when and how.

    Attributes:
        told_on: the day on which she said it; empty when that was the day it was taken down.
        taken_by, author_name: whoever took it down; herself, where she answered on her own page.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(_("who"), max_length=10, choices=Side.choices)
    round = models.CharField(_("to what"), max_length=20, choices=Round.choices)
    reply = models.CharField(_("answer"), max_length=5, choices=Reply.choices)
    decline_reason = models.CharField(_("reason"), max_length=12, blank=True, choices=DeclineReason.choices)
    note = models.CharField(_("in her words"), max_length=500, blank=True)
    channel = models.CharField(_("how"), max_length=12, choices=Channel.choices)
    told_on = models.DateField(_("said on"), null=True, blank=True)
    taken_by = models.CharField(_("taken down by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                name="matching_proposalanswer_once",
                fields=["proposal", "side", "round"],
                violation_error_message=_("Her answer has been taken down already."),
            ),
            models.CheckConstraint(
                name="matching_proposalanswer_reason",
                condition=Q(reply="yes", decline_reason="") | Q(reply="no", decline_reason__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.reply}"


class ProposalQuestion(Record):
    """What one side wants to know before she answers, for the coordinator alone; she hears by telephone.

    Attributes:
        answered_by, answered_name: whoever has talked with her.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="questions")
    side = models.CharField(_("who"), max_length=10, choices=Side.choices)
    text = models.TextField(_("in her words"), max_length=1_000)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=60, blank=True)
    answered_name = models.CharField(_("name of whoever answered"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(name="matching_proposalquestion_side", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="matching_proposalquestion_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="matching_proposalquestion_answered",
                condition=Q(answered_at__isnull=True, answered_by="")
                | Q(answered_at__isnull=False, answered_by__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.proposal_id}"


class MeetingOption(Record):
    """A time, or a place, at which the two could meet first; each of them says in private whether it suits her.

    Attributes:
        starts_at: of a time; a place has none.
        place: of a place; a time has none.
        suits_mentee, suits_mentor: empty until she has said.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(_("order"))
    starts_at = models.DateTimeField(_("time"), null=True, blank=True)
    place = models.ForeignKey(
        MeetingPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    suits_mentee = models.BooleanField(_("suits the mentee"), null=True, blank=True)
    suits_mentor = models.BooleanField(_("suits the mentor"), null=True, blank=True)

    class Meta:
        verbose_name = _("time or place to meet")
        verbose_name_plural = _("times and places to meet")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="matching_meetingoption_once", fields=["proposal", "position"]),
            models.CheckConstraint(
                name="matching_meetingoption_one",
                condition=Q(starts_at__isnull=True, place__isnull=False)
                | Q(starts_at__isnull=False, place__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.position}"

    def suits(self, side: Side | str) -> bool | None:
        """Tell whether it suits a side; ``None`` until she has said."""
        return self.suits_mentee if side == Side.MENTEE else self.suits_mentor
