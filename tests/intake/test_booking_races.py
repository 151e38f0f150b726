"""Two who book one interview at one moment: she gets one invitation, and the other hears what was booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from factories.django_rows import make_application, make_enrolment, make_staff, user_of
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Enrolment, Interview
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.services.enrolments import brief
from mentornet.intake.services.interviews import book_interview, record_interview
from mentornet.messaging.models import Letter
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 4
HOUR: Final = timedelta(hours=1)


@pytest.fixture
def staff(division: Division) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(MANY)]


def booking(by: Staff, application: Application, hours: int, seen: str | None) -> Callable[[], Interview]:
    """Return the act of one who has the application's page open."""
    found = Application.objects.select_related("person", "division", "programme").get(pk=application.pk)
    user = user_of(by)
    return lambda: book_interview(
        by=by, application=found, at=by.at + hours * HOUR, place="The library", interviewer=user, seen=seen
    )


def invitations() -> int:
    return Letter.objects.filter(event="interview_invitation").count()


def test_two_who_choose_other_times_send_one_invitation(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)
    said = at_once(*(booking(by, application, 24 + number, "") for number, by in enumerate(staff)))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert invitations() == 1
    assert Interview.objects.count() == 1


def test_two_clicks_on_one_form_send_one_invitation(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)
    said = at_once(*(booking(staff[0], application, 24, "") for _ in range(MANY)))
    assert said == {"done": MANY}
    assert invitations() == 1


def test_two_who_move_it_at_once_send_one_more_invitation(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)
    booked = booking(staff[0], application, 24, "")()
    seen = Interview.objects.get(pk=booked.pk).mark
    said = at_once(*(booking(by, application, 48 + number, seen) for number, by in enumerate(staff)))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert invitations() == 2


def test_without_looking_each_of_them_writes_to_her(staff: list[Staff], division: Division) -> None:
    # The control of the tests above: nobody says what she has seen.
    application = make_application("mentee", division)
    said = at_once(*(booking(by, application, 24 + number, None) for number, by in enumerate(staff)))
    assert said == {"done": MANY}
    assert invitations() == MANY


def test_who_comes_second_hears_what_was_booked(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)
    first, second = staff[:2]
    slow = booking(second, application, 48, "")
    booking(first, application, 24, "")()
    with pytest.raises(ChangedMeanwhileError, match=f"with {first.name}. No letter was sent for you"):
        slow()
    assert invitations() == 1


def test_who_moves_what_is_over_meanwhile_hears_so(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)
    by = staff[0]
    seen = booking(by, application, 24, "")().mark
    slow = booking(by, application, 48, seen)
    found = Application.objects.get(pk=application.pk)
    withdraw_application(by=by, application=found)
    with pytest.raises(RefusedError, match="meanwhile"):
        slow()
    assert invitations() == 1


def test_one_of_many_who_write_the_interview_down_is_kept(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division)

    def act(by: Staff) -> Callable[[], object]:
        found = Application.objects.select_related("person").get(pk=application.pk)
        user = user_of(by)
        return lambda: record_interview(
            by=by, application=found, interviewer=user, shareable="Nurse.", coordinator_only=""
        )

    said = at_once(*(act(by) for by in staff))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Interview.objects.count() == 1


def test_a_briefing_is_noted_once(staff: list[Staff], division: Division) -> None:
    mentor = make_enrolment("mentor", division, enrolment={"briefed_on": None})

    def act(by: Staff) -> Callable[[], object]:
        found = Enrolment.objects.select_related("person").get(pk=mentor.pk)
        return lambda: brief(by=by, enrolment=found, on=by.today)

    assert at_once(*(act(by) for by in staff)) == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Entry.objects.filter(act="intake.brief").count() == 1
