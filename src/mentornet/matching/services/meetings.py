"""Opening a matching meeting, its first run in the background, and its end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.audit.models import Kind
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.jobs import enqueue
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import MEETING_STEPS, MeetingAct, MeetingState, MeetingStep, RunCause
from mentornet.matching.meeting_queries import fixed_in
from mentornet.matching.meeting_rules import may_open_meeting, may_reopen, may_sit_in, may_throw_away
from mentornet.matching.models import (
    MatchingMeeting,
    MeetingDivision,
    MeetingPerson,
    MeetingRun,
    MeetingSnapshot,
    MeetingTie,
)
from mentornet.matching.services.meeting_runs import (
    Computed,
    division_of,
    divisions_of_meeting,
    keep,
    lock_meeting,
    settings_of,
    touch,
)
from mentornet.matching.solving import solved
from mentornet.matching.whole import asked_of, whole_of
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from pairing.verify import verify

FIRST_RUN: Final = "matching.first_run"
"""The job by which a meeting is prepared."""


class _SupersededError(Exception):
    """It was begun anew meanwhile: this attempt ends without a word."""


@transaction.atomic
def open_meeting(*, by: Staff, programme: Programme, divisions: Collection[Division]) -> MatchingMeeting:
    """Open a meeting, and ask that its first set be looked for in the background.

    It begins with the programme's own weights and floor.

    Raises:
        NotAllowedError: she does not work in all of these divisions.
        RefusedError: the programme does not run in one of them.
    """
    require(may_open_meeting(by, [one.pk for one in divisions]))
    if programme.division_id is not None and any(one.pk != programme.division_id for one in divisions):
        raise RefusedError(_("This programme runs in one division alone. Choose that division, or another programme."))
    version = current_version(programme.pk)
    meeting = MatchingMeeting(
        programme=programme,
        version=version,
        weights=version.weights,
        floor=version.floor,
        opened_by=by.key,
        author_name=by.name,
        asked_at=by.at,
        created_at=by.at,
    )
    meeting.full_clean()
    meeting.save(force_insert=True)
    MeetingDivision.objects.bulk_create(
        [MeetingDivision(meeting=meeting, division=one, created_at=by.at) for one in divisions]
    )
    record(
        by=by,
        act="matching.open_meeting",
        of=meeting,
        division_id=division_of(meeting),
        detail={"divisions": len(divisions)},
    )
    enqueue(FIRST_RUN, meeting_id=str(meeting.pk), attempt=meeting.attempt)
    return meeting


@transaction.atomic
def prepare_again(*, by: Staff, meeting: MatchingMeeting) -> MatchingMeeting:
    """Begin the first run anew, where it has stopped.

    Raises:
        NotAllowedError: she does not work in all of its divisions.
        ChangedMeanwhileError: it is at work, or done.
    """
    meeting = lock_meeting(meeting)
    require(may_open_meeting(by, [one.division_id for one in meeting.sits.all()]))
    if not meeting.has_stopped(by.at):
        raise ChangedMeanwhileError(_("It is being prepared, or is ready by now. Look again."))
    MatchingMeeting.objects.filter(pk=meeting.pk).update(
        attempt=meeting.attempt + 1, asked_at=by.at, heartbeat_at=None, step=MeetingStep.QUEUED
    )
    meeting.refresh_from_db()
    enqueue(FIRST_RUN, meeting_id=str(meeting.pk), attempt=meeting.attempt)
    return meeting


def prepare_meeting(*, by: System, meeting_id: UUID, attempt: int, clock: Callable[[], datetime]) -> MeetingRun | None:
    """Look for a meeting's first set, check it by the second program, and open the meeting.

    It only reads until the end, and then writes at one go: killed on the way, it is as if it had not begun. ``None``
    when it was begun anew, or is done.
    """
    own = MatchingMeeting.objects.filter(pk=meeting_id, attempt=attempt, state=MeetingState.PREPARING)

    def tell(step: MeetingStep) -> None:
        if not own.update(step=step, heartbeat_at=clock()):
            raise _SupersededError

    try:
        tell(MeetingStep.READING)
        meeting = MatchingMeeting.objects.select_related("version").prefetch_related("sits").get(pk=meeting_id)
        whole = whole_of(version=meeting.version, divisions=divisions_of_meeting(meeting), today=by.today)
        tell(MeetingStep.PAIRING)
        asked = asked_of(whole, settings_of(meeting), fixed_in(meeting))
        result = solved(asked.problem)
        tell(MeetingStep.CHECKING)
        verify(asked.problem, result)
        tell(MeetingStep.KEEPING)
        return _open_with(by, meeting, attempt, Computed(whole, asked, result), clock)
    except _SupersededError:
        return None


@transaction.atomic
def _open_with(
    by: System, meeting: MatchingMeeting, attempt: int, computed: Computed, clock: Callable[[], datetime]
) -> MeetingRun | None:
    at = clock()
    run = keep(by, meeting, computed, RunCause.FIRST, author=meeting.author_name, checked_at=at)
    opened = MatchingMeeting.objects.filter(pk=meeting.pk, attempt=attempt, state=MeetingState.PREPARING).update(
        state=MeetingState.OPEN, heartbeat_at=at, revision=F("revision") + 1
    )
    if not opened:
        transaction.set_rollback(True)
        return None
    record(by=by, act="matching.first_run", of=meeting, division_id=division_of(meeting))
    return run


@transaction.atomic
def close_meeting(*, by: Staff, meeting: MatchingMeeting) -> MatchingMeeting:
    """Close a meeting: nothing in it can be changed any more. What was decided and not sent stays as it is.

    Raises:
        NotAllowedError: not all of its divisions are hers, or it is not open.
    """
    meeting = lock_meeting(meeting)
    require(may_sit_in(by, meeting))
    _step(
        by,
        meeting,
        MeetingState.CLOSED,
        "matching.close_meeting",
        closed_at=by.at,
        closed_by=by.key,
        closer_name=by.name,
    )
    return meeting


@transaction.atomic
def reopen_meeting(*, by: Staff, meeting: MatchingMeeting) -> MatchingMeeting:
    """Open a meeting again that was closed by mistake.

    Raises:
        NotAllowedError: not all of its divisions are hers, it is open, or it was closed more than three days ago.
    """
    meeting = lock_meeting(meeting)
    require(may_reopen(by, meeting))
    _step(by, meeting, MeetingState.OPEN, "matching.reopen_meeting", closed_at=None, closed_by="", closer_name="")
    return meeting


@transaction.atomic
def throw_meeting_away(*, by: Staff, meeting: MatchingMeeting) -> None:
    """Throw a meeting away that was begun by mistake: nothing of it stays, but that it was begun and thrown away.

    Work on its first set that still goes on ends without a word.

    Raises:
        NotAllowedError: not all of its divisions are hers, it is closed, or something has been decided in it.
    """
    meeting = lock_meeting(meeting)
    require(may_throw_away(by, meeting))
    record(by=by, act="matching.throw_meeting_away", of=meeting, division_id=division_of(meeting))
    for rows in (MeetingRun, MeetingTie, MeetingSnapshot, MeetingPerson, MeetingDivision):
        rows.objects.filter(meeting=meeting).delete()
    MatchingMeeting.objects.filter(pk=meeting.pk).delete()


def _step(by: Staff, meeting: MatchingMeeting, after: MeetingState, act: str, **values: object) -> None:
    assert MEETING_STEPS.may(meeting.state, after)
    MatchingMeeting.objects.filter(pk=meeting.pk).update(state=after, **values)
    meeting.state = after
    for name, value in values.items():
        setattr(meeting, name, value)
    touch(by, meeting, MeetingAct.CLOSED if after == MeetingState.CLOSED else MeetingAct.REOPENED)
    record(by=by, act=act, of=meeting, division_id=division_of(meeting))


def record_minutes(*, by: Staff, user: User, meeting: MatchingMeeting) -> None:
    """Write into the audit that the minutes of a meeting were handed out: who has taken them.

    Like a list that leaves as a file it belongs to whoever did it, and to none of the people in it.
    """
    entry = entry_of(
        by=by,
        act="matching.make_minutes",
        of=user,
        division_id=division_of(meeting),
        detail={"meeting": str(meeting.pk)},
        kind=Kind.READ,
    )
    record_all([entry])
