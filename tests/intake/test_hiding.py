"""Hiding a participant from one of the staff: what goes to somebody else, who may say it, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import (
    AT,
    TODAY,
    give_role,
    make_application,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    saved,
    user_of,
)
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Interview, InterviewSlot
from mentornet.intake.planner import times_for
from mentornet.intake.queries import visible_people
from mentornet.intake.services.enrolments import hand_over
from mentornet.intake.services.hiding import hand_on_tasks, hide, stop_hiding
from mentornet.intake.services.interviews import book_interview
from mentornet.people.enums import Role as Part
from mentornet.people.participants import Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Division:
    return make_division("Odense")


@pytest.fixture
def karen(here: Division) -> Staff:
    return make_staff(Role.COORDINATOR, here, name="Karen")


@pytest.fixture
def lone(here: Division) -> Staff:
    return make_staff(Role.COORDINATOR, here, name="Lone")


def again(by: Staff) -> Staff:
    """Return somebody at work, as she is now."""
    return staff_member(user_of(by), by.at)


def test_hidden_person_is_not_there_at_once(here: Division, karen: Staff, lone: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    assert visible_people(karen).filter(pk=her.pk).exists()
    hide(by=lone, person=her, user=user_of(karen), reason="Her cousin.")
    assert again(karen).hidden == {her.pk}
    assert not visible_people(again(karen)).filter(pk=her.pk).exists()
    assert visible_people(again(lone)).filter(pk=her.pk).exists()


def test_case_interview_and_tasks_go_to_whoever_leads(here: Division, karen: Staff, lone: Staff) -> None:
    lead = make_staff(Role.DIVISION_LEAD, here, name="Birthe")
    her = make_person("Amina")
    case = make_enrolment(Part.MENTEE, here, person=her, enrolment={"coordinator": user_of(karen)})
    applied = make_application(
        Part.MENTOR, here, person=her, programme=make_programme("Another"), state=ApplicationState.BOOKED
    )
    slot = saved(
        InterviewSlot(
            division=here, interviewer=user_of(karen), starts_at=AT + timedelta(days=2), application=applied,
            created_at=AT,
        )
    )  # fmt: skip
    talk = saved(
        Interview(application=applied, at=slot.starts_at, interviewer=user_of(karen), place="The office", created_at=AT)
    )
    task = saved(
        Task(kind=Kind.PROMISE, target_id=case.pk, division_id=here.pk, owner_id=karen.user_id, due_on=TODAY,
             words={"name": "Amina"}, created_at=AT),
        exclude=("snoozed_until", "done_at"),
    )  # fmt: skip
    hide(by=lone, person=her, user=user_of(karen), reason="Her cousin.")
    for row in (case, talk, task, slot):
        row.refresh_from_db()
    assert case.coordinator_id == lead.user_id
    assert talk.interviewer_id == lead.user_id
    assert task.owner_id == lead.user_id
    assert slot.application_id is None
    assert Task.objects.get(kind=Kind.INTERVIEW, target_id=applied.pk).owner_id == lead.user_id


def test_nobody_left_is_refused_and_nothing_changes(here: Division, karen: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    with pytest.raises(RefusedError, match="nobody would be left"):
        hide(by=karen, person=her, user=user_of(karen), reason="My cousin.")
    with pytest.raises(RefusedError, match="call us"):
        hide(by=Participant(person_id=her.pk, name="Amina", at=AT), person=her, user=user_of(karen))
    assert not HiddenPerson.objects.exists()
    assert not again(karen).hidden


def test_she_chooses_it_herself_without_a_reason(here: Division, karen: Staff, lone: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    by = Participant(person_id=her.pk, name="Amina", at=AT)
    row = hide(by=by, person=her, user=user_of(karen))
    # Pressed twice.
    assert hide(by=by, person=her, user=user_of(karen)) == row
    assert (row.set_by, row.set_by_name) == (by.key, "")
    other = make_enrolment(Part.MENTEE, here).person
    with pytest.raises(NotAllowedError):
        hide(by=by, person=other, user=user_of(karen))


def test_colleague_says_why(here: Division, karen: Staff, lone: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    with pytest.raises(ValidationError, match="Say why"):
        hide(by=lone, person=her, user=user_of(karen), reason=" ")


def test_another_divisions_staff_neither_hide_nor_lift(here: Division, karen: Staff, lone: Staff) -> None:
    elsewhere = make_staff(Role.COORDINATOR, make_division("Vejle"))
    her = make_enrolment(Part.MENTEE, here).person
    with pytest.raises(NotAllowedError):
        hide(by=elsewhere, person=her, user=user_of(karen), reason="No.")
    row = hide(by=lone, person=her, user=user_of(karen), reason="Her cousin.")
    with pytest.raises(NotAllowedError):
        stop_hiding(by=elsewhere, person=her, row=row, reason="No.")


def test_who_must_not_see_her_does_not_lift_it(here: Division, karen: Staff, lone: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    row = hide(by=lone, person=her, user=user_of(karen), reason="Her cousin.")
    for by in (karen, again(karen)):
        with pytest.raises(NotAllowedError):
            stop_hiding(by=by, person=her, row=row, reason="I want to.")
    assert again(karen).hidden


def test_lifting_needs_a_reason_and_keeps_the_history(here: Division, karen: Staff, lone: Staff) -> None:
    her = make_enrolment(Part.MENTEE, here).person
    row = hide(by=lone, person=her, user=user_of(karen), reason="Her cousin.")
    with pytest.raises(ValidationError, match="Say why"):
        stop_hiding(by=lone, person=her, row=row, reason="")
    stop_hiding(by=lone, person=her, row=row, reason="She has asked for it.")
    assert not again(karen).hidden
    row.refresh_from_db()
    assert (row.reason, row.lift_reason, row.lifted_by) == ("Her cousin.", "She has asked for it.", lone.key)
    hide(by=lone, person=her, user=user_of(karen), reason="Again.")
    assert HiddenPerson.objects.filter(person_id=her.pk).count() == 2


def test_case_and_interview_are_given_to_nobody_who_must_not_see_her(here: Division, karen: Staff, lone: Staff) -> None:
    case = make_enrolment(Part.MENTEE, here)
    applied = make_application(Part.MENTOR, here, person=case.person, programme=make_programme("Another"))
    hide(by=lone, person=case.person, user=user_of(karen), reason="Her cousin.")
    with pytest.raises(NotAllowedError, match="must not see her"):
        hand_over(by=lone, enrolment=case, coordinator_id=karen.user_id)
    with pytest.raises(NotAllowedError, match="must not see her"):
        book_interview(
            by=lone, application=applied, at=AT + timedelta(days=2), place="The office", interviewer=user_of(karen)
        )


def test_she_is_offered_no_time_with_whom_she_is_hidden_from(here: Division, karen: Staff, lone: Staff) -> None:
    applied = make_application(Part.MENTEE, here)
    for by in (karen, lone):
        saved(
            InterviewSlot(division=here, interviewer=user_of(by), starts_at=AT + timedelta(days=3), created_at=AT),
            exclude=("application", "withdrawn_at"),
        )
    her = Participant(person_id=applied.person_id, name="Amina", at=AT)
    assert len(times_for(her, applied)) == 2
    hide(by=her, person=applied.person, user=user_of(karen))
    assert [one.interviewer_id for one in times_for(her, applied)] == [lone.user_id]


def test_task_that_comes_later_is_handed_on(here: Division, karen: Staff, lone: Staff) -> None:
    case = make_enrolment(Part.MENTEE, here)
    hide(by=lone, person=case.person, user=user_of(karen), reason="Her cousin.")
    task = saved(
        Task(kind=Kind.PROMISE, target_id=case.pk, division_id=here.pk, owner_id=karen.user_id, due_on=TODAY,
             words={"name": "Amina"}, created_at=AT),
        exclude=("snoozed_until", "done_at"),
    )  # fmt: skip
    assert hand_on_tasks(by=System("tests", AT)) == 1
    task.refresh_from_db()
    assert task.owner_id == lone.user_id
    assert hand_on_tasks(by=System("tests", AT)) == 0


def test_national_lead_does_not_see_her_either(here: Division, lone: Staff) -> None:
    nation = make_staff(Role.NATIONAL_LEAD, None)
    lead = make_staff(Role.DIVISION_LEAD, here)
    her = make_enrolment(Part.MENTEE, here).person
    hide(by=lead, person=her, user=user_of(nation), reason="Her husband's sister.")
    assert not visible_people(again(nation)).filter(pk=her.pk).exists()


def test_coordinator_hides_her_from_nobody_who_oversees_her(here: Division, lone: Staff) -> None:
    lead, nation = make_staff(Role.DIVISION_LEAD, here), make_staff(Role.NATIONAL_LEAD)
    officer = make_staff(Role.DATA_PROTECTION_OFFICER)
    elsewhere = make_staff(Role.DIVISION_LEAD, make_division("Vejle"))
    her = make_enrolment(Part.MENTEE, here).person
    for head in (lead, nation, officer):
        with pytest.raises(NotAllowedError, match="only another lead"):
            hide(by=lone, person=her, user=user_of(head), reason="x")
    assert not HiddenPerson.objects.exists()
    # Who leads another division oversees nothing here, and has power over nothing here.
    hide(by=lone, person=her, user=user_of(elsewhere), reason="x")
    with pytest.raises(NotAllowedError):
        hide(by=replace(elsewhere, casework=lone.casework), person=her, user=user_of(nation), reason="x")
    # Each may say so of herself, a lead of another one, and she herself of everybody.
    hide(by=lead, person=her, user=user_of(lead), reason="My sister's child.")
    hide(by=nation, person=her, user=user_of(officer), reason="Her neighbour.")
    hide(by=Participant(person_id=her.pk, name="Amina", at=AT), person=her, user=user_of(nation))
    assert HiddenPerson.objects.count() == 4


def test_what_she_has_set_herself_only_a_lead_lifts(here: Division, karen: Staff, lone: Staff) -> None:
    lead = make_staff(Role.DIVISION_LEAD, here)
    her = make_enrolment(Part.MENTEE, here).person
    row = hide(by=Participant(person_id=her.pk, name="Amina", at=AT), person=her, user=user_of(karen))
    with pytest.raises(NotAllowedError, match="set this herself"):
        stop_hiding(by=lone, person=her, row=row, reason="She has asked for it, I say.")
    assert again(karen).hidden
    stop_hiding(by=lead, person=her, row=row, reason="She has asked me for it.")
    assert not again(karen).hidden


@pytest.mark.parametrize("roles", [1, 3])
def test_roles_and_hidden_people_are_one_query(
    here: Division, karen: Staff, lone: Staff, roles: int, django_assert_num_queries: object
) -> None:
    for _number in range(roles - 1):
        give_role(user_of(karen), Role.COORDINATOR, make_division())
    for _number in range(3):
        hide(by=lone, person=make_enrolment(Part.MENTEE, here).person, user=user_of(karen), reason="A reason.")
    user = user_of(karen)
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of the plugin
        staff = staff_member(user, AT)
    assert len(staff.hidden) == 3
    assert len(staff.casework) == roles
