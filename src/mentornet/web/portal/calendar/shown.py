"""What her calendar is told of a planned meeting: a time and a place alone."""

from __future__ import annotations

from datetime import timedelta

from mentornet.common.appointments import Appointment
from mentornet.partnerships.models import PlannedMeeting


def appointment_of(meeting: PlannedMeeting) -> Appointment:
    """Return a planned meeting as an appointment: the same in a file and at the address that her calendar reads."""
    return Appointment(
        key=f"{meeting.pk}@calendar.invalid",
        begins=meeting.at,
        lasts=timedelta(minutes=meeting.minutes),
        # Where somebody was to be found is of no use to the other any more.
        place="" if meeting.called_off_at is not None else meeting.place,
        told_at=meeting.changed_at,
        edition=meeting.changes,
        is_off=meeting.called_off_at is not None,
    )
