"""An address that is too long gets a page of ours, from Django or from the server in front of it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from django.urls import reverse
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine

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
