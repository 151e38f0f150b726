"""Whoever shows again who she is goes on under a new key: one that was copied before opens nothing more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from access.worlds import SECRET, with_second_factor
from factories.django_rows import PASSWORD, give_role, make_division, make_user
from mentornet.accounts.models import SignInSession, User
from mentornet.divisions.models import Role
from mentornet.web import access
from signing import email_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment() -> Iterator[Any]:
    with time_machine.travel(1_772_000_000, tick=False) as clock:
        yield clock


@pytest.fixture
def user(moment: object) -> User:
    made = make_user("Inger Holm", email="inger@example.org", password=PASSWORD)
    give_role(made, Role.COORDINATOR, make_division("Odense"))
    return with_second_factor(made)


def code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


def sign_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": email_of(user), "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    return client


def with_key(key: str) -> Client:
    copied = Client()
    copied.cookies["session"] = key
    return copied


def opens_desk(client: Client) -> bool:
    return client.get(reverse("desk:today")).status_code == 200


PROOFS = [("mfa_reauthenticate", "code"), ("account_reauthenticate", "password")]


def prove(client: Client, name: str, field: str) -> int:
    return client.post(reverse(name), {field: code() if field == "code" else PASSWORD}).status_code


@pytest.mark.parametrize(("name", "field"), PROOFS)
def test_proof_given_again_draws_the_key_anew(user: User, moment: Any, name: str, field: str) -> None:
    client = sign_in(user)
    key = client.cookies["session"].value
    assert opens_desk(with_key(key))
    moment.shift(20 * 60)
    assert prove(client, name, field) == 302
    assert opens_desk(client)
    assert client.cookies["session"].value != key
    assert not opens_desk(with_key(key))
    assert not Session.objects.filter(session_key=key).exists()
    # Her own list of browsers still knows this one.
    assert [row.session_key for row in SignInSession.objects.filter(user=user)] == [client.cookies["session"].value]


@pytest.mark.parametrize(("name", "field"), PROOFS)
def test_without_it_the_copied_key_would_go_on(
    user: User, moment: Any, monkeypatch: pytest.MonkeyPatch, name: str, field: str
) -> None:
    monkeypatch.setattr(access, "draw_key_anew", lambda *_: None)
    client = sign_in(user)
    moment.shift(20 * 60)
    key = client.cookies["session"].value
    assert prove(client, name, field) == 302
    assert opens_desk(with_key(key))


@pytest.mark.parametrize(("name", "field"), PROOFS)
def test_wrong_proof_changes_no_key(user: User, moment: Any, name: str, field: str) -> None:
    client = sign_in(user)
    key = client.cookies["session"].value
    assert client.post(reverse(name), {field: "000000"}).status_code == 200
    assert client.session.session_key == key
    assert opens_desk(client)
