"""Meetings that are planned, and the calendars that follow them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.partnerships.models import CalendarFeed, Partnership, PlannedMeeting
from mentornet.partnerships.queries import feed_hash, next_planned, planned_meetings
from mentornet.partnerships.rules import may_take_part, side_of
from mentornet.partnerships.services.steps import lock
from mentornet.people.participants import Participant
from mentornet.people.sealing import place_for
from mentornet.people.services import hold_people

AHEAD: Final = timedelta(days=366)
USUAL_MINUTES: Final = 60
_TOKEN_BYTES: Final = 32


@transaction.atomic
def plan_meeting(
    *, by: Participant, partnership: Partnership, at: datetime, minutes: int = USUAL_MINUTES, place: str = ""
) -> PlannedMeeting:
    """Plan when and where the two meet next. What was planned and is still to come is moved, not doubled.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: a time that cannot be.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    side = side_of(by.person_id, partnership)
    assert side is not None
    if at <= by.at:
        raise ValidationError({"on": _("That time has passed. Choose a time to come.")})
    if at > by.at + AHEAD:
        raise ValidationError({"on": _("That is too far ahead. Choose a day within a year.")})
    place = place_for(place.strip(), partnership.mentee.person, partnership.mentor.person)
    facts = {"at": at, "minutes": minutes, "place": place}
    planned = next_planned(partnership, by.at)
    if planned is None:
        planned = PlannedMeeting(partnership=partnership, side=side, changed_at=by.at, created_at=by.at, **facts)
        planned.full_clean()
        planned.save(force_insert=True)
    elif all(getattr(planned, name) == value for name, value in facts.items()):
        return planned
    else:
        for name, value in facts.items():
            setattr(planned, name, value)
        planned.side, planned.changed_at, planned.changes = side, by.at, planned.changes + 1
        planned.full_clean()
        planned.save()
    record(by=by, act="partnerships.plan_meeting", of=partnership, division_id=partnership.division_id)
    return planned


@transaction.atomic
def call_off_meeting(*, by: Participant, partnership: Partnership, planned: PlannedMeeting) -> None:
    """Call a planned meeting off; calendars that follow it take it away.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    rows = PlannedMeeting.objects.filter(pk=planned.pk, partnership=partnership, called_off_at__isnull=True)
    if rows.update(called_off_at=by.at, changed_at=by.at, changes=F("changes") + 1):
        record(by=by, act="partnerships.call_off_meeting", of=partnership, division_id=partnership.division_id)


def call_off_what_comes(by: Actor, partnership: Partnership) -> None:
    """Call off all that a locked partnership has planned, as it ends: nobody is to be found where it was to be."""
    coming = planned_meetings(partnership).filter(at__gt=by.at)
    coming.update(called_off_at=by.at, changed_at=by.at, changes=F("changes") + 1)


@transaction.atomic
def make_feed(*, by: Participant) -> str:
    """Make an address for her own calendar and return its token, told this once. An earlier address stops working."""
    # Of two at once the second waits here, and stops the first one's.
    hold_people([by.person_id])
    stop_feed(by=by)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    feed = CalendarFeed(person_id=by.person_id, token_hash=feed_hash(token), created_at=by.at)
    feed.full_clean(validate_constraints=False)
    feed.save(force_insert=True)
    record(by=by, act="partnerships.make_feed", of=feed)
    return token


@transaction.atomic
def stop_feed(*, by: Participant) -> bool:
    """Let the address of her calendar stop working; false when there was none."""
    return end_feed(by, by.person_id)


@transaction.atomic
def end_feed(by: Actor, person_id: UUID) -> bool:
    """Let the address of somebody's calendar stop working; whoever calls has asked whether the actor may."""
    open_ones = CalendarFeed.objects.select_for_update().filter(person_id=person_id, closed_at__isnull=True)
    for feed in open_ones:
        CalendarFeed.objects.filter(pk=feed.pk).update(closed_at=by.at)
        record(by=by, act="partnerships.stop_feed", of=feed)
        return True
    return False
