"""The program as somebody new to it meets it: `mentornet demo`, a browser, and nothing read beforehand."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.readable import listen
from serving import of_nobody, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration of the first year, served by the program itself with its worker."""
    folder = tmp_path_factory.mktemp("demo")
    with served("demo", "--pilot", environment=of_nobody(folder), log=folder / "log") as address:
        yield address


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the browser complains of; nothing, at the end of each test."""
    found: list[str] = []
    listen(page, found)
    yield found
    assert found == []


def test_from_the_waiting_list_to_a_partnership(page: Page, address: str, said: list[str]) -> None:
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
    page.get_by_role("link", name="Open the partnership").click()
    expect(page.get_by_text("matched, not yet begun").first).to_be_visible()
    assert mentee.split(maxsplit=1)[0] in page.get_by_role("heading", level=1).inner_text()
    assert "/partnerships/" in page.url


def test_letters_reach_the_letter_box_and_nothing_else(page: Page, address: str, said: list[str]) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("link", name="Waiting list").first.click()
    page.get_by_role("button", name=re.compile("^Send her a word")).nth(1).click()
    page.get_by_role("link", name="Letters", exact=True).first.click()
    page.get_by_role("link", name="A word to somebody waiting").first.click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    page.goto(f"{address}/demo/letters/")
    expect(page.get_by_role("heading", name="Letter box")).to_be_visible()


def test_one_click_sign_in_is_for_demonstrations_alone(tmp_path: Path) -> None:
    environment = of_nobody(tmp_path) | {"MENTORNET_HTTPS": "no", "MENTORNET_MAIL_URL": "consolemail://"}
    with served("serve", environment=environment, log=tmp_path / "log") as address:
        for path in ("/demo/", "/demo/letters/"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{address}{path}", timeout=5)
            assert refused.value.code == 404
            refused.value.close()
