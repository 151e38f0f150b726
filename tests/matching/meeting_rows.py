"""A matching meeting that is ready, with some women and mentors in it: reached by the services, as in life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from matching.pairs import jobs_run

from factories.django_rows import make_enrolment
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.changes import Given, sets_of
from mentornet.matching.enums import Outcome, TieKind
from mentornet.matching.meeting_queries import newest_run
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun
from mentornet.programmes.models import Programme

Four = tuple[Enrolment, Enrolment, Enrolment, Enrolment]
"""Two who wait and two mentors."""


def make_mentee(division: Division, programme: Programme, *, waited: int = 30, **profile: Any) -> Enrolment:
    """Make somebody who has waited so many days."""
    since = timezone.localdate() - timedelta(days=waited)
    return make_enrolment("mentee", division, programme=programme, enrolment={"since": since}, **profile)


def make_mentor(division: Division, programme: Programme, *, capacity: int = 1, **profile: Any) -> Enrolment:
    """Make a mentor in the bank."""
    return make_enrolment("mentor", division, programme=programme, enrolment={"capacity": capacity}, **profile)


def ready(by: Staff, programme: Programme, divisions: Sequence[Division]) -> MatchingMeeting:
    """Open a meeting, and let the worker prepare it."""
    meeting = services.open_meeting(by=by, programme=programme, divisions=divisions)
    jobs_run()
    meeting.refresh_from_db()
    return meeting


def run_of(meeting: MatchingMeeting) -> MeetingRun:
    """Return the set as it stands."""
    run = newest_run(meeting)
    assert run is not None
    return run


def pairs_of(meeting: MatchingMeeting, run: MeetingRun | None = None) -> dict[Any, Any]:
    """Return who has whom in a set, by enrolments' keys."""
    found: dict[Any, Given] = sets_of(meeting, run or run_of(meeting))[0]
    return {mentee: given.mentor_id for mentee, given in found.items()}


def lock(by: Staff, meeting: MatchingMeeting, mentee: Enrolment, mentor: Enrolment) -> MeetingRun:
    """Lock two together."""
    return services.tie_pair(by=by, meeting=meeting, mentee=mentee, mentor=mentor, kind=TieKind.LOCK)


def decide(by: Staff, meeting: MatchingMeeting, mentee: Enrolment, **given: Any) -> MeetingDecision:
    """Decide to propose, unless something else is said."""
    values: dict[str, Any] = {"outcome": Outcome.PROPOSE, "reason": "They fit.", "seen": 0} | given
    return services.decide(by=by, meeting=meeting, mentee=mentee, **values)
