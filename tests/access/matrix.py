"""Crosses addresses with roles: asks, and tells what was answered otherwise than expected."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, ResolverMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from access.expected import (
    BEFORE_SECOND_FACTOR,
    LEADS_NOWHERE,
    NOT_IN_USE,
    OF_ONE,
    OUTSIDE_DESK,
    PORTAL,
    REACHES,
    SIGNED_OUT,
    TOLD_KINDLY,
    expected_policy,
    sees,
)
from access.guards import missing_guards
from access.worlds import CHAPTER, ELSEWHERE, HERE, MODULE, World
from entering import open_with_link, sign_in_participant
from factories.django_rows import AT
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.web.access import policy_of

METHODS: Final = ("GET", "POST")
CONSTANT: Final[Mapping[str, str]] = {
    "uidb36": "1",
    "key": "no-such-key",
    "subject": "mentees",
    "language": "en",
    "role": "mentee",
    "name": "about",
    "part": "contact",
    "kind": "other",
    "right": "access",
    "slug": CHAPTER,
    "step": "name",
    "page": "scenario",
    "code": "no-such-code",
    "what": "chapter",
    "number": "1",
    "module": MODULE,
    "token": "no-such-token",
    "signed": "no-such-signature",
    "event": "proposal_ended",
    "purpose": "evaluation",
    "retention": "notes",
    "asked": "going",
    "side": "mentee",
    "sign": "pace",
    "own": "children",
}
"""Arguments that lead to no object of a division."""
# Led to another page before any object is looked for.
OUTSIDE: Final = OUTSIDE_DESK | {"before second factor"}
_ARGUMENT: Final = re.compile(r"<(?:[a-z_]+:)?([a-z_0-9]+)>|\(\?P<([a-z_0-9]+)>")
_TOKENS: Final = re.compile(
    rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|"x-csrftoken": ?"[^"]*"'
)


@dataclass(frozen=True)
class Address:
    """A pattern of the resolver: its full name, the view behind it, the names of its arguments."""

    name: str
    route: str
    pattern: URLPattern
    arguments: tuple[str, ...]


@dataclass
class Tally:
    """How much was crossed.

    Attributes:
        answers: how many answers were looked at.
        names: the addresses that were asked for.
        twins: how many answers about another division's object were compared with those about a missing one.
    """

    answers: int = 0
    names: set[str] = field(default_factory=set)
    twins: int = 0


def addresses() -> list[Address]:
    """Return all patterns of the resolver."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: Iterable[URLPattern | URLResolver], route: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            arguments = tuple(a or b for a, b in _ARGUMENT.findall(here))
            yield Address(":".join((*spaces, pattern.name or "")), here, pattern, arguments)


def declared_policy(address: Address) -> str | None:
    """Return what an address declares."""
    spaces: list[str | None] = list(address.name.split(":"))
    name = spaces.pop()
    match = ResolverMatch(address.pattern.callback, (), {}, name or None, namespaces=spaces, route=address.route)
    policy = policy_of(match)
    return None if policy is None else str(policy)


class Crossing:
    """Asks as each role. What an answer has changed is taken back before the next question."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tally = Tally()
        self._sessions: dict[str, dict[str, str]] = {}
        for role, user in world.users.items():
            client = Client()
            if user is not None:
                client.force_login(user)
            self._hold(role, client)
        for role, person in world.participants.items():
            self._hold(role, sign_in_participant(person))
        for role, link in world.holders.items():
            self._hold(role, open_with_link(link.purpose, link.subject, link.person, code=link.code))

    def _hold(self, role: str, client: Client) -> None:
        self._sessions[role] = {name: morsel.value for name, morsel in client.cookies.items()}

    def client(self, role: str) -> Client:
        """Return a browser in which a role has signed in."""
        client = Client(raise_request_exception=False)
        for name, value in self._sessions[role].items():
            client.cookies[name] = value
        return client

    def ask(self, role: str, method: str, url: str, body: str = "", **headers: str) -> HttpResponseBase:
        """Ask, and take back what was changed by it."""
        # No atomic block: a refusal's record insists on being in none.
        before = transaction.savepoint()
        try:
            response = self.client(role).generic(
                method, url, body, content_type="application/x-www-form-urlencoded", headers=headers or None
            )
        finally:
            transaction.savepoint_rollback(before)
        return response

    def staff(self, role: str) -> Staff:
        """Return somebody at work."""
        user = self.world.users[role]
        assert user is not None
        return staff_member(user, AT)

    def divisional(self, address: Address) -> list[str]:
        """Return the names of an address's arguments that lead to objects of a division."""
        return [name for name in address.arguments if name not in CONSTANT]

    def object_of(self, address: Address, argument: str, place: str) -> UUID | int:
        """Return the object to which an argument of an address leads.

        Raises:
            AssertionError: the world holds no such object.
        """
        objects = self.world.place(place).objects
        own = f"{address.name}/{argument}"
        wanted = own if own in objects else argument
        assert wanted in objects, (
            f"{address.name} takes {argument}, and tests/access/worlds.py makes no such object: add one to both places"
        )
        return objects[wanted]

    def deviations(
        self, address: Address, roles: Iterable[str] = tuple(REACHES), methods: Iterable[str] = METHODS
    ) -> Iterator[str]:
        """Yield, in sentences, each answer that is not what the tables expect."""
        policy = expected_policy(address.name)
        methods = tuple(methods)
        self.tally.names.add(address.name)
        divisional = self.divisional(address)
        for role in roles:
            for places in itertools.product((HERE, ELSEWHERE), repeat=len(divisional)):
                found = dict(zip(divisional, places, strict=True))
                chosen = {name: str(self.object_of(address, name, place)) for name, place in found.items()}
                unseen = {name for name, place in found.items() if not sees(role, name, place, address.name)}
                if address.name in OF_ONE and len(set(places)) > 1:
                    unseen = set(divisional)
                is_seen = not unseen
                is_told = all(f"{address.name}/{name}" in TOLD_KINDLY for name in unseen)
                statuses = []
                for method in methods:
                    url = self.url(address, chosen)
                    answer = self.ask(role, method, url)
                    self.tally.answers += 1
                    statuses.append(answer.status_code)
                    if wrong := self._wrong(role, address, policy, answer, is_seen=is_seen or is_told):
                        yield f"{method} {address.name} {places} as {role}: {wrong}"
                    if missing := missing_guards(answer):
                        yield f"{method} {address.name} {places} as {role}: answers without {', '.join(missing)}"
                    if self._is_hidden(policy, role, is_seen=is_seen):
                        yield from self._unlike_missing(role, method, address, chosen, unseen, answer)
                hidden = self._is_hidden(policy, role, is_seen=is_seen or is_told)
                if hidden and set(statuses) == {405}:
                    yield f"{address.name} {places} as {role}: takes neither GET nor POST"

    def _is_hidden(self, policy: str | None, role: str, *, is_seen: bool) -> bool:
        """Tell whether an object must be answered like a missing one: she gets as far as asking for it."""
        if policy == "personal":
            return not is_seen
        return policy in REACHES[role] and not is_seen and (role not in OUTSIDE or policy == "participant")

    def url(self, address: Address, chosen: Mapping[str, str]) -> str:
        """Return an address with these objects in it."""
        arguments = {name: chosen.get(name) or CONSTANT[name] for name in address.arguments}
        try:
            return reverse(address.name, kwargs=arguments)
        except NoReverseMatch:
            return reverse(address.pattern.callback, kwargs=arguments)

    def _wrong(
        self, role: str, address: Address, policy: str | None, answer: HttpResponseBase, *, is_seen: bool
    ) -> str | None:
        """Return what is wrong with an answer."""
        status, target = answer.status_code, answer.get("Location", "")
        if policy is None or (policy == "demo" and not django_settings.DEMO):
            return None if status == 404 else f"not in use, yet {status}"
        is_seen = is_seen and (address.name not in NOT_IN_USE or django_settings.DEMO)
        if status >= 500:
            return f"failed with {status}"
        if address.name in LEADS_NOWHERE:
            return None if status == 404 else f"leads nowhere, yet {status}"
        if address.name in PORTAL and policy != "everyone":
            return self._wrong_of_portal(role, policy, answer, is_seen=is_seen)
        if policy == "everyone" or (policy == "demo" and django_settings.DEMO):
            return None if status not in {403, 404} else f"open to everyone, yet {status}"
        if role in OUTSIDE_DESK:
            return (
                None if status == 302 and target.startswith("/accounts/login/") else f"not asked to sign in: {status}"
            )
        if role == "before second factor" and address.name not in BEFORE_SECOND_FACTOR:
            is_set_up = status == 302 and target.startswith(reverse("mfa_activate_totp"))
            return None if is_set_up else f"not led to the second factor: {status} {target}"
        if policy not in REACHES[role]:
            return None if status == 403 else f"not refused: {status}"
        if not is_seen:
            return None if status in {404, 405} else f"another division's object answers {status}"
        return None if status not in {403, 404} else f"open, yet {status}"

    def _wrong_of_portal(self, role: str, policy: str, answer: HttpResponseBase, *, is_seen: bool) -> str | None:
        """Return what is wrong with an answer of the participants' own pages."""
        status, target = answer.status_code, answer.get("Location", "")
        if policy == "participant" and role in SIGNED_OUT:
            is_asked = status == 302 and target.startswith(reverse("portal:sign_in"))
            return None if is_asked else f"not asked to sign in: {status} {target}"
        if policy == "participant" and policy not in REACHES[role]:
            return None if status == 403 else f"not refused: {status}"
        if not is_seen:
            return None if status in {404, 405} else f"somebody else's object answers {status}"
        if role == "link holder without code":
            is_asked = status == 302 and target.startswith(reverse("portal:code"))
            return None if is_asked else f"not asked for the code: {status} {target}"
        return None if status not in {403, 404} else f"hers, yet {status}"

    def _unlike_missing(
        self,
        role: str,
        method: str,
        address: Address,
        chosen: Mapping[str, str],
        unseen: Collection[str],
        answer: HttpResponseBase,
    ) -> Iterator[str]:
        """Compare with the answer about something that does not exist, in place of what the role does not see."""
        random = {name: _missing(chosen[name]) for name in unseen}
        missing = self.ask(role, method, self.url(address, {**chosen, **random}))
        self.tally.twins += 1
        # Both are taken out of both: a key that was asked for may be her own, which stands on each of her pages.
        ids = [*chosen.values(), *random.values()]
        if told(answer, ids) != told(missing, ids):
            yield f"{method} {address.name} as {role}: another division's object does not answer like a missing one"


def _missing(key: str) -> str:
    """Return a key of the same kind that no row has."""
    return "999999999" if key.isdecimal() else str(uuid4())


def told(answer: HttpResponseBase, ids: Iterable[str]) -> tuple[int, bytes, dict[str, str]]:
    """Return what an answer tells, without what is drawn anew and without the ids that were asked for."""
    content = plain(answer)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    for one in ids:
        # A short number would be found in any page.
        key = f"/{one}/" if one.isdecimal() else one
        content = content.replace(key.encode(), b"ID")
        headers = {name: value.replace(key, "ID") for name, value in headers.items()}
    return answer.status_code, content, headers


def plain(answer: HttpResponseBase) -> bytes:
    """Return an answer's body without its tokens against forged requests."""
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]  # per kind
    return _TOKENS.sub(b"TOKEN", body)


def uses_of(function: Callable[..., object]) -> Iterator[tuple[ModuleType, str]]:
    """Yield the places where a function of the program is known, under its name there."""
    for name, module in list(sys.modules.items()):
        if name.startswith("mentornet."):
            yield from ((module, key) for key, value in list(vars(module).items()) if value is function)


def with_addresses(settings: Settings, patterns: list[URLPattern | URLResolver]) -> None:
    """Add addresses to the program's for as long as a test lasts."""
    urls = ModuleType("urls_with_more")
    vars(urls).update(vars(import_module(settings.ROOT_URLCONF)))
    vars(urls)["urlpatterns"] = [*get_resolver().url_patterns, *patterns]
    settings.ROOT_URLCONF = urls
