"""Endings at the same moment: two who close, one who closes while others propose, one taken back meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from factories.django_rows import make_enrolment, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services as following
from mentornet.followup.models import Afterwards
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import Closure, Partnership
from mentornet.people.enums import Role as Part
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import end, fill_in_ending
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(division: Division) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(3)]


@pytest.fixture
def pair(staff: list[Staff], division: Division, programme: Programme) -> Partnership:
    return make_couple(staff[0], division, programme, matched_on=staff[0].today - timedelta(days=5))


def test_several_who_close_close_once(pair: Partnership, staff: list[Staff]) -> None:
    closure = fill_in_ending(staff[0], pair)

    def close(by: Staff) -> Callable[[], object]:
        seen = Closure.objects.select_related("partnership__mentee", "partnership__mentor").get(pk=closure.pk)
        return lambda: following.close_partnership(by=by, closure=seen, on=by.today, reason="goal")

    said = at_once(*(close(by) for by in staff))
    assert said == {"done": 1, "NotAllowedError": 2}
    assert set(Enrolment.objects.values_list("active", "promised")) == {(0, 0)}
    assert Letter.objects.filter(event="thanks").count() == 2
    assert Afterwards.objects.count() == 8


def test_several_who_begin_begin_one(pair: Partnership, staff: list[Staff]) -> None:
    said = at_once(*(lambda by=by: services.begin_ending(by=by, partnership=pair, scenario="planned") for by in staff))
    assert said == {"done": 3}
    assert Closure.objects.count() == 1


def test_a_place_that_is_freed_is_held_by_one(pair: Partnership, staff: list[Staff]) -> None:
    """Closing beside two who propose: the mentor is never promised beyond her one place."""
    closure = fill_in_ending(staff[0], pair, mentor="ready")
    mentor = Enrolment.objects.select_related("person").get(pk=pair.mentor_id)
    said = at_once(
        lambda: following.close_partnership(by=staff[0], closure=closure, on=staff[0].today, reason="goal"),
        *(lambda by=by: places.hold(by=by, enrolment=mentor) for by in staff[1:]),
    )
    mentor.refresh_from_db()
    assert Partnership.objects.get(pk=pair.pk).state == "closed"
    assert (mentor.active, mentor.promised) in {(0, 0), (0, 1)}
    assert said["done"] == 1 + mentor.promised


def test_taken_back_or_paired_anew_and_never_both(
    pair: Partnership, staff: list[Staff], division: Division, programme: Programme
) -> None:
    end(staff[0], pair, mentor="ready")
    mentee = Enrolment.objects.select_related("person", "division").get(pk=pair.mentee_id)
    other = make_enrolment(Part.MENTOR, division, programme=programme)

    def match() -> object:
        for side in places.in_order(mentee, other):
            places.hold(by=staff[1], enrolment=side)
        return services.open_partnership(by=staff[1], mentee=mentee, mentor=other, matched_on=staff[1].today)

    seen = Partnership.objects.get(pk=pair.pk)
    said = at_once(match, lambda: services.reopen_partnership(by=staff[0], partnership=seen, words="A mistake."))
    assert said["done"] == 1
    running = Partnership.objects.filter(mentee=mentee).exclude(state="closed")
    assert running.count() == 1
    mentee.refresh_from_db()
    assert (mentee.active, mentee.promised) == (1, 0)


def test_without_asking_whether_she_is_free_both_would_have_her(
    pair: Partnership, staff: list[Staff], division: Division, programme: Programme
) -> None:
    """The control: a way back that only writes the state is stopped by the constraint alone."""
    end(staff[0], pair, mentor="ready")
    other = make_enrolment(Part.MENTOR, division, programme=programme)
    mentee = Enrolment.objects.select_related("person", "division").get(pk=pair.mentee_id)
    for side in (mentee, other):
        places.hold(by=staff[0], enrolment=side)
    services.open_partnership(by=staff[0], mentee=mentee, mentor=other, matched_on=staff[0].today)

    def careless() -> None:
        Partnership.objects.filter(pk=pair.pk).update(state="matched", closed_on=None, closing_reason="")

    assert at_once(careless) == {"IntegrityError": 1}
