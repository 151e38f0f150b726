"""Meetings: those that have been, those that are planned, and the calendars that follow them."""

from __future__ import annotations

from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.partnerships.enums import MeetingWay
from mentornet.partnerships.models.pairs import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.validators import check_topics

LONGEST_MEETING: Final = 24 * 60


def _minutes() -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(
        _("minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MEETING)]
    )


class Meeting(Record):
    """The two have met on a day: one row, however many have told of it.

    Attributes:
        minutes, way, topics: as the first who told of it said; what each of the two said herself: :class:`Account`.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="meetings", verbose_name=_("partnership")
    )
    on = models.DateField(_("day"))
    minutes = _minutes()
    way = models.CharField(_("how"), max_length=10, blank=True, choices=MeetingWay.choices)
    topics = WordsField(_("about"), default=tuple, blank=True, validators=[check_topics])
    told_by = models.CharField(_("told by"), max_length=60)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(name="partnerships_meeting_way", condition=Q(way__in=["", *MeetingWay.values]))
        ]
        indexes = [models.Index(name="partnerships_meeting_on", fields=["partnership", "on"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.on}"


class Account(Record):
    """What one of the two has told of a meeting; with both accounts the meeting is confirmed by both."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="accounts", verbose_name=_("meeting"))
    side = models.CharField(_("told by"), max_length=10, choices=Role.choices)
    minutes = _minutes()
    way = models.CharField(_("how"), max_length=10, blank=True, choices=MeetingWay.choices)
    topics = WordsField(_("about"), default=tuple, blank=True, validators=[check_topics])

    class Meta:
        verbose_name = _("account of a meeting")
        verbose_name_plural = _("accounts of meetings")
        constraints = [
            models.UniqueConstraint(name="partnerships_account_side", fields=["meeting", "side"]),
            models.CheckConstraint(name="partnerships_account_known_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.side}"


class PlannedMeeting(Record):
    """When and where the two mean to meet next. Both see it; either changes it."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="planned_meetings", verbose_name=_("partnership")
    )
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MEETING)]
    )
    place = models.CharField(_("where"), max_length=120, blank=True)
    side = models.CharField(_("planned by"), max_length=10, choices=Role.choices)
    changes = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed"))
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)

    class Meta:
        verbose_name = _("planned meeting")
        verbose_name_plural = _("planned meetings")
        constraints = [
            models.UniqueConstraint(
                name="partnerships_plannedmeeting_once",
                fields=["partnership", "at"],
                condition=Q(called_off_at__isnull=True),
            ),
            models.CheckConstraint(name="partnerships_plannedmeeting_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.at:%Y-%m-%d %H:%M}"


class CalendarFeed(Record):
    """An address at which a calendar program reads somebody's planned meetings.

    Attributes:
        token_hash: SHA-256 of what stands in the address; the address itself is shown once and kept nowhere.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_feeds", verbose_name=_("whose"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                name="partnerships_calendarfeed_open", fields=["person"], condition=Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.person_id)
