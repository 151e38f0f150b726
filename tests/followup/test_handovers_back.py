"""Handovers taken back, exactly; and several at one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.django_rows import AT, make_enrolment, make_programme, make_staff, user_of
from followup.conftest import MakePlace
from followup.handing import hand, hide, make_talk, owner_of, task_of
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern, HandedOn
from mentornet.intake.models import Enrolment, Interview, InterviewSlot
from mentornet.intake.services import enrolments
from mentornet.messaging.models import Letter
from partnerships.couples import make_couple
from racing import DONE, at_once

pytestmark = pytest.mark.django_db


# Taken back ----------------------------------------------------------------------------------------------------------


def snapshot() -> list[list[tuple[Any, ...]]]:
    rows = [Enrolment.objects.all(), Task.objects.exclude(kind=Kind.HANDOVER), Interview.objects.all()]
    rows += [InterviewSlot.objects.all(), Concern.objects.all()]
    return [list(one.order_by("pk").values_list()) for one in rows]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_handed_over_and_taken_back_all_is_as_before(data: st.DataObject) -> None:
    from_ = data.draw(st.lists(st.sampled_from(["mentee", "mentor", "pair"]), min_size=1, max_size=5))
    hidden = data.draw(st.sets(st.integers(0, len(from_) - 1), max_size=2))
    division = Division.objects.create(name=f"Odense {Division.objects.count()}", opened_on=AT.date(), created_at=AT)
    programme = make_programme()
    owner, *colleagues = [make_staff(Role.COORDINATOR, division) for _ in range(data.draw(st.integers(2, 4)))]
    for index, what in enumerate(from_):
        if what == "pair":
            couple = make_couple(owner, division, programme)
            places = [couple.mentee, couple.mentor]
            task_of(owner, Kind.NOT_MET, couple.pk)
        else:
            places = [make_enrolment(what, division, programme=programme)]
        Enrolment.objects.filter(pk__in=[one.pk for one in places]).update(coordinator_id=owner.user_id)
        task_of(owner, Kind.RETURN, places[0].pk)
        if index in hidden:
            hide(colleagues[0], places[0])
    make_talk(owner, division)
    before = snapshot()
    users = [user_of(one) for one in colleagues]
    try:
        made = services.hand_over_cases(
            by=owner, former=user_of(owner), receivers=users, division=division,
            with_talks=data.draw(st.booleans()), writes=data.draw(st.booleans()),
        )  # fmt: skip
    except RefusedError:
        assert snapshot() == before
        return
    assert snapshot() != before
    for one in data.draw(st.permutations(made)):
        services.take_handover_back(by=owner, handover=one)
    assert snapshot() == before


def test_what_came_meanwhile_goes_back_with_her_and_what_went_on_stays(
    coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace
) -> None:
    stays, goes = make_place(), make_place()
    (made,) = hand(coordinator, coordinator, colleague)
    later = replace(colleague, at=AT + timedelta(hours=3))
    new = task_of(later, Kind.RETURN, stays.pk)
    enrolments.hand_over(by=later, enrolment=goes, coordinator_id=third.user_id)
    assert services.take_handover_back(by=coordinator, handover=made) == 1
    assert (owner_of(stays), owner_of(new), owner_of(goes)) == (
        coordinator.user_id, coordinator.user_id, third.user_id,
    )  # fmt: skip
    assert not Task.objects.filter(kind=Kind.HANDOVER, done_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("who", "after", "may"),
    [
        ("coordinator", timedelta(days=3), True),
        ("coordinator", timedelta(days=3, seconds=1), False),
        ("colleague", timedelta(hours=1), False),
        ("division_lead", timedelta(hours=1), True),
        ("other_coordinator", timedelta(hours=1), False),
    ],
)
def test_taken_back_within_three_days_by_whom_it_concerns(
    who: str, after: timedelta, may: bool, coordinator: Staff, colleague: Staff, make_place: MakePlace,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    place = make_place()
    (made,) = hand(coordinator, coordinator, colleague)
    by = replace(request.getfixturevalue(who), at=AT + after)
    if may:
        services.take_handover_back(by=by, handover=made)
        with pytest.raises(NotAllowedError):
            services.take_handover_back(by=by, handover=made)
        assert owner_of(place) == coordinator.user_id
    else:
        with pytest.raises(NotAllowedError):
            services.take_handover_back(by=by, handover=made)
        assert owner_of(place) == colleague.user_id


# At one moment -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hand_the_same_cases_over_at_once(
    coordinator: Staff, colleague: Staff, third: Staff, division_lead: Staff, make_place: MakePlace
) -> None:
    places = [make_place() for _ in range(3)]
    keys = [one.pk for one in places]
    done = at_once(
        lambda: hand(coordinator, coordinator, colleague, places=keys),
        lambda: hand(division_lead, coordinator, third, places=keys),
    )
    assert done[DONE] == 1
    assert len({owner_of(one) for one in places}) == 1
    assert HandedOn.objects.filter(kind="place").count() == 3
    assert Letter.objects.filter(event="new_coordinator").count() == 3


@pytest.mark.django_db(transaction=True)
def test_handed_over_while_one_case_is_given_to_somebody_else(
    coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace
) -> None:
    place = make_place()
    at_once(
        lambda: hand(coordinator, coordinator, colleague, places=[place.pk]),
        lambda: enrolments.hand_over(by=coordinator, enrolment=place, coordinator_id=third.user_id),
    )
    # Whoever has her has the row that tells so: a handover never stands for a case that went elsewhere before.
    told = HandedOn.objects.filter(target_id=place.pk).exists()
    last = Entry.objects.filter(act="intake.hand_over").count()
    assert owner_of(place) in {colleague.user_id, third.user_id}
    assert told is (last == 2 or owner_of(place) == colleague.user_id)


@pytest.mark.django_db(transaction=True)
def test_taken_back_twice_at_once_is_once(coordinator: Staff, colleague: Staff, make_place: MakePlace) -> None:
    make_place()
    (made,) = hand(coordinator, coordinator, colleague)
    done = at_once(*[lambda: services.take_handover_back(by=coordinator, handover=made)] * 2)
    assert done[DONE] == 1
    assert Entry.objects.filter(act="followup.take_handover_back").count() == 1
