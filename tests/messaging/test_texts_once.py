"""A text message is shown as often as it is sent: what may have arrived is sent again by somebody who has asked her."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from pytest_django.fixtures import Settings

from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.messaging.models import Channel, Letter, LetterState, Problem
from mentornet.messaging.queries import have_left, undelivered_letters
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import (
    Delivered,
    call_back_letters,
    deliver_due_letters,
    delivery,
    note_arrival,
    resend_letter,
    settle_letter,
    unsettle_letter,
)
from mentornet.messaging.sms import FileProvider
from messaging.friends import DIVISION, Friends, Queue, coordinator, program
from messaging.gateway import Provider
from messaging.makers import Makers

pytestmark = pytest.mark.django_db

OTHERS = ("eva", "leila")


class KilledError(BaseException):
    """The worker dies."""


@pytest.fixture
def texts(settings: Settings, tmp_path: Path, friends: Friends) -> Path:
    """Let text messages be written into a file, and three women want them."""
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    for number, name in enumerate(("amal", *OTHERS)):
        friends.known[name] = Recipient(name.title(), "", "en", phone=f"2020202{number}", way="text")
    return tmp_path / "text-messages.jsonl"


def sent(file: Path) -> Counter[str]:
    """How often each message was taken by the provider."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return Counter(json.loads(line)["reference"] for line in lines)


def dying(whole: Callable[..., Any], after: int, *, having_done_it: bool = False) -> Callable[..., Any]:
    calls: list[int] = []

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) <= after:
            return whole(*args, **kwargs)
        if having_done_it:
            whole(*args, **kwargs)
        raise KilledError

    return dies


KILLED_AT: dict[str, tuple[Any, str, bool]] = {
    "before the claim": (delivery, "_claim", False),
    "after the claim": (delivery, "_claim", True),
    "when it asks who wants what": (delivery, "_parts_of", False),
    "before writing": (delivery, "_send", False),
    "before the provider has it": (FileProvider, "send", False),
    "when the provider has it": (FileProvider, "send", True),
    "after sending": (delivery, "_send", True),
    "while keeping": (delivery, "_keep", False),
}
SURELY_NOT_SENT = {"before the claim", "after the claim", "when it asks who wants what"}


@pytest.mark.parametrize("step", KILLED_AT)
@pytest.mark.parametrize("after", [0, 1])
def test_worker_killed_at_any_step_sends_no_text_message_twice_and_loses_none(
    queue: Queue, texts: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    where, name, having_done_it = KILLED_AT[step]
    letters = [queue(recipient=f"friend:{friend}") for friend in ("amal", *OTHERS)]
    with monkeypatch.context() as patch:
        patch.setattr(where, name, dying(getattr(where, name), after, having_done_it=having_done_it))
        with pytest.raises(KilledError):
            deliver_due_letters(by=program())
    for minutes in (11, 12, 30, 600):
        deliver_due_letters(by=program(minutes))
    taken, uncertain = sent(texts), list(undelivered_letters([DIVISION]))
    assert set(taken.values()) == {1}, "nothing twice"
    assert len(uncertain) == (0 if step in SURELY_NOT_SENT else 1)
    # Nothing is lost: each has left, or stands on Today.
    for letter in letters:
        letter.refresh_from_db()
        assert letter in uncertain or (letter.state, taken[str(letter.message_id)]) == (LetterState.SENT, 1)
    for letter in uncertain:
        assert (letter.state, letter.problem) == (LetterState.UNCERTAIN, Problem.INTERRUPTED)
        assert have_left([letter]) == [letter], "she may know of it"


def test_without_the_note_that_it_is_a_text_message_it_is_sent_twice(
    queue: Queue, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above.
    letter = queue()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_keep", dying(delivery._keep, 0))
        with pytest.raises(KilledError):
            deliver_due_letters(by=program())
    Letter.objects.update(channel="")
    deliver_due_letters(by=program(11))
    assert sent(texts) == {str(letter.message_id): 2}


@pytest.mark.parametrize(("before", "now"), [(Channel.TEXT, Channel.EMAIL), (Channel.EMAIL, Channel.TEXT)])
def test_way_of_an_earlier_attempt_is_not_taken_for_the_last_one(
    queue: Queue, texts: Path, friends: Friends, monkeypatch: pytest.MonkeyPatch, before: Channel, now: Channel
) -> None:
    way = "text" if now == Channel.TEXT else "email"
    friends.known["amal"] = Recipient("Amal", "amal@example.org", "en", phone="20202020", way=way)
    letter = queue()
    Letter.objects.update(attempts=1, channel=before)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_keep", dying(delivery._keep, 0))
        with pytest.raises(KilledError):
            deliver_due_letters(by=program())
    letter.refresh_from_db()
    assert letter.channel == now
    # A letter is seen as the same one when it comes twice, a text message is not.
    doubt = now == Channel.TEXT
    assert deliver_due_letters(by=program(11)) == Delivered(uncertain=doubt, recovered=not doubt, sent=not doubt)


def test_several_in_one_message_wait_together(queue: Queue, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for event in ("training_waits", "return_asked"):
        queue(event=event, values={})
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_keep", dying(delivery._keep, 1))
        with pytest.raises(KilledError):
            deliver_due_letters(by=program(180))
    assert deliver_due_letters(by=program(191)) == Delivered(uncertain=2)
    assert list(sent(texts).values()) == [1]


@pytest.mark.parametrize("behaviour", [{"hangs_up": True}, {"status": 504}, {"answer": {"ids": []}}])
def test_provider_that_does_not_answer_gets_the_message_once(
    queue: Queue, texts: Path, settings: Settings, behaviour: dict[str, object]
) -> None:
    letters = [queue(), *(queue(recipient=f"friend:{friend}") for friend in OTHERS)]
    with Provider().running() as provider:
        settings.SMS_URL = f"gatewayapi+http://token@127.0.0.1:{provider.port}"
        for name, value in behaviour.items():
            setattr(provider, name, value)
        # The next ones might end in the same doubt: they wait for a provider that answers.
        assert deliver_due_letters(by=program()) == Delivered(uncertain=1)
        [doubtful] = undelivered_letters([DIVISION])
        assert (doubtful.state, doubtful.problem) == (LetterState.UNCERTAIN, Problem.UNANSWERED)
        assert have_left([doubtful]) == [doubtful]
        provider.hangs_up, provider.status, provider.answer = False, 200, None
        for minutes in (1, 5, 600):
            deliver_due_letters(by=program(minutes))
        asked = Counter(request.body["userref"] for request in provider.asked)
        assert asked == {str(letter.message_id): 1 for letter in letters}
        # She says that nothing has come: somebody sends it again, and a repeated one is seen as such.
        resend_letter(by=coordinator(700), letter=doubtful)
        assert deliver_due_letters(by=program(701)) == Delivered(sent=1)
        assert provider.asked[-1].body["userref"] == str(doubtful.message_id)


def test_code_that_may_have_arrived_is_not_sent_again_and_waits_for_nobody(
    queue: Queue, texts: Path, settings: Settings, makers: Makers
) -> None:
    del makers
    queue(event="one_time_code", values={"code": "challenge"}, division_id=None)
    with Provider(hangs_up=True).running() as provider:
        settings.SMS_URL = f"gatewayapi+http://token@127.0.0.1:{provider.port}"
        for minutes in (0, 1, 5, 30):
            deliver_due_letters(by=program(minutes))
        assert len(provider.asked) == 1
    assert not undelivered_letters([DIVISION]).exists(), "she asks for a new one"


def doubtful(queue: Queue) -> Letter:
    letter = queue()
    Letter.objects.update(
        state=LetterState.UNCERTAIN, channel=Channel.TEXT, problem=Problem.UNANSWERED, may_have_arrived=True, attempts=1
    )
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize("act", [note_arrival, settle_letter])
def test_what_somebody_has_seen_to_waits_no_longer_and_can_be_taken_back(
    queue: Queue, act: Callable[..., Letter]
) -> None:
    letter = doubtful(queue)
    with pytest.raises(NotAllowedError):
        act(by=coordinator(1, divisions=()), letter=letter)
    act(by=coordinator(1), letter=letter)
    assert not undelivered_letters([DIVISION]).exists()
    assert have_left([letter]) == [letter]
    with pytest.raises(ChangedMeanwhileError):
        act(by=coordinator(2), letter=letter)
    unsettle_letter(by=coordinator(2), letter=letter)
    assert letter.state == LetterState.UNCERTAIN


def test_only_what_is_in_doubt_can_be_said_to_have_arrived(queue: Queue) -> None:
    letter = queue()
    for state in set(LetterState) - {LetterState.UNCERTAIN}:
        Letter.objects.update(state=state)
        letter.refresh_from_db()
        with pytest.raises(ChangedMeanwhileError):
            note_arrival(by=coordinator(1), letter=letter)


@pytest.mark.parametrize("has_arrived", [False, True])
def test_mistake_that_may_have_arrived_is_corrected(queue: Queue, has_arrived: bool) -> None:
    letter = doubtful(queue)
    if has_arrived:
        note_arrival(by=coordinator(1), letter=letter)
    assert call_back_letters(by=coordinator(2), letters=[letter]) == [letter]
    assert letter.state == (LetterState.ARRIVED if has_arrived else LetterState.TAKEN_BACK)


def test_earlier_version_reads_the_new_states(queue: Queue) -> None:
    migration = import_module("mentornet.messaging.migrations.0004_may_not_have_arrived")
    letter = doubtful(queue)
    for state, before in ((LetterState.UNCERTAIN, "failed"), (LetterState.ARRIVED, "settled")):
        Letter.objects.update(state=state)
        migration.forget(apps, connection.schema_editor())
        letter.refresh_from_db()
        assert letter.state == before
