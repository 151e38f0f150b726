"""Every act in every state of one asking: hers, the program's, and a coordinator's who takes an ending back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from factories.django_rows import AT, TODAY
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.surveys.enums import ASK_STEPS, AskState
from mentornet.surveys.models import Ask, Questionnaire
from mentornet.surveys.services import answer, ask_due, let_go, pass_over, remind, withdraw_end
from partnerships.sides import acting
from surveys.conftest import MakePair, program

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
ENDED: Final = TODAY - DAY
S = AskState


def hers(ask: Ask, at: datetime) -> Any:
    return acting(ask.partnership, ask.side, at)


def keys(ask: Ask) -> list[str]:
    return [one["key"] for one in ask.version.questions]


def answer_all(ask: Ask, at: datetime) -> None:
    for key in keys(ask):
        answer(by=hers(ask, at), ask=ask, question=key, given=["4"])


ACTS: Final[dict[str, Callable[[Ask, Staff], object]]] = {
    "answer one": lambda ask, _by: answer(by=hers(ask, AT + DAY), ask=ask, question=keys(ask)[0], given=["4"]),
    "answer all": lambda ask, _by: answer_all(ask, AT + DAY),
    "pass over": lambda ask, _by: pass_over(by=hers(ask, AT + DAY), ask=ask, question=keys(ask)[0]),
    "too late": lambda ask, _by: answer(by=hers(ask, AT + 21 * DAY), ask=ask, question=keys(ask)[0], given=["4"]),
    "remind": lambda _ask, _by: remind(by=program(AT + 6 * DAY)),
    "three weeks": lambda _ask, _by: let_go(by=program(AT + 21 * DAY)),
    "asked again": lambda _ask, _by: ask_due(by=program(AT + DAY)),
    "taken back": lambda ask, by: withdraw_end(by=by, partnership=ask.partnership),
}
NO: Final = "refused"
GONE: Final = "gone"
ANSWERS: Final[dict[S, dict[str, str]]] = {
    S.OPEN: {
        "answer one": S.BEGUN, "answer all": S.ANSWERED, "pass over": S.OPEN, "too late": NO, "remind": S.OPEN,
        "three weeks": S.SILENT, "asked again": S.OPEN, "taken back": GONE,
    },
    S.BEGUN: {
        "answer one": S.BEGUN, "answer all": S.ANSWERED, "pass over": S.BEGUN, "too late": NO, "remind": S.BEGUN,
        "three weeks": S.ANSWERED, "asked again": S.BEGUN, "taken back": S.ANSWERED,
    },
    # She may think again while there is time; what is done stays done.
    S.ANSWERED: {
        "answer one": S.ANSWERED, "answer all": S.ANSWERED, "pass over": S.ANSWERED, "too late": NO,
        "remind": S.ANSWERED, "three weeks": S.ANSWERED, "asked again": S.ANSWERED, "taken back": S.ANSWERED,
    },
    S.SILENT: {
        "answer one": NO, "answer all": NO, "pass over": NO, "too late": NO, "remind": S.SILENT,
        "three weeks": S.SILENT, "asked again": S.SILENT, "taken back": S.SILENT,
    },
}  # fmt: skip


@pytest.fixture
def ask(make_pair: MakePair, shipped: dict[str, Questionnaire]) -> Ask:
    """What the mentor is asked about an end, this morning."""
    pair = make_pair(TODAY - 200 * DAY)
    Partnership.objects.filter(pk=pair.pk).update(state="closed", closing_reason="goal", closed_on=ENDED)
    ask_due(by=program(AT))
    asks = Ask.objects.select_related("version", "questionnaire", "partnership__mentee", "partnership__mentor")
    return asks.get(side="mentor", occasion__startswith="end:")


def bring_to(ask: Ask, state: S) -> None:
    if state == S.BEGUN:
        answer(by=hers(ask, AT), ask=ask, question=keys(ask)[0], given=["3"])
    elif state == S.ANSWERED:
        answer_all(ask, AT)
    elif state == S.SILENT:
        Ask.objects.filter(pk=ask.pk).update(state=S.SILENT)
    assert Ask.objects.get(pk=ask.pk).state == state


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, ask: Ask, coordinator: Staff) -> None:
    bring_to(ask, state)
    expected, entries, before = ANSWERS[state][act], Entry.objects.count(), Ask.objects.filter(pk=ask.pk).values().get()
    if expected == NO:
        with pytest.raises((NotAllowedError, ChangedMeanwhileError)):
            ACTS[act](ask, coordinator)
        assert Ask.objects.filter(pk=ask.pk).values().get() == before
        assert Entry.objects.count() == entries
        return
    ACTS[act](ask, coordinator)
    after = Ask.objects.filter(pk=ask.pk).first()
    assert (GONE if after is None else after.state) == expected
    reminded = Letter.objects.filter(event="questions_waiting", about_id=ask.pk).count()
    assert reminded == (act == "remind" and state == S.OPEN)


def test_no_act_takes_another_step_than_the_table_of_steps() -> None:
    for state, answers in ANSWERS.items():
        for after in set(answers.values()) - {NO, GONE, state}:
            assert ASK_STEPS.may(state, S(after)), (state, after)
