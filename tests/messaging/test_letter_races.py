"""Two at once: deliverers, and an author who takes back what a worker is taking."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from mentornet.common.answers import ChangedMeanwhileError
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import Delivered, deliver_due_letters, delivery, take_back_letter
from messaging.friends import Queue, coordinator, program

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do all acts at the same moment, each with a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def deliver() -> Delivered:
    return deliver_due_letters(by=program())


def test_two_deliverers_send_each_letter_once(queue: Queue) -> None:
    letters = [queue() for _ in range(25)]
    counts = at_once(deliver, deliver, deliver)
    assert sum(count.sent for count in counts) == len(letters)
    times = Counter(message.message()["Message-ID"] for message in mail.outbox)
    assert times == {f"<{letter.message_id}@localhost>": 1 for letter in letters}
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_without_the_claim_letters_are_sent_twice(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test above: both see the same letters, and nothing but the claim keeps them apart.
    both_have_looked = threading.Barrier(2)

    def careless(letter: Letter, at: object) -> list[Letter]:
        both_have_looked.wait(10)
        letter.state, letter.attempts = LetterState.SENDING, letter.attempts + 1
        Letter.objects.filter(pk=letter.pk).update(state=letter.state, attempts=letter.attempts, sending_since=at)
        return [letter]

    monkeypatch.setattr(delivery, "_claim", careless)
    queue()
    at_once(deliver, deliver)
    assert len(mail.outbox) == 2


def test_letter_is_either_taken_back_or_sent(queue: Queue) -> None:
    ends: Counter[str] = Counter()
    for _ in range(20):
        letter = queue(by=coordinator())
        # The worker's clock is a minute ahead, so that both may.
        taken: list[bool] = []

        def take_back(letter: Letter = letter, taken: list[bool] = taken) -> Delivered:
            try:
                take_back_letter(by=coordinator(0.5), letter=letter)
            except ChangedMeanwhileError:
                return Delivered()
            taken.append(True)
            return Delivered()

        before = len(mail.outbox)
        at_once(take_back, lambda: deliver_due_letters(by=program(1)))
        sent, state = len(mail.outbox) - before, Letter.objects.get(pk=letter.pk).state
        assert (sent, bool(taken), state) in {(1, False, "sent"), (0, True, "taken_back")}
        ends[state] += 1
    assert ends.total() == 20


def test_letter_claimed_between_look_and_act_is_not_taken_back(queue: Queue) -> None:
    letter = queue(by=coordinator())
    assert delivery._claim(Letter.objects.get(pk=letter.pk), program(1).at)
    with pytest.raises(ChangedMeanwhileError):
        take_back_letter(by=coordinator(0.5), letter=letter)
    assert Letter.objects.get().state == LetterState.SENDING


def test_letter_taken_back_between_look_and_claim_is_not_sent(queue: Queue) -> None:
    letter = queue(by=coordinator())
    seen_by_worker = Letter.objects.get(pk=letter.pk)
    take_back_letter(by=coordinator(0.5), letter=letter)
    assert not delivery._claim(seen_by_worker, program(1).at)


def test_two_deliverers_of_ordinary_letters_send_each_text_once(queue: Queue) -> None:
    for _ in range(8):
        for event in ("training_waits", "return_asked"):
            queue(event=event, values={}, delay=timedelta(0))
    Letter.objects.update(send_after=program().at)
    counts = at_once(deliver, deliver, deliver)
    assert sum(count.sent for count in counts) == 16
    assert sum(str(message.body).count("a short course") for message in mail.outbox) == 8
    assert sum(str(message.body).count("You wanted a rest") for message in mail.outbox) == 8
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == len(mail.outbox)
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_bundle_tried_again_by_two_is_never_halved(queue: Queue) -> None:
    for _ in range(8):
        queue(event="training_waits", values={})
    Letter.objects.update(send_after=program().at, bundle=UUID(int=5), attempts=1)
    counts = at_once(deliver, deliver, deliver)
    assert sum(count.sent for count in counts) == 8
    [message] = mail.outbox
    assert str(message.body).count("a short course") == 8
