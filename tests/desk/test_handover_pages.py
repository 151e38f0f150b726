"""Handing cases over at the desk: the list, the form, the page of what was handed over, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import make_enrolment, make_staff, user_of
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.services import set_absence
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Handover
from mentornet.intake.models import Enrolment
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


@pytest.fixture
def place(coordinator: Staff, division: Division, programme: Programme) -> Enrolment:
    return a_case(coordinator, division, programme)


def a_case(coordinator: Staff, division: Division, programme: Programme) -> Enrolment:
    place = make_enrolment("mentee", division, programme=programme, enrolment={"coordinator_id": coordinator.user_id})
    ask_for(
        by=coordinator, kind=Kind.PROMISE, target_id=place.pk, division_id=division.pk, due_on=coordinator.today,
        owner_id=coordinator.user_id, words={"mentee": place.person.name},
    )  # fmt: skip
    return place


def address(staff: Staff, division: Division) -> str:
    return reverse("desk:handover_new", args=[staff.user_id, division.pk])


def told(colleague: Staff, **more: Any) -> dict[str, Any]:
    return {"receivers": [str(colleague.user_id)], "which": "all", "writes": "on", "note": "Thank you!"} | more


def owner(place: Enrolment) -> Any:
    place.refresh_from_db()
    return place.coordinator_id


def test_the_form_says_who_is_away_herself(
    desk: Client, coordinator: Staff, colleague: Staff, division: Division, place: Enrolment
) -> None:
    third = make_staff(Role.COORDINATOR, division, name="Pia Fog")
    set_absence(
        by=colleague, user=user_of(colleague), stand_in=user_of(third), from_on=colleague.today,
        until_on=colleague.today, note="",
    )  # fmt: skip
    page = desk.get(address(coordinator, division)).content.decode()
    assert place.person.name in page
    assert "Mette Rask (away now)" in page
    assert "Pia Fog (away now)" not in page
    # And nobody gives them to herself.
    assert f'value="{coordinator.user_id}"' not in page


def test_hands_over_and_takes_back(
    desk: Client, coordinator: Staff, colleague: Staff, division: Division, place: Enrolment
) -> None:
    assert address(coordinator, division) in desk.get(reverse("desk:handovers")).content.decode()
    page = desk.get(address(coordinator, division)).content.decode()
    assert place.person.name in page
    assert "has been promised a word" in page
    answer = desk.post(address(coordinator, division), told(colleague), follow=True)
    one = Handover.objects.get()
    assert answer.redirect_chain == [(reverse("desk:handover", args=[one.pk]), 302)]
    page = answer.content.decode()
    assert "1 case handed over." in page
    assert "Thank you!" in page
    assert owner(place) == colleague.user_id
    page = desk.post(reverse("desk:handover_back", args=[one.pk]), follow=True).content.decode()
    assert "Taken back: 1 case." in page
    assert owner(place) == coordinator.user_id
    # A second press says so, and changes nothing.
    assert (
        "has been taken back already"
        in desk.post(reverse("desk:handover_back", args=[one.pk]), follow=True).content.decode()
    )


def test_whoever_receives_finds_it_on_today(
    client: Client, sign_in: SignIn, desk: Client, coordinator: Staff, colleague: Staff, division: Division,
    place: Enrolment,
) -> None:  # fmt: skip
    desk.post(address(coordinator, division), told(colleague))
    page = sign_in(Client(), colleague).get(reverse("desk:today")).content.decode()
    assert "Cases of <bdi>Inger Holm</bdi> are yours now" in page
    assert reverse("desk:handover", args=[Handover.objects.get().pk]) in page
    assert Task.objects.get(kind=Kind.HANDOVER).owner_id == colleague.user_id


def test_only_those_ticked(
    desk: Client, coordinator: Staff, colleague: Staff, division: Division, programme: Programme, place: Enrolment
) -> None:
    other = a_case(coordinator, division, programme)
    answer = desk.post(address(coordinator, division), told(colleague, which="ticked"))
    assert answer.status_code == 422
    assert "Tick at least one case" in answer.content.decode()
    # Some are ticked, and all are to go: one of the two is not meant.
    answer = desk.post(address(coordinator, division), told(colleague, which="all", place=[str(other.pk)]))
    assert answer.status_code == 422
    assert "You have ticked some of the cases." in answer.content.decode()
    assert (owner(place), owner(other)) == (coordinator.user_id, coordinator.user_id)
    desk.post(address(coordinator, division), told(colleague, which="ticked", place=[str(other.pk)]))
    assert (owner(place), owner(other)) == (coordinator.user_id, colleague.user_id)


def test_what_was_typed_stays_where_nobody_was_chosen(
    desk: Client, coordinator: Staff, colleague: Staff, division: Division, place: Enrolment
) -> None:
    answer = desk.post(
        address(coordinator, division), told(colleague, receivers=[], which="ticked", place=[str(place.pk)])
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Thank you!" in page
    assert f'value="{place.pk}" checked' in page
    assert owner(place) == coordinator.user_id


def test_others_cases_are_not_there_for_a_coordinator(
    desk: Client, colleague: Staff, other_coordinator: Staff, division: Division, other_division: Division
) -> None:
    for one in (
        address(colleague, division),
        address(other_coordinator, other_division),
        address(other_coordinator, division),
    ):
        assert desk.get(one).status_code == 404


def test_lead_hands_over_of_one_who_has_left(
    client: Client, sign_in: SignIn, division_lead: Staff, coordinator: Staff, colleague: Staff, division: Division,
    place: Enrolment,
) -> None:  # fmt: skip
    StaffRole.objects.filter(user_id=coordinator.user_id).update(until=coordinator.today)
    User.objects.filter(pk=coordinator.user_id).update(is_active=False)
    desk = sign_in(client, division_lead)
    assert "does not work here any more" in desk.get(reverse("desk:handovers")).content.decode()
    page = desk.get(address(coordinator, division)).content.decode()
    # Nobody else is there for the interviews.
    assert 'name="with_talks"' in page
    assert page.count("checked") >= 2
    desk.post(address(coordinator, division), told(colleague))
    assert owner(place) == colleague.user_id


def test_another_divisions_handover_is_not_there(
    desk: Client, other_coordinator: Staff, other_division: Division
) -> None:
    one = Handover.objects.create(
        former=user_of(other_coordinator), receiver=make_staff_user(other_division), division=other_division,
        made_by="system:tests", author_name="Tests", created_at=other_coordinator.at,
    )  # fmt: skip
    assert desk.get(reverse("desk:handover", args=[one.pk])).status_code == 404
    assert desk.post(reverse("desk:handover_back", args=[one.pk])).status_code == 404


def make_staff_user(division: Division) -> User:
    return user_of(make_staff(Role.COORDINATOR, division))


def test_queries_do_not_grow(
    desk: Client, coordinator: Staff, colleague: Staff, division: Division, programme: Programme,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    a_case(coordinator, division, programme)
    desk.post(address(coordinator, division), told(colleague))
    for rows in (1, 3):
        for _ in range(rows):
            a_case(coordinator, division, programme)
        # What was said about the last act is shown once.
        desk.get(reverse("desk:today"))
        with django_assert_num_queries(QUERIES["list"]):
            desk.get(reverse("desk:handovers"))
        with django_assert_num_queries(QUERIES["form"]):
            desk.get(address(coordinator, division))
        desk.post(address(coordinator, division), told(colleague))
        one = Handover.objects.order_by("-count").first()
        assert one is not None
        desk.get(reverse("desk:today"))
        with django_assert_num_queries(QUERIES["one"]):
            desk.get(reverse("desk:handover", args=[one.pk]))


QUERIES = {"list": 9, "form": 12, "one": 8}
