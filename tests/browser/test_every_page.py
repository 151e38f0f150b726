"""Every page of the desk, found by its address: readable by everybody, at each width, in both schemes, mirrored."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import Settings

from access.matrix import Crossing, addresses
from access.worlds import World, build_world
from browser.readable import MIRRORED, OpenPage, faults, overflow
from mentornet.matching.bank import forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROLES: Final = ("coordinator here", "division lead here", "administrator")
"""Each opens pages that the ones before her do not."""
LEAST: Final = 30


@pytest.fixture
def world(settings: Settings) -> World:
    settings.DEMO = True
    forget()
    return build_world()


def _pages(world: World, role: str) -> list[str]:
    """Return the address of every page that she can open, with her division's objects in it."""
    crossing, client = Crossing(world), Client()
    user = world.users[role]
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
        {"width": 320, "color_scheme": "dark", "language": "en"},
        {"width": 320, "color_scheme": "light", "language": MIRRORED},
        {"width": 1280, "color_scheme": "light", "language": "en"},
        {"width": 1280, "color_scheme": "dark", "language": MIRRORED},
    ],
    ids=["320-dark-en", "320-light-xb", "1280-light-en", "1280-dark-xb"],
)
def test_every_page_is_readable(open_page: OpenPage, world: World, look: dict[str, Any]) -> None:
    seen: set[str] = set()
    found: list[str] = []
    for role in ROLES:
        urls = [url for url in _pages(world, role) if url not in seen]
        assert urls, role
        page = open_page(urls[0], user=world.users[role], **look)
        for url in urls:
            page.goto(url)
            found += [f"{url} {fault}" for fault in faults(page)]
            if (wider := overflow(page)) > 0:
                found.append(f"{url} scrolls sideways by {wider} px")
            if look["language"] == MIRRORED and page.evaluate("document.documentElement.dir") != "rtl":
                found.append(f"{url} is not right-to-left")
        seen.update(urls)
        assert len(seen) >= LEAST
    assert "\n".join(found) == ""
