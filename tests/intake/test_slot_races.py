"""Two at the same moment: one time is one applicant's, and one interviewer is in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from factories.django_rows import AT, make_application, make_staff, user_of
from intake.planning import herself, make_slot, moment
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, InterviewSlot
from mentornet.intake.services.interviews import remind_of_interviews
from mentornet.intake.services.slots import add_slots, offer_times, take_out_slot, take_slot
from mentornet.messaging.models import Letter
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 4


def fresh(application: Application) -> Application:
    return Application.objects.select_related("person", "division", "programme").get(pk=application.pk)


def choosing(application: Application, slot: InterviewSlot) -> Callable[[], Interview]:
    """Return the act of one who has the page open."""
    found, seen = fresh(application), InterviewSlot.objects.get(pk=slot.pk)
    return lambda: take_slot(by=herself(found), application=found, slot=seen)


def test_several_who_choose_one_time(coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    applications = [make_application("mentee", division) for _ in range(MANY)]
    said = at_once(*(choosing(application, slot) for application in applications))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Letter.objects.filter(event="interview_invitation").count() == 1
    booked = Application.objects.filter(state=ApplicationState.BOOKED)
    slot.refresh_from_db()
    assert slot.application == booked.get()


def test_two_clicks_of_one_book_once(coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    application = make_application("mentee", division)
    assert at_once(*(choosing(application, slot) for _ in range(MANY))) == {"done": MANY}
    assert Letter.objects.filter(event="interview_invitation").count() == 1


def test_two_who_want_each_others_time_wait_in_no_circle(coordinator: Staff, division: Division) -> None:
    one, two = (make_slot(coordinator, division, moment(hour)) for hour in (10, 14))
    first, second = (make_application("mentee", division) for _ in range(2))
    take_slot(by=coordinator, application=first, slot=one)
    take_slot(by=coordinator, application=second, slot=two)
    said = at_once(choosing(fresh(first), two), choosing(fresh(second), one))
    assert set(said) <= {"done", "ChangedMeanwhileError"}
    taken = {slot.application_id for slot in InterviewSlot.objects.all()}
    assert taken == {first.pk, second.pk}


def test_taken_and_taken_out_at_once(coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    application = make_application("mentee", division)
    seen = InterviewSlot.objects.get(pk=slot.pk)
    said = at_once(choosing(application, slot), lambda: take_out_slot(by=coordinator, slot=seen))
    assert said == {"done": 1, "ChangedMeanwhileError": 1}
    slot.refresh_from_db()
    assert (slot.application_id is None) is (slot.withdrawn_at is not None)


def adding(by: Staff, division: Division, interviewer: Staff, minute: int) -> Callable[[], object]:
    user = user_of(interviewer)
    return lambda: add_slots(
        by=by, division=division, interviewer=user, starts=[moment(14, minute)], minutes=45, place="The library"
    )


def test_two_who_plan_overlapping_times_of_one_interviewer(coordinator: Staff, division: Division) -> None:
    staff = [make_staff(Role.COORDINATOR, division) for _ in range(MANY)]
    said = at_once(*(adding(by, division, coordinator, 10 * number) for number, by in enumerate(staff)))
    assert said == {"done": 1, "RefusedError": MANY - 1}
    assert InterviewSlot.objects.count() == 1


def test_the_times_are_sent_once(coordinator: Staff, division: Division) -> None:
    make_slot(coordinator, division, moment(14))
    application = make_application("mentee", division)

    def sending() -> Callable[[], object]:
        found = fresh(application)
        return lambda: offer_times(by=coordinator, application=found, author_name="Inger")

    assert at_once(*(sending() for _ in range(MANY))) == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Letter.objects.filter(event="interview_choose").count() == 1


def test_several_workers_remind_once(coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    take_slot(by=coordinator, application=make_application("mentee", division), slot=slot)
    by = System("tests", AT + timedelta(days=1))
    at_once(*(lambda: remind_of_interviews(by=by) for _ in range(MANY)))
    assert Letter.objects.filter(event="interview_reminder").count() == 1
