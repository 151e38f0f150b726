"""Who sits in a matching meeting, and what may be done in it.

A meeting belongs to whoever works in all of its divisions: to everybody else it is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import MeetingState
from mentornet.matching.loan_rules import is_released_to, places_of
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingDivision, MeetingTie

REOPEN_WITHIN: Final = timedelta(days=3)
"""How long a meeting that was closed by mistake can be opened again."""


def meeting_visible(by: Actor) -> Q:
    """Return which meetings somebody sees: those in all of whose divisions she works."""
    if isinstance(by, System):
        return Q()
    if not isinstance(by, Staff):
        return Q(pk__in=[])
    elsewhere = MeetingDivision.objects.filter(meeting=OuterRef("pk")).exclude(division_id__in=by.casework)
    return ~Q(Exists(elsewhere))


def may_open_meeting(by: Actor, divisions: Collection[UUID]) -> Answer:
    """Opening one: whoever works in all of its divisions."""
    if not divisions:
        return denied(_("Choose at least one division."))
    for division_id in divisions:
        if not (answer := may_work_in(by, division_id)):
            return answer
    return ALLOWED


def may_sit_in(by: Actor, meeting: MatchingMeeting) -> Answer:
    """Working in a meeting that is open: whoever works in all of its divisions."""
    if not (answer := may_open_meeting(by, [one.division_id for one in meeting.sits.all()])):
        return answer
    if meeting.state == MeetingState.PREPARING:
        return denied(_("The meeting is still being prepared."))
    if meeting.state == MeetingState.CLOSED:
        return denied(_("The meeting is closed. Open it again to change something."))
    return ALLOWED


def may_settle(by: Actor, meeting: MatchingMeeting, mentee: Enrolment, mentor: Enrolment | None = None) -> Answer:
    """Locking, ruling out or deciding about people whom she may see, of the meeting's own divisions and programme.

    A mentor of another division is part of it for a mentee to whom she is lent.
    """
    places = [mentee] if mentor is None else [mentee, mentor]
    if not (answer := may_sit_in(by, meeting) and may_see(by, *(place.person_id for place in places))):
        return answer
    sits = {one.division_id for one in meeting.sits.all()}
    is_away = mentor is not None and mentor.division_id not in sits and not is_released_to(by, mentee, mentor)
    if mentee.division_id not in sits or is_away:
        return denied(_("She is not part of this meeting."))
    if any(place.programme_id != meeting.programme_id for place in places):
        return denied(_("She is not part of this meeting."))
    return ALLOWED


def may_lift(by: Actor, meeting: MatchingMeeting, tie: MeetingTie) -> Answer:
    """Lifting a lock or a prohibition: anybody of the meeting who sees both; also of a mentor who is lent no more."""
    if not (answer := may_settle(by, meeting, tie.mentee)):
        return answer
    if isinstance(by, Staff) and by.hidden and tie.mentor_id in places_of(by.hidden):
        return may_see(by, *by.hidden)
    if tie.lifted_at is not None:
        return denied(_("This has been lifted already."))
    return ALLOWED


def may_take_decision_back(by: Actor, meeting: MatchingMeeting, decision: MeetingDecision) -> Answer:
    """Taking a decision back: until its proposal is sent."""
    if not (answer := may_settle(by, meeting, decision.mentee)):
        return answer
    if decision.proposal_id is not None:
        return denied(_("The proposal has been sent. Take it back on its own page."))
    return ALLOWED


def may_reopen(by: Actor, meeting: MatchingMeeting) -> Answer:
    """Opening a closed meeting again, for three days."""
    if not (answer := may_open_meeting(by, [one.division_id for one in meeting.sits.all()])):
        return answer
    if meeting.state != MeetingState.CLOSED:
        return denied(_("The meeting is open."))
    if meeting.closed_at is not None and by.at > meeting.closed_at + REOPEN_WITHIN:
        return denied(_("A meeting can be opened again for three days. Begin another one instead."))
    return ALLOWED


def may_throw_away(by: Actor, meeting: MatchingMeeting) -> Answer:
    """Throwing a meeting away that was begun by mistake: as long as nothing has been decided in it."""
    if not (answer := may_open_meeting(by, [one.division_id for one in meeting.sits.all()])):
        return answer
    if meeting.state == MeetingState.CLOSED:
        return denied(_("The meeting is closed. Open it again to change something."))
    if MeetingDecision.objects.filter(meeting=meeting).exists():
        return denied(_("Something has been decided in this meeting. Close it instead."))
    return ALLOWED
