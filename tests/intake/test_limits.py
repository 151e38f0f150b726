"""How many may wait: what the program suggests or does, what a lead does about it, and that it is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from factories.django_rows import make_enrolment, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import takes_in
from mentornet.intake.enums import LimitDoes, LimitStep
from mentornet.intake.limits import SHIPPED, waiting_in
from mentornet.intake.models import Enrolment, IntakeLimit, IntakeWindow
from mentornet.intake.services import limits
from mentornet.intake.services.windows import LEFT_ALONE, close_intake, open_intake
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def lead(division_lead: Staff) -> Staff:
    return division_lead


@pytest.fixture
def three(division: Division, programme: Programme, lead: Staff) -> list[Enrolment]:
    """Three who wait, half of them longer than forty days."""
    return [
        make_enrolment(
            Role.MENTEE, division, programme=programme, enrolment={"since": lead.today - days * DAY}
        )
        for days in (10, 40, 90)
    ]  # fmt: skip


def watch(by: Staff, days: int = 0) -> int:
    return limits.watch_limits(by=System("intake.watch_limits", by.at + days * DAY))


def is_open(division: Division, programme: Programme) -> bool:
    return takes_in(division_id=division.pk, role="mentee", programme_id=programme.pk)


def limited(division: Division, programme: Programme, by: Staff, does: LimitDoes, **numbers: Any) -> IntakeLimit:
    return limits.set_limit(by=by, division=division, programme=programme, does=does, **numbers)


def left(enrolments: list[Enrolment]) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).update(ended_on="2026-01-01", end_reason="moved")


def tasks() -> list[tuple[str, str]]:
    found = Task.objects.filter(kind=Kind.INTAKE, done_at=None).order_by("created_at")
    return [(str(task.words["why"]), str(task.words["programme"])) for task in found]


def test_program_closes_with_words_in_every_language_and_opens_again_when_there_is_room(
    division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    limit = limited(division, programme, lead, LimitDoes.DO, most=3, opens_at=1)
    assert [watch(lead), watch(lead)] == [1, 0]
    window = IntakeWindow.objects.get()
    assert (window.is_open, window.changed_by) == (False, "system:intake.watch_limits")
    assert set(window.reason) == {code for code, _name in settings.LANGUAGES}
    assert window.reason["en"] == str(SHIPPED)
    # Each language has its own words.
    assert len(set(window.reason.values())) == len(window.reason)
    limit.refresh_from_db()
    assert (limit.step, limit.has_closed, tasks()) == (LimitStep.CLOSED, True, [("closed", programme.name)])
    # Two left is below the limit and not yet room: it does not open and close in turn.
    left(three[:1])
    assert watch(lead) == 0
    left(three[:2])
    assert [watch(lead), watch(lead)] == [1, 0]
    assert is_open(division, programme)
    assert tasks() == [("opened", programme.name)]


def test_suggestion_changes_nothing_until_a_lead_follows_it(
    division: Division, programme: Programme, lead: Staff, coordinator: Staff, three: list[Enrolment]
) -> None:
    limit = limited(division, programme, lead, LimitDoes.SUGGEST, most=2, opens_at=1)
    assert watch(lead) == 1
    assert is_open(division, programme)
    assert tasks() == [("close", programme.name)]
    with pytest.raises(NotAllowedError):
        limits.follow_limit(by=coordinator, limit=limit)
    limits.follow_limit(by=lead, limit=limit)
    assert not is_open(division, programme)
    assert tasks() == []
    with pytest.raises(ChangedMeanwhileError):
        limits.follow_limit(by=lead, limit=limit)
    left(three[:2])
    # Whoever decided a moment ago is not asked again at once.
    assert watch(lead, LEFT_ALONE.days) == 1
    assert tasks() == [("open", programme.name)]
    limits.follow_limit(by=lead, limit=limit)
    assert is_open(division, programme)


def test_suggestion_that_holds_no_more_is_taken_away(
    division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    limit = limited(division, programme, lead, LimitDoes.SUGGEST, most=3)
    watch(lead)
    left(three)
    assert watch(lead) == 0
    limit.refresh_from_db()
    assert (limit.step, tasks()) == ("", [])


@pytest.mark.parametrize(("days", "is_reached"), [(40, True), (41, False)])
def test_how_long_they_wait_closes_too(
    days: int, is_reached: bool, division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    assert waiting_in([division.pk], programme.pk, lead.today).days == 40
    limited(division, programme, lead, LimitDoes.DO, median_days=days)
    assert watch(lead) == int(is_reached)
    assert is_open(division, programme) is not is_reached


def test_undoing_lets_the_program_leave_it_alone_for_two_weeks(
    division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    limit = limited(division, programme, lead, LimitDoes.DO, most=3)
    watch(lead)
    limits.undo_limit(by=lead, limit=limit)
    assert is_open(division, programme)
    assert tasks() == []
    assert [watch(lead), watch(lead, LEFT_ALONE.days - 1), watch(lead, LEFT_ALONE.days)] == [0, 0, 1]
    limits.leave_as_it_is(by=lead, limit=limit)
    assert (is_open(division, programme), tasks()) == (False, [])
    with pytest.raises(ChangedMeanwhileError):
        limits.leave_as_it_is(by=lead, limit=limit)


def test_what_a_lead_closes_or_opens_herself_is_left_alone(
    division: Division, programme: Programme, lead: Staff, three: list[Enrolment]
) -> None:
    limited(division, programme, lead, LimitDoes.DO, most=3, opens_at=2)
    watch(lead)
    open_intake(by=lead, division=division, role="mentee", programme=programme)
    assert (tasks(), watch(lead)) == ([], 0)
    close_intake(by=lead, division=division, role="mentee", programme=programme, reason={"en": "Until summer"})
    left(three)
    assert watch(lead, 300) == 0
    assert IntakeWindow.objects.get().reason == {"en": "Until summer"}


def test_limit_is_a_leads_and_its_numbers_make_sense(
    division: Division, other_division: Division, programme: Programme, lead: Staff, coordinator: Staff
) -> None:
    for by, where in ((coordinator, division), (lead, other_division)):
        with pytest.raises(NotAllowedError):
            limits.set_limit(by=by, division=where, programme=programme, does=LimitDoes.DO, most=9)
    for numbers in ({"most": 0}, {"most": 5, "opens_at": 5}, {"median_days": 3}):
        with pytest.raises(ValidationError):
            limited(division, programme, lead, LimitDoes.DO, **numbers)
    with pytest.raises(ValidationError, match="does not run"):
        limited(division, make_programme("Theirs", division=other_division), lead, LimitDoes.DO, most=9)
    limit = limited(division, programme, lead, LimitDoes.DO, most=10)
    assert (limit.enough, limit.is_set) == (8, True)
    assert not limited(division, programme, lead, LimitDoes.DO).is_set
