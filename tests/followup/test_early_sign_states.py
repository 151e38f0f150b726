"""Every act in every state of an early sign: what becomes of it, and whether there is something to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from factories.django_rows import AT, TODAY
from followup.test_early_signs import DAY, make_pair, night, tasks
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign, Talk
from mentornet.followup.services import log_talk, look_for_signs, put_aside, take_talk_back, take_up_again
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


def talk(by: Staff, sign: EarlySign, *, was_reached: bool = True) -> Talk:
    pair = Partnership.objects.get(pk=sign.partnership_id)
    return log_talk(by=by, partnership=pair, on=by.today, with_whom="mentee", was_reached=was_reached)


def meet(on: date) -> None:
    Meeting.objects.create(partnership=Partnership.objects.get(), on=on, told_by="user:x", created_at=AT)


def meet_and_look(_by: Staff, _sign: EarlySign) -> None:
    meet(TODAY + DAY)
    look_for_signs(by=night(1))


def talk_of_mistake(by: Staff, sign: EarlySign) -> None:
    take_talk_back(by=by, talk=talk(by, sign))


BRING: Final[dict[str, Callable[[Staff, EarlySign], object]]] = {
    "counts": lambda _by, _sign: None,
    "put aside": lambda by, sign: put_aside(by=by, sign=sign, until=TODAY + 10 * DAY, reason="They are away."),
    "looked into": talk,
    "gone": meet_and_look,
}
ACTS: Final[dict[str, Callable[[Staff, EarlySign], object]]] = {
    "put aside": lambda by, sign: put_aside(by=by, sign=sign, until=TODAY + 20 * DAY, reason="On holiday."),
    "take up again": lambda by, sign: take_up_again(by=by, sign=sign),
    "talk": talk,
    "nobody reached": lambda by, sign: talk(by, sign, was_reached=False),
    "a talk that was none": talk_of_mistake,
    "the next night": lambda _by, _sign: look_for_signs(by=night(2)),
    "two weeks later": lambda _by, _sign: look_for_signs(by=night(14)),
    "they meet": meet_and_look,
}
ANSWERS: Final[dict[str, dict[str, str]]] = {
    "counts": {
        "put aside": "put aside", "take up again": "counts", "talk": "looked into", "nobody reached": "counts",
        "a talk that was none": "counts", "the next night": "counts", "two weeks later": "counts", "they meet": "gone",
    },
    "put aside": {
        "put aside": "put aside", "take up again": "counts", "talk": "put aside", "nobody reached": "put aside",
        "a talk that was none": "put aside", "the next night": "put aside", "two weeks later": "counts",
        "they meet": "gone",
    },
    "looked into": {
        "put aside": "put aside", "take up again": "counts", "talk": "looked into", "nobody reached": "looked into",
        "a talk that was none": "looked into", "the next night": "looked into", "two weeks later": "looked into",
        "they meet": "gone",
    },
    "gone": {
        "put aside": "refused", "take up again": "refused", "talk": "gone", "nobody reached": "gone",
        "a talk that was none": "gone", "the next night": "gone", "two weeks later": "gone", "they meet": "gone",
    },
}  # fmt: skip


def state_of(on: date) -> str:
    sign = EarlySign.objects.get()
    if sign.gone_on is not None:
        return "gone"
    if sign.put_aside_until is None or sign.put_aside_until <= on:
        return "counts"
    return "looked into" if sign.put_aside_by.startswith("talk:") else "put aside"


@pytest.mark.parametrize("state", BRING)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(
    act: str, state: str, coordinator: Staff, division: Division, programme: Programme
) -> None:
    pair = make_pair(coordinator, division, programme)
    look_for_signs(by=night())
    BRING[state](coordinator, EarlySign.objects.select_related("partnership__mentee", "partnership__mentor").get())
    assert state_of(TODAY + DAY) == state
    sign = EarlySign.objects.select_related("partnership__mentee", "partnership__mentor").get()
    expected = ANSWERS[state][act]
    later = replace(coordinator, at=AT + DAY)
    if expected == "refused":
        with pytest.raises(ChangedMeanwhileError):
            ACTS[act](later, sign)
        assert state_of(TODAY + DAY) == state
        return
    ACTS[act](later, sign)
    assert state_of(TODAY + (14 if act == "two weeks later" else 2) * DAY) == expected
    assert bool(tasks(pair)) == (expected == "counts")
