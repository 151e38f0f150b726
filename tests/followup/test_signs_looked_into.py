"""A talk answers an early sign: what was to be done is done, and it counts again where its reason is a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from factories.django_rows import AT, TODAY
from followup.test_early_signs import DAY, Asked, answering, make_pair, night, tasks
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign
from mentornet.followup.services import log_talk, look_for_signs, put_aside, take_talk_back
from mentornet.followup.sign_kinds import SignKind
from mentornet.followup.signs import is_told_anew
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_pair(coordinator, division, programme)


def talk(by: Staff, pair: Partnership, days: int = 0, **given: Any) -> Any:
    later = replace(by, at=AT + days * DAY)
    return log_talk(by=later, partnership=pair, with_whom="mentee", **{"on": later.today} | given)


def asides() -> list[tuple[str, date | None]]:
    return list(EarlySign.objects.order_by("kind", "side").values_list("kind", "put_aside_until"))


def test_a_talk_does_what_was_to_be_done_and_the_sign_rests_as_long_again(
    pair: Partnership, coordinator: Staff
) -> None:
    look_for_signs(by=night())
    assert len(tasks(pair)) == 1
    talk(coordinator, pair)
    assert tasks(pair) == []
    assert asides() == [("unmet", TODAY + 45 * DAY)]
    assert EarlySign.objects.get().put_aside_reason == "Somebody has talked with them on 2 March 2026."
    look_for_signs(by=night(44))
    assert tasks(pair) == []
    look_for_signs(by=night(45))
    assert [task.due_on for task in tasks(pair)] == [TODAY + 45 * DAY]
    talk(coordinator, pair, 46)
    assert tasks(pair) == []


def test_nobody_reached_leaves_it(pair: Partnership, coordinator: Staff) -> None:
    look_for_signs(by=night())
    talk(coordinator, pair, was_reached=False)
    assert len(tasks(pair)) == 1
    assert asides() == [("unmet", None)]


def test_a_talk_before_the_sign_was_there_answers_nothing(pair: Partnership, coordinator: Staff) -> None:
    look_for_signs(by=night())
    talk(coordinator, pair, on=TODAY - DAY)
    assert len(tasks(pair)) == 1
    assert asides() == [("unmet", None)]


def test_another_sign_and_another_silence_count_at_once(
    pair: Partnership, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_for_signs(by=night())
    talk(coordinator, pair)
    answering(monkeypatch, pair, Asked("mentor", -2, 1))
    look_for_signs(by=night(3))
    (task,) = tasks(pair)
    assert task.words["why"] == "falling"
    answering(monkeypatch, pair)
    Meeting.objects.create(partnership=pair, on=TODAY + 4 * DAY, told_by="user:x", created_at=AT)
    look_for_signs(by=night(4))
    assert tasks(pair) == []
    look_for_signs(by=night(49))
    assert len(tasks(pair)) == 1


@pytest.mark.parametrize(
    ("first", "then", "is_back"),
    [
        # The same low answer still stands; then a newer one comes, as low.
        ([("mentee", 30, 1)], [("mentee", 30, 1)], False),
        ([("mentee", 30, 1)], [("mentee", 30, 1), ("mentee", -2, 1)], True),
        # She leaves one more question unanswered; the other one has answered both.
        ([("mentee", 60, None), ("mentee", 30, None), ("mentor", 30, 5)], [], False),
        (
            [("mentee", 60, None), ("mentee", 30, None), ("mentor", 30, 5)],
            [("mentee", 60, None), ("mentee", 30, None), ("mentor", 30, 5), ("mentee", -1, None)],
            True,
        ),
    ],
)
def test_it_counts_again_where_its_reason_is_new(
    first: list[tuple[str, int, int | None]],
    then: list[tuple[str, int, int | None]],
    is_back: bool,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = make_pair(coordinator, division, programme, met=3)
    answering(monkeypatch, pair, *(Asked(*one) for one in first))
    look_for_signs(by=night())
    assert len(tasks(pair)) == 1
    talk(coordinator, pair)
    assert tasks(pair) == []
    answering(monkeypatch, pair, *(Asked(*one) for one in then or first))
    look_for_signs(by=night(10))
    assert bool(tasks(pair)) == is_back


def test_what_is_a_new_reason() -> None:
    assert not is_told_anew(SignKind.UNMET, {"days": 50}, {"days": 60})
    assert not is_told_anew(SignKind.PACE, {"met": 2}, {"met": 1})
    assert is_told_anew(SignKind.BOTH_SILENT, {"mentee": 2, "mentor": 2}, {"mentee": 2, "mentor": 3})
    assert not is_told_anew(SignKind.ONE_SILENT, {"unanswered": 3}, {"unanswered": 2})


def test_what_a_coordinator_has_put_aside_herself_stays(
    pair: Partnership, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, pair, Asked("mentee", 30, 1))
    look_for_signs(by=night())
    falling = EarlySign.objects.select_related("partnership__mentee", "partnership__mentor").get(kind="falling")
    put_aside(by=coordinator, sign=falling, until=TODAY + 20 * DAY, reason="A bad day.")
    talk(coordinator, pair)
    answering(monkeypatch, pair, Asked("mentee", 30, 1), Asked("mentee", -2, 1))
    look_for_signs(by=night(10))
    falling.refresh_from_db()
    assert (falling.put_aside_until, falling.put_aside_reason) == (TODAY + 20 * DAY, "A bad day.")
    assert tasks(pair) == []


def test_a_talk_that_was_none_is_taken_back_with_what_it_has_answered(pair: Partnership, coordinator: Staff) -> None:
    look_for_signs(by=night())
    (task,) = tasks(pair)
    noted = talk(coordinator, pair)
    other = talk(coordinator, pair, seen="Again.")
    take_talk_back(by=coordinator, talk=other)
    # Not that one has answered it.
    assert tasks(pair) == []
    take_talk_back(by=coordinator, talk=noted)
    assert [one.pk for one in tasks(pair)] == [task.pk]
    assert asides() == [("unmet", None)]
    sign = EarlySign.objects.get()
    acts = Entry.objects.filter(object_id=str(sign.pk)).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["followup.warn", "followup.look_into", "followup.take_up_again"]
    with pytest.raises(ChangedMeanwhileError):
        take_talk_back(by=coordinator, talk=noted)


def test_half_a_year_is_the_longest(pair: Partnership, coordinator: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, pair, Asked("mentee", 30, 1))
    look_for_signs(by=night())
    talk(coordinator, pair)
    assert asides() == [("falling", TODAY + timedelta(days=183)), ("unmet", TODAY + 45 * DAY)]
