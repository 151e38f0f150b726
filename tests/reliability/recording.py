"""Requests that somebody can make, recorded with their answers, and made again: is each answered by the same bytes?

Recorded is what a crawl finds; then what can be asked through the filters, the orders and the searches on these pages,
their exports and parts, and their forms filled in wrongly, drawn by chance: as many as are asked for. No two of them
are the same: each differs from each other in who asks, the method, the address, or what is sent.
"""

from __future__ import annotations

import hashlib
import random
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path

from access.crawling import beginnings
from access.matrix import Crossing, plain
from access.worlds import HERE
from exporting import NAMES, address, proven
from reliability.ways import Post, Way, Ways

Asked = TypeVar("Asked")
Answer = tuple[int, bytes, Mapping[str, str]]
"""Status, body without what is drawn anew for each answer, headers."""
WORDS: Final = (
    *("Amina", "Bodil", "Herby", "Dalia", "Fjernholm", "kanarieelsewhere", "kanariehere", "Ode", "Frida", "Esma"),
    *("+4562000002", "+4561000001", "61 00 00 01", "5000", "a", "example.org", "nurse", "sygeplejerske", "Arabic"),
)
"""What is searched for: people from here and from elsewhere, parts of names, numbers."""
WRONG: Final = ("", "no-such-thing", "2020-13-45", "-1", "00000000-0000-4000-8000-000000000000", "å" * 200, "<b>")
"""What a form is filled with that cannot be meant."""
PURPOSES: Final = ("meeting", "letter", "other", "no-such-purpose", "")
FORMATS: Final = ("csv", "csv", "xlsx", "ods", "")
LANGUAGES: Final = ("da", "en")
DRAWN_ANEW: Final = frozenset({"portal:app", "portal:referral", "portal:referral_picture", "portal:calendar"})
"""Pages that show a key which is drawn for that answer alone: never twice the same."""
CRAWLED: Final = 500
GIVEN_UP: Final = 4000
"""Draws in a row that bring nothing new; then she has nothing more to ask."""
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True)
class Request:
    """A request, as it can be made again.

    Attributes:
        part: the part of the page that is asked for, by its target's id.
    """

    url: str
    method: str = "GET"
    body: str = ""
    part: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Return what tells it from all others."""
        return f"{self.method} {self.url} {self.body}"

    @property
    def language(self) -> str:
        """Return the language in which it is asked: half of them in each."""
        return LANGUAGES[zlib.crc32(self.key.encode()) % len(LANGUAGES)]


def answer_of(response: HttpResponseBase) -> Answer:
    """Return what an answer says."""
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, plain(response), headers


def ask(crossing: Crossing, role: str, request: Request) -> Answer:
    """Make a recorded request."""
    headers = {"HX-Request": "true", "HX-Target": request.part} if request.part else {}
    headers["Accept-Language"] = request.language
    return answer_of(crossing.ask(role, request.method, request.url, request.body, **headers))


def replayed(crossing: Crossing, role: str, recorded: Iterable[Request]) -> dict[Request, Answer]:
    """Make recorded requests again."""
    return {request: ask(crossing, role, request) for request in recorded}


def differences(before: Mapping[Asked, Answer], after: Mapping[Asked, Answer]) -> Sequence[str]:
    """Return the requests, or addresses, that were answered otherwise."""
    return [f"differs: {asked}" for asked in before if before[asked] != after[asked]]


def record(crossing: Crossing, role: str, most: int, *, share: int = 0, shares: int = 1) -> dict[Request, Answer]:
    """Return so many requests of a role with their answers; fewer where her pages ask for nothing more.

    With ``shares``, all that she can ask is dealt out, and the requests are those of one share: no two shares have a
    request in common.
    """
    is_staff = crossing.world.users.get(role) is not None
    if is_staff:
        # Files are handed out to whoever has just given both factors.
        proven(crossing.client(role), crossing.staff(role))
    recorder = Recorder(crossing, role, most, share=share, shares=shares)
    recorder.crawl()
    recorder.draw(has_exports=is_staff)
    return recorder.answers


class Recorder:
    """Records one share of a role's requests."""

    def __init__(self, crossing: Crossing, role: str, most: int, *, share: int, shares: int) -> None:
        self.crossing, self.role, self.most = crossing, role, most
        self.share, self.shares = share, shares
        self.names = {str(key): name for name, key in crossing.world.here.objects.items()}
        self.rng = random.Random(f"{role} {share}")
        self.answers: dict[Request, Answer] = {}
        self.ways: dict[str, Way] = {}
        self.posts: dict[str, Post] = {}

    def is_ours(self, request: Request) -> bool:
        """Tell whether a request is of this share: by its words, in which each object has the same name every time."""
        words = _UUID.sub(lambda found: self.names.get(found[0], "-"), request.key)
        return zlib.crc32(words.encode()) % self.shares == self.share

    def crawl(self) -> None:
        """Open all addresses with her objects, and what they lead to; keep the ways in which each can be asked."""
        waiting = deque(dict.fromkeys(beginnings(self.crossing, [HERE])))
        seen: set[str] = set()
        while waiting and len(seen) < CRAWLED:
            url = waiting.popleft()
            if url in seen or not _is_asked_for(url):
                continue
            seen.add(url)
            request, path = Request(url), urlsplit(url).path
            ours = self.is_ours(request) and len(self.answers) < self.most
            if path in self.ways and not ours:
                continue
            answer = ask(self.crossing, self.role, request)
            if ours:
                self.answers[request] = answer
            status, body, headers = answer
            if status == 200 and "html" in headers.get("Content-Type", ""):
                page = Ways(url)
                page.feed(body.decode())
                page.join(self.ways, self.posts)
                waiting.extend(page.links)

    def draw(self, *, has_exports: bool) -> None:
        """Ask in ways drawn by chance, until there are as many as wanted or nothing new is drawn."""
        ways = [way for way in self.ways.values() if way.choices or way.texts]
        posts = list(self.posts.values())
        kinds: list[Callable[[], Request]] = []
        kinds += [partial(self._filtered, ways)] * 16 * bool(ways)
        kinds += [partial(self._posted, posts)] * 3 * bool(posts)
        kinds += [self._exported] * has_exports
        in_vain = 0
        while kinds and len(self.answers) < self.most and in_vain < GIVEN_UP:
            in_vain += 1
            request = self.rng.choice(kinds)()
            if request in self.answers or not _is_asked_for(request.url) or not self.is_ours(request):
                continue
            answer = ask(self.crossing, self.role, request)
            if request.method == "POST" and _makes_something(request, answer):
                continue
            self.answers[request] = answer
            in_vain = 0

    def _filtered(self, ways: Sequence[Way]) -> Request:
        way = self.rng.choice(ways)
        part = self.rng.choice(sorted(way.parts)) if way.parts and self.rng.random() < 0.6 else ""
        return Request(f"{way.path}?{self._query(way)}", part=part)

    def _query(self, way: Way) -> str:
        query: list[tuple[str, str]] = []
        for name, values in sorted(way.choices.items()):
            if self.rng.random() < 0.4:
                known = sorted(values)
                query += [
                    (name, value) for value in self.rng.sample(known, self.rng.choice((1, 1, min(2, len(known)))))
                ]
        query += [(name, self._words()) for name in sorted(way.texts) if self.rng.random() < 0.7]
        return urlencode(query)

    def _words(self) -> str:
        word = self.rng.choice(WORDS)
        kind = self.rng.random()
        if kind < 0.3:
            return word[: self.rng.randint(1, len(word))]
        return word if kind < 0.7 else f"{word} {self.rng.choice(WORDS)}"

    def _posted(self, posts: Sequence[Post]) -> Request:
        """Fill a form in, and at least one field of it wrongly."""
        post = self.rng.choice(posts)
        given = {name: self.rng.choice(sorted(values)) for name, values in sorted(post.fields.items())}
        if given:
            for name in self.rng.sample(sorted(given), self.rng.randint(1, len(given))):
                given[name] = self.rng.choice((*WRONG, self._words()))
        return Request(post.action, "POST", urlencode(given))

    def _exported(self) -> Request:
        name = self.rng.choice(NAMES)
        url = address(name)
        page = self.ways.get(urlsplit(url).path.removesuffix("export/"))
        query = self._query(page) if page else urlencode({"q": self._words()})
        told = {"purpose": self.rng.choice(PURPOSES), "format": self.rng.choice(FORMATS), "other": self._words()}
        return Request(f"{url}?{query}", "POST", urlencode(told))


def _is_asked_for(url: str) -> bool:
    # The public site shows every division to everybody, and says so in each of its languages.
    if not url.startswith("/") or url.startswith(("/static/", "//")) or get_language_from_path(url) is not None:
        return False
    try:
        return resolve(urlsplit(url).path).view_name not in DRAWN_ANEW
    except Resolver404:
        return True


def _makes_something(request: Request, answer: Answer) -> bool:
    """Tell whether something new was made after all: it has another key each time."""
    status, body, headers = answer
    del body
    place = headers.get("Location", "")
    return status == 302 and not set(_UUID.findall(place)) <= set(_UUID.findall(request.url))


def digests(role: str, recorded: Iterable[Request], names: Mapping[str, str]) -> Iterator[str]:
    """Yield a short name of each request: the same one for the same request in another run's database."""
    for request in recorded:
        words = _UUID.sub(lambda found: names.get(found[0], found[0]), request.key)
        yield hashlib.sha256(f"{role} {words}".encode()).hexdigest()[:20]
