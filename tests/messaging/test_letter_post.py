"""Letters over the wire, to a mail server of the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import Delivered, deliver_due_letters, resend_letter
from messaging.friends import Friends, Queue, coordinator, program
from messaging.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """Let letters leave by SMTP to a server of the test's own."""
    with Sink().running() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield sink


def test_letter_arrives_whole(queue: Queue, friends: Friends, sink: Sink, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Bodil <post@example.org>"
    friends.known["amal"] = Recipient("Amål Ærø", "amal@example.org", "en")
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    [(to, message)] = sink.got
    letter.refresh_from_db()
    assert to == "amal@example.org"
    assert message["Message-ID"] == f"<{letter.message_id}@example.org>"
    assert message["From"] == "Bodil <post@example.org>"
    assert message["Subject"] == "A message for you"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n").strip() == letter.body.strip()
    assert "Hello Amål Ærø," in letter.body
    # Neither a header nor the text tells of the network.
    assert "mentor" not in message.as_string().lower()


def test_refused_address_is_told_and_the_next_letter_leaves(queue: Queue, friends: Friends, sink: Sink) -> None:
    friends.known["eva"] = Recipient("Eva", "eva@example.org", "en")
    sink.refused.add("amal@example.org")
    refused, sent = queue(), queue(recipient="friend:eva")
    assert deliver_due_letters(by=program()) == Delivered(sent=1, failed=1)
    assert [to for to, _ in sink.got] == ["eva@example.org"]
    states = {letter.pk: (letter.state, letter.problem) for letter in Letter.objects.all()}
    assert states == {refused.pk: ("failed", "refused"), sent.pk: ("sent", "")}

    # Repaired meanwhile: the same letter arrives when somebody sends it again.
    sink.refused.clear()
    refused.refresh_from_db()
    resend_letter(by=coordinator(2), letter=refused)
    assert deliver_due_letters(by=program(2)) == Delivered(sent=1)
    assert sink.got[-1][0] == "amal@example.org"
    assert str(refused.message_id) in sink.got[-1][1]["Message-ID"]


def test_address_that_is_refused_for_now_is_tried_again(queue: Queue, sink: Sink) -> None:
    sink.refused.add("amal@example.org")
    sink.refusal = b"450 come back later\r\n"
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == ("queued", "refused")
    sink.refused.clear()
    assert deliver_due_letters(by=program(2)) == Delivered(sent=1)


def test_one_greeting_is_enough_for_a_round(queue: Queue, friends: Friends, sink: Sink) -> None:
    friends.known["eva"] = Recipient("Eva", "eva@example.org", "en")
    for _ in range(3):
        queue()
    queue(recipient="friend:eva")
    assert deliver_due_letters(by=program()) == Delivered(sent=4)
    assert (len(sink.got), sink.greeted) == (4, 1)
    queue()
    deliver_due_letters(by=program(1))
    assert sink.greeted == 2


def test_server_that_is_gone_is_told(queue: Queue, settings: Settings) -> None:
    with Sink().running() as sink:
        port = sink.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert (letter.problem, letter.problem_detail.partition(":")[0]) == ("server", "ConnectionRefusedError")
