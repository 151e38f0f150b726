"""Somebody is away: her stand-in's Today, what participants are told, and the page on which it is noted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from entering import sign_in_participant
from factories.django_rows import AT, TODAY, give_role, make_enrolment, make_staff, saved, user_of
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Absence, Division, HiddenPerson, Role
from mentornet.divisions.services import set_absence
from mentornet.divisions.staff import Staff
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


def told(user: Staff, stand_in: Staff, start: date = TODAY, end: date = TODAY + timedelta(days=5)) -> dict[str, Any]:
    return {
        "user": str(user.user_id), "stand_in": str(stand_in.user_id), "from_on": start.isoformat(),
        "until_on": end.isoformat(), "note": "Keys at the library.",
    }  # fmt: skip


def waits(coordinator: Staff, division: Division, programme: Programme) -> str:
    place = make_enrolment("mentee", division, programme=programme, enrolment={"coordinator_id": coordinator.user_id})
    ask_for(
        by=coordinator, kind=Kind.PROMISE, target_id=place.pk, division_id=division.pk, due_on=TODAY,
        owner_id=coordinator.user_id, words={"mentee": place.person.name},
    )  # fmt: skip
    return place.person.name


def test_noted_by_herself_her_tasks_stand_on_the_stand_ins_today(
    desk: Client, sign_in: SignIn, coordinator: Staff, colleague: Staff, division: Division, programme: Programme
) -> None:
    name = waits(coordinator, division, programme)
    hers = sign_in(Client(), colleague)
    assert name not in hers.get(reverse("desk:today")).content.decode()
    page = desk.post(reverse("desk:absences"), told(coordinator, colleague), follow=True).content.decode()
    assert "Keys at the library." in page
    today = hers.get(reverse("desk:today")).content.decode()
    assert name in today
    assert "for Inger Holm, until 7 March 2026" in today
    # What comes meanwhile too; and her own list has it still.
    later = waits(coordinator, division, programme)
    assert later in hers.get(reverse("desk:today")).content.decode()
    assert name in desk.get(reverse("desk:today")).content.decode()
    # It ends by itself.
    with time_machine.travel(AT + timedelta(days=6)):
        assert name not in sign_in(Client(), colleague).get(reverse("desk:today")).content.decode()


def test_ended_early(
    desk: Client, sign_in: SignIn, coordinator: Staff, colleague: Staff, division: Division, programme: Programme
) -> None:
    name = waits(coordinator, division, programme)
    desk.post(reverse("desk:absences"), told(coordinator, colleague))
    row = Absence.objects.get()
    hers = sign_in(Client(), colleague)
    # The stand-in sees it, and cannot end it.
    assert "She is back" not in hers.get(reverse("desk:absences")).content.decode()
    hers.post(reverse("desk:absence_end", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_at is None
    desk.post(reverse("desk:absence_end", args=[row.pk]))
    assert name not in hers.get(reverse("desk:today")).content.decode()


def test_what_cannot_be_is_said_and_what_was_typed_stays(desk: Client, coordinator: Staff, colleague: Staff) -> None:
    answer = desk.post(reverse("desk:absences"), told(coordinator, colleague, TODAY, TODAY - timedelta(days=1)))
    assert answer.status_code == 422
    assert "Keys at the library." in answer.content.decode()
    assert not Absence.objects.exists()


def test_a_coordinator_chooses_only_herself_a_lead_her_division(
    desk: Client, sign_in: SignIn, coordinator: Staff, colleague: Staff, division_lead: Staff, other_coordinator: Staff
) -> None:
    assert desk.post(reverse("desk:absences"), told(colleague, coordinator)).status_code == 422
    lead = sign_in(Client(), division_lead)
    page = lead.get(reverse("desk:absences")).content.decode()
    assert str(colleague.user_id) in page
    assert str(other_coordinator.user_id) not in page
    assert lead.post(reverse("desk:absences"), told(colleague, coordinator)).status_code == 302


def test_a_word_to_colleagues_is_none_to_whoever_has_no_casework(
    desk: Client, sign_in: SignIn, coordinator: Staff, colleague: Staff, division_lead: Staff, administrator: Staff,
    other_coordinator: Staff, division: Division,
) -> None:  # fmt: skip
    desk.post(reverse("desk:absences"), told(coordinator, colleague))
    for staff, sees, is_told in (
        (division_lead, True, True),
        (colleague, True, True),
        (administrator, True, False),
        (other_coordinator, False, False),
    ):
        page = sign_in(Client(), staff).get(reverse("desk:absences")).content.decode()
        assert ("data-row" in page) is sees
        assert ("Keys at the library." in page) is is_told
    # One who has both: her own stays hers to read.
    give_role(user_of(administrator), Role.COORDINATOR, division)
    own = sign_in(Client(), administrator)
    assert (
        own.post(reverse("desk:absences"), told(administrator, colleague) | {"note": "Ask at the desk."}).status_code
        == 302
    )
    page = own.get(reverse("desk:absences")).content.decode()
    assert "Ask at the desk." in page
    assert "Keys at the library." not in page


@pytest.mark.parametrize("leads", [False, True])
def test_nobody_is_told_that_all_are_here_who_does_not_see_it(
    leads: bool, client: Client, sign_in: SignIn, coordinator: Staff, colleague: Staff, division: Division
) -> None:
    third = make_staff(Role.COORDINATOR, division, name="Pia Fog")
    set_absence(by=colleague, user=user_of(colleague), stand_in=user_of(third), from_on=TODAY, until_on=TODAY, note="")
    by = make_staff(Role.DIVISION_LEAD, division) if leads else coordinator
    page = sign_in(client, by).get(reverse("desk:absences")).content.decode()
    assert "Everybody is here" not in page
    assert (colleague.name in page.partition("<form")[0] or f"{colleague.name}</bdi></strong> is away" in page) is leads
    assert ("You are not noted as away" in page) is not leads


def test_queries_do_not_grow(
    desk: Client, coordinator: Staff, division: Division, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = desk.get(reverse("desk:absences")).content.decode()
    for number in (1, 3):
        for index in range(number):
            stand_in = make_staff(Role.COORDINATOR, division)
            day = TODAY + timedelta(days=number * 10 + index)
            desk.post(reverse("desk:absences"), told(coordinator, stand_in, day, day))
        with django_assert_num_queries(11):
            page = desk.get(reverse("desk:absences")).content.decode()
    assert page.count("data-row") == 4


@pytest.mark.parametrize("is_hidden", [False, True])
def test_participants_read_whom_to_ask_for(
    is_hidden: bool, coordinator: Staff, colleague: Staff, division: Division, programme: Programme
) -> None:
    place = make_enrolment("mentee", division, programme=programme, enrolment={"coordinator_id": coordinator.user_id})
    hers = sign_in_participant(place.person)
    assert "is away" not in hers.get(reverse("portal:home")).content.decode()
    set_absence(
        by=coordinator, user=user_of(coordinator), stand_in=user_of(colleague), from_on=TODAY,
        until_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    if is_hidden:
        who = {"user": user_of(colleague), "person_id": place.person_id}
        saved(HiddenPerson(**who, set_by="system:tests", created_at=AT))
    page = hers.get(reverse("portal:home")).content.decode()
    assert "Your coordinator is away until 7 March 2026." in page
    assert ("ask for Mette Rask" in page) is not is_hidden
    assert "Keys at the library" not in page
    with time_machine.travel(AT + timedelta(days=6)):
        assert "is away" not in sign_in_participant(place.person).get(reverse("portal:home")).content.decode()
