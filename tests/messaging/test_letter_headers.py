"""What people have written about themselves becomes no header of a letter, and brings no other recipient."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import deliver_due_letters
from messaging.friends import Friends, Queue, program
from messaging.sink import Sink

pytestmark = pytest.mark.django_db
OTHER = "other@evil.example"
BREAKS = ["\r\n", "\n", "\r"]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with Sink().running() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield sink


@pytest.mark.parametrize("line", BREAKS)
def test_name_with_a_line_break_stays_in_the_text(queue: Queue, friends: Friends, sink: Sink, line: str) -> None:
    friends.known["amal"] = Recipient(f"Amal{line}Bcc: {OTHER}", "amal@example.org", "en")
    queue()
    deliver_due_letters(by=program())
    assert [to for to, _ in sink.got] == ["amal@example.org"]
    assert all(OTHER not in str(value) for _, message in sink.got for value in message.values())
    assert all("Bcc" not in message for _, message in sink.got)
    # The control: the name did arrive, where it may stand.
    assert OTHER in sink.got[0][1].as_string()


@pytest.mark.parametrize("line", BREAKS)
def test_address_with_a_line_break_reaches_nobody(queue: Queue, friends: Friends, sink: Sink, line: str) -> None:
    friends.known["amal"] = Recipient("Amal", f"amal@example.org{line}Bcc: {OTHER}", "en")
    friends.known["eva"] = Recipient("Eva", "eva@example.org", "en")
    bad, good = queue(), queue(recipient="friend:eva")
    deliver_due_letters(by=program())
    assert [to for to, _ in sink.got] == ["eva@example.org"]
    states = dict(Letter.objects.values_list("pk", "state"))
    assert (states[bad.pk] == "sent", states[good.pk]) == (False, "sent")
