"""A letter whose act was a mistake: it never leaves after its correction, and whoever may have read it is told."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from mentornet.common.answers import ChangedMeanwhileError
from mentornet.messaging.models import Letter, LetterState, Problem
from mentornet.messaging.post import Post
from mentornet.messaging.queries import have_left
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

LATER = 24 * 60
"""Minutes: every letter that is still in the queue has left by then."""


def lost(letter: Letter, *, attempts: int = 1) -> Letter:
    """Let a worker have died with a letter, and another have found it."""
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING, sending_since=NOON, attempts=attempts)
    letter.refresh_from_db()
    delivery._recover(program(11), letter, Delivered())
    return letter


class CalledBack(BaseEmailBackend):
    """A mail server that fails while the letter in its hands is called back."""

    def send_messages(self, messages: object) -> int:
        del messages
        gone = call_back_letters(by=coordinator(1), letters=Letter.objects.all())
        assert [one.state for one in gone] == [LetterState.SENDING]
        raise ConnectionResetError


class CalledBackAndSent(CalledBack):
    """The same, but the letter leaves."""

    def send_messages(self, messages: object) -> int:
        with pytest.raises(ConnectionResetError):
            super().send_messages(messages)
        return 1


def use(backend: type[BaseEmailBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentornet.messaging.post.get_connection", lambda **_: backend())


@pytest.mark.parametrize("attempts", [0, MOST_ATTEMPTS - 1])
def test_letter_called_back_out_of_a_workers_hands_is_not_tried_again(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, attempts: int
) -> None:
    letter = queue()
    Letter.objects.update(attempts=attempts)
    with monkeypatch.context() as patch:
        use(CalledBack, patch)
        assert deliver_due_letters(by=program()) == Delivered()
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == (LetterState.TAKEN_BACK, Problem.SERVER)
    assert deliver_due_letters(by=program(LATER)) == Delivered()
    with pytest.raises(ChangedMeanwhileError):
        resend_letter(by=coordinator(LATER), letter=letter)


def test_without_the_mark_it_would_be_tried_again(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(CalledBack):
        def send_messages(self, messages: object) -> int:
            try:
                return super().send_messages(messages)
            finally:
                Letter.objects.update(is_called_back=False)

    queue()
    with monkeypatch.context() as patch:
        use(Forgetful, patch)
        assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    assert deliver_due_letters(by=program(LATER)) == Delivered(sent=1)


def test_letter_called_back_that_leaves_nevertheless_counts_as_sent(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue()
    use(CalledBackAndSent, monkeypatch)
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    assert Letter.objects.get().state == LetterState.SENT


def test_letter_called_back_without_an_address_stays_here(queue: Queue, friends: Friends) -> None:
    letter = queue()
    claimed = delivery._claim(letter, NOON)
    call_back_letters(by=coordinator(1), letters=[Letter.objects.get()])
    del friends.known["amal"]
    assert delivery._deliver(program(), claimed, delivery._way_to(letter, NOON), Post(), NOON, Delivered())
    assert Letter.objects.get().state == LetterState.TAKEN_BACK


@pytest.mark.parametrize("attempts", [1, MOST_ATTEMPTS])
def test_letter_called_back_before_its_worker_is_found_dead_is_not_tried_again(queue: Queue, attempts: int) -> None:
    letter = queue()
    Letter.objects.update(state=LetterState.SENDING, sending_since=NOON, attempts=attempts)
    assert call_back_letters(by=coordinator(2), letters=[letter]) == [letter]
    assert deliver_due_letters(by=program(11)) == Delivered()
    assert Letter.objects.get().state == LetterState.TAKEN_BACK
    assert deliver_due_letters(by=program(LATER)) == Delivered()


@pytest.mark.parametrize("attempts", [1, MOST_ATTEMPTS])
def test_letter_that_a_dead_worker_held_is_corrected_and_never_leaves_again(queue: Queue, attempts: int) -> None:
    letter = lost(queue(), attempts=attempts)
    assert letter.problem == Problem.INTERRUPTED
    assert have_left([letter])
    assert call_back_letters(by=coordinator(12), letters=[letter]) == [letter]
    assert letter.state == LetterState.TAKEN_BACK
    with pytest.raises(ChangedMeanwhileError):
        resend_letter(by=coordinator(13), letter=letter)
    assert deliver_due_letters(by=program(LATER)) == Delivered()
    assert not have_left([letter]), "it has been corrected"
    assert call_back_letters(by=coordinator(LATER), letters=[letter]) == [], "and once is enough"


def test_later_attempt_that_fails_does_not_hide_that_it_may_have_arrived(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Down(BaseEmailBackend):
        def send_messages(self, messages: object) -> int:
            del messages
            raise ConnectionRefusedError

    letter = lost(queue())
    with monkeypatch.context() as patch:
        use(Down, patch)
        assert deliver_due_letters(by=program(12)) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == (LetterState.QUEUED, Problem.SERVER)
    assert call_back_letters(by=coordinator(13), letters=[letter]) == [letter]


def test_letter_sent_again_by_hand_still_may_have_arrived_before(queue: Queue) -> None:
    letter = lost(queue(), attempts=MOST_ATTEMPTS)
    resend_letter(by=coordinator(12), letter=letter)
    assert letter.problem == ""
    assert call_back_letters(by=coordinator(13), letters=[letter]) == [letter]


def test_letter_that_has_not_left_is_called_back_and_needs_no_correction(queue: Queue) -> None:
    letter = queue()
    assert call_back_letters(by=coordinator(1), letters=[letter]) == []
    assert letter.state == LetterState.TAKEN_BACK


def test_letter_in_a_workers_hands_is_not_taken_back_whatever_the_clock_says(queue: Queue) -> None:
    letter = queue(by=coordinator())
    # The worker's clock is a minute ahead.
    assert delivery._claim(letter, program(1).at)
    with pytest.raises(ChangedMeanwhileError):
        take_back_letter(by=coordinator(0.5), letter=letter)
    assert Letter.objects.get().state == LetterState.SENDING


def test_migration_knows_the_letters_that_dead_workers_held(queue: Queue) -> None:
    migration = import_module("mentornet.messaging.migrations.0002_called_back_letters")
    rows: dict[str, dict[str, Any]] = {
        "recovered": {"attempts": 1},
        "given up": {"state": LetterState.FAILED, "attempts": MOST_ATTEMPTS, "problem": Problem.INTERRUPTED},
        "waiting": {},
        "put off": {"attempts": 1, "problem": Problem.SERVER},
        "sent": {"state": LetterState.SENT, "attempts": 1},
    }
    for name, values in rows.items():
        Letter.objects.filter(pk=queue(values={"day": "2026-04-01"}).pk).update(sent_to=name, **values)
    migration.note_lost_attempts(apps, connection.schema_editor())
    marked = Letter.objects.filter(may_have_arrived=True).values_list("sent_to", flat=True)
    assert set(marked) == {"recovered", "given up"}
