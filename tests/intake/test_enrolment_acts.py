"""What is done with an enrolment: a word, briefing, rest, places, the end and back, another coordinator, apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import make_application, make_enrolment, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import where_they_stand
from mentornet.intake.services import apart, places
from mentornet.intake.services import enrolments as services
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTEE, division, programme=programme)


@pytest.fixture
def mentor(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, programme=programme, enrolment={"capacity": 2})


def test_a_word_is_a_letter_and_a_new_promise(mentee: Enrolment, coordinator: Staff) -> None:
    services.give_word(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    assert (mentee.last_word_on, mentee.word_due_on) == (coordinator.today, coordinator.today + 28 * DAY)
    assert Letter.objects.get().event == "word_from_waiting_list"
    assert Task.objects.filter(kind=Kind.PROMISE, done_at=None).count() == 1


def test_a_word_pressed_twice_is_one_letter(mentee: Enrolment, coordinator: Staff) -> None:
    services.give_word(by=coordinator, enrolment=mentee)
    with pytest.raises(ChangedMeanwhileError, match="No second letter"):
        services.give_word(by=coordinator, enrolment=mentee)
    assert Letter.objects.count() == 1
    services.give_word(by=coordinator, enrolment=mentee, by_letter=False)
    tomorrow = replace(coordinator, at=coordinator.at + DAY)
    services.give_word(by=tomorrow, enrolment=mentee)
    assert Letter.objects.count() == 2


def test_a_word_only_to_those_who_wait(mentee: Enrolment, mentor: Enrolment, coordinator: Staff) -> None:
    places.hold(by=coordinator, enrolment=mentee)
    places.take(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    for enrolment in (mentee, mentor):
        with pytest.raises(NotAllowedError):
            services.give_word(by=coordinator, enrolment=enrolment)


def test_rest_and_waking(mentor: Enrolment, mentee: Enrolment, coordinator: Staff) -> None:
    services.rest(by=coordinator, enrolment=mentor, until=coordinator.today + DAY)
    assert Enrolment.objects.get(pk=mentor.pk).resting_until == coordinator.today + DAY
    services.rest(by=coordinator, enrolment=mentor, until=None)
    assert Enrolment.objects.get(pk=mentor.pk).resting_until is None
    with pytest.raises(ValidationError):
        services.rest(by=coordinator, enrolment=mentor, until=coordinator.today)
    with pytest.raises(NotAllowedError):
        services.rest(by=coordinator, enrolment=mentee, until=coordinator.today + DAY)


def test_places_are_never_fewer_than_what_is_taken(mentor: Enrolment, coordinator: Staff) -> None:
    places.hold(by=coordinator, enrolment=mentor)
    places.take(by=coordinator, enrolment=mentor)
    services.set_capacity(by=coordinator, enrolment=mentor, capacity=1)
    with pytest.raises(RefusedError):
        services.set_capacity(by=coordinator, enrolment=mentor, capacity=0)
    assert Enrolment.objects.get(pk=mentor.pk).capacity == 1


def test_an_end_is_taken_back_with_the_same_wait_and_a_promise(mentee: Enrolment, coordinator: Staff) -> None:
    since = mentee.since
    services.end_enrolment(by=coordinator, enrolment=mentee, reason="moved")
    with pytest.raises(NotAllowedError):
        services.end_enrolment(by=coordinator, enrolment=mentee, reason="moved")
    services.resume_enrolment(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    assert (mentee.ended_on, mentee.end_reason, mentee.since) == (None, "", since)
    # Nobody waits without a day on which she hears from us.
    assert mentee.word_due_on == coordinator.today + timedelta(days=28)
    assert Task.objects.filter(kind=Kind.PROMISE, target_id=mentee.pk, done_at=None).count() == 1
    with pytest.raises(ChangedMeanwhileError, match="back already"):
        services.resume_enrolment(by=coordinator, enrolment=mentee)


def test_nobody_leaves_while_a_place_is_held(mentee: Enrolment, coordinator: Staff) -> None:
    seen = Enrolment.objects.get(pk=mentee.pk)
    places.hold(by=coordinator, enrolment=mentee)
    with pytest.raises(ChangedMeanwhileError):
        services.end_enrolment(by=coordinator, enrolment=seen, reason="moved")
    mentee.refresh_from_db()
    with pytest.raises(NotAllowedError):
        services.end_enrolment(by=coordinator, enrolment=mentee, reason="moved")


def test_a_case_is_handed_over_with_its_promises(
    mentee: Enrolment, coordinator: Staff, division: Division, other_coordinator: Staff
) -> None:
    services.give_word(by=coordinator, enrolment=mentee)
    other = make_staff(StaffRole.COORDINATOR, division, name="Mette Lund")
    services.hand_over(by=coordinator, enrolment=mentee, coordinator_id=other.user_id)
    mentee.refresh_from_db()
    assert mentee.coordinator_id == other.user_id
    assert Task.objects.get(done_at=None).owner_id == other.user_id
    with pytest.raises(ValidationError):
        services.hand_over(by=coordinator, enrolment=mentee, coordinator_id=other_coordinator.user_id)


def test_apart_is_read_written_and_taken_back_with_its_trace(
    division: Division, other_division: Division, coordinator: Staff, other_coordinator: Staff
) -> None:
    application, other = make_application(Role.MENTEE, division), make_application(Role.MENTOR, division)
    stranger = make_application(Role.MENTOR, other_division).person
    with pytest.raises(ValidationError):
        apart.keep_apart(by=coordinator, application=application, other=stranger)
    with pytest.raises(ValidationError):
        apart.keep_apart(by=coordinator, application=application, other=application.person)
    with pytest.raises(NotAllowedError):
        apart.keep_apart(by=other_coordinator, application=application, other=other.person)
    avoidance = apart.keep_apart(by=coordinator, application=application, other=other.person, reason="neighbours")
    assert apart.read_apart(by=coordinator, application=other) == [avoidance]
    with pytest.raises(NotAllowedError):
        apart.read_apart(by=other_coordinator, application=application)
    assert Entry.objects.get(kind="read").act == "intake.read_apart"
    apart.let_meet(by=coordinator, application=other, avoidance=avoidance)
    assert not Avoidance.objects.exists()


def test_where_people_stand(mentee: Enrolment, mentor: Enrolment, division: Division, coordinator: Staff) -> None:
    applied = make_application(Role.MENTOR, division).person
    gone = make_enrolment(Role.MENTOR, division)
    services.end_enrolment(by=coordinator, enrolment=gone, reason="moved")
    stands = where_they_stand(coordinator)
    found = {name: {person.pk for person in Person.objects.filter(condition)} for name, condition in stands.items()}
    assert found == {
        "": {mentee.person_id, mentor.person_id, applied.pk, gone.person_id},
        "applied": {applied.pk},
        "waiting": {mentee.person_id},
        "in_bank": {mentor.person_id},
        "proposed": set(),
        "paired": set(),
        "not_briefed": set(),
        "resting": set(),
        "left": {gone.person_id},
    }
