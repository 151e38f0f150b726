"""Whoever is not let in reads what to do next, and nothing else: in Danish and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from access.guards import missing_guards
from access.worlds import SECRET, with_second_factor
from factories.django_rows import PASSWORD, give_role, make_division, make_user
from mentornet.accounts.models import User
from mentornet.divisions.models import Role
from mentornet.web.signin import AccountAdapter, MultiFactorAdapter
from signing import email_of

pytestmark = pytest.mark.django_db

LOGIN: Final = "/accounts/login/"
WRONG: Final = "not her password at all"
NOBODY: Final = "nobody@example.org"
OWN: Final = (
    *(AccountAdapter.error_messages[name] for name in (
        "email_password_mismatch", "too_many_login_attempts", "incorrect_password", "enter_current_password",
        "rate_limited",
    )),
    MultiFactorAdapter.error_messages["incorrect_code"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    """A clock that stands still: failed attempts are counted by the minute."""
    with time_machine.travel(1_772_000_000, tick=False) as clock:
        yield clock


@pytest.fixture
def newcomer() -> User:
    user = make_user("Inger Holm", email="inger@example.org", password=PASSWORD)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return user


@pytest.fixture
def user(newcomer: User) -> User:
    return with_second_factor(newcomer)


def log_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("&#x27;", "'")


def words(answer: Any, email: str) -> str:
    """Return the page without what is drawn anew each time, and without the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", said(answer))
    return text.replace(email, "EMAIL")


def test_failed_sign_in_says_what_to_do(user: User) -> None:
    answers = {email: log_in(Client(), email, WRONG) for email in (email_of(user), NOBODY)}
    assert len({words(answer, email) for email, answer in answers.items()}) == 1
    page = said(answers[NOBODY])
    assert "do not belong together" in page
    assert "I have forgotten my password" in page


def test_locked_account_says_how_long_to_wait_and_answers_like_an_unknown_address(user: User) -> None:
    answers: dict[str, Any] = {}
    for email in (email_of(user), NOBODY):
        # Each from a place of its own: places are counted too.
        client = Client(REMOTE_ADDR=f"192.0.2.{len(answers) + 1}")
        for _ in range(6):
            answers[email] = log_in(client, email, WRONG)
    assert len({words(answer, email) for email, answer in answers.items()}) == 1
    assert "Wait five minutes" in said(answers[NOBODY])


def test_wrong_code_says_what_to_do(user: User) -> None:
    client = Client()
    log_in(client, email_of(user))
    page = said(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert "wait for the next one" in page
    assert "recovery codes" in page
    for _ in range(6):
        page = said(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert "Wait five minutes" in page


def test_trying_without_end_gets_a_page_of_ours(user: User) -> None:
    client = Client()
    answer = [log_in(client, f"nobody{number}@example.org", WRONG) for number in range(31)][-1]
    assert answer.status_code == 429
    assert missing_guards(answer) == []
    page = said(answer)
    assert "<h1>" in page
    assert "Wait five minutes" in page
    assert f'href="{reverse("front")}"' in page


def test_sentences_are_told_in_danish_too() -> None:
    # The library's own domain would otherwise answer for those that we have forgotten.
    for text in OWN:
        with override("en"):
            english = str(text)
        with override("da"):
            assert str(text) != english


# Right after the second factor was set up -----------------------------------------------------------------------------


def code_of(page: str) -> tuple[str, str]:
    from_page = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert from_page
    return from_page.group(), shown(from_page.group())


def shown(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_recovery_codes_come_straight_after_the_set_up(newcomer: User) -> None:
    client = Client()
    log_in(client, email_of(newcomer))
    _secret, code = code_of(said(client.get(reverse("mfa_activate_totp"))))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert [address for address, _status in answer.redirect_chain] == [reverse("mfa_view_recovery_codes")]
    assert len(re.findall(r"<li>\d{8}</li>", said(answer))) == 10


def test_recovery_codes_ask_again_later(newcomer: User, moment: Any) -> None:
    client = Client()
    log_in(client, email_of(newcomer))
    _secret, code = code_of(said(client.get(reverse("mfa_activate_totp"))))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    moment.shift(16 * 60)
    assert "reauthenticate" in client.get(reverse("mfa_view_recovery_codes")).url  # type: ignore[attr-defined]


def test_recovery_codes_ask_a_session_that_set_nothing_up(user: User) -> None:
    client = Client()
    log_in(client, email_of(user))
    client.post(reverse("mfa_authenticate"), {"code": shown(SECRET)})
    assert "reauthenticate" in client.get(reverse("mfa_view_recovery_codes")).url  # type: ignore[attr-defined]
