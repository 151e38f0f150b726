"""What everybody must be able to read: pages opened in the browser, and what is wrong with them."""

from __future__ import annotations

from typing import Any, Final, Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from mentornet.accounts.models import User
from mentornet.config.mirrored import CODE as MIRRORED

__all__ = ["MIRRORED", "OpenPage", "faults", "listen", "overflow", "unfold"]

GIVEN_UP: Final = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says where a newer question replaces one that is under way; of one that failed it says more than this."""
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class OpenPage(Protocol):
    """Opens an address of the product, as ``user`` where she is named; the console may say what is ``expected``."""

    def __call__(
        self,
        path: str,
        *,
        user: User | None = None,
        language: str = ...,
        width: int = ...,
        expected: str = ...,
        **options: Any,
    ) -> Page: ...


def listen(page: Page, said: list[str], *, expected: str = "") -> None:
    """Write down what the browser complains of from now on, save what has ``expected`` in it."""

    def hear(message: ConsoleMessage) -> None:
        is_expected = bool(expected) and expected in message.text
        if message.type in {"error", "warning"} and not is_expected and not message.text.startswith(GIVEN_UP):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))


def faults(page: Page) -> list[str]:
    """Return what axe finds, save that the tests' mirrored language is not one that it knows."""
    found = (
        Axe()
        .run(page, options={"runOnly": TAGS, "resultTypes": ["violations"], "preload": False})
        .response["violations"]
    )
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
        if f'lang="{MIRRORED}"' not in node["html"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def unfold(page: Page) -> None:
    """Open what is folded away, save the menu: it must be readable as well."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = part.className !== 'menu' })")
