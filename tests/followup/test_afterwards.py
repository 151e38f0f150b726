"""How it goes once it has ended: planned, asked, reminded, called; two years by the clock, and silence as a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.moments import months_later
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.after import rates, visible_afterwards
from mentornet.followup.after_states import AFTER_STEPS, AfterState
from mentornet.followup.models import Afterwards
from mentornet.followup.services import afterwards
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Closure, Partnership
from mentornet.people.enums import ContactWay, ObjectionPurpose
from mentornet.people.models import Objection, Person, Restriction
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
MONTHS: Final = (3, 6, 12, 24)
S = AfterState


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=coordinator.today - 60 * DAY)


def close(by: Staff, pair: Partnership, scenario: str = "unplanned", who: str = "", **given: Any) -> Closure:
    closure = fill_in_ending(by, pair, scenario, who, **given)
    services.close_partnership(by=by, closure=closure, on=given.get("on", by.today), reason="time")
    return closure


def at(day: date) -> System:
    return System("tests", datetime.combine(day, AT.timetz()))


def run(day: date) -> int:
    return services.see_to_afterwards(by=at(day))


def states(**only: Any) -> list[tuple[str, int, str]]:
    return sorted(Afterwards.objects.filter(**only).values_list("side", "month", "state"))


# Planned --------------------------------------------------------------------------------------------------------------


def test_both_are_to_be_asked_in_the_programmes_months(pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair)
    rows = Afterwards.objects.filter(side="mentee").order_by("month")
    assert [(row.month, row.due_on) for row in rows] == [(one, months_later(coordinator.today, one)) for one in MONTHS]
    assert Counter(Afterwards.objects.values_list("side", flat=True)) == {"mentee": 4, "mentor": 4}


def test_nobody_is_asked_after_a_safety_ending_without_her_word(pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair, "safety", "mentor")
    assert not Afterwards.objects.exists()


def test_what_is_past_when_it_is_closed_is_not_planned(pair: Partnership, coordinator: Staff) -> None:
    Partnership.objects.filter(pk=pair.pk).update(matched_on=coordinator.today - 400 * DAY)
    close(coordinator, pair, on=coordinator.today - 200 * DAY)
    assert {month for _side, month, _state in states()} == {12, 24}


# Two years ------------------------------------------------------------------------------------------------------------


def test_two_years_of_silence_on_one_side_and_answers_on_the_other(pair: Partnership, coordinator: Staff) -> None:
    """Every day around each question, and every ten days between, the job runs twice: what it does, it does once."""
    close(coordinator, pair)
    asked: dict[int, date] = {}
    day, dues = coordinator.today, [months_later(coordinator.today, month) for month in MONTHS]
    while day < coordinator.today + 760 * DAY:
        is_near = any(-2 <= (day - due).days <= 16 for due in dues)
        for _twice in range(2 if is_near or day.day % 10 == 0 else 0):
            run(day)
        for row in Afterwards.objects.filter(side="mentee", state=S.ASKED):
            asked[row.month] = day
            services.answer(by=acting(pair, "mentee", at(day).at), row=row, facts={"doing": "work", "hours": 30})
        day += DAY
    assert asked == {month: months_later(coordinator.today, month) for month in MONTHS}
    assert states(side="mentee") == [("mentee", month, "answered") for month in MONTHS]
    assert states(side="mentor") == [("mentor", month, "no_answer") for month in MONTHS]
    letters = Counter(Letter.objects.filter(event="how_are_you").values_list("recipient", flat=True))
    # One letter each time, and one reminder where nobody has answered.
    assert letters == {f"person:{pair.mentee.person_id}": 4, f"person:{pair.mentor.person_id}": 8}
    tasks = Task.objects.filter(kind=Kind.FOLLOW_UP)
    assert {task.target_id for task in tasks} == set(
        Afterwards.objects.filter(side="mentor").values_list("pk", flat=True)
    )
    assert all(task.words == {"name": pair.mentor.person.name} for task in tasks)
    found = rates(visible_afterwards(coordinator))
    assert {(one.month, one.side): (one.answered, one.asked) for one in found} == {
        **{(month, "mentee"): (1, 1) for month in MONTHS},
        **{(month, "mentor"): (0, 1) for month in MONTHS},
    }


@pytest.mark.parametrize(
    ("days", "state", "letters", "tasks"),
    [(-1, "planned", 0, 0), (0, "asked", 1, 0), (6, "asked", 1, 0), (7, "asked", 2, 0), (14, "no_answer", 2, 1)],
)
def test_reminded_after_a_week_and_called_after_two(
    days: int, state: str, letters: int, tasks: int, pair: Partnership, coordinator: Staff
) -> None:
    close(coordinator, pair)
    Afterwards.objects.exclude(side="mentee", month=3).delete()
    due = months_later(coordinator.today, 3)
    for number in range(days + 1):
        run(due + number * DAY)
    assert states() == [("mentee", 3, state)]
    assert Letter.objects.filter(event="how_are_you").count() == letters
    assert Task.objects.filter(kind=Kind.FOLLOW_UP, done_at=None).count() == tasks


def test_the_letter_names_nobody_and_carries_a_link(pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair)
    run(months_later(coordinator.today, 3))
    letter = Letter.objects.get(event="how_are_you", recipient=f"person:{pair.mentee.person_id}")
    row = Afterwards.objects.get(side="mentee", month=3)
    assert letter.values == {"link": f"afterwards:{row.pk}:{pair.mentee.person_id}"}


def test_who_wants_calls_is_called_at_once(pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair)
    Person.objects.filter(pk=pair.mentee.person_id).update(contact_way=ContactWay.CALL)
    run(months_later(coordinator.today, 3))
    assert not Letter.objects.filter(event="how_are_you", recipient=f"person:{pair.mentee.person_id}").exists()
    assert Task.objects.get(kind=Kind.FOLLOW_UP).words == {"name": pair.mentee.person.name}


@pytest.mark.parametrize("why", ["rests", "objects", "erased"])
def test_who_may_not_be_asked_is_not_and_counts_nowhere(why: str, pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair)
    person = pair.mentee.person
    if why == "rests":
        Restriction.objects.create(person=person, reason="x", restricted_by="x", created_at=AT)
    elif why == "objects":
        Objection.objects.create(person=person, purpose=ObjectionPurpose.STATISTICS, created_at=AT)
    else:
        Person.objects.filter(pk=person.pk).update(search_text="")
    due = months_later(coordinator.today, 3)
    run(due)
    assert states(month=3) == [("mentee", 3, "planned"), ("mentor", 3, "asked")]
    run(due + 61 * DAY)
    assert ("mentee", 3, "not_asked") in states()
    assert all(rate.side == "mentor" for rate in rates(visible_afterwards(coordinator)))


@pytest.mark.parametrize("day", [92, 100, 110])
def test_a_worker_that_is_killed_goes_on_where_it_stopped(
    day: int, coordinator: Staff, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it asks, reminds, or has whoever is silent called: nobody is written to twice, and nobody left out."""
    names = [("Amina", "Karen"), ("Nadia", "Pia"), ("Salma", "Ulla")]
    for two in names:
        pair = make_couple(coordinator, division, programme, matched_on=coordinator.today - 60 * DAY, names=two)
        close(coordinator, pair)
    for earlier in (92, 100):
        if earlier < day:
            run(coordinator.today + earlier * DAY)
    written, called = Letter.objects.filter(event="how_are_you"), Task.objects.filter(kind=Kind.FOLLOW_UP)
    before = (written.count(), called.count())
    done: list[Any] = []

    class KilledError(BaseException):
        """The worker is killed: nothing catches it."""

    def dies(name: str) -> None:
        act = getattr(afterwards, name)

        def die(by: System, rows: list[Afterwards]) -> None:
            act(by, rows)
            done.extend(row.pk for row in rows)
            if len(done) == 3:
                raise KilledError

        monkeypatch.setattr(afterwards, name, die)

    # A part is as many as are taken in one transaction.
    monkeypatch.setattr(afterwards, "AT_ONCE", 1)
    for name in ("_write", "_have_called"):
        dies(name)
    with pytest.raises(KilledError):
        run(coordinator.today + day * DAY)
    assert len(done) == 3
    # What was under way is as if it had never begun.
    assert written.count() - before[0] + called.count() - before[1] == 2
    monkeypatch.undo()
    run(coordinator.today + day * DAY)
    expected = {92: (6, 0), 100: (6, 0), 110: (0, 6)}[day]
    assert (written.count() - before[0], called.count() - before[1]) == expected
    assert set(Counter(written.values_list("recipient", flat=True)).values()) == {1 if day == 92 else 2}
    assert run(coordinator.today + day * DAY) == 0


def test_a_worker_that_slept_for_months_asks_no_old_question(pair: Partnership, coordinator: Staff) -> None:
    close(coordinator, pair)
    run(months_later(coordinator.today, 6))
    assert {(month, state) for _side, month, state in states()} == {
        (3, "not_asked"), (6, "asked"), (12, "planned"), (24, "planned"),
    }  # fmt: skip


# Answers --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def row(pair: Partnership, coordinator: Staff) -> Afterwards:
    close(coordinator, pair)
    run(months_later(coordinator.today, 3))
    return Afterwards.objects.select_related("partnership").get(side="mentee", month=3)


def test_one_tap_after_the_other(row: Afterwards, pair: Partnership) -> None:
    by = acting(pair, "mentee")
    services.answer(by=by, row=row, facts={"doing": "work"})
    services.answer(by=by, row=row, facts={"hours": 20})
    services.answer(by=by, row=row, facts={"own_level": "yes"})
    row.refresh_from_db()
    assert (row.state, row.doing, row.hours, row.own_level, row.how) == ("answered", "work", 20, "yes", "herself")
    services.answer(by=by, row=row, facts={"doing": "looking"})
    row.refresh_from_db()
    assert (row.doing, row.hours, row.own_level) == ("looking", None, "")
    assert Entry.objects.filter(act="followup.answer_afterwards").count() == 1


def test_nobody_answers_for_another(row: Afterwards, pair: Partnership, other_coordinator: Staff) -> None:
    for stranger in (acting(pair, "mentor"), other_coordinator):
        with pytest.raises(NotAllowedError):
            services.answer(by=stranger, row=row, facts={"doing": "work"})
    with pytest.raises(ValidationError):
        services.answer(by=acting(pair, "mentee"), row=row, facts={"hours": 20})


def test_a_no_to_further_questions_calls_the_others_off(row: Afterwards, pair: Partnership, coordinator: Staff) -> None:
    services.answer(by=coordinator, row=row, facts={"doing": "other", "may_ask_again": False})
    row.refresh_from_db()
    assert row.how == "call"
    assert [state for _side, _month, state in states(side="mentee")] == ["answered", "unwanted", "unwanted", "unwanted"]
    assert {state for _side, month, state in states(side="mentor") if month > 3} == {"planned"}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("after", ["answered", "unreachable", "unwanted"])
def test_every_answer_in_every_state(state: S, after: str, row: Afterwards, coordinator: Staff) -> None:
    filled = {"doing": "work", "how": "call", "answered_by": "x", "answered_at": AT} if state == S.ANSWERED else {}
    Afterwards.objects.filter(pk=row.pk).update(state=state, **filled)
    row.refresh_from_db()

    def act() -> object:
        if after == "answered":
            return services.answer(by=coordinator, row=row, facts={"doing": "education"})
        return services.note_no_answer(by=coordinator, row=row, why=after)

    if AFTER_STEPS.may(state, AfterState(after)):
        act()
        assert Afterwards.objects.get(pk=row.pk).state == after
    else:
        with pytest.raises(NotAllowedError):
            act()
        assert Afterwards.objects.get(pk=row.pk).state == state


def test_taking_an_ending_back_calls_off_what_is_open(row: Afterwards, pair: Partnership, coordinator: Staff) -> None:
    answered = Afterwards.objects.get(side="mentor", month=3)
    services.answer(by=acting(pair, "mentor"), row=answered, facts={"again": "yes"})
    later = replace(coordinator, at=coordinator.at + timedelta(minutes=1))
    services.reopen_partnership(by=later, partnership=Partnership.objects.get(pk=pair.pk), words="A mistake.")
    assert Counter(Afterwards.objects.values_list("state", flat=True)) == {"cancelled": 7, "answered": 1}
    assert run(months_later(coordinator.today, 24)) == 0
    with pytest.raises(NotAllowedError):
        services.answer(by=acting(pair, "mentee"), row=row, facts={"doing": "work"})
