"""Breaches: who may tell of one and who reads it, the clock of 72 hours, and that a second one closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, make_staff
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.privacy.enums import BreachState
from mentornet.privacy.models import Breach
from mentornet.privacy.register import open_breaches, visible_breaches
from mentornet.privacy.services.breaching import (
    close_breach,
    give_breach_back,
    report_breach,
    settle_breach,
    write_breach,
)

pytestmark = pytest.mark.django_db

DONE: dict[str, Any] = {
    "kinds": "Names and telephone numbers",
    "people": 12,
    "measures": "The laptop was wiped from afar.",
    "risk": "some",
    "risk_words": "The disk is sealed.",
    "authority_told_at": AT + timedelta(hours=20),
    "authority_reference": "2026-1",
    "people_words": "They were not told: the disk is sealed.",
    "follow_up": "Laptops stay at the office.",
}


@pytest.fixture
def officer(db: None) -> Staff:
    return make_staff(Role.DATA_PROTECTION_OFFICER, name="Olga Dam")


@pytest.fixture
def breach(coordinator: Staff, division: Division) -> Breach:
    return report_breach(
        by=coordinator, found_at=AT, found_by="Inger", happened="A laptop is gone.", division_id=division.pk,
        author_name=coordinator.name,
    )  # fmt: skip


def later(by: Staff, **how: float) -> Staff:
    return replace(by, at=AT + timedelta(**how))


def test_anybody_on_the_staff_reports_and_only_who_is_to_know_reads_it(
    breach: Breach, coordinator: Staff, officer: Staff, national_lead: Staff, division_lead: Staff,
    other_coordinator: Staff, administrator: Staff, division: Division,
) -> None:  # fmt: skip
    for by in (coordinator, officer, national_lead, division_lead):
        assert visible_breaches(by).get() == breach
    colleague = make_staff(Role.COORDINATOR, division)
    for by in (other_coordinator, administrator, colleague):
        assert not visible_breaches(by).exists()
    own = report_breach(
        by=administrator, found_at=AT, found_by="Jens", happened="A list was open.", division_id=None, author_name="J"
    )
    assert visible_breaches(administrator).get() == own
    assert not visible_breaches(division_lead).filter(pk=own.pk).exists()


def test_who_does_not_work_here_reports_nothing(division: Division) -> None:
    nobody = Staff(user_id=make_staff(Role.COORDINATOR, division).user_id, name="X", at=AT)
    with pytest.raises(NotAllowedError):
        report_breach(by=nobody, found_at=AT, found_by="X", happened="?", division_id=None, author_name="X")


def test_the_clock_runs_from_when_it_was_found(breach: Breach, officer: Staff) -> None:
    assert breach.due_at == AT + timedelta(hours=72)
    assert breach.state == BreachState.RUNNING
    assert not breach.is_loud(AT + timedelta(hours=47))
    assert breach.is_loud(AT + timedelta(hours=48))
    assert breach.is_loud(AT + timedelta(hours=100))
    moved = write_breach(by=later(officer, hours=1), breach=breach, facts={"found_at": AT - timedelta(hours=10)})
    assert moved.due_at == AT + timedelta(hours=62)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"authority_told_at": AT + timedelta(hours=72)}, BreachState.IN_TIME),
        ({"authority_told_at": AT + timedelta(hours=73), "authority_words": "Easter"}, BreachState.LATE),
        ({"has_no_duty": True, "authority_words": "Nobody could read it"}, BreachState.NO_DUTY),
    ],
)
def test_states_of_the_clock(breach: Breach, officer: Staff, facts: dict[str, Any], state: BreachState) -> None:
    written = write_breach(by=later(officer, days=4), breach=breach, facts=facts)
    assert written.state == state
    assert not written.is_loud(AT + timedelta(days=9))


@pytest.mark.parametrize(
    "facts",
    [
        {"authority_told_at": AT + timedelta(hours=73)},
        {"has_no_duty": True},
        {"authority_told_at": AT - timedelta(hours=1)},
    ],
)
def test_late_or_not_at_all_needs_a_reason(breach: Breach, officer: Staff, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        write_breach(by=later(officer, days=4), breach=breach, facts=facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=breach.pk).update(**facts)


def test_nothing_is_later_than_now(breach: Breach, officer: Staff) -> None:
    with pytest.raises(RefusedError):
        write_breach(by=officer, breach=breach, facts={"authority_told_at": AT + timedelta(hours=1)})
    with pytest.raises(RefusedError):
        report_breach(
            by=officer, found_at=AT + timedelta(hours=1), found_by="X", happened="?", division_id=None, author_name="X"
        )


def test_who_reported_it_does_not_see_to_it(breach: Breach, coordinator: Staff) -> None:
    with pytest.raises(NotAllowedError):
        write_breach(by=coordinator, breach=breach, facts={"kinds": "x"})
    with pytest.raises(NotAllowedError):
        settle_breach(by=coordinator, breach=breach, author_name="X")
    with pytest.raises(NotAllowedError):
        close_breach(by=coordinator, breach=breach, author_name="X")


def test_closed_only_when_all_is_written_and_by_a_second_one(
    breach: Breach, officer: Staff, division_lead: Staff
) -> None:
    officer = later(officer, days=1)
    with pytest.raises(RefusedError):
        settle_breach(by=officer, breach=breach, author_name="Olga")
    write_breach(by=officer, breach=breach, facts={"authority_told_at": AT + timedelta(hours=20)})
    with pytest.raises(RefusedError, match="which data"):
        settle_breach(by=officer, breach=breach, author_name="Olga")
    write_breach(by=officer, breach=breach, facts=DONE)
    with pytest.raises(NotAllowedError):
        close_breach(by=division_lead, breach=breach, author_name="Birthe")
    settled = settle_breach(by=officer, breach=breach, author_name="Olga")
    with pytest.raises(ChangedMeanwhileError):
        settle_breach(by=officer, breach=breach, author_name="Olga")
    with pytest.raises(ChangedMeanwhileError):
        write_breach(by=officer, breach=breach, facts={"kinds": "Other"})
    with pytest.raises(NotAllowedError):
        close_breach(by=officer, breach=settled, author_name="Olga")
    give_breach_back(by=division_lead, breach=breach)
    settle_breach(by=officer, breach=breach, author_name="Olga")
    closed = close_breach(by=division_lead, breach=breach, author_name="Birthe")
    assert closed.closed_by == division_lead.key
    assert not open_breaches(officer).exists()
    with pytest.raises(ChangedMeanwhileError):
        close_breach(by=division_lead, breach=breach, author_name="Birthe")
    with pytest.raises(ChangedMeanwhileError):
        give_breach_back(by=division_lead, breach=breach)


def test_the_database_holds_the_second_reader(breach: Breach) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=breach.pk).update(settled_at=AT, settled_by="user:a", closed_at=AT, closed_by="user:a")


def test_the_audit_has_it_without_words(breach: Breach, officer: Staff) -> None:
    write_breach(by=later(officer, days=1), breach=breach, facts=DONE)
    told = list(Entry.objects.filter(object_id=str(breach.pk)).order_by("pk").values_list("act", "detail"))
    assert [act for act, _detail in told] == ["privacy.report_breach", "privacy.write_breach"]
    assert told[1][1] == {"fields": sorted(DONE)}
    assert "laptop" not in str(told)
