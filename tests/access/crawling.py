"""Opens every page that somebody can reach: all addresses with her objects, and whatever stands on them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpResponseBase
from django.utils.translation import get_language_from_path

from access.matrix import Crossing, addresses

SEARCHED: Final = frozenset({"text", "search", ""})
# Parts of pages that htmx asks for, by their target's id.
PARTS: Final = ("bank-found", "candidates", "preview", "found", "people-found", "rows")
MOST: Final = 200
"""So many pages beyond those with which it begins: a new address takes the place of none that was looked at before."""


class _Ways(HTMLParser):
    """Collects where a page leads by GET: links, parts, and forms with their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str], list[str]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get("hx-get"):
            self.links.append(given["hx-get"])
        if tag == "form":
            self.open = given.get("method", "get").lower() == "get"
            if self.open:
                self.forms.append((given.get("action", ""), {}, []))
        if tag == "input" and self.open and given.get("name"):
            kind = given.get("type", "")
            if kind in SEARCHED:
                self.forms[-1][2].append(given["name"])
            elif kind == "hidden" or "checked" in given:
                self.forms[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


def _next(url: str, html: str, words: Iterable[str]) -> Iterable[str]:
    ways = _Ways()
    ways.feed(html)
    yield from (urljoin(url, link) for link in ways.links)
    for action, hidden, fields in ways.forms:
        for field, word in itertools.product(fields, words):
            yield urljoin(url, action or urlsplit(url).path) + "?" + urlencode({**hidden, field: word})


def beginnings(crossing: Crossing, places: Iterable[str], *, only: str = "") -> list[str]:
    """Return all addresses, filled with the objects of ``places``."""
    begin, places = [], list(places)
    for address in addresses():
        if only and address.name != only:
            continue
        names = crossing.divisional(address)
        for place in places:
            url = crossing.url(address, {name: str(crossing.object_of(address, name, place)) for name in names})
            begin.append(url)
    return list(dict.fromkeys(begin))


def crawl(
    crossing: Crossing, role: str, *, places: Iterable[str], words: Iterable[str] = (), most: int = MOST, only: str = ""
) -> dict[str, HttpResponseBase]:
    """Return the answers to every GET that somebody can make, by address and part.

    Begun is with all addresses, filled with the objects of ``places``; followed are links, parts of pages, and the
    forms for searching with each of ``words`` in each field. With ``only``, one address is where it begins. ``most``
    pages and parts of pages are opened beyond those with which it begins.
    """
    words = list(words)
    waiting, answers = deque(beginnings(crossing, places, only=only)), dict[str, HttpResponseBase]()
    most += len(waiting)
    while waiting and len(answers) < most:
        url = waiting.popleft()
        if url in answers or not url.startswith("/") or url.startswith(("/static/", "//")):
            continue
        # The public site says the same in each of its languages.
        if get_language_from_path(url) not in {None, "en"}:
            continue
        answers[url] = crossing.ask(role, "GET", url)
        if answers[url].status_code == 200 and "html" in answers[url].get("Content-Type", ""):
            html = answers[url].content.decode()  # type: ignore[attr-defined]  # pages are not streamed
            waiting.extend(one.partition("#")[0] for one in _next(url, html, words))
            for part in PARTS:
                if f'id="{part}"' in html:
                    headers = {"HX-Request": "true", "HX-Target": part}
                    answers[f"{url} [{part}]"] = crossing.ask(role, "GET", url, **headers)
    return answers
