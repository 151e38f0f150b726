"""Letters over the wire, to a mail server of the test's own."""

from __future__ import annotations

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import pytest
from pytest_django.fixtures import Settings

from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import Delivered, deliver_due_letters
from messaging.friends import Friends, Queue, program

pytestmark = pytest.mark.django_db


class Sink:
    """A mail server that keeps what it gets, and refuses addresses that it is told to refuse."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Message]] = []
        self.refused: set[str] = set()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        to = ""
        while line := (await reader.readline()).decode():
            word = line[:4].upper().strip()
            answer = b"250 well\r\n"
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                answer = b"550 no such box\r\n" if to in self.refused else answer
            elif word == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.got.append((to, email.message_from_bytes(data[: -len(b".\r\n")])))
            elif word == "QUIT":
                answer = b"221 bye\r\n"
            writer.write(answer)
            if word == "QUIT":
                break
        writer.close()
        await writer.wait_closed()

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._closing.wait()
        server.close()
        await server.wait_closed()

    @contextmanager
    def running(self) -> Iterator[Sink]:
        thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        thread.start()
        assert self._listening.wait(5)
        yield self
        self._loop.call_soon_threadsafe(self._closing.set)
        thread.join(5)
        self._loop.close()


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
    assert deliver_due_letters(by=program()) == Delivered(sent=1, put_off=1)
    assert [to for to, _ in sink.got] == ["eva@example.org"]
    states = {letter.pk: (letter.state, letter.problem) for letter in Letter.objects.all()}
    assert states == {refused.pk: ("queued", "refused"), sent.pk: ("sent", "")}

    # Repaired meanwhile: the same letter arrives at the next attempt.
    sink.refused.clear()
    assert deliver_due_letters(by=program(2)) == Delivered(sent=1)
    assert sink.got[-1][0] == "amal@example.org"
    assert str(refused.message_id) in sink.got[-1][1]["Message-ID"]


def test_server_that_is_gone_is_told(queue: Queue, settings: Settings) -> None:
    with Sink().running() as sink:
        port = sink.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert (letter.problem, letter.problem_detail.partition(":")[0]) == ("server", "ConnectionRefusedError")
