"""The rows that tests stand on are those that the services would write."""

from __future__ import annotations

from datetime import date

import pytest

from factories import django_rows
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


def test_enrolled_mentee_waits_with_a_profile_and_a_decision(division: Division, programme: Programme) -> None:
    mentee = django_rows.make_enrolment("mentee", division, programme=programme, occupation="2211")
    assert (mentee.division, mentee.programme, mentee.profile.occupation) == (division, programme, "2211")
    assert mentee.application.decision.outcome == "approved"
    assert [str(language) for language in mentee.person.languages.all()] == ["da:B2"]
    assert (mentee.capacity, mentee.places_left, mentee.briefed_on) == (1, 1, None)


def test_enrolled_mentor_is_briefed_and_takes_what_is_named(division: Division) -> None:
    mentor = django_rows.make_enrolment("mentor", division, enrolment={"capacity": 2}, languages={}, topics=("cv",))
    assert (mentor.capacity, mentor.briefed_on, mentor.since) == (2, date(2026, 1, 31), date(2026, 1, 31))
    assert not mentor.person.languages.exists()


def test_same_person_can_take_part_in_two_divisions(division: Division, other_division: Division) -> None:
    person = django_rows.make_person()
    first = django_rows.make_enrolment("mentor", division, person=person)
    second = django_rows.make_enrolment("mentor", other_division, person=person)
    assert first.profile == second.profile
    with pytest.raises(ValueError, match="profile in this role already"):
        django_rows.make_enrolment("mentor", person=person, occupation="2211")


def test_staff_reach_what_their_roles_say(
    division: Division,
    other_division: Division,
    coordinator: Staff,
    division_lead: Staff,
    national_lead: Staff,
    administrator: Staff,
) -> None:
    assert coordinator.casework == division_lead.casework == division_lead.leads == {division.pk}
    assert coordinator.leads == frozenset()
    assert national_lead.casework == {division.pk, other_division.pk}
    assert administrator.casework == frozenset()
    assert administrator.is_administrator
    assert django_rows.user_of(coordinator).name == "Inger Holm"


def test_staff_role_must_fit_its_place(division: Division) -> None:
    with pytest.raises(Exception, match="have a division"):
        django_rows.make_staff(Role.COORDINATOR)
