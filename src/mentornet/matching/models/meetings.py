"""Meetings in which coordinators settle a whole waiting list: what they fixed, what was computed, what they decided.

What was computed names nobody: a run holds numbers of places in a list, the list numbers of people, and only the
people's own rows lead to anybody. They go with her when she is erased, and a year after the meeting.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import MeetingAct, MeetingState, MeetingStep, Outcome, RunCause, TieKind
from mentornet.matching.models.proposals import Proposal
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.validators import check_own_weights, check_weights

SILENT_AFTER: Final = timedelta(seconds=30)
"""Work that has not shown for so long that it is alive has stopped."""


class MatchingMeeting(Record):
    """A meeting over the waiting list of a programme in some divisions.

    Attributes:
        version: the programme's version by which people are judged; weights and floor are the meeting's own.
        own_weights: of the programme's own criteria, those that the meeting weighs otherwise than the version, by their
            keys, in points beside the hundred of the ten.
        borrows: a mentee may be given a mentor of another of its divisions.
        revision: grows with every act: a page tells by it whether somebody else has done something meanwhile.
        act, acted_by, actor_name: what was done last, and who did it: the others are told so.
        settings_number: grows with weights, floor and borrowing: who changes them says which she has seen.
        attempt: grows when the first computing is begun anew: work of an earlier attempt then ends without a word.
        heartbeat_at: when that work last showed that it is alive.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="matching_meetings", verbose_name=_("programme")
    )
    version = models.ForeignKey(
        ProgrammeVersion,
        on_delete=models.PROTECT,
        related_name="matching_meetings",
        verbose_name=_("programme version"),
    )
    state = models.CharField(_("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PREPARING)
    weights = models.JSONField(_("weights"), validators=[check_weights])
    own_weights = models.JSONField(
        _("weights of own criteria"), default=dict, blank=True, validators=[check_own_weights]
    )
    floor = models.DecimalField(
        _("floor"), max_digits=5, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    borrows = models.BooleanField(_("mentors of the other divisions too"), default=False)
    revision = models.PositiveIntegerField(default=0)
    act = models.CharField(_("last act"), max_length=10, choices=MeetingAct.choices, default=MeetingAct.FIRST)
    acted_by = models.CharField(_("last act by"), max_length=60, blank=True)
    actor_name = models.CharField(_("name of whoever acted last"), max_length=150, blank=True)
    settings_number = models.PositiveIntegerField(default=0)
    step = models.CharField(_("step"), max_length=10, choices=MeetingStep.choices, default=MeetingStep.QUEUED)
    attempt = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(_("asked for"))
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=60, blank=True)
    closer_name = models.CharField(_("name of whoever closed it"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("matching meeting")
        verbose_name_plural = _("matching meetings")
        constraints = [
            models.CheckConstraint(name="matching_matchingmeeting_state", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(name="matching_matchingmeeting_floor", condition=Q(floor__gte=0, floor__lte=1)),
            models.CheckConstraint(
                name="matching_matchingmeeting_closed",
                condition=Q(state="closed", closed_at__isnull=False, closed_by__gt="")
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by="")),
            ),
        ]
        indexes = [models.Index(name="matching_meeting_newest", fields=["-created_at"])]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.created_at:%Y-%m-%d}"

    def has_stopped(self, at: datetime) -> bool:
        """Tell whether the first computing has come to nothing: it may be begun anew."""
        last = self.heartbeat_at or self.asked_at
        return self.state == MeetingState.PREPARING and last < at - SILENT_AFTER

    @property
    def floor_units(self) -> int:
        """The floor in whole units of 1/10,000."""
        return int(self.floor * 10_000)


class MeetingDivision(Record):
    """A division whose waiting list and bank a meeting is about."""

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="sits")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="matching_meetings", verbose_name=_("division")
    )

    class Meta:
        verbose_name = _("division of a meeting")
        verbose_name_plural = _("divisions of a meeting")
        constraints = [models.UniqueConstraint(name="matching_meetingdivision_once", fields=["meeting", "division"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.division_id}"


class MeetingTie(Record):
    """Two people whom somebody has fixed together, or ruled out, for one meeting; lifted, it is kept as it was.

    Attributes:
        lifted_at, lifted_by: nothing while it holds.
    """

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(_("what"), max_length=6, choices=TieKind.choices)
    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="meeting_ties_as_mentee", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="meeting_ties_as_mentor", verbose_name=_("mentor")
    )
    made_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("pair locked or ruled out")
        verbose_name_plural = _("pairs locked or ruled out")
        constraints = [
            models.UniqueConstraint(
                name="matching_meetingtie_pair",
                fields=["meeting", "mentee", "mentor"],
                condition=Q(lifted_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="matching_meetingtie_one_lock",
                fields=["meeting", "mentee"],
                condition=Q(lifted_at__isnull=True, kind="lock"),
            ),
            models.CheckConstraint(name="matching_meetingtie_kind", condition=Q(kind__in=TieKind.values)),
            models.CheckConstraint(
                name="matching_meetingtie_lifted",
                condition=Q(lifted_at__isnull=True, lifted_by="") | Q(lifted_at__isnull=False, lifted_by__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mentee_id} {self.mentor_id}"


class MeetingPerson(Record):
    """One person as a meeting's runs knew her: what is needed to compute them again, without her name.

    Attributes:
        number: by which lists name her in this meeting; drawn anew whenever what is known of her has changed.
        mark: of ``facts``, to know whether they have.
        facts: as the mathematics knows her (:mod:`mentornet.matching.snapshots`).
    """

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="people")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="in_meetings", verbose_name=_("enrolment")
    )
    number = models.PositiveIntegerField()
    mark = models.CharField(max_length=16)
    facts = models.JSONField(_("what was known of her"), default=dict)

    class Meta:
        verbose_name = _("person of a meeting")
        verbose_name_plural = _("people of a meeting")
        constraints = [
            models.UniqueConstraint(name="matching_meetingperson_number", fields=["meeting", "number"]),
            models.UniqueConstraint(name="matching_meetingperson_once", fields=["meeting", "enrolment", "mark"]),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class MeetingSnapshot(Record):
    """Who was there, in the order of the mathematics, by the numbers of :class:`MeetingPerson`.

    Attributes:
        mark: of all that a run is computed from but for settings and ties.
        mentees, mentors: numbers, in the order of rows and columns.
        apart: pairs (row, column) that must not meet, or have been a pair.
        unbriefed: columns of mentors who are still to be briefed.
        kept: pairs (row, column): a place that another division keeps for one mentee, and nobody else.
    """

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    day = models.DateField(_("day"))
    mark = models.CharField(max_length=64)
    mentees = models.JSONField(default=list)
    mentors = models.JSONField(default=list)
    apart = models.JSONField(default=list)
    unbriefed = models.JSONField(default=list)
    kept = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("list of a meeting's people")
        verbose_name_plural = _("lists of a meeting's people")
        constraints = [models.UniqueConstraint(name="matching_meetingsnapshot_number", fields=["meeting", "number"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class MeetingRun(Record):
    """The best set of pairs at one moment of a meeting, with the proof that nothing is better.

    Attributes:
        number: 1 is the first; each act that changes the question makes another one.
        cause: which act that was; ``tie`` the pair that it was about.
        settings: weights, neutral values, floor and the like, as they were, with the number of the programme's version;
            of a run without a pair but the locked also the highest floor at which there would be one; of the first by
            another version whether people were others as well.
        locks, forbidden: pairs (row, column) of the snapshot; ``out`` the rows for whom nobody was looked for.
        pairs: triples (row, column, score in units of 1/10,000).
        fingerprint: of everything that the answer follows from.
        certificate: the prices, packed (:func:`mentornet.matching.snapshots.packed`).
        checked_at: when a second program held every possible pair against the certificate.
    """

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.ForeignKey(MeetingSnapshot, on_delete=models.PROTECT, related_name="runs")
    cause = models.CharField(_("why"), max_length=10, choices=RunCause.choices)
    tie = models.ForeignKey(MeetingTie, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    asked_by = models.CharField(_("asked by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    settings = models.JSONField(default=dict)
    locks = models.JSONField(default=list, blank=True)
    forbidden = models.JSONField(default=list, blank=True)
    out = models.JSONField(default=list, blank=True)
    pairs = models.JSONField(default=list, blank=True)
    pair_count = models.PositiveIntegerField(_("pairs"), default=0)
    total = models.PositiveBigIntegerField(_("score"), default=0)
    fingerprint = models.CharField(max_length=64)
    certificate = models.BinaryField(default=b"")
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("run of a meeting")
        verbose_name_plural = _("runs of a meeting")
        constraints = [
            models.UniqueConstraint(name="matching_meetingrun_number", fields=["meeting", "number"]),
            models.CheckConstraint(name="matching_meetingrun_cause", condition=Q(cause__in=RunCause.values)),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class MeetingDecision(Record):
    """What a meeting has decided about one mentee, why, and who saw it otherwise.

    Attributes:
        mentor: of a pair that is to be proposed; nobody else has one.
        number: grows with each change: who changes it says which she has seen.
        run: the number of the set beside which it was taken.
        dissent: what somebody in the meeting held against it.
        proposal: once it was sent.
        refused: why it could not be sent, when it was tried.
    """

    meeting = models.ForeignKey(MatchingMeeting, on_delete=models.PROTECT, related_name="decisions")
    mentee = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="meeting_decisions_as_mentee", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_decisions_as_mentor",
        verbose_name=_("mentor"),
    )
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices)
    reason = models.TextField(_("why"), max_length=2_000, blank=True)
    dissent = models.TextField(_("who saw it otherwise, and why"), max_length=1_000, blank=True)
    score = models.IntegerField(_("score"), null=True, blank=True)
    number = models.PositiveIntegerField(default=1)
    run = models.PositiveIntegerField(_("run"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    decided_at = models.DateTimeField(_("decided"))
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_decision"
    )
    refused = models.CharField(_("why it was not sent"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of a meeting")
        constraints = [
            models.UniqueConstraint(name="matching_meetingdecision_once", fields=["meeting", "mentee"]),
            models.CheckConstraint(
                name="matching_meetingdecision_mentor",
                condition=Q(outcome="propose", mentor__isnull=False)
                | (~Q(outcome="propose") & Q(mentor__isnull=True, proposal__isnull=True)),
            ),
            models.CheckConstraint(name="matching_meetingdecision_outcome", condition=Q(outcome__in=Outcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.mentee_id}"
