"""Chromium for the tests marked ``browser``: Debian's own, never a downloaded one; and the product opened in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import OpenPage, listen
from mentornet.accounts.models import User
from signing import enter

CHROMIUM: Final = Path("/usr/bin/chromium")
# What is expected comes, or it does not: how soon, on a machine that does much else, is not what these tests try.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser of its fixtures ``browser`` and ``page``."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium fonts-noto-core")
    quiet = ("background-networking", "component-update", "default-apps", "extensions", "gpu", "sync")
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{part}" for part in quiet)],
    }


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright() -> Iterator[None]:
    # Playwright's loop runs in this thread, so Django believes that its database is called from asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens an address; whatever the console says, and whatever is asked of another server, fails the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_(
        path: str,
        *,
        user: User | None = None,
        language: str = "en",
        width: int = 1280,
        expected: str = "",
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **options)
        contexts.append(context)
        cookies = {"django_language": language}
        if user is not None:
            cookies["session"] = enter(Client(), user).cookies["session"].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        listen(page, said, expected=expected)
        page.on("request", lambda request: said.append(request.url) if is_foreign(request.url) else None)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    def is_foreign(url: str) -> bool:
        return not url.startswith((live_server.url, "data:"))

    yield open_
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def desk(open_page: OpenPage, coordinator_user: User) -> OpenPage:
    """Opens an address as a coordinator."""
    return partial(open_page, user=coordinator_user)
