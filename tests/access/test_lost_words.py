"""A form that could not be taken gives back what was typed: to whoever has typed it, and to nobody else."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from access.guards import missing_guards
from access.worlds import with_second_factor
from factories.django_rows import PASSWORD, give_role, make_division, make_user
from mentornet.accounts.models import User
from mentornet.config import mirrored
from mentornet.divisions.models import Role
from mentornet.web import typed
from pages import untranslated

pytestmark = pytest.mark.django_db

OURS: Final = "http://testserver"
SCRIPT: Final = "</textarea><script>alert('x')</script>"
WORDS: Final = "Hun vil gerne arbejde som sygeplejerske igen."


@pytest.fixture
def user() -> User:
    user = make_user("Inger Holm", password=PASSWORD)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return with_second_factor(user)


@pytest.fixture
def expired(user: User) -> Client:
    """A browser whose form has lain open too long."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def send(client: Client, fields: dict[str, Any], *, origin: str = OURS, name: str = "desk:application_new") -> str:
    headers = {"origin": origin, "referer": f"{OURS}{reverse('desk:application_new')}?role=mentee"} if origin else {}
    answer = client.post(reverse(name), fields, headers=headers)
    assert answer.status_code == 403
    assert missing_guards(answer) == []
    text: str = answer.content.decode()
    return text


FIELDS: Final = {
    "heard_through": WORDS,
    "first_name": SCRIPT,
    "area": "  \n",
    "password": "canary-1",
    "new-password1": "canary-2",
    "code": "canary-3",
    "reset_token": "canary-4",
    "csrfmiddlewaretoken": "canary-5",
    "key": "5b0e9a52-5b5a-4c4e-8f0e-000000000000",
    "programme": "5b0e9a52-5b5a-4c4e-8f0e-000000000001",
    "languages-TOTAL_FORMS": "3",
    "next": "/desk/canary-6/",
    "other": "5b0e9a52-5b5a-4c4e-8f0e-000000000002",
}


@pytest.fixture(params=["expired", "signed out"])
def late(request: pytest.FixtureRequest) -> Client:
    """A browser whose form has lain open too long, and one whose session has ended."""
    return request.getfixturevalue("expired") if request.param == "expired" else Client()


def test_what_was_typed_stands_there_to_be_copied(late: Client) -> None:
    page = send(late, FIELDS)
    assert f"\n{WORDS}</textarea>" in page
    assert "How she heard of us" in page
    assert page.count("<textarea") == page.count("readonly") == page.count('dir="auto"') == 2
    assert "data-returns-drafts" in page
    # The way back: to the form's page, or to the sign-in that leads there.
    assert "/desk/applications/new/" in page


def test_words_in_a_field_that_elsewhere_holds_a_key_are_hers(late: Client) -> None:
    # What a list is exported for, if for something else.
    page = send(late, {"purpose": "other", "other": "For the yearly talk"}, name="desk:export_waiting")
    assert ">\nFor the yearly talk</textarea>" in page


def test_what_was_typed_cannot_act(late: Client) -> None:
    page = send(late, FIELDS | {"<b>name</b>": "told"})
    assert "<script>alert" not in page
    assert "<b>name" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_secrets_and_keys_are_not_shown_again(late: Client) -> None:
    page = send(late, FIELDS)
    for secret in ("canary", "5b0e9a52", "TOTAL"):
        assert secret not in page.replace(f"next={reverse('desk:today')}", "")


def test_secrets_would_be_shown_without_the_guard(expired: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed, "_SECRET", re.compile("nothing is secret"))
    assert "canary-1" in send(expired, FIELDS)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example", ""])
def test_words_of_another_site_are_not_shown(expired: Client, origin: str) -> None:
    page = send(expired, {"reason": "Call this number now"}, origin=origin)
    assert "Call this number now" not in page
    assert "textarea" not in page


def test_forms_of_signing_in_give_nothing_back() -> None:
    client = Client(enforce_csrf_checks=True)
    page = send(client, {"login": "inger@example.org", "password": "canary"}, name="account_login")
    assert "inger@example.org" not in page


def test_long_texts_are_cut_and_it_is_said(expired: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed, "LONGEST", 10)
    monkeypatch.setattr(typed, "MOST_SIGNS", 15)
    page = send(expired, {"reason": "a" * 12, "note": "b" * 12, "more": "c" * 12})
    assert ("a" * 10 in page, "a" * 11 in page) == (True, False)
    assert ("b" * 5 in page, "b" * 6 in page) == (True, False)
    assert "ccc" not in page
    assert page.count("only its beginning") == 2


def test_many_fields_are_cut(expired: Client) -> None:
    page = send(expired, {f"field{number}": "told" for number in range(200)})
    assert page.count("<textarea") == typed.MOST_FIELDS


def test_nothing_typed_leads_to_sign_in_at_once(client: Client) -> None:
    answer = client.post(reverse("desk:application_new"), {"area": " "}, headers={"origin": OURS})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_part_of_a_page_leads_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.post(
        reverse("desk:application_new"), {"reason": WORDS}, headers={"origin": OURS, "HX-Request": "true"}
    )
    assert answer["HX-Redirect"].startswith(reverse("account_login"))
    assert answer.content == b""


def test_next_user_of_the_machine_finds_nothing(user: User) -> None:
    client = Client()
    assert WORDS in send(client, FIELDS)
    # Neither the session nor a later page holds it.
    assert WORDS not in str(dict(client.session.items()))
    client.force_login(user)
    for address in (reverse("account_login"), reverse("desk:today"), reverse("desk:application_new")):
        assert WORDS not in client.get(address).content.decode()


def test_every_word_of_the_page_is_translated(late: Client) -> None:
    late.cookies["django_language"] = mirrored.CODE
    assert untranslated(send(late, {"x": "[y]"}).replace("[y]", "")) == []
