"""Whom a choice passes over: only who has waited longer, could be matched now, and whom this mentor fits as well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories.django_rows import make_enrolment
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services import waiting
from mentornet.matching.bank import bank_of, forget
from mentornet.matching.fair_order import passed_over_with
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ALIKE: dict[str, Any] = {"occupation": "2221", "topics": ("cv",), "availability": ("mon-evening",)}


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    forget()


@pytest.fixture
def mentor(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, programme=programme, **ALIKE)


def waits(division: Division, programme: Programme, by: Staff, days: int, **facts: Any) -> Enrolment:
    since = {"since": by.today - days * DAY}
    return make_enrolment(Role.MENTEE, division, programme=programme, enrolment=since, **ALIKE | facts)


def passed(by: Staff, mentee: Enrolment, mentor: Enrolment) -> int:
    bank = bank_of(version=current_version(mentee.programme_id), divisions=by.casework, today=by.today)
    return passed_over_with(by, bank, mentee, mentor)


def test_only_whom_the_mentor_fits_as_well_is_passed_over(
    division: Division, other_division: Division, programme: Programme, coordinator: Staff, mentor: Enrolment
) -> None:
    mentee = waits(division, programme, coordinator, 10)
    assert passed(coordinator, mentee, mentor) == 0
    alike = waits(division, programme, coordinator, 90)
    assert passed(coordinator, mentee, mentor) == 1
    # Nobody of these: no common time, another field of work and other wishes, a shorter wait, another division.
    waits(division, programme, coordinator, 80, availability=("sat-morning",))
    waits(division, programme, coordinator, 80, occupation="7212", topics=("danish",))
    waits(division, programme, coordinator, 5)
    waits(other_division, programme, coordinator, 200)
    assert passed(coordinator, mentee, mentor) == 1
    waiting.note_why(by=coordinator, enrolment=alike, reason="time", words="A course")
    assert passed(coordinator, mentee, mentor) == 0


def test_noted_exception_is_not_asked_for_again(
    division: Division, programme: Programme, coordinator: Staff, mentor: Enrolment
) -> None:
    mentee = waits(division, programme, coordinator, 10)
    waits(division, programme, coordinator, 90)
    waiting.take_earlier(by=coordinator, enrolment=mentee, reason="deadline", words="An examination")
    assert passed(coordinator, mentee, mentor) == 0
    waiting.keep_order(by=coordinator, enrolment=mentee)
    assert passed(coordinator, mentee, mentor) == 1


def test_mentor_who_is_not_briefed_passes_over_nobody(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentor = make_enrolment(Role.MENTOR, division, programme=programme, enrolment={"briefed_on": None}, **ALIKE)
    mentee = waits(division, programme, coordinator, 10)
    waits(division, programme, coordinator, 90)
    assert passed(coordinator, mentee, mentor) == 0
