"""Training: who has done what, and that a mentor comes into the bank with the last module."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, make_enrolment
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank
from mentornet.learning import queries
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Module
from mentornet.learning.services import note_training
from mentornet.learning.validators import check_questions
from mentornet.people.enums import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture
def mentor(division: Division) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})


def modules(role: Role) -> list[Module]:
    return list(Module.objects.filter(role=role).order_by("position"))


def test_mentor_comes_into_the_bank_with_the_last_module(coordinator: Staff, mentor: Enrolment) -> None:
    *first, last = modules(Role.MENTOR)
    for module in first:
        note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)
    assert list(queries.modules_left(mentor.person_id, Role.MENTOR)) == [last]
    assert not mentor_bank([mentor.division_id], TODAY).exists()
    note_training(by=coordinator, enrolment=mentor, module=last, way=Way.ATTENDED, on=TODAY)
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    assert mentor_bank([mentor.division_id], TODAY).get() == mentor
    assert set(queries.attended(mentor.person_id)) == {module.pk for module in (*first, last)}


def test_letting_off_needs_a_reason_and_keeps_it(coordinator: Staff, mentor: Enrolment) -> None:
    module = modules(Role.MENTOR)[0]
    with pytest.raises(ValidationError, match="Write why"):
        note_training(by=coordinator, enrolment=mentor, module=module, way=Way.WAIVED, on=TODAY, reason="  ")
    assert not Attendance.objects.exists()
    noted = note_training(
        by=coordinator, enrolment=mentor, module=module, way=Way.WAIVED, on=TODAY, reason=" Was a mentor for years. "
    )
    assert (noted.reason, noted.told_by) == ("Was a mentor for years.", coordinator.key)
    entry = Entry.objects.get(act="learning.note_training")
    assert entry.detail == {"module": module.slug, "way": "waived"}
    # The reason may be about her: the history says that there is one, the case says which.
    assert "years" not in str(entry.detail)


def test_reason_is_kept_of_letting_off_alone(coordinator: Staff, mentor: Enrolment) -> None:
    noted = note_training(
        by=coordinator, enrolment=mentor, module=modules(Role.MENTOR)[0], way=Way.READ, on=TODAY, reason="left over"
    )
    assert noted.reason == ""


def test_noting_twice_keeps_the_first(coordinator: Staff, mentor: Enrolment) -> None:
    module = modules(Role.MENTOR)[0]
    one = note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)
    two = note_training(by=coordinator, enrolment=mentor, module=module, way=Way.ATTENDED, on=TODAY)
    assert (two.pk, two.way) == (one.pk, "read")
    assert Entry.objects.filter(act="learning.note_training").count() == 1


def test_mentee_is_trained_and_waits_as_before(coordinator: Staff, division: Division) -> None:
    mentee = make_enrolment(Role.MENTEE, division)
    for module in modules(Role.MENTEE):
        note_training(by=coordinator, enrolment=mentee, module=module, way=Way.READ, on=TODAY)
    mentee.refresh_from_db()
    assert mentee.briefed_on is None
    assert not queries.modules_left(mentee.person_id, Role.MENTEE).exists()


def test_who_was_briefed_before_stays_so(coordinator: Staff, division: Division) -> None:
    mentor = make_enrolment(Role.MENTOR, division)
    before = mentor.briefed_on
    for module in modules(Role.MENTOR):
        note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)
    mentor.refresh_from_db()
    assert mentor.briefed_on == before


def test_wrong_module_and_day_are_refused(coordinator: Staff, mentor: Enrolment) -> None:
    with pytest.raises(ValidationError, match="other role"):
        note_training(by=coordinator, enrolment=mentor, module=modules(Role.MENTEE)[0], way=Way.READ, on=TODAY)
    with pytest.raises(ValidationError, match="still to come"):
        note_training(
            by=coordinator,
            enrolment=mentor,
            module=modules(Role.MENTOR)[0],
            way=Way.READ,
            on=coordinator.today + timedelta(days=1),
        )


def test_other_division_notes_nothing(other_coordinator: Staff, administrator: Staff, mentor: Enrolment) -> None:
    for somebody in (other_coordinator, administrator):
        with pytest.raises(NotAllowedError):
            note_training(by=somebody, enrolment=mentor, module=modules(Role.MENTOR)[0], way=Way.READ, on=TODAY)


def test_nothing_is_noted_of_who_has_left(coordinator: Staff, division: Division) -> None:
    left = make_enrolment(Role.MENTOR, division, enrolment={"ended_on": TODAY, "end_reason": "moved"})
    with pytest.raises(NotAllowedError, match="has left"):
        note_training(by=coordinator, enrolment=left, module=modules(Role.MENTOR)[0], way=Way.READ, on=TODAY)


def test_database_refuses_letting_off_without_a_reason(mentor: Enrolment) -> None:
    row = Attendance(
        module=modules(Role.MENTOR)[0], person=mentor.person, way="waived", on=TODAY, told_by="tests", created_at=AT
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    "questions",
    [
        "text",
        ["text"],
        [{}],
        [{"text": "", "answers": ["a", "b"], "right": 0, "why": "c"}],
        [{"text": "a", "answers": ["a"], "right": 0, "why": "c"}],
        [{"text": "a", "answers": ["a", ""], "right": 0, "why": "c"}],
        [{"text": "a", "answers": ["a", "b"], "right": 2, "why": "c"}],
        [{"text": "a", "answers": ["a", "b"], "right": -1, "why": "c"}],
        [{"text": "a", "answers": ["a", "b"], "right": True, "why": "c"}],
        [{"text": "a", "answers": ["a", "b"], "right": 0, "why": "c", "more": 1}],
    ],
)
def test_question_that_cannot_be_asked_is_refused(questions: object) -> None:
    with pytest.raises(ValidationError):
        check_questions(questions)
