"""The audit of known weaknesses: what could not be looked up is no good news."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mentornet.config.serving import free_port
from sources import ROOT
from supply.bill_of_materials import lock
from supply.known_vulnerabilities import (
    NONE_KNOWN,
    NOT_LOOKED_UP,
    SOME_KNOWN,
    NotLookedUpError,
    lists,
    look_up,
    main,
)

Answer = Callable[[str, str], tuple[int, dict[str, Any]]]
WEAK = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "An example.",
    "affected": [
        {"package": {"name": "django", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": []}]},
    ],
}


@contextmanager
def service(answer: Answer) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Run a service of weaknesses on this machine, in the way of osv.dev, and keep what it was asked."""
    asked: list[tuple[str, str]] = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((question["package"]["name"], question["version"]))
            status, said = answer(*asked[-1])
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
    finally:
        server.shutdown()
        server.server_close()


def run(url: str) -> int:
    return main(["--service", "osv", "--osv-url", url])


def test_service_that_cannot_be_reached_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"http://127.0.0.1:{free_port('127.0.0.1', None)}/v1/query") == NOT_LOOKED_UP
    assert "could not look everything up" in capsys.readouterr().err


def test_all_are_looked_up_and_none_is_weak(capsys: pytest.CaptureFixture[str]) -> None:
    with service(lambda _name, _version: (200, {})) as (url, asked):
        assert run(url) == NONE_KNOWN
    # Also those for other machines, and both versions of what the lock has twice.
    locked = {(row["name"], row["version"]) for row in lock() if row["name"] != "mentornet"}
    assert set(asked) == locked
    assert f"{len(locked)} packages looked up; 0 known weaknesses." in capsys.readouterr().out


def test_known_weakness_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with service(lambda name, _version: (200, {"vulns": [WEAK]} if name == "django" else {})) as (url, _asked):
        assert run(url) == SOME_KNOWN
    told = capsys.readouterr().out
    assert re.search(r"^django \S+, installed: \S*2026-1", told, re.MULTILINE)
    assert "1 known weaknesses" in told


@pytest.mark.parametrize("status", [404, 500, 503])
def test_one_package_that_could_not_be_looked_up_is_a_failure(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(name: str, _version: str) -> tuple[int, dict[str, Any]]:
        return (status if name == "whitenoise" else 200), {}

    with service(answer) as (url, _asked):
        assert run(url) == NOT_LOOKED_UP
    assert "could not look everything up" in capsys.readouterr().err


def test_package_passed_over_in_silence_is_a_failure() -> None:
    # pip-audit leaves out what a condition keeps from this machine, and ends well: that alone is no answer.
    elsewhere = ("whitenoise", "6.11.0; sys_platform == 'nowhere'")
    with service(lambda _name, _version: (200, {})) as (url, _asked):
        asking = ["--vulnerability-service", "osv", "--osv-url", url]
        assert [one["name"] for one in look_up([("django", "5.2.1")], asking)] == ["django"]
        with pytest.raises(NotLookedUpError, match="nowhere"):
            look_up([("django", "5.2.1"), elsewhere], asking)


def test_no_package_stands_twice_in_a_list() -> None:
    keys = [("a", "1"), ("b", "1"), ("b", "2"), ("c", "3")]
    found = list(lists(keys))
    assert sorted(key for some in found for key in some) == sorted(keys)
    assert all(len({name for name, _ in some}) == len(some) for some in found)
    assert [*lists([])] == []


def test_make_knows_both_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "tests/supply/bill_of_materials.py" in makefile
    assert "tests/supply/known_vulnerabilities.py" in makefile
