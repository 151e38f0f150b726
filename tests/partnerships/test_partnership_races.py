"""Two coordinators at one moment, each with her own connection: one act counts, the other hears why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from factories.django_rows import make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.partnerships import services
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(division: Division) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(3)]


@pytest.fixture
def pair(staff: list[Staff], division: Division, programme: Programme) -> Partnership:
    return make_couple(staff[0], division, programme, matched_on=staff[0].today - timedelta(days=5))


def test_a_partnership_is_closed_once(pair: Partnership, staff: list[Staff]) -> None:
    def close(by: Staff) -> Callable[[], object]:
        seen = Partnership.objects.select_related("mentee", "mentor").get(pk=pair.pk)
        return lambda: services.close_partnership(by=by, partnership=seen, on=by.today, reason="goal")

    said = at_once(*(close(by) for by in staff))
    assert said["done"] == 1
    assert said.total() == said["done"] + said["NotAllowedError"] + said["ChangedMeanwhileError"]
    assert set(Enrolment.objects.values_list("active", "promised")) == {(0, 0)}


def test_a_place_is_left_twice_without_the_conditional_update(pair: Partnership, staff: list[Staff]) -> None:
    """The control: a close that does not ask in which state the pair is would free a place that nobody has."""

    def careless(by: Staff) -> Callable[[], object]:
        def act() -> None:
            Partnership.objects.filter(pk=pair.pk).update(state="closed", closing_reason="goal", closed_on=by.today)
            places.leave(by=by, enrolment=pair.mentor, waits_since=by.today)

        return act

    said = at_once(*(careless(by) for by in staff), refusals=(AssertionError,))
    assert said["AssertionError"] == len(staff) - 1


def test_the_same_meeting_told_by_two_is_one(pair: Partnership, staff: list[Staff]) -> None:
    said = at_once(*(lambda by=by: services.record_meeting(by=by, partnership=pair, on=by.today) for by in staff))
    assert said == {"done": 1, "ValidationError": len(staff) - 1}
    assert Meeting.objects.count() == 1


def test_closing_and_pausing_at_once_leave_one_state(pair: Partnership, staff: list[Staff]) -> None:
    one, two, _three = staff
    seen = Partnership.objects.get(pk=pair.pk)
    at_once(
        lambda: services.close_partnership(by=one, partnership=pair, on=one.today, reason="goal"),
        lambda: services.pause_partnership(by=two, partnership=seen),
    )
    pair.refresh_from_db()
    assert pair.state == "closed" or (pair.state == "paused" and pair.closed_on is None)
