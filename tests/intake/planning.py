"""Times of the interview planner, for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from factories.django_rows import AT, TODAY, saved, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, InterviewSlot
from mentornet.people.participants import Participant

WEDNESDAY: Final = TODAY + timedelta(days=2)
"""The day after tomorrow: nobody is too late for it."""


def moment(hour: int, minute: int = 0, *, day: date = WEDNESDAY) -> datetime:
    """Return a time of a day, as the clock on the wall shows it."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def make_slot(by: Staff, division: Division, starts_at: datetime, **fields: Any) -> InterviewSlot:
    """Make a time of a coordinator, free unless told otherwise."""
    values = {"place": "The library", "created_at": AT} | fields
    return saved(InterviewSlot(division=division, interviewer=user_of(by), starts_at=starts_at, **values))


def herself(application: Application, *, at: datetime = AT) -> Participant:
    """Return the applicant, at work on what is hers."""
    person = application.person
    return Participant(person_id=person.pk, name=person.first_name, at=at)
