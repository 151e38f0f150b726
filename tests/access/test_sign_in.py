"""Signing in: nothing is given away, guessing is stopped, and the second factor counts where it was given."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from matching.pairs import jobs_run
from pytest_django import Settings

from access.matrix import addresses, plain
from access.worlds import SECRET, with_second_factor
from factories.django_rows import PASSWORD, give_role, make_division, make_user
from mentornet.accounts.models import User
from mentornet.divisions.models import Role
from mentornet.web import access
from mentornet.web.access import is_foreign, policy_of
from signing import email_of

pytestmark = pytest.mark.django_db
LOGIN: Final = "/accounts/login/"
WRONG: Final = "not her password at all"
Clock = Any
"""What tests set on: time-machine names no type for it."""
NEW: Final = "another road to Ringsted"


@pytest.fixture
def moment() -> Iterator[Clock]:
    """A clock that tests set on: a code is good for half a minute."""
    with time_machine.travel(1_772_000_000, tick=False) as clock:
        yield clock


@pytest.fixture
def newcomer(db: None, moment: object) -> User:
    """A coordinator who has only her password yet."""
    user = make_user("Inger Holm", email="inger@example.org", password=PASSWORD)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return user


@pytest.fixture
def user(newcomer: User) -> User:
    """A coordinator with her second factor."""
    return with_second_factor(newcomer)


def code(secret: str = SECRET) -> str:
    """Return what her telephone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def log_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the form of the sign-in page."""
    return client.post(LOGIN, {"login": email, "password": password, **more})


def sign_in(client: Client, user: User) -> Client:
    """Sign in with both."""
    assert log_in(client, email_of(user)).url == reverse("mfa_authenticate")
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    return client


def opens_desk(client: Client) -> bool:
    """Tell whether the desk opens."""
    return client.get(reverse("desk:today")).status_code == 200


# The password -------------------------------------------------------------------------------------------------------


def test_wrong_password_answers_like_an_unknown_address(user: User) -> None:
    answers = [log_in(Client(), email, WRONG) for email in (email_of(user), "nobody@example.org")]
    assert [answer.status_code for answer in answers] == [200, 200]
    shown = [plain(answer).replace(email.encode(), b"EMAIL") for answer, email in
             zip(answers, (email_of(user), "nobody@example.org"), strict=True)]  # fmt: skip
    assert shown[0] == shown[1]
    assert set(answers[0].cookies) == set(answers[1].cookies)


def test_disabled_user_with_a_wrong_password_answers_like_an_unknown_address(user: User) -> None:
    User.objects.update(is_active=False)
    shown = [
        plain(log_in(Client(), email, WRONG)).replace(email.encode(), b"EMAIL")
        for email in (email_of(user), "nobody@example.org")
    ]
    assert shown[0] == shown[1]
    # Who knows the password is told why it does not open.
    client = Client()
    assert log_in(client, email_of(user)).url == reverse("account_inactive")
    assert not opens_desk(client)


def test_forgotten_password_answers_the_same_to_everybody(user: User) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (email_of(user), "nobody@example.org")
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [  # type: ignore[attr-defined]  # redirects
        (302, reverse("account_reset_password_done"))
    ] * 2
    jobs_run()
    # Who has no account is told so in a letter, if at all: never on the page.
    assert [letter.to for letter in mail.outbox][:1] == [[email_of(user)]]


def test_guessing_is_stopped_with_a_sentence_and_counted_for_all_processes(user: User) -> None:
    answers = [log_in(Client(), email_of(user), WRONG) for _ in range(7)]
    assert "Too many failed" in answers[-1].content.decode()
    # Also the right one is not taken now, from wherever it comes.
    right = Client(REMOTE_ADDR="192.0.2.7")
    assert "Too many failed" in log_in(right, email_of(user)).content.decode()
    assert not opens_desk(right)
    # What counts stands in the database, where every process looks.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {caches['default']._table}")  # type: ignore[attr-defined]
        assert cursor.fetchone()[0] > 0


def test_guessing_ends_after_a_while(user: User, moment: Clock) -> None:
    for _ in range(7):
        log_in(Client(), email_of(user), WRONG)
    moment.shift(6 * 60)
    sign_in(client := Client(), user)
    assert opens_desk(client)


def test_guessing_without_a_limit_would_go_on(user: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    answers = [log_in(Client(), email_of(user), WRONG) for _ in range(12)]
    assert "Too many failed" not in answers[-1].content.decode()


def test_guessing_codes_is_stopped(user: User) -> None:
    client = Client()
    log_in(client, email_of(user))
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    for _ in range(8):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert not opens_desk(client)


# The second factor --------------------------------------------------------------------------------------------------


def test_password_alone_opens_nothing(user: User) -> None:
    client = Client()
    answer = log_in(client, email_of(user))
    assert answer.url == reverse("mfa_authenticate")
    assert not opens_desk(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).url == reverse("desk:today")  # type: ignore[attr-defined]
    assert opens_desk(client)


def test_code_serves_once(user: User) -> None:
    sign_in(Client(), user)
    other = Client()
    log_in(other, email_of(user))
    other.post(reverse("mfa_authenticate"), {"code": code()})
    assert not opens_desk(other)


def test_old_code_is_refused(user: User, moment: Clock) -> None:
    old = code()
    moment.shift(120)
    client = Client()
    log_in(client, email_of(user))
    client.post(reverse("mfa_authenticate"), {"code": old})
    assert not opens_desk(client)


def test_recovery_code_serves_once(user: User) -> None:
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES))
    first = codes.get_unused_codes()[0]
    opened = []
    for _ in range(2):
        client = Client()
        log_in(client, email_of(user))
        client.post(reverse("mfa_authenticate"), {"code": first})
        opened.append(opens_desk(client))
    assert opened == [True, False]


def _set_up(client: Client) -> str:
    """Set up a second factor as the page says, and return its secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert secret, "the page shows the secret to type in by hand"
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret.group())}).status_code == 302
    return secret.group()


def test_newcomer_sets_up_her_second_factor_and_works(newcomer: User) -> None:
    client = Client()
    log_in(client, email_of(newcomer))
    answer = client.get(reverse("desk:today"))
    assert answer.url.startswith(reverse("mfa_activate_totp"))  # type: ignore[attr-defined]  # a redirect
    _set_up(client)
    assert opens_desk(client)


def test_newcomer_is_asked_for_her_password_again_after_a_while(newcomer: User, moment: Clock) -> None:
    client = Client()
    log_in(client, email_of(newcomer))
    moment.shift(16 * 60)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))  # type: ignore[attr-defined]  # a redirect


def test_second_factor_is_changed_only_by_who_has_just_given_it(user: User, moment: Clock) -> None:
    client = sign_in(Client(), user)
    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        answer = client.post(reverse(name)) if name == "mfa_deactivate_totp" else client.get(reverse(name))
        assert "reauthenticate" in answer.get("Location", ""), name
    assert Authenticator.objects.filter(user=user).count() == 2


def test_session_with_the_password_alone_stays_outside_when_its_owner_sets_up_her_second_factor(newcomer: User) -> None:
    thief, owner = Client(), Client()
    log_in(thief, email_of(newcomer))
    log_in(owner, email_of(newcomer))
    _set_up(owner)
    assert opens_desk(owner)
    assert not opens_desk(thief)
    assert thief.get(reverse("desk:today")).url.startswith(reverse("mfa_reauthenticate"))  # type: ignore[attr-defined]
    # Nor does she get in by pretending to set up another one, or by taking the first away.
    thief.post(reverse("mfa_activate_totp"), {"code": "123456"})
    thief.post(reverse("mfa_deactivate_totp"))
    thief.get(reverse("mfa_view_recovery_codes"))
    assert not opens_desk(thief)
    assert Authenticator.objects.filter(user=newcomer, type=Authenticator.Type.TOTP).count() == 1


def test_session_with_the_password_alone_would_get_in(newcomer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "has_used_second_factor", lambda *_: True)
    thief, owner = Client(), Client()
    log_in(thief, email_of(newcomer))
    log_in(owner, email_of(newcomer))
    _set_up(owner)
    assert opens_desk(thief)


def test_session_with_the_password_alone_goes_on_by_a_code(newcomer: User, moment: Clock) -> None:
    second, first = Client(), Client()
    log_in(second, email_of(newcomer))
    log_in(first, email_of(newcomer))
    secret = _set_up(first)
    moment.shift(60)
    second.post(reverse("mfa_reauthenticate"), {"code": code(secret)})
    assert opens_desk(second)


def test_recovery_codes_without_a_second_factor_open_nothing(newcomer: User) -> None:
    RecoveryCodes.activate(newcomer)
    client = Client()
    client.force_login(newcomer)
    assert not opens_desk(client)


# Sessions -----------------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session(user: User) -> None:
    client = Client()
    client.get(LOGIN)
    log_in(client, email_of(user))
    before = client.cookies["session"].value
    client.post(reverse("mfa_authenticate"), {"code": code()})
    after = client.cookies["session"].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


def test_new_password_ends_other_sessions_and_keeps_this_one(user: User, moment: Clock) -> None:
    here, elsewhere = sign_in(Client(), user), Client()
    moment.shift(60)
    sign_in(elsewhere, user)
    moment.shift(60)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not opens_desk(elsewhere)
    assert opens_desk(here)


def test_disabling_somebody_ends_her_sessions(user: User) -> None:
    client = sign_in(Client(), user)
    User.objects.update(is_active=False)
    assert client.get(reverse("desk:today")).url.startswith(LOGIN)  # type: ignore[attr-defined]  # a redirect


def test_session_ends_after_twelve_hours(user: User, moment: Clock) -> None:
    client = sign_in(Client(), user)
    moment.shift(12 * 60 * 60 + 1)
    assert not opens_desk(client)


def test_signing_out_ends_the_session(user: User) -> None:
    client = sign_in(Client(), user)
    key = client.cookies["session"].value
    client.get(reverse("account_logout"))
    assert opens_desk(client)
    client.post(reverse("account_logout"))
    assert not opens_desk(client)
    assert not Session.objects.filter(session_key=key).exists()


# Nobody signs up by herself -----------------------------------------------------------------------------------------


def test_addresses_of_the_library_that_are_not_in_use_answer_404(client: Client, user: User) -> None:
    signed_in = sign_in(Client(), user)
    unused = [
        address for address in addresses() if address.name.startswith(("account_", "mfa_", "socialaccount_"))
        and is_foreign_name(address.name)
    ]  # fmt: skip
    assert {"account_signup", "account_email"} <= {address.name for address in unused}
    for address in unused:
        url = reverse(address.name, kwargs=dict.fromkeys(address.arguments, "1"))
        for browser in (client, signed_in):
            assert browser.get(url).status_code == 404, url
            assert browser.post(url, {"email": "a@example.org", "password1": NEW}).status_code == 404, url
    assert User.objects.count() == 1


def is_foreign_name(name: str) -> bool:
    """Tell whether nothing says who may open an address."""
    match = type("Match", (), {"view_name": name, "func": None})()
    return is_foreign(match) and policy_of(match) is None


# Where one goes after it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "https:evil.example",
     "http://testserver@evil.example/"],
)  # fmt: skip
def test_nobody_is_led_away(user: User, moment: Clock, target: str) -> None:
    client = Client()
    answers = [
        client.post(f"{LOGIN}?next={target}", {"login": email_of(user), "password": PASSWORD, "next": target}),
        client.post(f"{reverse('mfa_authenticate')}?next={target}", {"code": code(), "next": target}),
        client.post(reverse("set_language"), {"language": "da", "next": target}, headers={"referer": target}),
        client.get(f"{reverse('account_logout')}?next={target}"),
        client.post(reverse("account_logout"), {"next": target}),
    ]
    assert [answer.url for answer in answers if "evil" in answer.get("Location", "")] == []  # type: ignore[attr-defined]
    assert [answer.get("Location") for answer in answers if answer.get("Location", "/")[0] != "/"] == []


def test_sign_in_leads_back_to_the_page(user: User) -> None:
    client = Client()
    wanted = reverse("desk:bank") + "?q=Bodil"
    answer = client.get(wanted)
    assert answer.url == f"{LOGIN}?next=%2Fdesk%2Fbank%2F%3Fq%3DBodil"  # type: ignore[attr-defined]  # a redirect
    client.post(answer.url, {"login": email_of(user), "password": PASSWORD, "next": wanted})  # type: ignore[attr-defined]
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).url == wanted  # type: ignore[attr-defined]


def test_act_without_a_session_leads_back_to_the_page_it_was_on(client: Client) -> None:
    page = "http://testserver/desk/bank/?q=Bodil"
    answer = client.post(reverse("desk:bank_search_save"), {"name": "a"}, headers={"referer": page})
    assert answer.url == f"{LOGIN}?next=%2Fdesk%2Fbank%2F%3Fq%3DBodil"  # type: ignore[attr-defined]  # a redirect
    for strange in ("https://evil.example/desk/", ""):
        answer = client.post(reverse("desk:bank_search_save"), headers={"referer": strange})
        assert answer.url == LOGIN  # type: ignore[attr-defined]  # a redirect


def test_part_of_a_page_leads_the_whole_page_to_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/bank/?q=B"}
    answer = client.get(reverse("desk:bank") + "?q=Bo", headers=headers)
    assert "Location" not in answer
    assert answer["HX-Redirect"] == f"{LOGIN}?next=%2Fdesk%2Fbank%2F%3Fq%3DB"
    assert answer.content == b""


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_another_method_cannot_be_pretended(user: User, header: str) -> None:
    client = sign_in(Client(enforce_csrf_checks=False), user)
    answer = client.get(reverse("account_logout") + "?_method=POST", headers={header: "POST"})
    assert answer.status_code == 200
    assert opens_desk(client)
