"""The ways in which a page can be asked: its filters, orders, searches and parts, and the forms on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from access.crawling import SEARCHED

PAGES: Final = ("1", "2", "99", "x")
_CHOSEN: Final = frozenset({"checkbox", "radio", "hidden"})


@dataclass
class Way:
    """How an address can be asked by GET.

    Attributes:
        texts: the fields for any words.
        choices: the fields with the values that they can have, by forms and by links.
        parts: the parts that can be asked for by themselves, by their target's id.
    """

    path: str
    texts: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)


@dataclass
class Post:
    """A form that is sent by POST, with the values that its fields have or can have."""

    action: str
    fields: dict[str, set[str]] = field(default_factory=dict)


class Ways(HTMLParser):
    """Collects from a page where it leads, and how it and others can be asked."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.links: list[str] = []
        self.ways: list[Way] = []
        self.posts: list[Post] = []
        self.inside: Way | Post | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a link, a form, or a field of the form that is open."""
        given = {name: value or "" for name, value in attrs}
        for link in (given.get("href", "") if tag == "a" else "", given.get("hx-get", "")):
            if link:
                self._link(urljoin(self.url, link).partition("#")[0], given)
        if tag == "form":
            self._form(given)
        if self.inside is not None and tag in {"select", "option", "input", "textarea"}:
            self._field(tag, given.get("name", ""), given)

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a list of choices."""
        if tag == "select":
            self.select = ""
        if tag == "form":
            self.inside = None

    def _link(self, url: str, given: dict[str, str]) -> None:
        self.links.append(url)
        parts = urlsplit(url)
        way = Way(parts.path)
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            way.choices.setdefault(name, set()).add(value)
        if given.get("hx-get") and given.get("hx-target", "").startswith("#"):
            way.parts.add(given["hx-target"][1:])
        if way.choices or way.parts:
            self.ways.append(way)

    def _form(self, given: dict[str, str]) -> None:
        action = urljoin(self.url, given.get("action") or urlsplit(self.url).path)
        if given.get("method", "get").lower() == "get":
            self.inside = Way(urlsplit(action).path)
            self.ways.append(self.inside)
            if given.get("hx-target", "").startswith("#"):
                self.inside.parts.add(given["hx-target"][1:])
        else:
            self.inside = Post(action)
            self.posts.append(self.inside)

    def _field(self, tag: str, name: str, given: dict[str, str]) -> None:
        assert self.inside is not None
        if tag == "select":
            self.select = name
        name = self.select if tag == "option" else name
        if not name or name == "csrfmiddlewaretoken":
            return
        if isinstance(self.inside, Post):
            self.inside.fields.setdefault(name, set()).add(given.get("value", ""))
        elif tag == "option" or given.get("type") in _CHOSEN:
            self.inside.choices.setdefault(name, set()).add(given.get("value", ""))
        elif tag == "input" and given.get("type", "") in SEARCHED:
            self.inside.texts.add(name)

    def join(self, ways: dict[str, Way], posts: dict[str, Post]) -> None:
        """Add what was found here to what is known of all pages."""
        path = urlsplit(self.url).path
        ways.setdefault(path, Way(path))
        for found in self.ways:
            way = ways.get(found.path)
            if way is None:
                # Where it leads is not known to be a page; it is asked when its turn comes.
                continue
            way.texts |= found.texts
            way.parts |= found.parts
            for name, values in found.choices.items():
                way.choices.setdefault(name, set()).update(values)
            if way.texts:
                way.choices.setdefault("page", set()).update(PAGES)
        for post in self.posts:
            known = posts.setdefault(post.action, post)
            for name, values in post.fields.items():
                known.fields.setdefault(name, set()).update(values)
