"""What coordinators note: a whole meeting, letting off, taking back; what a programme asks for; one reminder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT, TODAY, make_enrolment, make_programme, make_version
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.learning import queries
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Module, ModuleProgress
from mentornet.learning.services import (
    let_off,
    note_evening,
    note_training,
    remind_of_training,
    take_training_back,
)
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.programmes.models import ProgrammeVersion
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def make_new(division: Division, **fields: Any) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None, **fields})


@pytest.fixture
def mentor(division: Division) -> Enrolment:
    return make_new(division)


def modules(role: Role = Role.MENTOR) -> list[Module]:
    return list(Module.objects.filter(role=role).order_by("position"))


# A meeting ----------------------------------------------------------------------------------------------------------


def test_meeting_is_noted_for_all_who_came(coordinator: Staff, division: Division) -> None:
    came = [make_new(division) for _ in range(3)]
    *first, last = modules()
    note_training(by=coordinator, enrolment=came[0], module=last, way=Way.READ, on=TODAY)
    assert note_evening(by=coordinator, enrolments=came, modules=first, on=TODAY) == 1
    assert Attendance.objects.filter(way="attended").count() == 3 * len(first)
    assert [Enrolment.objects.get(pk=one.pk).briefed_on for one in came] == [TODAY, None, None]


def test_meeting_is_noted_whole_or_not_at_all(coordinator: Staff, division: Division, other_division: Division) -> None:
    came = [make_new(division), make_new(other_division)]
    with pytest.raises(NotAllowedError):
        note_evening(by=coordinator, enrolments=came, modules=modules(), on=TODAY)
    assert not Attendance.objects.exists()


def test_meeting_of_nobody_or_about_nothing_is_refused(coordinator: Staff, mentor: Enrolment) -> None:
    with pytest.raises(ValidationError, match="Choose who came"):
        note_evening(by=coordinator, enrolments=[], modules=modules(), on=TODAY)
    with pytest.raises(ValidationError, match="Choose who came"):
        note_evening(by=coordinator, enrolments=[mentor], modules=[], on=TODAY)


# Letting off --------------------------------------------------------------------------------------------------------


def test_let_off_with_a_reason_she_is_in_the_bank(coordinator: Staff, mentor: Enrolment) -> None:
    note_training(by=coordinator, enrolment=mentor, module=modules()[0], way=Way.READ, on=TODAY)
    noted = let_off(by=coordinator, enrolment=mentor, reason="Was a mentor for years.")
    assert {(one.way, one.reason) for one in noted} == {("waived", "Was a mentor for years.")}
    assert [one.brought_in for one in noted] == [*[False] * (len(noted) - 1), True]
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY


def test_letting_off_needs_a_reason_and_something_left(coordinator: Staff, mentor: Enrolment) -> None:
    with pytest.raises(ValidationError, match="Write why"):
        let_off(by=coordinator, enrolment=mentor, reason=" ")
    assert not Attendance.objects.exists()
    let_off(by=coordinator, enrolment=mentor, reason="Knows it all.")
    with pytest.raises(RefusedError, match="Nothing is left"):
        let_off(by=coordinator, enrolment=mentor, reason="Knows it all.")


def test_other_division_lets_nobody_off(other_coordinator: Staff, mentor: Enrolment) -> None:
    with pytest.raises(NotAllowedError):
        let_off(by=other_coordinator, enrolment=mentor, reason="Knows it all.")


# Taking back --------------------------------------------------------------------------------------------------------


def trained(by: Staff, mentor: Enrolment) -> None:
    note_evening(by=by, enrolments=[mentor], modules=modules(), on=TODAY)
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY


@pytest.mark.parametrize("which", [0, -1])
def test_whom_a_wrong_note_brought_in_leaves_the_bank(coordinator: Staff, mentor: Enrolment, which: int) -> None:
    trained(coordinator, mentor)
    module = modules()[which]
    assert take_training_back(by=coordinator, enrolment=mentor, module=module) is True
    mentor.refresh_from_db()
    assert mentor.briefed_on is None
    assert list(queries.modules_left(mentor.person_id, Role.MENTOR)) == [module]
    assert Entry.objects.filter(act="learning.take_training_back").count() == 1
    note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY


def test_who_was_briefed_by_hand_stays_in_the_bank(coordinator: Staff, division: Division) -> None:
    mentor = make_enrolment(Role.MENTOR, division)
    note_evening(by=coordinator, enrolments=[mentor], modules=modules(), on=TODAY)
    assert take_training_back(by=coordinator, enrolment=mentor, module=modules()[0]) is False
    before = mentor.briefed_on
    mentor.refresh_from_db()
    assert mentor.briefed_on == before is not None


@pytest.mark.parametrize("held", [{"promised": 1}, {"active": 1}])
def test_who_is_promised_or_taken_stays(coordinator: Staff, mentor: Enrolment, held: dict[str, int]) -> None:
    trained(coordinator, mentor)
    Enrolment.objects.filter(pk=mentor.pk).update(**held)
    assert take_training_back(by=coordinator, enrolment=mentor, module=modules()[0]) is False
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY


def test_note_is_taken_back_once_and_by_whoever_may(
    coordinator: Staff, other_coordinator: Staff, mentor: Enrolment
) -> None:
    module = modules()[0]
    note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)
    herself = Participant(person_id=mentor.person_id, name="Bodil", at=AT)
    for somebody in (other_coordinator, herself):
        with pytest.raises(NotAllowedError):
            take_training_back(by=somebody, enrolment=mentor, module=module)
    ModuleProgress.objects.create(module=module, person=mentor.person, right=["x"], changed_at=AT)
    assert take_training_back(by=coordinator, enrolment=mentor, module=module) is False
    assert not ModuleProgress.objects.exists()
    with pytest.raises(ChangedMeanwhileError):
        take_training_back(by=coordinator, enrolment=mentor, module=module)


# What a programme asks for ------------------------------------------------------------------------------------------


def test_programme_s_modules_decide_when_she_is_ready(coordinator: Staff, division: Division) -> None:
    wanted, *others = modules()
    programme = make_programme(modules=[wanted.slug])
    mentor = make_enrolment(Role.MENTOR, division, programme=programme, enrolment={"briefed_on": None})
    assert list(queries.modules_left(mentor.person_id, Role.MENTOR, programme.pk)) == [wanted]
    assert list(queries.modules_left(mentor.person_id, Role.MENTOR)) == [wanted, *others]
    note_training(by=coordinator, enrolment=mentor, module=wanted, way=Way.READ, on=TODAY)
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY


def test_usual_training_takes_about_two_hours(division: Division) -> None:
    assert 100 <= sum(module.minutes for module in modules()) <= 140


@pytest.mark.parametrize("modules", ["all", [1], ["a", "a"], [""], {"a": 1}])
def test_modules_that_cannot_be_are_refused(modules: object) -> None:
    with pytest.raises(ValidationError):
        make_programme(modules=modules)
    assert ProgrammeVersion.objects.count() == 0


def test_lists_ask_as_much_for_one_as_for_three(division: Division, django_assert_num_queries: CountQueries) -> None:
    for count in (1, 3):
        while Enrolment.objects.count() < count:
            make_new(division)
        listed = list(Enrolment.objects.all())
        with django_assert_num_queries(3):
            assert all(queries.left_of(listed).values())
        with django_assert_num_queries(5):
            assert queries.trainings(listed[0].person_id, "en")


# One reminder -------------------------------------------------------------------------------------------------------


def approved(division: Division, days: float, **fields: Any) -> Enrolment:
    return make_new(division, created_at=AT - timedelta(days=days), **fields)


def remind(after: timedelta = timedelta()) -> int:
    return remind_of_training(by=System("remind of training", AT + after))


def test_who_has_training_left_is_reminded_once(division: Division) -> None:
    mentor = approved(division, 3.5)
    assert remind() == 1
    letter = Letter.objects.get()
    assert (letter.event, letter.about_id, letter.recipient) == (
        "training_waits", mentor.pk, f"person:{mentor.person_id}",
    )  # fmt: skip
    assert remind(timedelta(days=1)) == 0


@pytest.mark.parametrize("days", [0, 2.9, 15])
def test_nobody_is_reminded_too_soon_or_long_after(division: Division, days: float) -> None:
    approved(division, days)
    assert remind() == 0


def test_nobody_is_reminded_in_vain(division: Division, coordinator: Staff) -> None:
    approved(division, 4, ended_on=TODAY, end_reason="moved")
    approved(division, 4, briefed_on=TODAY)
    make_enrolment(Role.MENTEE, division, enrolment={"created_at": AT - timedelta(days=4)})
    imported = approved(division, 4)
    imported.application.is_imported = True
    imported.application.save()
    programme = make_programme(modules=[])
    make_enrolment(
        Role.MENTOR, division, programme=programme, enrolment={"briefed_on": None, "created_at": AT - timedelta(days=4)}
    )
    assert remind() == 0
    make_version(programme, modules=None)
    assert remind() == 1
