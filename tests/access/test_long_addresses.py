"""An address that is too long gets a page of ours, from Django or from the server in front of it."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from django.urls import reverse
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from pytest_django import Settings

from access.guards import policy_faults
from access.worlds import with_second_factor
from factories.django_rows import give_role, make_division, make_user
from mentornet.config import serving as server
from mentornet.divisions.models import Role
from mentornet.web import access
from serving import of_nobody, served
from sources import ROOT

TEMPLATES: Final = sorted((ROOT / "src/mentornet/web").rglob("*.html"))
SEARCHES: Final = ("desk:people", "desk:applications", "desk:bank", "desk:proposals", "desk:partnerships")


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    client.force_login(with_second_factor(user))
    return client


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize("text", ["x" * 10_000, "a " * 5_000, "ø" * 10_000], ids=["one word", "many words", "wide"])
def test_long_search_is_cut_to_what_the_field_takes(desk: Client, name: str, text: str) -> None:
    answer = desk.get(reverse(name), {"q": text})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert text[: access.LONGEST_SEARCH + 50].strip() not in shown
    # An empty bank has nothing to search in.
    assert name == "desk:bank" or text[: access.LONGEST_SEARCH - 5].strip() in shown


def test_uncut_search_would_reach_the_database(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "LONGEST_SEARCH", 10_000)
    answer = desk.get(reverse("desk:people"), {"q": "x" * 400})
    assert "x" * 400 in answer.content.decode()


def test_every_search_field_takes_no_more() -> None:
    fields = [
        (path.name, field)
        for path in TEMPLATES
        for field in re.findall(r'<input[^>]*type="search"[^>]*>', path.read_text(encoding="utf-8"))
        if ' name="q"' in field
    ]
    assert len(fields) >= 8
    assert [name for name, field in fields if f'maxlength="{access.LONGEST_SEARCH}"' not in field] == []


# Before there is a request ------------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A browser's end of a connection, and the server's."""
    browser, end = socket.socketpair()
    with closing(browser), closing(end):
        yield browser, end


def ask(pair: tuple[socket.socket, socket.socket], error: Exception) -> bytes:
    """Let the server refuse what the browser is still sending, and return what the browser reads."""
    browser, end = pair
    worker = server.Worker.__new__(server.Worker)

    def read() -> bytes:
        browser.sendall(b"x" * 100_000)
        browser.shutdown(socket.SHUT_WR)
        got = b""
        while part := browser.recv(65_536):
            got += part
        return got

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            worker.handle_error(None, end, ("127.0.0.1", 1), error)
        finally:
            end.close()
        return reading.result(10)


def test_request_line_that_is_too_long_gets_a_page(pair: tuple[socket.socket, socket.socket]) -> None:
    head, _, page = ask(pair, LimitRequestLine(10_000, 8_190)).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 414 URI Too Long"
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert int(headers["Content-Length"]) == len(page)
    assert "no-store" in headers["Cache-Control"]
    assert policy_faults(headers["Content-Security-Policy"]) == []
    text = page.decode()
    assert "<h1>" in text
    assert 'href="/"' in text
    assert "search for a name or a few words" in text
    assert "x" * 50 not in text


def test_browser_that_goes_on_drop_by_drop_holds_the_server_no_longer(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.5)
    browser, end = pair
    is_over = threading.Event()

    def drip() -> None:
        # Always sooner than a single wait would end.
        while not is_over.wait(0.1):
            with suppress(OSError):
                browser.send(b"x")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(drip)
        began = time.monotonic()
        try:
            server.Worker.__new__(server.Worker).handle_error(None, end, ("", 1), LimitRequestLine(10_000, 8_190))
        finally:
            took = time.monotonic() - began
            is_over.set()
    # The drops go on until it has ended: unless it stops waiting by itself, it does not end.
    assert 0.4 < took < 30


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [0, 31_536_000])
def test_page_says_that_only_https_is_to_be_used_where_that_is_so(settings: Settings, seconds: int) -> None:
    settings.SECURE_HSTS_SECONDS = seconds
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    # As Django itself says it.
    own = Client().get(reverse("account_login"), secure=True)
    head = server.too_long().partition(b"\r\n\r\n")[0].decode()
    told = dict(line.split(": ", 1) for line in head.split("\r\n")[1:]).get("Strict-Transport-Security")
    assert told == own.headers.get("Strict-Transport-Security")
    assert (told is None) == (not seconds)


def test_other_faults_are_answered_as_ever(pair: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(AttributeError, match="log"):
        # Gunicorn's own answer begins with its log, which this worker was made without.
        ask(pair, InvalidRequestLine("?"))


def test_server_answers_a_search_that_is_a_whole_letter(tmp_path: Path) -> None:
    environment = of_nobody(tmp_path / "data") | {"MENTORNET_HTTPS": "no", "MENTORNET_DEMO": "yes"}
    with served("serve", environment=environment, log=tmp_path / "log") as address:
        for length, wanted in ((5_000, 200), (10_000, 414), (60_000, 414)):
            request = Request(f"{address}/accounts/login/?q={'x' * length}")
            try:
                with urlopen(request, timeout=10) as answer:
                    status, page = answer.status, answer.read().decode()
            except HTTPError as error:
                status, page = error.code, error.read().decode()
                error.close()
            assert status == wanted
            assert "<h1>" in page
            assert "<h1><p>" not in page, "gunicorn's own page"
