"""Somebody at her telephone or desk; each page that she comes to is looked at as everybody must be able to use it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import CDPSession, Page, expect

from browser.readable import faults, overflow

PICTURES: Final = os.environ.get("MENTORNET_TEST_PICTURES", "")
"""A folder into which a picture of every page goes, for somebody who wants to look as well."""
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa"})


@dataclass
class Onlooker:
    """Somebody's browser.

    Attributes:
        name: of the pictures' files.
        taps: how often she has pressed something.
        wrong: what nobody should meet, with the page's name.
    """

    page: Page
    name: str
    language: str
    taps: int = 0
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    has_scripts: bool = True
    _session: CDPSession | None = None

    def open(self, address: str, what: str) -> Page:
        """Go to an address and look."""
        self.page.goto(address)
        return self.look(what)

    def press(self, selector: str, what: str, *, ends: str = "") -> Page:
        """Press what leads to another page, and look; ``ends`` must stand there, to tell her what comes next."""
        self.tap(selector)
        self.page.wait_for_load_state()
        if ends:
            expect(self.page.locator(ends).first).to_be_visible()
        return self.look(what)

    def tap(self, selector: str) -> None:
        """Press something, and count it."""
        self.taps += 1
        self.page.locator(selector).first.click()

    def look(self, what: str) -> Page:
        """See whether everybody can use the page."""
        page, where = self.page, f"{self.name} {what}"
        self.seen.append(what)
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{self.name}-{len(self.seen):02}-{what}.png", full_page=True)
        html = page.locator("html")
        direction = "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"
        if (html.get_attribute("lang"), html.get_attribute("dir")) != (self.language, direction):
            self.wrong.append(f"{where}: {html.get_attribute('lang')} {html.get_attribute('dir')}")
        if page.locator("h1").count() != 1:
            self.wrong.append(f"{where}: {page.locator('h1').count()} headings of the first rank")
        if (wider := overflow(page)) > 0:
            self.wrong.append(f"{where}: scrolls sideways by {wider} px")
        self.wrong += [f"{where}: {fault}" for fault in self._faults()]
        return page

    def turn_scripts(self, *, on: bool) -> None:
        """Let no page from now on run scripts, or let them again; a page that is open already does not start its own.

        A context of Playwright's without JavaScript would stop axe as well.
        """
        self.has_scripts = on
        self._devtools().send("Emulation.setScriptExecutionDisabled", {"value": not on})

    def _faults(self) -> list[str]:
        if self.has_scripts:
            return faults(self.page)
        self._devtools().send("Emulation.setScriptExecutionDisabled", {"value": False})
        found = faults(self.page)
        self._devtools().send("Emulation.setScriptExecutionDisabled", {"value": True})
        return found

    def _devtools(self) -> CDPSession:
        if self._session is None:
            self._session = self.page.context.new_cdp_session(self.page)
        return self._session
