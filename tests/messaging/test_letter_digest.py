"""Ordinary letters to one person: gathered for the day, sent as one, whatever happens to the worker on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from pytest_django.fixtures import Settings

from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.queries import companions_of
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import (
    MOST_ATTEMPTS,
    Delivered,
    call_back_letters,
    deliver_due_letters,
    delivery,
    resend_letter,
    take_back_letter,
)
from messaging.friends import NOON, Friends, Queue, coordinator, program

pytestmark = pytest.mark.django_db

EVENING = 3 * 60
"""Minutes from noon by Greenwich to four o'clock in Denmark: the hour of ordinary letters."""
ORDINARY: dict[str, dict[str, Any]] = {
    "word_from_waiting_list": {"day": "2026-04-01"},
    "training_waits": {},
    "return_asked": {},
}


class KilledError(BaseException):
    """The worker dies."""


def use(backend: Callable[[], BaseEmailBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentornet.messaging.post.get_connection", lambda **_: backend())


class Down(BaseEmailBackend):
    def send_messages(self, messages: object) -> int:
        del messages
        raise ConnectionRefusedError


def write(queue: Queue, *events: str, **changes: Any) -> list[Letter]:
    return [queue(event=event, values=ORDINARY[event], **changes) for event in events or ORDINARY]


def ids(messages: list[Any]) -> list[str]:
    return [message.message()["Message-ID"] for message in messages]


def test_ordinary_letters_of_the_program_wait_for_their_hour(queue: Queue) -> None:
    [letter] = write(queue, "training_waits")
    assert letter.send_after == NOON + timedelta(minutes=EVENING)
    assert deliver_due_letters(by=program(EVENING - 1)) == Delivered()
    # Others do not: not urgent ones, and not what a person writes.
    assert queue().send_after == NOON
    assert write(queue, "word_from_waiting_list", by=coordinator())[0].send_after == NOON + timedelta(minutes=1)


def test_letters_of_one_day_leave_as_one(queue: Queue) -> None:
    letters = write(queue)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=3)
    [message] = mail.outbox
    assert message.subject == "Messages for you"
    body = str(message.body)
    assert body.startswith("Hello Amal,\n\n")
    assert [body.count(words) for words in ("You are still on our list", "a short course", "You wanted a rest")] == [
        1
    ] * 3
    assert body.count("Kind regards") == 1
    for letter in letters:
        letter.refresh_from_db()
    assert {letter.state for letter in letters} == {LetterState.SENT}
    [bundle] = {letter.bundle for letter in letters}
    assert ids(mail.outbox) == [f"<{bundle}@localhost>"]
    assert {letter.attempts for letter in letters} == {1}
    assert deliver_due_letters(by=program(EVENING + 60)) == Delivered()


def test_letters_of_two_divisions_leave_as_one_and_each_keeps_its_own(queue: Queue) -> None:
    here = [
        queue(event="word_from_waiting_list", values={"day": "2026-04-01", "coordinator": "Bodil", "phone": "+45 10"})
    ]
    here += write(queue, "training_waits")
    there = [
        queue(
            event="word_from_waiting_list",
            values={"day": "2026-05-05", "coordinator": "Kanarie", "phone": "+45 99"},
            division_id=UUID(int=8),
        )
    ]
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=3)
    # She gets one letter with everything in it.
    [message] = mail.outbox
    assert {words in str(message.body) for words in ("Bodil", "Kanarie", "+45 10", "+45 99", "a short course")} == {
        True
    }
    for letter in (*here, *there):
        letter.refresh_from_db()
    assert len({letter.bundle for letter in (*here, *there)}) == 1
    for letter in here:
        assert {words in letter.body for words in ("Bodil", "+45 10", "a short course")} == {True}
        assert {words in letter.body for words in ("Kanarie", "+45 99")} == {False}
    for letter in there:
        assert {words in letter.body for words in ("Kanarie", "+45 99")} == {True}
        assert {words in letter.body for words in ("Bodil", "+45 10", "a short course")} == {False}


def test_letter_alone_is_as_ever(queue: Queue) -> None:
    [letter] = write(queue, "training_waits")
    deliver_due_letters(by=program(EVENING))
    letter.refresh_from_db()
    assert ids(mail.outbox) == [f"<{letter.message_id}@localhost>"]
    assert (letter.bundle, mail.outbox[0].subject) == (None, "A message for you")


def test_letters_to_others_and_urgent_ones_leave_by_themselves(queue: Queue, friends: Friends) -> None:
    friends.known["eva"] = Recipient("Eva", "eva@example.org", "da")
    write(queue)
    write(queue, recipient="friend:eva")
    queue(by=program(EVENING))
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=7)
    assert sorted(str(message.to[0]) for message in mail.outbox) == ["amal@example.org"] * 2 + ["eva@example.org"]


def test_they_wait_together_for_her_hours(queue: Queue, friends: Friends) -> None:
    friends.known["amal"] = replace(
        friends.known["amal"],
        hours_from=(NOON + timedelta(hours=6)).time(),
        hours_until=(NOON + timedelta(hours=9)).time(),
    )
    write(queue)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(waiting=3)
    # Hours are those of Denmark.
    assert deliver_due_letters(by=program(5 * 60)) == Delivered(sent=3)
    assert len(mail.outbox) == 1


def test_text_messages_leave_as_one_too(queue: Queue, friends: Friends, settings: Settings, tmp_path: Any) -> None:
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    friends.known["amal"] = Recipient("Amal", "", "en", phone="20202020", way="text")
    write(queue)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=3)
    assert len((tmp_path / "text-messages.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize("is_sent", [False, True])
def test_bundle_of_a_killed_worker_leaves_again_as_a_whole(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, is_sent: bool
) -> None:
    class Killed(BaseEmailBackend):
        def send_messages(self, messages: Any) -> int:
            if is_sent:
                mail.outbox.extend(messages)
            raise KilledError

    letters = write(queue, "training_waits", "return_asked")
    with monkeypatch.context() as patch:
        use(Killed, patch)
        with pytest.raises(KilledError):
            deliver_due_letters(by=program(EVENING))
    # Meanwhile another one is due: it was not in the mail that may have arrived, so it must not be in its second copy.
    newer = write(queue, "word_from_waiting_list", by=program(EVENING))[0]
    found = deliver_due_letters(by=program(EVENING + 11))
    assert found == Delivered(sent=3, recovered=2)
    for letter in [*letters, newer]:
        letter.refresh_from_db()
    assert letters[0].bundle == letters[1].bundle != newer.bundle
    copies = [message for message in mail.outbox if f"{letters[0].bundle}" in message.message()["Message-ID"]]
    assert len(copies) == 1 + is_sent
    assert len({message.body for message in copies}) == 1, "copies under one Message-ID say the same"
    assert len(mail.outbox) == 2 + is_sent


KILLED_AT = {
    "before the claim": "_claim",
    "when it asks who wants what": "_parts_of",
    "before sending": "_send",
    "while keeping": "_keep",
}


@pytest.mark.parametrize("step", KILLED_AT)
@pytest.mark.parametrize("after", [0, 1])
def test_worker_killed_at_any_step_loses_and_doubles_nothing_visible(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    """At whatever call of that step it dies: every text arrives, and what arrives twice has one Message-ID."""
    name = KILLED_AT[step]
    whole, calls = getattr(delivery, name), []

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise KilledError
        return whole(*args, **kwargs)

    letters = [*write(queue), queue(by=program(EVENING))]
    with monkeypatch.context() as patch:
        patch.setattr(delivery, name, dies)
        with pytest.raises(KilledError):
            deliver_due_letters(by=program(EVENING))
    deliver_due_letters(by=program(EVENING + 11))
    deliver_due_letters(by=program(EVENING + 12))
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}
    seen: dict[str, str] = {}
    for message in mail.outbox:
        key = message.message()["Message-ID"]
        assert seen.setdefault(key, str(message.body)) == message.body
    together = "".join(seen.values())
    for words in ("You are still on our list", "a short course", "You wanted a rest", "Our suggestion of"):
        assert together.count(words) == 1
    assert len(letters) == 4


def test_without_the_bundles_key_a_text_would_be_hidden(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: taken up again without it, two mails of one Message-ID say different things."""

    class Killed(BaseEmailBackend):
        def send_messages(self, messages: Any) -> int:
            mail.outbox.extend(messages)
            raise KilledError

    [letter] = write(queue, "training_waits")
    with monkeypatch.context() as patch:
        use(Killed, patch)
        with pytest.raises(KilledError):
            deliver_due_letters(by=program(EVENING))
    write(queue, "return_asked", by=program(EVENING))
    # As if it had never been tried: now the other one joins it. They get a key of their own, so nothing is hidden.
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.QUEUED, attempts=0, sending_since=None)
    monkeypatch.setattr(delivery, "uuid4", lambda: letter.message_id)
    deliver_due_letters(by=program(EVENING + 11))
    assert len(set(ids(mail.outbox))) == 1
    assert len({message.body for message in mail.outbox}) == 2


def test_failing_server_puts_all_of_it_off_together(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = write(queue)
    with monkeypatch.context() as patch:
        use(Down, patch)
        assert deliver_due_letters(by=program(EVENING)) == Delivered(put_off=3)
    [(bundle, state, attempts, _after)] = set(Letter.objects.values_list("bundle", "state", "attempts", "send_after"))
    assert (state, attempts) == (LetterState.QUEUED, 1)
    assert deliver_due_letters(by=program(EVENING + 2)) == Delivered(sent=len(letters))
    assert ids(mail.outbox) == [f"<{bundle}@localhost>"]


def test_one_taken_back_meanwhile_is_not_in_the_second_attempt(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = write(queue)
    with monkeypatch.context() as patch:
        use(Down, patch)
        deliver_due_letters(by=program(EVENING))
    take_back_letter(by=program(EVENING), letter=Letter.objects.get(event="training_waits"))
    assert deliver_due_letters(by=program(EVENING + 2)) == Delivered(sent=len(letters) - 1)
    assert "a short course" not in str(mail.outbox[0].body)


def test_one_called_back_is_corrected_and_the_others_leave(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    write(queue)
    with monkeypatch.context() as patch:
        use(Down, patch)
        deliver_due_letters(by=program(EVENING))
    called_back = Letter.objects.get(event="training_waits")
    assert call_back_letters(by=coordinator(EVENING), letters=[called_back]) == []
    assert deliver_due_letters(by=program(EVENING + 2)) == Delivered(sent=2)


def test_given_up_and_sent_again_by_hand_it_goes_alone(queue: Queue) -> None:
    letters = write(queue)
    bundle = UUID(int=3)
    Letter.objects.update(state=LetterState.SENDING, sending_since=NOON, attempts=MOST_ATTEMPTS, bundle=bundle)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(failed=3)
    letter = letters[0]
    letter.refresh_from_db()
    resend_letter(by=coordinator(EVENING), letter=letter)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=1)
    assert ids(mail.outbox) == [f"<{letter.message_id}@localhost>"]


def test_one_that_may_have_arrived_joins_no_other(queue: Queue) -> None:
    first, second = write(queue, "training_waits", "return_asked")
    Letter.objects.filter(pk=second.pk).update(may_have_arrived=True)
    at = program(EVENING).at
    assert list(companions_of(first, at)) == []
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=2)
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_bundle_is_claimed_outside_other_transactions(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Watching(BaseEmailBackend):
        def send_messages(self, messages: Any) -> int:
            del messages
            seen.append(connection.in_atomic_block)
            return 1

    use(Watching, monkeypatch)
    write(queue)
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=3)
    assert seen == [False]
