"""Somebody is away: a colleague stands in, on Today and for what is told in confidence, and it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from conftest import MakeStaff
from factories.django_rows import AT, TODAY, give_role, make_staff, user_of
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Absence, Division, Role
from mentornet.divisions.queries import absence_of, coming_absences, could_stand_in, stood_in_for
from mentornet.divisions.services import end_absence, set_absence
from mentornet.divisions.staff import Staff
from racing import DONE, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


@pytest.fixture
def third(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Sofie Berg")


def away(by: Staff, who: Staff, stand_in: Staff, start: int = 0, end: int = 10, **facts: Any) -> Absence:
    return set_absence(
        by=by, user=user_of(who), stand_in=user_of(stand_in), from_on=TODAY + timedelta(days=start),
        until_on=TODAY + timedelta(days=end), **facts,
    )  # fmt: skip


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def test_it_begins_and_ends_by_itself(coordinator: Staff, colleague: Staff) -> None:
    row = away(coordinator, coordinator, colleague, 1, 3, note="Call the library about Monday.")
    assert [absence_of(coordinator.user_id, on(day)) for day in (0, 1, 3, 4)] == [None, row, row, None]
    assert [stood_in_for(colleague.user_id, on(day)).count() for day in (0, 1, 3, 4)] == [0, 1, 1, 0]
    assert Entry.objects.filter(act="divisions.set_absence").count() == 1
    # The same pressed twice is one.
    assert away(coordinator, coordinator, colleague, 1, 3) == row
    assert Absence.objects.count() == 1


def test_ended_early_nobody_stands_in_any_more(coordinator: Staff, colleague: Staff) -> None:
    row = away(coordinator, coordinator, colleague)
    end_absence(by=coordinator, absence=row)
    assert absence_of(coordinator.user_id, TODAY) is None
    with pytest.raises(ChangedMeanwhileError):
        end_absence(by=coordinator, absence=row)
    # She may be away on the same days after all.
    assert away(coordinator, coordinator, colleague) != row


def test_what_is_over_cannot_be_ended(coordinator: Staff, colleague: Staff) -> None:
    row = away(coordinator, coordinator, colleague, 0, 2)
    with pytest.raises(ChangedMeanwhileError):
        end_absence(by=replace(coordinator, at=AT + timedelta(days=3)), absence=row)


@pytest.mark.parametrize("by", ["coordinator", "division_lead", "national_lead", "administrator"])
def test_who_may(by: str, coordinator: Staff, colleague: Staff, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(by)
    end_absence(by=actor, absence=away(actor, coordinator, colleague))


@pytest.mark.parametrize("by", ["third", "other_coordinator", "elsewhere"])
def test_who_may_not(
    by: str, coordinator: Staff, colleague: Staff, other_division: Division, make_staff: MakeStaff,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor = make_staff(Role.DIVISION_LEAD, other_division) if by == "elsewhere" else request.getfixturevalue(by)
    with pytest.raises(NotAllowedError):
        away(actor, coordinator, colleague)
    row = away(coordinator, coordinator, colleague)
    with pytest.raises(NotAllowedError):
        end_absence(by=actor, absence=row)
    assert row not in coming_absences(actor)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ((0, 5), (5, 8), "from_on"),
        ((0, 5), (6, 8), ""),
        ((3, 5), (0, 9), "from_on"),
    ],
)
def test_no_two_at_once(
    first: tuple[int, int], second: tuple[int, int], refused: str, coordinator: Staff, colleague: Staff, third: Staff
) -> None:
    away(coordinator, coordinator, colleague, *first)
    if not refused:
        assert away(coordinator, coordinator, third, *second).stand_in_id == third.user_id
        return
    with pytest.raises(ValidationError) as error:
        away(coordinator, coordinator, third, *second)
    assert list(error.value.message_dict) == [refused]


def test_nobody_stands_in_for_a_stand_in(coordinator: Staff, colleague: Staff, third: Staff) -> None:
    away(coordinator, coordinator, colleague, 0, 5)
    # The stand-in goes away herself, or is to stand in who is away.
    for who, other in ((colleague, third), (third, coordinator)):
        with pytest.raises(ValidationError):
            away(who, who, other, 4, 8)
    assert away(colleague, colleague, third, 6, 8).stand_in_id == third.user_id


def test_stand_in_works_in_the_same_divisions(
    coordinator: Staff, colleague: Staff, other_coordinator: Staff, national_lead: Staff, other_division: Division
) -> None:
    assert user_of(other_coordinator) not in could_stand_in(user_of(coordinator), TODAY)
    with pytest.raises(ValidationError):
        away(coordinator, coordinator, other_coordinator)
    give_role(user_of(coordinator), Role.COORDINATOR, other_division)
    assert list(could_stand_in(user_of(coordinator), TODAY)) == [user_of(national_lead)]
    give_role(user_of(colleague), Role.COORDINATOR, other_division)
    assert set(could_stand_in(user_of(coordinator), TODAY)) == {user_of(national_lead), user_of(colleague)}
    # Of the national lead only another one.
    assert not could_stand_in(user_of(national_lead), TODAY).exists()


@pytest.mark.parametrize(
    ("start", "end", "stand_in"), [(5, 4, "colleague"), (-9, -1, "colleague"), (0, 400, "colleague"), (0, 4, "herself")]
)
def test_what_cannot_be(start: int, end: int, stand_in: str, coordinator: Staff, colleague: Staff) -> None:
    with pytest.raises(ValidationError):
        away(coordinator, coordinator, coordinator if stand_in == "herself" else colleague, start, end)
    assert not Absence.objects.exists()


def test_the_database_holds_what_the_service_says(coordinator: Staff, colleague: Staff) -> None:
    row = away(coordinator, coordinator, colleague)
    for changes in ({"until_on": on(-1)}, {"stand_in_id": coordinator.user_id}, {"ended_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_two_noted_at_once_never_overlap(coordinator: Staff, colleague: Staff, third: Staff) -> None:
    done = at_once(
        lambda: away(coordinator, coordinator, colleague, 0, 5),
        lambda: away(coordinator, coordinator, third, 2, 8),
        lambda: away(colleague, colleague, third, 3, 4),
    )
    assert done[DONE] >= 1
    rows = list(Absence.objects.all())
    for one in rows:
        for other in rows:
            meets = one.from_on <= other.until_on and other.from_on <= one.until_on
            assert one == other or not (meets and one.user_id in {other.user_id, other.stand_in_id})
