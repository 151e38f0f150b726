"""Talks: every act in every state, what a talk settles, and who may read what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, snooze
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import Going, TalkWay, WithWhom
from mentornet.followup.models import Talk
from mentornet.followup.services import log_talk, log_talks, read_thought, take_talk_back
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import take_opening_back
from mentornet.privacy.hers import find_hers
from mentornet.privacy.services.copying import copy_of
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from racing import at_once

pytestmark = pytest.mark.django_db
DAY: Final = timedelta(days=1)
S = PartnershipState


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme, matched_on=TODAY - 40 * DAY, first_met_on=TODAY - 40 * DAY)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


def bring_to(pair: Partnership, state: S) -> Partnership:
    changes: dict[str, object] = {"state": state}
    if state == S.CLOSED:
        changes |= {"closing_reason": "goal", "closed_on": TODAY}
    Partnership.objects.filter(pk=pair.pk).update(**changes)
    pair.refresh_from_db()
    return pair


def wait_for(by: Staff, pair: Partnership, *kinds: Kind) -> None:
    for kind in kinds:
        ask_for(
            by=by, kind=kind, target_id=pair.pk, division_id=pair.division_id, due_on=TODAY - DAY,
            words={"mentee": "Amina", "mentor": "Karen", "name": "Amina"},
        )  # fmt: skip


def kinds_open(pair: Partnership) -> set[str]:
    return set(Task.objects.filter(target_id=pair.pk, done_at__isnull=True).values_list("kind", flat=True))


ACTS: Final[dict[str, Callable[[Staff, Partnership], object]]] = {
    "reached": lambda by, pair: log_talk(by=by, partnership=pair, on=by.today, with_whom="mentee"),
    "not reached": lambda by, pair: log_talk(
        by=by, partnership=pair, on=by.today, with_whom="mentee", was_reached=False
    ),
    "together": lambda by, pair: log_talks(by=by, partnerships=[pair], on=by.today),
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, pair: Partnership, coordinator: Staff) -> None:
    pair = bring_to(pair, state)
    wait_for(coordinator, pair, Kind.CONTACT, Kind.CALL_WANTED, Kind.ENDING)
    entries = Entry.objects.count()
    if state == S.CLOSED:
        with pytest.raises(NotAllowedError, match="belongs in a note"):
            ACTS[act](coordinator, pair)
        assert not Talk.objects.exists()
        assert Entry.objects.count() == entries
        return
    ACTS[act](coordinator, pair)
    assert Talk.objects.count() == 1
    assert Partnership.objects.get(pk=pair.pk).state == state
    settled = set() if act == "not reached" else {Kind.CONTACT, Kind.CALL_WANTED}
    assert kinds_open(pair) == {Kind.CONTACT, Kind.CALL_WANTED, Kind.ENDING} - settled
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True))[entries:] == ["followup.talk"]


def test_nobody_reached_waits_for_the_next_working_day_and_does_not_pile_up(
    pair: Partnership, coordinator: Staff
) -> None:
    wait_for(coordinator, pair, Kind.CONTACT, Kind.CALL_WANTED)
    task = Task.objects.get(kind=Kind.CONTACT)
    snooze(by=coordinator, task=task, until=TODAY + 20 * DAY, reason="Ferie")
    for number in range(3):
        by = replace(coordinator, at=AT + number * DAY)
        log_talk(by=by, partnership=pair, on=by.today, with_whom="mentee", was_reached=False)
    tasks = {task.kind: task for task in Task.objects.filter(target_id=pair.pk, done_at__isnull=True)}
    assert {kind: task.due_on for kind, task in tasks.items()} == dict.fromkeys(
        (Kind.CONTACT, Kind.CALL_WANTED), TODAY + 3 * DAY
    )
    assert tasks[Kind.CONTACT].snoozed_until is None
    assert tasks[Kind.CONTACT].words["why"] == "tried"
    by = replace(coordinator, at=AT + 4 * DAY)
    # On a Friday: the next working day is a Monday.
    log_talk(by=by, partnership=pair, on=by.today, with_whom="mentee", was_reached=False)
    assert Task.objects.get(kind=Kind.CONTACT).due_on == TODAY + 7 * DAY


def test_pressed_twice_it_stands_there_once(pair: Partnership, coordinator: Staff) -> None:
    facts: dict[str, Any] = {"on": TODAY, "with_whom": "mentor", "going": "well", "seen": "De mødes ofte."}
    one = log_talk(by=coordinator, partnership=pair, **facts)
    assert log_talk(by=replace(coordinator, at=AT + DAY / 24), partnership=pair, **facts).pk == one.pk
    other = log_talk(by=coordinator, partnership=pair, **facts | {"seen": "Noget andet."})
    assert other.pk != one.pk


@pytest.mark.django_db(transaction=True)
def test_pressed_at_the_same_moment_it_stands_there_once(pair: Partnership, coordinator: Staff) -> None:
    at_once(*[lambda: log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="both")] * 3)
    assert Talk.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": TODAY + DAY}, "on"),
        ({"on": TODAY - 41 * DAY}, "on"),
        ({"on": TODAY - 400 * DAY}, "on"),
        ({"next_call_on": TODAY}, "next_call_on"),
        ({"next_call_on": TODAY + 400 * DAY}, "next_call_on"),
        ({"was_reached": False, "going": "well"}, "going"),
        ({"was_reached": False, "minutes": 5}, "going"),
        ({"with_whom": "nobody"}, "with_whom"),
        ({"way": "pigeon"}, "way"),
        ({"going": "great"}, "going"),
        ({"minutes": 7}, "minutes"),
        ({"seen": "x" * 5_001}, "seen"),
        ({"thought": "x" * 5_001}, "thought"),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(
    facts: dict[str, Any], field: str, pair: Partnership, coordinator: Staff
) -> None:
    values: dict[str, Any] = {"on": TODAY, "with_whom": "mentee"} | facts
    with pytest.raises(ValidationError) as refusal:
        log_talk(by=coordinator, partnership=pair, **values)
    assert field in refusal.value.message_dict
    assert not Talk.objects.exists()


def test_another_divisions_coordinator_may_do_nothing(
    pair: Partnership, coordinator: Staff, other_coordinator: Staff
) -> None:
    talk = log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="mentee", thought="Hun er træt.")
    for act in (
        lambda: log_talk(by=other_coordinator, partnership=pair, on=TODAY, with_whom="mentee"),
        lambda: log_talks(by=other_coordinator, partnerships=[pair], on=TODAY),
        lambda: take_talk_back(by=other_coordinator, talk=talk),
        lambda: read_thought(by=other_coordinator, talk=talk),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert Talk.objects.count() == 1


def test_one_of_several_that_cannot_be_leaves_all_as_they_were(
    pair: Partnership, coordinator: Staff, division: Division, programme: Programme
) -> None:
    new = make_couple(coordinator, division, programme, matched_on=TODAY, names=("Fatma", "Lene"))
    with pytest.raises(ValidationError):
        log_talks(by=coordinator, partnerships=[pair, new], on=TODAY - DAY)
    assert not Talk.objects.exists()
    assert log_talks(by=coordinator, partnerships=[pair, new], on=TODAY) == 2


def test_reading_what_a_coordinator_thinks_is_recorded(pair: Partnership, coordinator: Staff) -> None:
    talk = log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="mentee", thought="Hun er træt.")
    assert read_thought(by=coordinator, talk=talk) == "Hun er træt."
    assert Entry.objects.filter(act="followup.read_thought", actor=coordinator.key).count() == 1


def test_taken_back_what_it_had_settled_waits_again(
    pair: Partnership, coordinator: Staff, division: Division, make_staff: Any
) -> None:
    wait_for(coordinator, pair, Kind.CONTACT, Kind.CALL_WANTED)
    talk = log_talk(by=coordinator, partnership=pair, on=TODAY, with_whom="mentee")
    assert not kinds_open(pair)
    with pytest.raises(NotAllowedError, match="Only who has written"):
        take_talk_back(by=make_staff(Role.COORDINATOR, division), talk=talk)
    with pytest.raises(NotAllowedError, match="too long ago"):
        take_talk_back(by=replace(coordinator, at=AT + 2 * DAY), talk=talk)
    take_talk_back(by=coordinator, talk=talk)
    assert kinds_open(pair) == {Kind.CONTACT, Kind.CALL_WANTED}
    with pytest.raises(ChangedMeanwhileError):
        take_talk_back(by=coordinator, talk=talk)


@pytest.mark.parametrize("with_whom", WithWhom)
def test_each_is_given_what_was_written_of_talks_with_her_and_no_other(
    with_whom: WithWhom, pair: Partnership, coordinator: Staff
) -> None:
    log_talk(
        by=coordinator, partnership=pair, on=TODAY, with_whom=with_whom, going=Going.WELL, way=TalkWay.IN_PERSON,
        seen="kanarieset", thought="kanarietanke",
    )  # fmt: skip
    for side in (WithWhom.MENTEE, WithWhom.MENTOR):
        person = getattr(pair, side).person
        copy = copy_of(person, "en", AT, by_herself=True)
        is_hers = with_whom in {side, WithWhom.BOTH}
        assert bool(find_hers(person).rows[Talk]) == is_hers
        told = copy.rows.get("followup.Talk", [])
        assert len(told) == is_hers
        if is_hers:
            assert (told[0]["seen"], told[0]["thought"]) == ("kanarieset", "kanarietanke")


@pytest.mark.parametrize(
    "wrong",
    [
        {"with_whom": "x"},
        {"way": "x"},
        {"going": "x"},
        {"was_reached": False, "going": "well"},
        {"next_call_on": TODAY},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any], pair: Partnership) -> None:
    values = {"on": TODAY, "with_whom": "both", "way": "phone", "written_by": "user:x", "author_name": "X"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Talk.objects.create(partnership=pair, created_at=AT, **values)


def test_a_pair_that_was_talked_with_does_not_vanish(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    opened = make_couple(coordinator, division, programme)
    log_talk(by=coordinator, partnership=opened, on=TODAY, with_whom="both")
    with pytest.raises(ChangedMeanwhileError, match="More has been noted"):
        take_opening_back(by=coordinator, partnership=opened)
    assert Partnership.objects.filter(pk=opened.pk).exists()
    assert Talk.objects.filter(partnership=opened).exists()
