"""The fairness check: who would get a mentor before and after a change, and what is too small to be told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.django_rows import TODAY, make_division, make_enrolment, make_person, make_programme, make_staff
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import forget
from mentornet.matching.fairness import (
    AGE,
    AGES,
    DIVISION,
    EDUCATION,
    LANGUAGE,
    LEAST,
    Fairness,
    band,
    fairness_of,
    hidden_of,
)
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_version

RULE: dict[str, Any] = {
    "key": "evening",
    "names": {"en": "Can in the evening"},
    "kind": "yes-no",
    "compared": "at least",
    "wishes": "mentor",
    "rule": True,
}


@given(st.dictionaries(st.text(alphabet="abcdefgh", min_size=1, max_size=1), st.integers(1, 30)))
def test_what_is_hidden_cannot_be_reckoned_from_what_is_told(sizes: dict[str, int]) -> None:
    hidden = hidden_of(sizes)
    assert {key for key, size in sizes.items() if size < LEAST} <= hidden
    left = sum(sizes[key] for key in hidden)
    # From the total one learns the sum of those hidden: that of two groups at least, and of five people at least.
    if hidden and hidden != set(sizes):
        assert len(hidden) >= 2
        assert left >= LEAST
    if all(size >= LEAST for size in sizes.values()):
        assert not hidden


def test_bands() -> None:
    assert [band(number, AGES) for number in (None, 24, 25, 55, 99)] == ["", "0-24", "25-34", "55-200", "55-200"]


@pytest.fixture
def division() -> Division:
    return make_division()


@pytest.fixture
def programme(division: Division) -> Programme:
    return make_programme(division=division)


@pytest.fixture
def lead(division: Division) -> Staff:
    forget()
    return make_staff(StaffRoleName.DIVISION_LEAD, division)


def waiting(programme: Programme, number: int, days: int, year: int | None, education: int, **answers: Any) -> None:
    for _one in range(number):
        make_enrolment(
            Role.MENTEE,
            programme.division,
            programme=programme,
            person=make_person(birth_year=year),
            enrolment={"since": TODAY - timedelta(days=days)},
            languages={"da": "B2", "ar": "C2"} if education else {"da": "B2", "uk": "C2"},
            education=education,
            answers=answers,
        )


def checked(lead: Staff, programme: Programme, *customs: dict[str, Any]) -> Fairness:
    now = current_version(programme.pk)
    wanted = ProgrammeVersion(**now.settings() | {"programme": programme, "number": 2, "customs": list(customs)})
    return fairness_of(by=lead, now=now, wanted=wanted)


@pytest.mark.database
@pytest.mark.django_db
def test_a_rule_that_shuts_a_group_out_is_named_with_its_figures(lead: Staff, programme: Programme) -> None:
    waiting(programme, 6, 100, 1990, 7, evening=True)
    waiting(programme, 7, 40, 1960, 0, evening=False)
    for _one in range(20):
        make_enrolment(Role.MENTOR, programme.division, programme=programme, answers={"evening": True})
    # Whoever is not briefed is nobody's mentor, before or after.
    make_enrolment(Role.MENTOR, programme.division, programme=programme, enrolment={"briefed_on": None})
    found = checked(lead, programme, RULE)
    assert found.whole.waiting == 13
    assert found.whole.before is not None
    assert found.whole.after is not None
    assert (found.whole.before.matched, found.whole.after.matched) == (13, 6)
    assert found.whole.before.wait == pytest.approx((6 * 100 + 7 * 40) / 13)
    assert found.whole.after.wait == pytest.approx(100)
    tables = {table.name: {group.key: group for group in table.groups} for table in found.tables}
    assert set(tables) == {DIVISION, LANGUAGE, AGE, EDUCATION}
    assert set(tables[LANGUAGE]) == {"ar", "uk"}
    assert set(tables[AGE]) == {"35-44", "55-200"}
    shut_out = tables[EDUCATION]["0-2"]
    assert shut_out.change == -1.0
    # Nobody of them is matched afterwards: no mean wait is told of either.
    assert shut_out.before is not None
    assert shut_out.before.wait is None
    assert tables[EDUCATION]["7-8"].change == 0.0
    assert found.worst is not None
    assert found.worst[1].key in {"0-2", "uk", "55-200"}
    # Negative control: without the rule nobody loses.
    assert checked(lead, programme).worst is None


@pytest.mark.database
@pytest.mark.django_db
def test_few_are_not_told(lead: Staff, programme: Programme) -> None:
    waiting(programme, 4, 10, 1990, 7)
    assert checked(lead, programme).tables == ()
    waiting(programme, 6, 10, 1960, 0)
    found = checked(lead, programme)
    education = next(table for table in found.tables if table.name == EDUCATION)
    # Four and six: with one shown, the other would be the rest of ten.
    assert [group.waiting for group in education.groups] == [None, None]
    assert education.hidden == 2
    divisions = next(table for table in found.tables if table.name == DIVISION)
    assert [group.waiting for group in divisions.groups] == [10]
