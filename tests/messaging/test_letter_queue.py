"""Letters on their way: queued, taken back, delivered, tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.messaging import recipients
from mentornet.messaging.models import Letter, LetterState, Problem
from mentornet.messaging.queries import due_letters, is_post_waiting, letters_about, letters_in, undelivered_letters
from mentornet.messaging.recipients import Recipient, register
from mentornet.messaging.services import (
    BACK_OFF,
    MOST_ATTEMPTS,
    Delivered,
    deliver_due_letters,
    queue_letter,
    resend_letter,
    take_back_letter,
)
from messaging.friends import DIVISION, NOON, Friends, Queue, coordinator, program

pytestmark = pytest.mark.django_db


class Down(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages: object) -> int:
        del messages
        raise ConnectionRefusedError("nobody listens")


def use(backend: type[BaseEmailBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let letters leave through a class of a test."""
    monkeypatch.setattr("mentornet.messaging.post.get_connection", lambda **_: backend())


def headers(message: EmailMessage) -> Mapping[str, str]:
    return dict(message.message().items())


def test_letter_is_sent_and_kept_as_it_was_sent(queue: Queue) -> None:
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    letter.refresh_from_db()
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["amal@example.org"], letter.subject, letter.body)
    assert headers(sent)["Message-ID"] == f"<{letter.message_id}@localhost>"
    assert headers(sent)["Auto-Submitted"] == "auto-generated"
    assert (letter.state, letter.language, letter.sent_to) == ("sent", "en", "amal@example.org")
    assert letter.sent_at is not None
    assert timedelta(0) <= letter.sent_at - NOON < timedelta(seconds=5)
    assert deliver_due_letters(by=program(1)) == Delivered()
    assert len(mail.outbox) == 1


def test_message_id_is_of_the_senders_domain(queue: Queue, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Bodil <post@example.net>"
    letter = queue()
    deliver_due_letters(by=program())
    assert headers(mail.outbox[0])["Message-ID"] == f"<{letter.message_id}@example.net>"


def test_letter_waits_for_its_time(queue: Queue) -> None:
    queue(delay=timedelta(minutes=1))
    assert deliver_due_letters(by=program(0.9)) == Delivered()
    assert not is_post_waiting(program(0.9).at)
    assert is_post_waiting(program(1).at)
    assert deliver_due_letters(by=program(1)) == Delivered(sent=1)


def test_letter_by_hand_waits_a_minute_and_the_programs_own_does_not(queue: Queue) -> None:
    assert queue(by=coordinator()).send_after == NOON + timedelta(seconds=60)
    assert queue(by=program()).send_after == NOON


def test_address_and_language_are_those_of_the_moment_of_sending(queue: Queue, friends: Friends) -> None:
    letter = queue()
    friends.known["amal"] = Recipient("Amal", "new@example.org", "da")
    deliver_due_letters(by=program())
    letter.refresh_from_db()
    assert mail.outbox[0].to == ["new@example.org"]
    assert (letter.sent_to, letter.language) == ("new@example.org", "da")
    assert "onsdag" in letter.body


@pytest.mark.parametrize("gone", [None, Recipient("Amal", "", "en")])
def test_letter_without_address_says_so_and_can_be_sent_later(
    queue: Queue, friends: Friends, gone: Recipient | None
) -> None:
    letter, known = queue(), friends.known.pop("amal")
    if gone is not None:
        friends.known["amal"] = gone
    assert deliver_due_letters(by=program()) == Delivered(unreachable=1)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_to, mail.outbox) == ("unreachable", "", [])
    assert letter.problem == Problem.NO_ADDRESS
    assert list(undelivered_letters([DIVISION])) == [letter]
    assert not undelivered_letters([UUID(int=8)]).exists()
    assert str(letter.get_problem_display()).startswith("There is no e-mail address.")

    friends.known["amal"] = known
    resend_letter(by=coordinator(5), letter=letter)
    assert (letter.state, letter.problem) == ("queued", "")
    assert deliver_due_letters(by=program(5)) == Delivered(sent=1)
    assert headers(mail.outbox[0])["Message-ID"] == f"<{letter.message_id}@localhost>"


def test_letter_of_failed_work_is_never_sent(queue: Queue) -> None:
    def fail() -> None:
        with transaction.atomic():
            queue()
            assert Letter.objects.exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Letter.objects.exists()
    assert not Entry.objects.exists()
    # The control: the same letter, of work that stands, is there.
    queue()
    assert Letter.objects.count() == Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_letter_outside_a_transaction_is_refused(friends: Friends) -> None:
    del friends
    with pytest.raises(RuntimeError, match="inside the transaction"):
        queue_letter(
            by=program(),
            recipient="friend:amal",
            event="application_received",
            values={},
            about_id=None,
            division_id=DIVISION,
        )
    assert not Letter.objects.exists()


def test_letter_that_nobody_could_deliver_is_refused(queue: Queue) -> None:
    with pytest.raises(ValueError, match="needs day"):
        queue(values={})
    for recipient in ("stranger:1", "friend", "friend:"):
        with pytest.raises(ValueError, match="nobody has registered"):
            queue(recipient=recipient)


def test_prefix_cannot_be_registered_twice(friends: Friends) -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register("friend", lambda _: None)
    assert recipients.look_up("friend:amal") == friends.known["amal"]


def test_failing_server_is_tried_again_with_longer_waits_and_then_given_up(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        use(Down, patch)
        letter, minutes, waits = queue(), 0.0, []
        while letter.state == LetterState.QUEUED:
            deliver_due_letters(by=program(minutes))
            letter.refresh_from_db()
            wait = (letter.send_after - NOON).total_seconds() / 60 - minutes
            waits.append(round(wait))
            assert deliver_due_letters(by=program(minutes + wait - 0.1)) == Delivered()
            minutes += wait + 0.1
    assert waits[:-1] == [1, 5, 30, 120, 360] == [wait.total_seconds() / 60 for wait in BACK_OFF]
    assert (letter.state, letter.attempts, letter.problem) == ("failed", MOST_ATTEMPTS, "server")
    assert letter.problem_detail == "ConnectionRefusedError: nobody listens"

    resend_letter(by=coordinator(minutes), letter=letter)
    assert letter.attempts == 0
    assert deliver_due_letters(by=program(minutes)) == Delivered(sent=1)
    assert headers(mail.outbox[0])["Message-ID"] == f"<{letter.message_id}@localhost>"
    letter.refresh_from_db()
    assert (letter.state, letter.problem, letter.problem_detail) == ("sent", "", "")


def test_round_ends_when_the_server_is_down(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    use(Down, monkeypatch)
    for _ in range(3):
        queue()
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    assert due_letters(NOON).count() == 2


def test_letter_that_cannot_be_written_does_not_hold_up_the_others(
    queue: Queue, friends: Friends, caplog: pytest.LogCaptureFixture
) -> None:
    friends.known["bad"] = Recipient("Eva", "eva@example.org\nBcc: all@example.org", "en")
    bad, good = queue(recipient="friend:bad"), queue()
    bad_template = queue(delay=timedelta(0))
    Letter.objects.filter(pk=bad_template.pk).update(values={})
    assert deliver_due_letters(by=program()) == Delivered(sent=1, put_off=2)
    for letter in (bad, good, bad_template):
        letter.refresh_from_db()
    assert [bad.problem, good.problem, bad_template.problem] == ["broken", "", "broken"]
    assert "eva@example.org" in bad.problem_detail
    assert "eva@example.org" not in caplog.text


def test_letter_of_a_killed_worker_is_sent_under_the_same_message_id(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    class Killed(BaseEmailBackend):
        def send_messages(self, messages: object) -> int:
            mail.outbox.extend(messages)  # type: ignore[arg-type]
            raise KilledError

    letter = queue()
    with monkeypatch.context() as patch:
        use(Killed, patch)
        with pytest.raises(KilledError):
            deliver_due_letters(by=program())
    letter.refresh_from_db()
    assert letter.state == LetterState.SENDING
    assert deliver_due_letters(by=program(9)) == Delivered()
    assert is_post_waiting(program(11).at)
    assert deliver_due_letters(by=program(11)) == Delivered(sent=1, recovered=1)
    first, second = mail.outbox
    assert headers(first)["Message-ID"] == headers(second)["Message-ID"] == f"<{letter.message_id}@localhost>"


def test_letter_that_kills_its_workers_is_given_up(queue: Queue) -> None:
    letter = queue()
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING, sending_since=NOON, attempts=MOST_ATTEMPTS)
    assert deliver_due_letters(by=program(11)) == Delivered(failed=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == ("failed", "interrupted")


def test_late_worker_does_not_overwrite_what_another_has_done(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(BaseEmailBackend):
        def send_messages(self, messages: object) -> int:
            del messages
            # Meanwhile it is taken for dead, and another worker delivers.
            with monkeypatch.context() as patch:
                patch.setattr("mentornet.messaging.post.get_connection", lambda **_: mail.get_connection())
                assert deliver_due_letters(by=program(11)) == Delivered(sent=1, recovered=1)
            raise TimeoutError

    letter = queue()
    use(Slow, monkeypatch)
    assert deliver_due_letters(by=program()) == Delivered()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("sent", 2)


def test_letter_is_taken_back_within_its_delay(queue: Queue) -> None:
    author = coordinator()
    letter = queue(by=author)
    take_back_letter(by=coordinator(0.9), letter=letter)
    assert letter.state == LetterState.TAKEN_BACK
    assert deliver_due_letters(by=program(60)) == Delivered()
    assert Entry.objects.get(act="messaging.take_back_letter").detail == {"from": "queued", "to": "taken_back"}


def test_letter_is_not_taken_back_too_late(queue: Queue) -> None:
    letter = queue(by=coordinator())
    with pytest.raises(ChangedMeanwhileError, match="no longer"):
        take_back_letter(by=coordinator(1), letter=letter)
    seen_before = Letter.objects.get(pk=letter.pk)
    deliver_due_letters(by=program(1))
    with pytest.raises(ChangedMeanwhileError, match="no longer"):
        take_back_letter(by=coordinator(), letter=seen_before)
    assert Letter.objects.get().state == LetterState.SENT


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.SENDING, LetterState.SENT, LetterState.TAKEN_BACK])
def test_only_letters_that_failed_are_sent_again(queue: Queue, state: LetterState) -> None:
    letter = queue()
    Letter.objects.update(state=state)
    letter.refresh_from_db()
    with pytest.raises(ChangedMeanwhileError, match="could not be sent"):
        resend_letter(by=program(), letter=letter)
    assert Letter.objects.get().state == state


def test_staff_of_another_division_handle_no_letters(queue: Queue) -> None:
    stranger = coordinator(divisions=(UUID(int=8),), number=2)
    letter = queue(by=coordinator())
    for act in (take_back_letter, resend_letter):
        with pytest.raises(NotAllowedError):
            act(by=stranger, letter=letter)
    assert Letter.objects.get().state == LetterState.QUEUED
    # The controls: a colleague may, and so may the author, wherever she works now.
    take_back_letter(by=coordinator(number=2), letter=letter)
    take_back_letter(by=coordinator(divisions=()), letter=queue(by=coordinator()))


def test_people_do_not_deliver(queue: Queue) -> None:
    queue()
    with pytest.raises(NotAllowedError):
        deliver_due_letters(by=coordinator())
    assert mail.outbox == []


def test_demonstration_sends_into_the_letter_box_only(
    queue: Queue, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forbidden(BaseEmailBackend):
        def __init__(self) -> None:
            raise AssertionError("a letter would have left the machine")

    use(Forbidden, monkeypatch)
    letter = queue()
    settings.DEMO = True
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_to, letter.subject) == ("sent", "amal@example.org", "A message for you")
    assert letter.body.startswith("Hello Amal,")
    # The control: outside a demonstration the same backend is asked.
    settings.DEMO = False
    queue()
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)


@pytest.mark.django_db(transaction=True)
def test_network_is_used_outside_transactions(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Watching(BaseEmailBackend):
        def send_messages(self, messages: object) -> int:
            del messages
            seen.append(connection.in_atomic_block)
            return 1

    use(Watching, monkeypatch)
    queue()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_due_letters(by=program())
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    assert seen == [False]


def test_limit_is_kept_and_the_oldest_go_first(queue: Queue) -> None:
    later, first = queue(delay=timedelta(minutes=2)), queue(delay=timedelta(minutes=1))
    assert deliver_due_letters(by=program(3), limit=1) == Delivered(sent=1)
    states = dict(Letter.objects.values_list("pk", "state"))
    assert (states[first.pk], states[later.pk]) == ("sent", "queued")


def test_lists_show_their_division_newest_first(queue: Queue) -> None:
    about = UUID(int=1)
    old = queue(by=program(0), about_id=about)
    new = queue(by=program(1))
    other = queue(by=program(2), division_id=UUID(int=8))
    assert list(letters_in([DIVISION])) == [new, old]
    assert list(letters_in([DIVISION, UUID(int=8)])) == [other, new, old]
    assert list(letters_in([])) == []
    assert list(letters_about([about])) == [old]


def test_program_named_by_its_job_stands_in_the_audit(queue: Queue) -> None:
    queue(by=System("nightly", NOON))
    deliver_due_letters(by=program())
    acts = Entry.objects.order_by("pk").values_list("actor", "act", "division_id")
    assert list(acts) == [
        ("system:nightly", "messaging.queue_letter", DIVISION),
        ("system:deliver letters", "messaging.deliver_letter", DIVISION),
    ]
