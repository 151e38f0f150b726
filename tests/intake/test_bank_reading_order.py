"""What is read of mentors beside others who write: nothing stays old for longer than until the next search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from factories.django_rows import make_enrolment
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake import bank_search
from mentornet.intake.bank_search import mentor_index
from mentornet.matching import bank
from mentornet.matching.bank import bank_of
from mentornet.people import services as people
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    bank_search.forget()
    bank.forget()


def _searched(by: Staff, _programme: Programme) -> object:
    return mentor_index(by.casework).languages()


def _matched(by: Staff, programme: Programme) -> object:
    known = bank_of(version=current_version(programme.pk), divisions=by.casework, today=by.today)
    return [skill.code for mentor in known.people.mentors for skill in mentor.languages or ()]


@pytest.mark.parametrize("read", [_searched, _matched])
def test_languages_written_while_somebody_reads_are_seen_next(
    read: Callable[[Staff, Programme], object], coordinator: Staff, division: Division, programme: Programme
) -> None:
    mentor = make_enrolment("mentor", division, programme=programme)
    make_enrolment("mentee", division, programme=programme)
    read(coordinator, programme)
    moment, asked = 0, 0
    # Once before each of the queries, until there are no more.
    while asked >= moment:
        moment, asked = moment + 1, 0
        spoken = ("ar", "so")[moment % 2]
        people.change_person(by=coordinator, person=mentor.person, facts={"postcode": str(5000 + moment)})

        def write_between(
            execute: Callable[..., Any], sql: str, *given: Any, wanted: int = moment, code: str = spoken
        ) -> Any:
            nonlocal asked
            asked += 1
            if asked == wanted:
                people.write_languages(by=coordinator, person=mentor.person, skills=[(code, "C1")], source="heard")
            return execute(sql, *given)

        with connection.execute_wrapper(write_between):
            read(coordinator, programme)
        found = read(coordinator, programme)
        bank_search.forget()
        bank.forget()
        assert found == read(coordinator, programme)
        assert (spoken in str(found)) is (asked >= moment)
    # Sums, stamps, rows, languages; the last round was without a write.
    assert moment > 4
