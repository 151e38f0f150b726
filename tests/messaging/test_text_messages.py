"""Text messages over the wire, to a stand-in that speaks the provider's API."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from mentornet.messaging.models import Letter, Problem
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import Delivered, deliver_due_letters, resend_letter
from mentornet.messaging.sms import (
    FileProvider,
    GatewayApi,
    RefusedNumberError,
    ServerDownError,
    UnansweredError,
    needs_ucs2,
    number_of,
    texting_of,
)
from messaging.friends import Friends, Queue, coordinator, program
from messaging.gateway import Provider

TO = "+4520202020"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider().running() as provider:
        yield provider


def api(provider: Provider, token: str = "token") -> GatewayApi:
    return GatewayApi("127.0.0.1", provider.port, token, "Office", is_plain=True, patience_seconds=0.3)


def test_message_is_handed_over_as_the_provider_wants_it(provider: Provider) -> None:
    assert api(provider).send(TO, "Hej Åse", "reference-1") == "421332671"
    [request] = provider.asked
    assert request.path == "/rest/mtsms"
    assert request.headers["Authorization"] == "Token token"
    assert request.headers["Content-Type"] == "application/json"
    assert request.body == {
        "sender": "Office",
        "message": "Hej Åse",
        "userref": "reference-1",
        "recipients": [{"msisdn": 4520202020}],
    }


@pytest.mark.parametrize(
    ("text", "expected"), [("Hej Åse, 100 %: æøå €", False), ("مرحبا", True), ("Привіт", True), ("“Hej”", True)]
)
def test_other_alphabets_are_announced(provider: Provider, text: str, expected: bool) -> None:
    api(provider).send(TO, text, "r")
    assert (provider.asked[0].body.get("encoding") == "UCS2") == expected == needs_ucs2(text)


@pytest.mark.parametrize("status", [400, 422])
def test_refused_message_is_told_from_a_server_that_is_down(provider: Provider, status: int) -> None:
    provider.status = status
    with pytest.raises(RefusedNumberError, match=f"^{status} 0x0001$"):
        api(provider).send(TO, "Hej", "r")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_everything_else_holds_for_other_messages_too(provider: Provider, status: int) -> None:
    provider.status = status
    with pytest.raises(ServerDownError, match=f"^{status}"):
        api(provider).send(TO, "Hej", "r")


def test_wrong_token_is_the_servers_no(provider: Provider) -> None:
    with pytest.raises(ServerDownError, match="401"):
        api(provider, token="another").send(TO, "Hej", "r")


def test_server_that_hangs_is_given_up(provider: Provider) -> None:
    provider.hangs = True
    with pytest.raises(ServerDownError, match="TimeoutError"):
        api(provider).send(TO, "Hej", "r")


def test_server_that_is_gone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServerDownError, match="ConnectionRefusedError") as gone:
        GatewayApi("127.0.0.1", port, "token", is_plain=True).send(TO, "Hej", "r")
    assert not isinstance(gone.value, UnansweredError), "nobody had the message"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ({"hangs": True}, "TimeoutError"),
        ({"hangs_up": True}, "RemoteDisconnected"),
        ({"status": 502}, "502"),
        ({"status": 504}, "504"),
        ({"answer": {"ids": []}}, "without the message's key"),
    ],
)
def test_message_that_may_have_been_taken_is_told_from_one_that_was_not(
    provider: Provider, behaviour: dict[str, object], words: str
) -> None:
    for name, value in behaviour.items():
        setattr(provider, name, value)
    with pytest.raises(UnansweredError, match=words):
        api(provider).send(TO, "Hej", "r")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_message_that_was_not_taken_is_not_in_doubt(provider: Provider, status: int) -> None:
    provider.status = status
    with pytest.raises(ServerDownError) as refused:
        api(provider).send(TO, "Hej", "r")
    assert not isinstance(refused.value, UnansweredError)


def test_success_without_a_key_is_none(provider: Provider) -> None:
    provider.answer = {"ids": []}
    with pytest.raises(ServerDownError, match="without the message's key"):
        api(provider).send(TO, "Hej", "r")


def test_token_follows_no_redirect(provider: Provider) -> None:
    with Provider().running() as other:
        provider.redirects_to = f"http://127.0.0.1:{other.port}/rest/mtsms"
        with pytest.raises(ServerDownError, match="307"):
            api(provider).send(TO, "Hej", "r")
        assert other.asked == []


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("20 20 20 20", "DK", TO),
        ("(+45) 20-20.20.20", "DK", TO),
        ("004520202020", "DK", TO),
        ("+49 151 23456789", "DK", "+4915123456789"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("٢٠٢٠٢٠٢٠", "DK", TO),
    ],
)
def test_numbers_are_understood_however_they_are_written(written: str, country: str, expected: str) -> None:
    assert number_of(written, country) == expected


@pytest.mark.parametrize("written", ["", "her sister", "123", "20 20 20 20 20 20 20 20 20", "20202020 ext. 7"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(RefusedNumberError):
        number_of(written)


def test_addresses_of_the_settings(tmp_path: Path) -> None:
    assert texting_of("", tmp_path) is None
    to_file = texting_of("file:", tmp_path)
    assert to_file is not None
    assert to_file.provider == FileProvider(tmp_path / "text-messages.jsonl")
    by_api = texting_of("gatewayapi://to%2Fken@gatewayapi.com?sender=Kontoret&country=se", tmp_path)
    assert by_api is not None
    assert by_api.provider == GatewayApi("gatewayapi.com", None, "to/ken", "Kontoret")
    assert by_api.country == "SE"


@pytest.mark.parametrize(
    "url",
    [
        "carrier-pigeon://secret@example.org",
        "gatewayapi://gatewayapi.com",
        "gatewayapi://secret@",
        "gatewayapi://secret@gatewayapi.com?sender=MoreThanEleven",
        "gatewayapi://secret@gatewayapi.com?sender=Kvindér",
        "gatewayapi://secret@gatewayapi.com?country=Denmark",
        "gatewayapi://secret@gatewayapi.com?colour=blue",
    ],
)
def test_address_that_cannot_be_used_is_told_without_its_token(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MENTORNET_SMS_URL") as refused:
        texting_of(url, tmp_path)
    assert "secret" not in str(refused.value)
    assert "secret" not in repr(GatewayApi("h", None, "secret"))


def test_file_holds_a_line_for_each_message(tmp_path: Path) -> None:
    provider = FileProvider(tmp_path / "deeper" / "texts.jsonl")
    keys = {provider.send(TO, "Hej\nÅse", "r1"), provider.send(TO, "مرحبا", "r2")}
    assert len(keys) == 2
    lines = [json.loads(line) for line in provider.path.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == ["Hej\nÅse", "مرحبا"]


@pytest.mark.django_db
def test_letter_refused_and_repaired_arrives_under_the_same_reference(
    queue: Queue, friends: Friends, provider: Provider, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_URL = f"gatewayapi+http://token@127.0.0.1:{provider.port}?sender=Office"
    friends.known["amal"] = Recipient("Amal", "", "en", phone="20 20 20 20", way="text")
    letter = queue()
    provider.status = 422
    assert deliver_due_letters(by=program()) == Delivered(failed=1)
    letter.refresh_from_db()
    assert (letter.problem, letter.problem_detail) == (Problem.NUMBER, "RefusedNumberError: 422 0x0001")
    resend_letter(by=coordinator(1), letter=letter)
    provider.status = 500
    assert deliver_due_letters(by=program(1.1)) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert letter.problem == Problem.TEXT_SERVER
    provider.status = 200
    assert deliver_due_letters(by=program(10)) == Delivered(sent=1)
    assert {request.body["userref"] for request in provider.asked} == {str(letter.message_id)}
    assert Letter.objects.get().state == "sent"
    assert "20202020" not in caplog.text
    assert "token" not in caplog.text
