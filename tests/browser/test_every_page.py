"""Every page of the desk, found by its address: readable by everybody, at each width, in both schemes, mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from access.matrix import Crossing, addresses
from access.worlds import World, build_world
from mentornet.matching.bank import forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROLE: Final = "coordinator here"
LEAST: Final = 30


@pytest.fixture
def world(settings: Settings) -> World:
    settings.DEMO = True
    forget()
    return build_world()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, world: World, look: dict[str, Any]) -> Iterator[BrowserContext]:
    client = Client()
    user = world.users[ROLE]
    assert user is not None
    client.force_login(user)
    kept = browser.new_context(
        viewport={"width": look["width"], "height": 900}, color_scheme=look["scheme"], base_url=live_server.url
    )
    for name, value in (("session", client.cookies["session"].value), ("django_language", look["language"])):
        kept.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    yield kept
    kept.close()


def _pages(world: World) -> list[str]:
    """Return the address of every page that she can open, with her division's objects in it."""
    crossing, client = Crossing(world), Client()
    user = world.users[ROLE]
    assert user is not None
    client.force_login(user)
    found = []
    for address in addresses():
        if not address.name.startswith("desk:"):
            continue
        names = crossing.divisional(address)
        url = crossing.url(address, {name: str(crossing.object_of(address, name, "here")) for name in names})
        answer = client.get(url)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"] and b"<html" in answer.content:
            found.append(url)
    return found


@pytest.mark.parametrize(
    "look",
    [
        {"width": 320, "scheme": "dark", "language": "en"},
        {"width": 320, "scheme": "light", "language": "xb"},
        {"width": 1280, "scheme": "light", "language": "en"},
        {"width": 1280, "scheme": "dark", "language": "xb"},
    ],
    ids=["320-dark-en", "320-light-xb", "1280-light-en", "1280-dark-xb"],
)
def test_every_page_is_readable(context: BrowserContext, world: World, look: dict[str, Any]) -> None:
    page, said, faults = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    urls = _pages(world)
    assert len(urls) >= LEAST
    for url in urls:
        page.goto(url)
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        # axe does not know the tests' mirrored language.
        faults += [
            f"{url} {one['id']}: {node['html'][:160]}"
            for one in found
            for node in one["nodes"]
            if 'lang="xb"' not in node["html"]
        ]
        if (wider := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            faults.append(f"{url} scrolls sideways by {wider} px")
        if look["language"] == "xb" and page.evaluate("document.documentElement.dir") != "rtl":
            faults.append(f"{url} is not right-to-left")
    assert "\n".join([*faults, *said]) == ""
