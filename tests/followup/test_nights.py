"""The night's round: what it makes, moves and ends; cut short, beside another, and twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import tick_off
from mentornet.common.actors import System
from mentornet.common.holidays import working_day_from
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.cadence import KINDS
from mentornet.followup.models import CadenceRun, Talk
from mentornet.followup.services import ask_for_talks, is_cadence_due, log_talk, nights
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.programmes.services import change_programme
from partnerships.couples import make_couple
from racing import at_once

pytestmark = pytest.mark.django_db
DAY: Final = timedelta(days=1)
MakePair = Callable[..., Partnership]


def night(on: date, job: str = "followup.cadence") -> System:
    return System(job, datetime(on.year, on.month, on.day, 3, 30, tzinfo=UTC))


def go(on: date) -> None:
    while not ask_for_talks(by=night(on)):
        pass


def waiting(pair: Partnership | None = None) -> list[tuple[str, date]]:
    tasks = Task.objects.filter(done_at__isnull=True, kind__in=KINDS)
    if pair is not None:
        tasks = tasks.filter(target_id=pair.pk)
    return sorted(tasks.values_list("kind", "due_on"))


@pytest.fixture
def make_pair(coordinator: Staff, division: Division, programme: Programme) -> MakePair:
    def make(state: str = PartnershipState.MATCHED, **columns: Any) -> Partnership:
        couple = make_couple(coordinator, division, programme, matched_on=TODAY)
        Enrolment.objects.filter(pk=couple.mentee_id).update(coordinator_id=coordinator.user_id)
        if state == PartnershipState.ACTIVE:
            columns = {"first_met_on": TODAY} | columns
        Partnership.objects.filter(pk=couple.pk).update(state=state, **columns)
        return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)

    return make


def test_a_new_pair_is_called_after_two_days_and_asked_about_after_two_weeks(make_pair: MakePair) -> None:
    pair = make_pair()
    go(TODAY + DAY)
    assert waiting(pair) == [(Kind.CONTACT, TODAY + 2 * DAY), (Kind.NOT_MET, TODAY + 14 * DAY)]
    task = Task.objects.get(kind=Kind.CONTACT)
    assert task.owner_id == pair.mentee.coordinator_id
    assert task.division_id == pair.division_id
    assert task.words == {"mentee": "Amina Yusuf", "mentor": "Karen Lund", "why": "first", "hours": 48}


@pytest.mark.parametrize("state", PartnershipState)
def test_what_each_state_leaves_on_the_list(state: PartnershipState, make_pair: MakePair) -> None:
    pair = make_pair()
    go(TODAY + DAY)
    columns: dict[str, Any] = {"state": state, "agreed_until": TODAY + 33 * DAY}
    if state == PartnershipState.ACTIVE:
        columns["first_met_on"] = TODAY
    if state == PartnershipState.CLOSED:
        columns |= {"closing_reason": "goal", "closed_on": TODAY}
    Partnership.objects.filter(pk=pair.pk).update(**columns)
    go(TODAY + 2 * DAY)
    assert [kind for kind, _on in waiting(pair)] == {
        PartnershipState.MATCHED: [Kind.CONTACT, Kind.ENDING, Kind.NOT_MET],
        PartnershipState.ACTIVE: [Kind.CONTACT, Kind.ENDING],
        PartnershipState.PAUSED: [],
        PartnershipState.CLOSING: [],
        PartnershipState.CLOSED: [],
    }[state]


def test_done_twice_it_changes_nothing_more(make_pair: MakePair) -> None:
    for state in (PartnershipState.MATCHED, PartnershipState.ACTIVE, PartnershipState.PAUSED):
        make_pair(state, agreed_until=TODAY + 20 * DAY, paused_until=TODAY + 3 * DAY)
    go(TODAY + DAY)
    before = list(Task.objects.order_by("pk").values())
    assert len(before) >= 5
    CadenceRun.objects.all().delete()
    go(TODAY + DAY)
    assert list(Task.objects.order_by("pk").values()) == before
    run = CadenceRun.objects.get()
    assert (run.asked, run.moved, run.withdrawn) == (0, 0, 0)
    assert (run.total, run.looked_at) == (3, 3)


def test_a_night_is_done_once_and_the_next_one_is_due(make_pair: MakePair) -> None:
    make_pair()
    assert is_cadence_due(night(TODAY).at)
    go(TODAY)
    assert not is_cadence_due(night(TODAY).at)
    assert not is_cadence_due(datetime(2026, 3, 3, 1, 0, tzinfo=UTC))
    assert is_cadence_due(night(TODAY + DAY).at)
    # Asked all the same, it does nothing.
    Task.objects.all().delete()
    assert ask_for_talks(by=night(TODAY))
    assert not waiting()


def test_a_change_of_the_programme_moves_what_waits(
    make_pair: MakePair, programme: Programme, national_lead: Staff
) -> None:
    pair = make_pair(PartnershipState.ACTIVE)
    Talk.objects.create(
        partnership=pair, on=TODAY + 40 * DAY, with_whom="both", written_by="user:x", author_name="X", created_at=AT
    )
    go(TODAY + 65 * DAY)
    assert waiting(pair) == [(Kind.CONTACT, TODAY + 70 * DAY)]
    latest = programme.versions.first()
    assert latest is not None
    change_programme(
        by=national_lead,
        programme=programme,
        seen=latest.number,
        settings={"care_settings": {"call_days": 28}},
        author_name="X",
        reason="Closer.",
    )
    go(TODAY + 66 * DAY)
    assert waiting(pair) == [(Kind.CONTACT, working_day_from(TODAY + 68 * DAY))]
    change_programme(
        by=national_lead,
        programme=programme,
        seen=latest.number + 1,
        settings={"care_settings": {"call_days": 60}},
        author_name="X",
        reason="Rarer.",
    )
    go(TODAY + 67 * DAY)
    assert not waiting(pair)


def test_a_colleague_who_was_given_a_task_keeps_it(make_pair: MakePair) -> None:
    make_pair()
    go(TODAY + DAY)
    other = uuid4()
    Task.objects.update(owner_id=other)
    go(TODAY + 2 * DAY)
    assert set(Task.objects.values_list("owner_id", flat=True)) == {other}


def test_a_pause_that_was_asked_about_is_asked_about_again_four_weeks_later(
    make_pair: MakePair, coordinator: Staff
) -> None:
    pair = make_pair(PartnershipState.PAUSED, paused_until=TODAY + 3 * DAY)
    go(TODAY + DAY)
    assert waiting(pair) == [(Kind.PAUSED, TODAY + 3 * DAY)]
    task = Task.objects.get(kind=Kind.PAUSED)
    tick_off(by=coordinator, task=task)
    Task.objects.filter(pk=task.pk).update(done_at=night(TODAY + 3 * DAY).at)
    go(TODAY + 4 * DAY)
    assert not waiting(pair)
    go(TODAY + 29 * DAY)
    # Four weeks later is Maundy Thursday.
    assert waiting(pair) == [(Kind.PAUSED, TODAY + 36 * DAY)]


def test_tasks_of_a_pair_that_has_vanished_end(make_pair: MakePair) -> None:
    pair = make_pair()
    go(TODAY + DAY)
    assert waiting(pair)
    Partnership.objects.filter(pk=pair.pk).delete()
    go(TODAY + 2 * DAY)
    assert not waiting(pair)


def test_two_years_with_a_coordinator_who_is_mostly_late(make_pair: MakePair, coordinator: Staff) -> None:
    """Never more than one open of a kind, whoever is late; what waits is never moved by waiting."""
    pair = make_pair(agreed_until=None)
    day, talked = TODAY, [TODAY]
    opened: dict[tuple[str, date], date] = {}
    while day < TODAY + 730 * DAY:
        if day == TODAY + 20 * DAY:
            Partnership.objects.filter(pk=pair.pk).update(
                state=PartnershipState.ACTIVE, first_met_on=day, agreed_until=TODAY + 700 * DAY
            )
        go(day)
        found = dict(waiting(pair))
        assert len(found) == len(waiting(pair))
        for kind, on in found.items():
            assert opened.setdefault((kind, on), day) <= day
        due = found.get(Kind.CONTACT)
        if due is not None and day >= due + timedelta(days=len(talked) % 4) and day.weekday() < 5:
            by = Staff(
                user_id=coordinator.user_id, name="Inger", at=night(day).at, casework=coordinator.casework,
                leads=coordinator.leads,
            )  # fmt: skip
            log_talk(by=by, partnership=pair, on=day, with_whom="both")
            talked.append(day)
            assert Kind.CONTACT not in dict(waiting(pair))
        day += DAY
    # The first call, twice in the first month, monthly, and quarterly once they are settled.
    assert 13 <= len(talked) <= 18
    assert max((b - a).days for a, b in itertools.pairwise(talked)) <= 91 + 5 + 4
    assert dict(waiting(pair))[Kind.ENDING] == working_day_from(TODAY + 670 * DAY)


def test_a_worker_that_is_killed_goes_on_where_it_stopped(make_pair: MakePair, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(7):
        make_pair()
    monkeypatch.setattr(nights, "AT_ONCE", 2)
    settle, parts = nights.settle, []

    class KilledError(BaseException):
        """The worker is killed: nothing catches it."""

    def die(*given: Any) -> Any:
        parts.append([pair.key for pair in given[1]])
        if len(parts) == 3:
            settle(*given)
            raise KilledError
        return settle(*given)

    monkeypatch.setattr(nights, "settle", die)
    with pytest.raises(KilledError):
        go(TODAY + DAY)
    run = CadenceRun.objects.get()
    assert (run.looked_at, run.asked, run.finished_at) == (4, 4, None)
    assert len([one for one in waiting() if one[0] == Kind.CONTACT]) == 4
    go(TODAY + DAY)
    # What was cut short is looked at again; what was done is not.
    assert parts[2] == parts[3]
    assert not set(parts[0] + parts[1]) & {key for part in parts[3:] for key in part}
    assert len([one for one in waiting() if one[0] == Kind.CONTACT]) == 7
    assert CadenceRun.objects.get().looked_at == 7


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_night(make_pair: MakePair, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(9):
        make_pair()
    monkeypatch.setattr(nights, "AT_ONCE", 2)
    assert at_once(*[lambda: go(TODAY + DAY)] * 3, refusals=())["done"] == 3
    assert len([one for one in waiting() if one[0] == Kind.CONTACT]) == 9
    run = CadenceRun.objects.get()
    assert (run.looked_at, run.asked) == (9, 9)
    assert run.finished_at is not None


def test_queries_do_not_grow_with_pairs(make_pair: MakePair) -> None:
    counts = []
    for more in (1, 2):
        for _number in range(more):
            pair = make_pair(PartnershipState.PAUSED, paused_until=TODAY + 3 * DAY)
            make_pair(PartnershipState.ACTIVE, agreed_until=TODAY + 31 * DAY)
            make_pair()
            Talk.objects.create(
                partnership=pair, on=TODAY, with_whom="both", written_by="user:x", author_name="X", created_at=AT
            )
        Task.objects.all().delete()
        CadenceRun.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            go(TODAY + DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
