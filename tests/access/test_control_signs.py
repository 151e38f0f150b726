"""Signs that nobody types are no way to an error page: in an address, in what is asked for, in what a form brings."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from access.expected import expected_policy
from access.matrix import CONSTANT, Crossing, addresses
from access.worlds import HERE, with_second_factor
from factories.django_rows import give_role, make_division, make_user
from mentornet.divisions.models import Role
from mentornet.web import access

pytestmark = pytest.mark.django_db

NUL: Final = "a\x00b"
ROLES: Final = ("anonymous", "coordinator here", "national lead")
SEARCHES: Final = ("desk:people", "desk:applications", "desk:bank", "desk:proposals", "desk:partnerships")
# Beside those that pages name in their forms: what views read, and what filters are called.
ALSO_ASKED: Final = (
    *("q", "state", "division", "programme", "role", "language", "whose", "fit", "word", "sort", "topic", "kind"),
    *("page", "person", "other", "loosen", "with", "next", "duplicates", "rest", "query", "name", "side", "act"),
)
_NAME: Final = re.compile(rb'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"')


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    client.force_login(with_second_factor(user))
    return client


def _urls(crossing: Crossing) -> list[tuple[str, str]]:
    urls = []
    for address in addresses():
        if expected_policy(address.name) is not None:
            chosen = {name: str(crossing.object_of(address, name, HERE)) for name in crossing.divisional(address)}
            urls.append((address.name, crossing.url(address, chosen)))
    assert len(urls) > 70
    return urls


def _fields(crossing: Crossing, role: str) -> list[str]:
    """Return what all pages call the fields of their forms."""
    found = set(ALSO_ASKED)
    for _name, url in _urls(crossing):
        found |= {name.decode() for name in _NAME.findall(getattr(crossing.ask(role, "GET", url), "content", b""))}
    return sorted(found - {"csrfmiddlewaretoken"})


def _body(crossing: Crossing, role: str, url: str, fields: dict[str, str]) -> Any:
    client = crossing.client(role)
    return client.post(url, urlencode(fields), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("role", ROLES)
def test_no_address_answers_control_characters_with_an_error(crossing: Crossing, role: str) -> None:
    asked = dict.fromkeys(_fields(crossing, role), NUL)
    assert len(asked) >= len(ALSO_ASKED)
    for name, url in _urls(crossing):
        for method in ("GET", "POST"):
            answer = crossing.ask(role, method, f"{url}?{urlencode(asked)}")
            assert answer.status_code < 500, (method, name)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_answers_control_characters_with_an_error(crossing: Crossing, role: str) -> None:
    everything = dict.fromkeys(_fields(crossing, role), NUL)
    for name, url in _urls(crossing):
        assert _body(crossing, role, url, everything).status_code < 500, name


def test_no_field_that_is_read_past_a_form_answers_control_characters_with_an_error(crossing: Crossing) -> None:
    # Alone: beside them no form is wrong that would answer first.
    fields = dict.fromkeys(("rest", "choice-1", "query", "name", "other", "next", "loosen", "act"), NUL)
    for name, url in _urls(crossing):
        assert _body(crossing, "coordinator here", url, fields).status_code < 500, name


@pytest.mark.parametrize("argument", sorted(CONSTANT))
def test_address_with_a_control_character_in_it_leads_nowhere(crossing: Crossing, argument: str) -> None:
    tried = 0
    for address in addresses():
        if argument not in address.arguments or expected_policy(address.name) is None:
            continue
        chosen = {name: str(crossing.object_of(address, name, HERE)) for name in crossing.divisional(address)}
        url = crossing.url(address, chosen).replace(CONSTANT[argument], f"{CONSTANT[argument]}%00")
        answer = crossing.ask("national lead", "GET", url)
        assert answer.status_code == 404, address.name
        tried += 1
    assert tried


@pytest.mark.parametrize("name", SEARCHES)
def test_search_is_made_without_control_characters(desk: Client, name: str) -> None:
    answer = desk.get(reverse(name), {"q": "Ami\x00na\tYu\x9fsuf\x7f", "state": "\x00"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "\x00" not in text
    # An empty bank has nothing to search in.
    assert name == "desk:bank" or 'value="Amina Yusuf"' in text


def test_address_without_such_signs_stays_as_it_was_sent(desk: Client) -> None:
    address = f"{reverse('desk:people')}?q=Amina+Yusuf&q=&state=%C3%B8&empty"
    assert desk.get(address).wsgi_request.get_full_path() == address


@pytest.mark.postgresql_only
def test_uncleaned_search_would_be_an_error(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_CONTROLS", {})
    desk.raise_request_exception = False
    assert desk.get(reverse("desk:people"), {"q": NUL}).status_code == 500
