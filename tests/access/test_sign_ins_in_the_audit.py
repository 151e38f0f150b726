"""Who came in, who did not, and what was changed about signing in stands in the audit; of strangers nothing does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.worlds import SECRET, with_second_factor
from entering import sign_in_participant
from factories.django_rows import (
    PASSWORD,
    give_role,
    make_application,
    make_division,
    make_person,
    make_staff,
    make_user,
    user_of,
)
from mentornet.accounts.limits import take_turn
from mentornet.accounts.models import User
from mentornet.accounts.queries import sign_in_entries
from mentornet.audit.models import Entry, Kind
from mentornet.divisions.models import Role
from signing import email_of, enter

pytestmark = pytest.mark.django_db
WRONG: Final = "not her password at all"
STRANGER: Final = "stranger.known.to.nobody@example.org"


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


def log_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def told(act: str) -> list[Entry]:
    return list(Entry.objects.filter(act=f"accounts.{act}").order_by("pk"))


def test_sign_in_of_staff_with_both_factors_and_out_again(client: Client, user: User) -> None:
    log_in(client, email_of(user))
    assert not told("sign_in")
    client.post(reverse("mfa_authenticate"), {"code": code()})
    (entry,) = told("sign_in")
    assert (entry.actor, entry.object_id) == (f"user:{user.pk}", str(user.pk))
    assert entry.detail == {"door": "staff", "factors": ["mfa", "password"]}
    client.post(reverse("account_logout"))
    assert [entry.actor for entry in told("sign_out")] == [f"user:{user.pk}"]


def test_wrong_password_and_wrong_code_are_told_of_her_account(client: Client, user: User) -> None:
    log_in(client, email_of(user), WRONG)
    log_in(client, email_of(user))
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    found = [(one.kind, one.actor, one.object_id, one.detail) for one in told("sign_in_failed")]
    assert found == [(Kind.REFUSAL, "visitor", str(user.pk), {"reason": way}) for way in ("password", "app")]


def test_stranger_leaves_no_address(client: Client, user: User) -> None:
    log_in(client, STRANGER, WRONG)
    (entry,) = told("sign_in_failed")
    assert (entry.object_id, entry.detail) == ("", {"reason": "password"})
    every = str(list(Entry.objects.values()))
    assert STRANGER not in every
    assert "stranger" not in every


def test_known_and_unknown_addresses_cost_the_same(client: Client, user: User) -> None:
    counts: list[int] = []
    for email in (email_of(user), STRANGER):
        with CaptureQueriesContext(connection) as asked:
            log_in(client, email, WRONG)
        counts.append(sum("audit_entry" in query["sql"] for query in asked))
    assert counts == [1, 1]


def test_lock_out_is_told_once_and_not_from_where(client: Client, user: User) -> None:
    for _ in range(9):
        log_in(client, email_of(user), WRONG)
    (entry,) = told("too_often")
    assert (entry.kind, entry.object_type, entry.object_id) == (Kind.REFUSAL, "limit", "sign-in")
    assert "127.0.0.1" not in str(list(Entry.objects.values()))


def test_each_limit_of_ours_is_told_when_it_is_reached() -> None:
    within = timedelta(minutes=5)
    assert [take_turn("passkeys tried", "1.2.3.4", most=2, within=within) for _ in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert [entry.object_id for entry in told("too_often")] == ["passkeys tried"]
    assert take_turn("passkeys tried", "1.2.3.5", most=2, within=within)
    assert len(told("too_often")) == 1


def test_showing_again_who_she_is_and_changes_are_told(client: Client, user: User, moment: Any) -> None:
    log_in(client, email_of(user))
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    moment.shift(60)
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert [entry.detail for entry in told("prove_again")] == [{"way": "password"}, {"way": "app"}]
    new = "another road to Ringsted"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [entry.object_id for entry in told("set_password")] == [str(user.pk)]


def test_participant_comes_by_her_own_door() -> None:
    sign_in_participant(make_person(email="amina@example.org"))
    (entry,) = told("sign_in")
    assert entry.detail["door"] == "portal"


def test_wrong_password_at_the_participants_door_is_told(client: Client) -> None:
    client.post(reverse("portal:sign_in_password"), {"address": STRANGER, "password": WRONG})
    (entry,) = told("sign_in_failed")
    assert (entry.object_id, entry.detail) == ("", {"reason": "password"})


def test_object_of_another_division_leaves_an_entry_that_does_not_say_so(client: Client) -> None:
    elsewhere = make_application(division=make_division("Aalborg"))
    enter(client, user_of(make_staff(Role.COORDINATOR, make_division("Odense"))))
    answer = client.get(reverse("desk:person", args=[elsewhere.person_id]))
    assert answer.status_code == 404
    entry = Entry.objects.get(act="open")
    assert (entry.kind, entry.object_id, entry.detail) == (Kind.REFUSAL, "desk:person", {"reason": "not found here"})
    assert str(elsewhere.person_id) not in str(list(Entry.objects.filter(act="open").values()))


def test_own_page_tells_her_what_was_done_with_her_sign_in(client: Client, user: User) -> None:
    log_in(Client(), email_of(user), WRONG)
    log_in(client, email_of(user))
    client.post(reverse("mfa_authenticate"), {"code": code()})
    html = client.get(reverse("desk:sessions")).content.decode()
    assert "Signed in, by the authenticator app, by the password" in html
    assert "Somebody tried to sign in and did not get in, by the password" in html
    assert sign_in_entries(make_user()).count() == 0
