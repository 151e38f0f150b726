"""Mail through a provider: the settings come out right, and its own backend carries our letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import get_connection
from pytest_django.fixtures import Settings

from mentornet.config.env import SettingError, read_settings
from mentornet.config.mail import PROVIDERS, mail_settings
from mentornet.config.serving import be_reached_at
from mentornet.messaging.models import Letter, Problem
from mentornet.messaging.services import Delivered, deliver_due_letters
from messaging.friends import Queue, program
from messaging.gateway import Provider, Request


class Postmark(Provider):
    """Answers as Postmark does."""

    def reply(self, request: Request) -> tuple[int, Any]:
        if self.status != 200:
            return self.status, self.answer
        to = {"To": request.body.get("To", "")}
        return 200, to | {"SubmittedAt": "2026-03-09", "MessageID": "key", "ErrorCode": 0, "Message": "OK"}


@pytest.fixture
def postmark(settings: Settings) -> Iterator[Postmark]:
    with Postmark().running() as provider:
        wanted = mail_settings(f"anymail+postmark://key@?api_url=http://127.0.0.1:{provider.port}/")
        settings.EMAIL_BACKEND, settings.ANYMAIL = wanted["EMAIL_BACKEND"], wanted["ANYMAIL"]
        yield provider  # type: ignore[misc]  # the stand-in returns itself


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_provider_is_set_up_from_one_address(name: str, settings: Settings) -> None:
    options = "?secret_key=s2" if name == "mailjet" else ""
    found = mail_settings(f"anymail+{name}://k%2Fey@mail.example.org{options}")
    assert found["EMAIL_BACKEND"] == f"anymail.backends.{name}.EmailBackend"
    assert found["ANYMAIL"][PROVIDERS[name].key] == "k/ey"
    settings.ANYMAIL = found["ANYMAIL"]
    # It would complain of a setting that it misses.
    get_connection(found["EMAIL_BACKEND"])


def test_mailgun_knows_its_domain_and_region() -> None:
    url = "anymail+mailgun://key@mg.example.org?api_url=https://api.eu.mailgun.net/v3"
    assert mail_settings(url)["ANYMAIL"] == {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
        "REQUESTS_TIMEOUT": (10, 30),
        "DEBUG_API_REQUESTS": False,
    }


def test_mail_servers_are_set_up_as_before() -> None:
    found = mail_settings("smtp+tls://user:password@mail.example.org:587")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)


@pytest.mark.parametrize(
    "url",
    [
        "anymail+pigeon://secret@",
        "anymail+postmark://example.org",
        "anymail+mailgun://secret@",
        "anymail+postmark://secret@?colour=blue",
    ],
)
def test_address_that_cannot_be_used_is_told_without_its_key(url: str) -> None:
    with pytest.raises(SettingError, match="MENTORNET_MAIL_URL") as refused:
        mail_settings(url)
    assert "secret" not in str(refused.value)


@pytest.mark.django_db
def test_letter_leaves_through_a_provider(queue: Queue, postmark: Postmark) -> None:
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    [request] = postmark.asked
    assert request.headers["X-Postmark-Server-Token"] == "key"
    letter.refresh_from_db()
    assert (request.body["To"], request.body["TextBody"]) == ("amal@example.org", letter.body)
    headers = {header["Name"]: header["Value"] for header in request.body["Headers"]}
    assert (headers["Message-ID"], headers["X-PM-KeepID"]) == (f"<{letter.message_id}@localhost>", "true")


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "problem"), [(422, Problem.REFUSED), (401, Problem.SERVER), (503, Problem.SERVER)])
def test_what_the_provider_says_is_understood(queue: Queue, postmark: Postmark, status: int, problem: Problem) -> None:
    postmark.status, postmark.answer = status, {"ErrorCode": 300, "Message": "no"}
    for _ in range(2):
        queue()
    expected = Delivered(failed=2) if problem == Problem.REFUSED else Delivered(put_off=1)
    assert deliver_due_letters(by=program()) == expected
    assert set(Letter.objects.exclude(problem="").values_list("problem", flat=True)) == {problem}


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"MENTORNET_HOSTS": "localhost,.example.org,b.example.org"}, "https://example.org"),
        ({"MENTORNET_HOSTS": "desk.example.org", "MENTORNET_HTTPS": "no"}, "http://127.0.0.1:8000"),
        ({"MENTORNET_HOSTS": "*"}, "http://127.0.0.1:8000"),
        ({"MENTORNET_ADDRESS": "https://example.org/", "MENTORNET_HOSTS": "other.org"}, "https://example.org"),
        ({"MENTORNET_ADDRESS": "http://127.0.0.1:8123"}, "http://127.0.0.1:8123"),
    ],
)
def test_address_in_letters(environment: dict[str, str], address: str) -> None:
    assert read_settings(environment).address == address


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://example.org/desk", "https://"])
def test_address_that_no_letter_could_carry(address: str) -> None:
    with pytest.raises(SettingError, match="MENTORNET_ADDRESS"):
        read_settings({"MENTORNET_ADDRESS": address})


def test_letters_say_the_port_that_is_served_unless_an_address_is_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What be_reached_at writes is taken back with it.
    monkeypatch.setenv("MENTORNET_ADDRESS", "")
    be_reached_at("http://127.0.0.1:8123")
    # The worker beside reads it from its environment.
    assert settings.ADDRESS == read_settings().address == "http://127.0.0.1:8123"
    be_reached_at("http://127.0.0.1:8124")
    assert settings.ADDRESS == "http://127.0.0.1:8123"
