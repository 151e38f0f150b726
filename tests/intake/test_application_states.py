"""Every act in every state of an application: what follows, or which sentence refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from factories.django_rows import make_application, make_profile, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import OPEN_STATES, ApplicationState
from mentornet.intake.models import Application, Enrolment, Interview
from mentornet.intake.queries import (
    alike_people,
    booked_interview,
    interviews_of,
    visible_applications,
    visible_enrolments,
    visible_interviews,
    visible_people,
)
from mentornet.intake.rules import may_work_on
from mentornet.intake.services import applications as services
from mentornet.intake.services import interviews as talks
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Profile
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

S = ApplicationState
DAY = timedelta(days=1)


def book(by: Staff, application: Application, *, place: str = "The library") -> Interview:
    return talks.book_interview(
        by=by, application=application, at=by.at + 2 * DAY, place=place, interviewer=user_of(by)
    )


def hold(by: Staff, application: Application) -> Interview:
    return talks.record_interview(
        by=by,
        application=application,
        interviewer=user_of(by),
        shareable="Wants to work as a nurse again.",
        coordinator_only="CANARY-4711",
        profile_facts={"sector": "health"},
        languages=[("ar", "C2")],
    )


def decide(by: Staff, application: Application, outcome: str = "approved") -> object:
    return services.decide(
        by=by, application=application, outcome=outcome, reason="Ready.", author_name=by.name, coordinator=user_of(by)
    )


ACTS: Final[dict[str, Callable[[Staff, Application], object]]] = {
    "book": book,
    "interview": hold,
    "approve": decide,
    "decline": lambda by, application: decide(by, application, "declined"),
    "withdraw": lambda by, application: services.withdraw_application(by=by, application=application),
}
_DECIDED: Final = dict.fromkeys(ACTS)
FOLLOWS: Final[dict[S, dict[str, S | None]]] = {
    S.DRAFT: {"book": None, "interview": None, "approve": None, "decline": None, "withdraw": S.WITHDRAWN},
    S.PRE_REGISTERED: {"book": None, "interview": None, "approve": None, "decline": None, "withdraw": S.WITHDRAWN},
    S.RECEIVED: {"book": S.BOOKED, "interview": S.INTERVIEWED, "approve": None, "decline": S.DECLINED,
                 "withdraw": S.WITHDRAWN},
    S.BOOKED: {"book": S.BOOKED, "interview": S.INTERVIEWED, "approve": None, "decline": S.DECLINED,
               "withdraw": S.WITHDRAWN},
    S.INTERVIEWED: {"book": None, "interview": None, "approve": S.APPROVED, "decline": S.DECLINED,
                    "withdraw": S.WITHDRAWN},
    S.APPROVED: dict(_DECIDED),
    S.DECLINED: dict(_DECIDED),
    S.WITHDRAWN: dict(_DECIDED),
}  # fmt: skip


@pytest.fixture
def application(division: Division, programme: Programme) -> Application:
    application = make_application(Role.MENTEE, division, programme=programme)
    make_profile(application.person, Role.MENTEE)
    return application


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, application: Application, coordinator: Staff) -> None:
    Application.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    after, entries, letters = FOLLOWS[state][act], Entry.objects.count(), Letter.objects.count()
    if after is None:
        with pytest.raises(RefusedError) as refusal:
            ACTS[act](coordinator, application)
        assert str(refusal.value)
        assert (Entry.objects.count(), Letter.objects.count()) == (entries, letters)
        assert Application.objects.get(pk=application.pk).state == state
        assert not Enrolment.objects.exists()
    else:
        ACTS[act](coordinator, application)
        assert Application.objects.get(pk=application.pk).state == after
        assert Entry.objects.count() > entries
        assert Enrolment.objects.exists() is (after == S.APPROVED)


def test_an_interview_is_booked_moved_and_written_down(application: Application, coordinator: Staff) -> None:
    book(coordinator, application)
    moved = book(coordinator, application, place="The office")
    assert [(one.pk, one.place) for one in application.interviews.all()] == [(moved.pk, "The office")]
    assert Letter.objects.filter(event="interview_invitation").count() == 2
    hold(coordinator, application)
    assert booked_interview(application) is None
    held = Interview.objects.get()
    assert (held.pk, held.held_at, held.coordinator_only) == (moved.pk, coordinator.at, "CANARY-4711")
    profile = Profile.objects.get(person=application.person)
    assert profile.provenance["sector"][0] == profile.provenance["languages"][0] == "heard"
    kinds = set(Task.objects.filter(target_id=application.pk, done_at=None).values_list("kind", flat=True))
    assert kinds == {Kind.DECIDE}


def test_the_same_booking_twice_sends_one_letter(application: Application, coordinator: Staff) -> None:
    book(coordinator, application)
    book(coordinator, application)
    assert Letter.objects.filter(event="interview_invitation").count() == 1


def test_a_yes_puts_a_mentee_on_the_list_from_the_day_she_applied(application: Application, coordinator: Staff) -> None:
    hold(coordinator, application)
    decide(coordinator, application)
    enrolment = Enrolment.objects.get()
    assert (enrolment.since, enrolment.capacity, enrolment.coordinator_id) == (
        application.received_on, 1, coordinator.user_id,
    )  # fmt: skip
    assert Task.objects.filter(kind=Kind.PROMISE, target_id=enrolment.pk, done_at=None).exists()


def test_nothing_stays_of_a_decision_that_fails(application: Application, coordinator: Staff) -> None:
    hold(coordinator, application)
    before = Entry.objects.count()
    with pytest.raises(ValidationError):
        services.decide(by=coordinator, application=application, outcome="approved", reason="", author_name="Inger")
    assert Application.objects.get().state == S.INTERVIEWED
    assert Entry.objects.count() == before
    assert not Letter.objects.filter(event="application_approved").exists()


def test_an_audit_row_goes_with_its_rolled_back_act(application: Application, coordinator: Staff) -> None:
    with transaction.atomic():
        book(coordinator, application)
        transaction.set_rollback(True)
    assert not Entry.objects.filter(act="intake.book_interview").exists()
    assert not Letter.objects.exists()


def test_what_is_for_coordinators_only_is_read_by_name(
    application: Application, coordinator: Staff, other_coordinator: Staff
) -> None:
    interview = hold(coordinator, application)
    [listed] = interviews_of([application.pk])
    assert vars(listed)["has_notes"] is True
    assert "coordinator_only" in listed.get_deferred_fields()
    with pytest.raises(NotAllowedError):
        talks.read_coordinator_only(by=other_coordinator, interview=interview)
    assert not Entry.objects.filter(kind="read").exists()
    assert talks.read_coordinator_only(by=coordinator, interview=interview) == "CANARY-4711"
    [entry] = Entry.objects.filter(kind="read")
    assert (entry.act, entry.actor, entry.object_id) == (
        "intake.read_coordinator_only", coordinator.key, str(interview.pk),
    )  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_another_division_cannot_act(act: str, application: Application, other_coordinator: Staff) -> None:
    with pytest.raises(NotAllowedError):
        ACTS[act](other_coordinator, application)
    assert not Entry.objects.exists()


def test_what_may_be_worked_on_is_visible_for_every_role(
    application: Application, coordinator: Staff, other_coordinator: Staff, division_lead: Staff, national_lead: Staff,
    administrator: Staff, other_division: Division, programme: Programme,
) -> None:  # fmt: skip
    other = make_application(Role.MENTOR, other_division, programme=programme)
    make_profile(other.person, Role.MENTOR)
    applications = [application, other]
    for by, row in ((coordinator, application), (other_coordinator, other)):
        hold(by, row)
        decide(by, row)
    for staff in (coordinator, other_coordinator, division_lead, national_lead, administrator):
        mine = [row for row in applications if may_work_on(staff, row)]
        assert set(visible_applications(staff)) == set(mine), staff
        assert set(visible_people(staff)) == {row.person for row in mine}
        assert {row.application_id for row in visible_enrolments(staff)} == {row.pk for row in mine}
        assert {row.application_id for row in visible_interviews(staff)} == {row.pk for row in mine}


def test_open_states_are_those_that_can_be_withdrawn() -> None:
    assert {state for state, acts in FOLLOWS.items() if acts["withdraw"]} == set(OPEN_STATES)


@pytest.mark.parametrize(
    ("name", "email", "phone", "is_found"),
    [
        ("amina  YUSUF", "", "", True),
        ("Somebody", "AMINA@example.org", "", True),
        ("Somebody", "", "+45 12 34 56 78", True),
        ("Somebody", "", "1234-5678", True),
        ("Amina", "", "", False),
        ("Somebody", "other@example.org", "34 56 78", False),
        ("", "", "", False),
    ],
)
def test_people_who_may_be_the_same(
    name: str, email: str, phone: str, is_found: bool, application: Application, coordinator: Staff,
    other_coordinator: Staff,
) -> None:  # fmt: skip
    person = application.person
    person.first_name, person.last_name, person.email, person.phone = "Amina", "Yusuf", "amina@example.org", "12345678"
    person.set_name_keys()
    person.save()
    assert alike_people(coordinator, name=name, email=email, phone=phone).exists() is is_found
    assert not alike_people(other_coordinator, name=name, email=email, phone=phone).exists()
