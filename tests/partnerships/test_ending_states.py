"""Every page of an ending in every state of it, with the answer that each gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from django.utils import translation

from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.models import Closure, Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import end, fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
ACTS: Final[dict[str, Callable[[Staff, Closure], object]]] = {
    "talk": lambda by, one: services.note_exit_talk(by=by, closure=one, side="mentee", talk="held", reason="time"),
    "outcome": lambda by, one: services.note_outcome(by=by, closure=one, work="ordinary", hours=30),
    "contact": lambda by, one: services.settle_contact(by=by, closure=one, rule="none", wants={}),
    "next": lambda by, one: services.settle_next(by=by, closure=one, mentee="from_now", mentor="ready"),
    "letters": lambda by, one: services.choose_letters(by=by, closure=one, thanks={}, may_ask={}),
    "close": lambda by, one: services.finish_ending(by=by, closure=one, on=by.today, reason="time"),
    "her own words": lambda by, one: services.say_why(
        by=acting(one.partnership, "mentee", by.at), closure=one, reason="time", words="It is enough.", contact="no"
    ),
    "remark": lambda by, one: services.read_remark(by=by, side=one.sides.select_related("closure__partnership").get(
        side="mentor"
    )),
}  # fmt: skip
CALLED_OFF: Final = "has been called off. Begin it anew"
CLOSED: Final = "has been closed already"
GO_ON: Final = "You go on together"
ANSWERS: Final[dict[str, dict[str, str]]] = {
    "open": {},
    "called off": dict.fromkeys(("talk", "outcome", "contact", "next", "letters", "close"), CALLED_OFF)
    | {"her own words": GO_ON},
    "closed": dict.fromkeys(("talk", "outcome", "contact", "next", "letters", "close"), CLOSED),
    "taken back": dict.fromkeys(("talk", "outcome", "contact", "next", "letters", "close"), CALLED_OFF)
    | {"her own words": GO_ON},
}
"""How each act is refused; what is not named here is done."""


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme, matched_on=coordinator.today - 60 * DAY)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


def bring_to(by: Staff, pair: Partnership, state: str) -> Closure:
    closure = fill_in_ending(by, pair) if state in {"open", "called off"} else end(by, pair)
    if state == "called off":
        services.call_ending_off(by=by, partnership=pair)
    elif state == "taken back":
        services.reopen_partnership(by=by, partnership=closure.partnership, words="The wrong pair.")
    return Closure.objects.select_related(
        "partnership__mentee__person", "partnership__mentor__person", "partnership__division"
    ).get(pk=closure.pk)


@pytest.mark.parametrize("state", ANSWERS)
@pytest.mark.parametrize("act", ACTS)
def test_every_page_in_every_state(act: str, state: str, pair: Partnership, coordinator: Staff) -> None:
    closure = bring_to(coordinator, pair, state)
    before, entries = Closure.objects.filter(pk=closure.pk).values().get(), Entry.objects.count()
    later = replace(coordinator, at=coordinator.at + timedelta(minutes=5))
    refusal = ANSWERS[state].get(act)
    if refusal is None:
        ACTS[act](later, closure)
        assert Entry.objects.count() > entries
        return
    with translation.override("en"), pytest.raises(NotAllowedError, match=refusal):
        ACTS[act](later, closure)
    assert Closure.objects.filter(pk=closure.pk).values().get() == before
    assert Entry.objects.count() == entries
