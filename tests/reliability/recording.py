"""Requests that somebody can make, recorded with their answers, and made again: is each answered by the same bytes?

Recorded is what a crawl finds, then what can be asked through the filters, the orders and the searches on these pages,
drawn by chance from a fixed seed: as many as are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpResponseBase
from django.utils.translation import get_language_from_path

from access.crawling import PARTS, SEARCHED, crawl
from access.matrix import Crossing, plain
from access.worlds import HERE

Answer = tuple[int, bytes, Mapping[str, str]]
"""Status, body without what is drawn anew for each answer, headers."""
WORDS: Final = ("Amina", "Bodil", "Herby", "Dalia", "Fjernholm", "kanarieelsewhere", "+4562000002", "a", "5000", "Ode")
"""What is searched for: people from here and from elsewhere, parts of names, numbers."""


@dataclass(frozen=True)
class Form:
    """A form by which a page is asked for in another way.

    Attributes:
        texts: the fields for any words.
        choices: the fields with the values that they can have.
    """

    action: str
    texts: tuple[str, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class _Open:
    action: str
    texts: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page that are sent by GET, with all that can be chosen in them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.found: list[_Open] = []
        self.inside: _Open | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            is_get = given.get("method", "get").lower() == "get"
            action = urljoin(self.url, given.get("action") or urlsplit(self.url).path)
            self.inside = _Open(action) if is_get else None
            if self.inside is not None:
                self.found.append(self.inside)
        if self.inside is None:
            return
        if tag == "select":
            self.select = name
        if tag == "option" and self.select:
            self.inside.choices.setdefault(self.select, set()).add(given.get("value", ""))
        if tag == "input" and name:
            if given.get("type", "") in SEARCHED:
                self.inside.texts.add(name)
            elif given.get("type") in {"checkbox", "radio", "hidden"}:
                self.inside.choices.setdefault(name, set()).add(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "form":
            self.inside = None


def forms_of(url: str, html: str) -> Iterable[Form]:
    """Return the forms of a page that are sent by GET."""
    page = _Forms(url)
    page.feed(html)
    for one in page.found:
        if one.texts or one.choices:
            choices = tuple((name, tuple(sorted(values))) for name, values in sorted(one.choices.items()))
            yield Form(one.action, tuple(sorted(one.texts)), choices)


def drawn(rng: random.Random, form: Form) -> str:
    """Return one way of filling a form in."""
    query: list[tuple[str, str]] = []
    for name, values in form.choices:
        if rng.random() < 0.5:
            query += [(name, value) for value in rng.sample(values, rng.choice((1, 1, min(2, len(values)))))]
    query += [(name, rng.choice(WORDS)) for name in form.texts if rng.random() < 0.6]
    return f"{form.action}?{urlencode(query)}"


def answer_of(response: HttpResponseBase) -> Answer:
    """Return what an answer says."""
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, plain(response), headers


def ask(crossing: Crossing, role: str, key: str) -> Answer:
    """Ask for a recorded request: an address, and after it in brackets the part of the page that is asked for."""
    url, _, part = key.partition(" [")
    headers = {"HX-Request": "true", "HX-Target": part.removesuffix("]")} if part else {}
    return answer_of(crossing.ask(role, "GET", url, **headers))


def record(crossing: Crossing, role: str, most: int) -> dict[str, Answer]:
    """Return so many requests of a role with their answers; fewer where her pages ask for nothing more."""
    found = crawl(crossing, role, places=[HERE], words=WORDS[:7], most=max(most // 2, 60))
    # The public site shows every division to everybody.
    pages = {url: answer for url, answer in found.items() if get_language_from_path(url) is None}
    answers = {key: answer_of(pages[key]) for key in list(pages)[:most]}
    forms: dict[Form, None] = {}
    for url, (status, body, headers) in answers.items():
        if status == 200 and "html" in headers.get("Content-Type", "") and not url.endswith("]"):
            forms.update(dict.fromkeys(forms_of(url, body.decode())))
    rng, ways = random.Random(role), list(forms)
    for _ in range(20 * most if ways else 0):
        if len(answers) >= most:
            break
        _add(crossing, role, drawn(rng, rng.choice(ways)), answers, rng)
    return answers


def _add(crossing: Crossing, role: str, url: str, answers: dict[str, Answer], rng: random.Random) -> None:
    if not url.startswith("/") or get_language_from_path(url) is not None:
        return
    key = url if rng.random() < 0.7 else f"{url} [{rng.choice(PARTS)}]"
    if key not in answers:
        answers[key] = ask(crossing, role, key)


def differences(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> Sequence[str]:
    """Return the requests that were answered otherwise."""
    return [f"differs: {key}" for key in before if before[key] != after[key]]
