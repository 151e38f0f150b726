"""The open meetings in which two people can be locked or decided, for the page that shows them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import MeetingState, TieKind
from mentornet.matching.loan_rules import is_released_to
from mentornet.matching.meeting_queries import decisions_of, ties_of, visible_meetings
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingTie
from mentornet.web.desk.meetings.shown import divisions_told


@dataclass(frozen=True, slots=True)
class Sitting:
    """One open meeting with what stands in it about a mentee.

    Attributes:
        lock: to whom she is locked, whoever that is.
        decision: what is decided about her.
        is_locked: to this very mentor.
    """

    meeting: MatchingMeeting
    divisions: str
    lock: MeetingTie | None
    decision: MeetingDecision | None
    is_locked: bool

    @property
    def is_sent(self) -> bool:
        """Her proposal was sent from it: nothing more is decided about her there."""
        return self.decision is not None and self.decision.proposal_id is not None


def sittings_for(by: Staff, mentee: Enrolment, mentor: Enrolment) -> Sequence[Sitting]:
    """Return the open meetings that are about both: one query where there is none."""
    open_now = visible_meetings(by).filter(
        state=MeetingState.OPEN, programme_id=mentee.programme_id, sits__division=mentee.division_id
    )
    found = []
    for meeting in open_now:
        sits = {one.division_id for one in meeting.sits.all()}
        if mentor.division_id not in sits and not is_released_to(by, mentee, mentor):
            continue
        lock = ties_of(by, meeting).filter(mentee=mentee, kind=TieKind.LOCK).first()
        decision = decisions_of(by, meeting).filter(mentee=mentee).first()
        is_locked = lock is not None and lock.mentor_id == mentor.pk
        found.append(Sitting(meeting, divisions_told(meeting), lock, decision, is_locked))
    return found
