"""Whom a division's bank lacks: computed once, by the worker, of groups alone, and true when such a mentor joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, make_programme, make_staff
from mentornet.audit.models import Entry
from mentornet.common import jobs
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.computed import STOPPED_AFTER, ComputedState
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import tasks
from mentornet.matching.bank import forget
from mentornet.matching.models import ShortageMap
from mentornet.matching.services import ask_for_all_shortages, ask_for_shortages, compute_shortages
from mentornet.matching.services.shortages import KEPT_FOR, MAP
from mentornet.matching.shortage import told
from mentornet.matching.shortage_queries import visible_shortages, waited_for
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.enums import Role as Part
from mentornet.people.models import Objection
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

BY = System("matching.shortages", AT)
DANISH_AND_ARABIC = {"da": "B1", "ar": "C2"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


def wait(division: Division, programme: Programme, count: int = 1, **profile: Any) -> list[Enrolment]:
    """Let so many wait who are alike."""
    usual: dict[str, Any] = {
        "languages": DANISH_AND_ARABIC, "occupation": "2221", "meeting": ("in person",),
        "availability": ("mon-evening",),
    }  # fmt: skip
    return [
        make_enrolment(Part.MENTEE, division, programme=programme, person=make_person(), **(usual | profile))
        for _ in range(count)
    ]


def add_mentor(division: Division, programme: Programme, **profile: Any) -> Enrolment:
    usual: dict[str, Any] = {
        "languages": {"da": "C2", "ar": "C1"}, "occupation": "22", "meeting": ("in person",),
        "availability": tuple(f"{day}-evening" for day in ("mon", "tue", "wed", "thu", "fri")),
    }  # fmt: skip
    return make_enrolment(Part.MENTOR, division, programme=programme, person=make_person("Karen"), **(usual | profile))


def compute(division: Division, programme: Programme, at: datetime = AT) -> ShortageMap:
    asked = ask_for_shortages(by=System("test", at), division_id=division.pk, programme_id=programme.pk)
    by = System("matching.shortages", at)
    done = compute_shortages(by=by, map_id=asked.pk, attempt=asked.attempt, clock=lambda: at)
    assert done is not None
    return done


# What is found --------------------------------------------------------------------------------------------------------


def test_what_is_foretold_comes_true_when_she_joins(division: Division, programme: Programme) -> None:
    wait(division, programme, 4)
    add_mentor(division, programme)
    before = compute(division, programme).content
    assert (before["waiting"], before["matched"], before["left"], before["mentors"]) == (4, 1, 3, 1)
    best = before["profiles"][0]
    assert best == {
        "occupation": "22", "language": "ar", "online": False, "time": "any",
        "number": 1, "points": best["points"], "mentees": 4, "wanted": 3,
    }  # fmt: skip
    assert [step["number"] for step in before["plan"]][:4] == [1, 1, 1, 0]
    add_mentor(division, programme)
    after = compute(division, programme).content
    assert after["matched"] == before["matched"] + best["number"]
    assert after["profiles"][0]["wanted"] == 2
    for _ in range(2):
        add_mentor(division, programme)
    content = compute(division, programme).content
    assert (content["matched"], content["left"]) == (4, 0)
    assert not any(one["number"] for one in content["profiles"])


def test_what_fewer_than_three_have_stands_nowhere(division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    wait(division, programme, 2, languages={"so": "C2"}, occupation="7531", availability=("sun-morning",))
    content = compute(division, programme).content
    kept = str(content)
    assert "so" not in {one["language"] for one in (*content["profiles"], *content["plan"])}
    assert "'75" not in kept
    assert "weekends" not in kept
    assert all(one["mentees"] >= 3 for one in content["profiles"])
    fields = {cell["field"]: cell for cell in content["cells"]}
    assert fields["7"] == {"field": "7", "mentees": None, "wanted": None, "points": None}
    assert (fields["2"]["mentees"], fields["2"]["wanted"]) == (3, 3)
    # A third with the same makes a group of them.
    wait(division, programme, 1, languages={"so": "C2"}, occupation="7531", availability=("sun-morning",))
    content = compute(division, programme).content
    assert "so" in {one["language"] for one in content["profiles"]}
    assert {cell["field"]: cell["mentees"] for cell in content["cells"]}["7"] == 3


@pytest.mark.parametrize(("count", "words"), [(0, 0), (1, None), (2, None), (3, 3), (40, 40)])
def test_small_counts_are_not_kept(count: int, words: int | None) -> None:
    assert told(count) == words


def test_few_who_wait_tell_nothing(division: Division, programme: Programme) -> None:
    wait(division, programme, 2)
    content = compute(division, programme).content
    assert (content["waiting"], content["left"], content["profiles"], content["plan"]) == (None, None, [], [])
    assert all(cell["wanted"] is None for cell in content["cells"])


def test_who_is_not_looked_for_is_not_counted(division: Division, programme: Programme) -> None:
    waiting = wait(division, programme, 6)
    promised, objecting, hidden = waiting[:3]
    Enrolment.objects.filter(pk=promised.pk).update(promised=1)
    Objection.objects.create(
        person=objecting.person, purpose=ObjectionPurpose.RANKING, noted_by="user:x", created_at=AT
    )
    colleague = make_staff(Role.COORDINATOR, division)
    HiddenPerson.objects.create(user_id=colleague.user_id, person_id=hidden.person_id, set_by="user:x", created_at=AT)
    # Elsewhere, and in another programme.
    wait(make_division("Far"), programme, 3)
    wait(division, make_programme("Another"), 3)
    content = compute(division, programme).content
    assert content["waiting"] == 3
    assert content["profiles"][0]["mentees"] == 3


def test_mentor_who_is_still_to_be_briefed_is_found_already(division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    mentor = add_mentor(division, programme)
    Enrolment.objects.filter(pk=mentor.pk).update(briefed_on=None)
    assert compute(division, programme).content["matched"] == 1


# Being asked for, and done --------------------------------------------------------------------------------------------


def test_asked_twice_it_is_computed_once(
    coordinator: Staff, division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "mentornet.matching.services.shortages.enqueue", lambda name, **given: asked.append({name: given})
    )
    where = {"division_id": division.pk, "programme_id": programme.pk}
    first = ask_for_shortages(by=coordinator, **where)
    assert ask_for_shortages(by=coordinator, **where) == first
    assert asked == [{MAP: {"map_id": str(first.pk), "attempt": 1}}]
    assert Entry.objects.filter(act="matching.ask_for_shortages").count() == 1


def test_only_who_works_there_asks(programme: Programme, division: Division) -> None:
    stranger = make_staff(Role.COORDINATOR, make_division("Far"))
    with pytest.raises(NotAllowedError):
        ask_for_shortages(by=stranger, division_id=division.pk, programme_id=programme.pk)
    assert not ShortageMap.objects.exists()


def test_a_map_is_seen_by_its_division_alone(coordinator: Staff, division: Division, programme: Programme) -> None:
    mine = compute(division, programme)
    compute(make_division("Far"), programme)
    assert list(visible_shortages(coordinator)) == [mine]
    assert not visible_shortages(make_staff(Role.ADMINISTRATOR))


def test_the_worker_does_it_and_the_former_map_gives_way(division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    former = compute(division, programme)
    asked = ask_for_shortages(by=System("test", AT), division_id=division.pk, programme_id=programme.pk)
    assert ShortageMap.objects.count() == 2
    while jobs.run_ready_job("here", AT):
        pass
    done = ShortageMap.objects.get()
    assert (done.pk, done.state, done.content["waiting"]) == (asked.pk, ComputedState.DONE, 3)
    assert done.pk != former.pk
    assert tasks.compute.func(map_id=str(asked.pk), attempt=1) is None
    assert Entry.objects.filter(act="matching.compute_shortages").count() == 2


def test_every_night_it_is_asked_for_where_somebody_waits(division: Division, programme: Programme) -> None:
    far = make_division("Far")
    wait(division, programme, 2)
    wait(far, programme)
    assert waited_for([division.pk]) == [(division.pk, programme.pk)]
    assert ask_for_all_shortages(by=System("night", AT)) == 2
    assert {one.division_id for one in ShortageMap.objects.all()} == {division.pk, far.pk}


def test_what_nobody_waits_for_any_more_goes_after_two_months(division: Division, programme: Programme) -> None:
    compute(division, programme)
    ask_for_all_shortages(by=System("night", AT + KEPT_FOR))
    assert ShortageMap.objects.count() == 1
    ask_for_all_shortages(by=System("night", AT + KEPT_FOR + timedelta(days=1)))
    assert not ShortageMap.objects.exists()


def test_killed_on_the_way_it_is_as_if_it_had_not_begun(division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    former = compute(division, programme)
    asked = ask_for_shortages(by=System("test", AT), division_id=division.pk, programme_id=programme.pk)
    calls: list[datetime] = []

    def dies() -> datetime:
        calls.append(AT + timedelta(minutes=len(calls)))
        if len(calls) == 5:
            raise KeyboardInterrupt
        return calls[-1]

    with pytest.raises(KeyboardInterrupt):
        compute_shortages(by=BY, map_id=asked.pk, attempt=1, clock=dies)
    asked.refresh_from_db()
    assert (asked.state, asked.content) == (ComputedState.AT_WORK, {})
    assert asked.in_all > asked.read > 0
    assert ShortageMap.objects.filter(pk=former.pk).exists()
    # Queued again by the queue itself, the same attempt goes through.
    assert compute_shortages(by=BY, map_id=asked.pk, attempt=1, clock=lambda: AT) is not None


def test_what_has_stopped_is_begun_anew_and_the_former_attempt_ends(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    where = {"division_id": division.pk, "programme_id": programme.pk}
    asked = ask_for_shortages(by=coordinator, **where)
    assert not asked.has_stopped(AT + STOPPED_AFTER - timedelta(seconds=1))
    anew = ask_for_shortages(by=replace(coordinator, at=AT + STOPPED_AFTER), **where)
    assert (anew.pk, anew.attempt) == (asked.pk, 2)
    assert compute_shortages(by=BY, map_id=asked.pk, attempt=1, clock=lambda: AT) is None
    assert compute_shortages(by=BY, map_id=asked.pk, attempt=2, clock=lambda: AT) is not None


def test_begun_anew_while_it_reads_it_ends_without_a_word(division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    former = compute(division, programme)
    asked = ask_for_shortages(by=System("test", AT), division_id=division.pk, programme_id=programme.pk)

    def another_is_asked_for() -> datetime:
        ShortageMap.objects.filter(pk=asked.pk).update(attempt=2)
        return AT

    assert compute_shortages(by=BY, map_id=asked.pk, attempt=1, clock=another_is_asked_for) is None
    # The map of before still stands.
    assert set(ShortageMap.objects.values_list("pk", "state")) == {(former.pk, "done"), (asked.pk, "at_work")}


def test_day_of_the_bank_is_the_day_of_the_work(division: Division, programme: Programme) -> None:
    assert BY.today == TODAY
    assert compute(division, programme).computed_at == AT
