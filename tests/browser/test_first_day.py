"""The program as somebody new to it meets it: `mentornet demo`, a browser, and nothing read beforehand."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration of the first year, served by the program itself with its worker."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
    log = (folder / "log").open("wb")
    program = subprocess.Popen(
        [sys.executable, "-m", "mentornet.cli", "demo", "--pilot", "--port", str(port)],
        env=environment | {"MENTORNET_DATA": str(folder)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/demo/", timeout=5).close()
                break
            except OSError:
                assert program.poll() is None, Path(log.name).read_text(encoding="utf-8")
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(20)
        log.close()


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the browser complains of; nothing, at the end of each test."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def test_from_the_waiting_list_to_a_partnership(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.get_by_role("heading", name="Today", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Waiting list").first.click()
    page.get_by_role("link", name="Find a mentor").first.click()
    mentee = page.get_by_role("heading", level=1).inner_text().removeprefix("A mentor for ")
    page.get_by_role("link", name=re.compile("^Choose ")).first.click()
    page.get_by_label("Why these two?").fill("Same field, and both free on Tuesday evenings.")
    page.get_by_role("button", name="Propose to both").click()
    expect(page.get_by_text("Proposed to both.")).to_be_visible()
    for _side in range(2):
        page.get_by_label("Yes", exact=True).first.check()
        page.get_by_role("button", name=re.compile("^Take down the answer of ")).first.click()
    page.get_by_role("link", name=re.compile("partnership", re.IGNORECASE)).last.click()
    expect(page.get_by_text("matched, not yet begun").first).to_be_visible()
    assert mentee.split(maxsplit=1)[0] in page.get_by_role("heading", level=1).inner_text()
    assert "/partnerships/" in page.url


def test_letters_reach_the_letter_box_and_nothing_else(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("link", name="Waiting list").first.click()
    page.get_by_role("button", name="Send a word").nth(1).click()
    page.get_by_role("link", name="Letters", exact=True).first.click()
    page.get_by_role("link", name="A word to somebody waiting").first.click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    page.goto(f"{address}/demo/letters/")
    expect(page.get_by_role("heading", name="Letter box")).to_be_visible()


def test_one_click_sign_in_is_for_demonstrations_alone(tmp_path: Path) -> None:
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
    environment |= {"MENTORNET_DATA": str(tmp_path), "MENTORNET_HTTPS": "no"}
    program = subprocess.Popen(
        [sys.executable, "-m", "mentornet.cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).close()
                break
            except OSError:
                assert program.poll() is None
                time.sleep(0.1)
        for path in ("/demo/", "/demo/letters/"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
            assert refused.value.code == 404
            refused.value.close()
    finally:
        program.terminate()
        program.wait(20)
