"""Second factors lie sealed in the database: a copy of it gives nobody a code."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Final

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from factories.django_rows import AT, make_division, make_staff, make_user
from mentornet.accounts import receivers, sealing
from mentornet.accounts.models import User
from mentornet.accounts.services.second_factors import forget_second_factor, reseal_second_factors
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.jobs import run_due_periodic
from mentornet.config.env import read_settings
from mentornet.divisions.models import Role
from mentornet.web import signin
from signing import email_of, enter

pytestmark = pytest.mark.django_db

SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEED: Final = "5eed" * 20
OTHER_KEY: Final = "another-secret-" + "y" * 50
BY: Final = System("tests", AT)


@pytest.fixture
def user() -> User:
    return make_user()


MIGRATIONS: Final = [
    import_module(f"mentornet.accounts.migrations.{name}")
    for name in ("0002_seal_second_factors", "0004_seal_for_rows")
]


def lay(user: User, kind: str, data: dict[str, object]) -> None:
    """Lay data into a row, as an earlier program did, or somebody who writes to the database past this one."""
    row, _made = Authenticator.objects.get_or_create(user=user, type=kind, defaults={"data": {}})
    Authenticator.objects.filter(pk=row.pk).update(data=data)


def migrate(way: str) -> None:
    """Go through the migrations of second factors, forwards or backwards."""
    editor = connection.schema_editor()
    first, second = MIGRATIONS
    if way == "seal":
        first.seal_all(apps, editor)
        second.seal_for_rows(apps, editor)
    else:
        second.seal_for_none(apps, editor)
        first.open_all(apps, editor)


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def stored() -> str:
    """Return everything that the database holds of second factors, as it lies there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY id")
        return json.dumps([str(row[0]) for row in cursor.fetchall()])


def opens(user: User, typed: str) -> bool:
    return bool(Authenticator.objects.get(user=user, type="totp").wrap().validate_code(typed))


def test_stored_rows_do_not_hold_the_secret(user: User) -> None:
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user)
    seed = sealing.opened_for(None, codes.instance.data["seed"])
    assert SECRET not in stored()
    assert seed not in stored()
    assert opens(user, code())
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_unsealed_rows_would_hold_the_secret(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: without both seals, the adapter's and the row's, the secret lies there to be read.
    monkeypatch.setattr(signin, "seal", lambda text: text)
    monkeypatch.setattr(receivers, "seal_for", lambda _owner, text: text)
    TOTP.activate(user, SECRET)
    assert SECRET in stored()


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert sealing.seal(SECRET) != sealing.seal(SECRET)


@pytest.mark.parametrize("seal", [str, sealing.seal], ids=["before any seal", "before the seal of rows"])
def test_rows_from_before_the_seal_still_open(user: User, seal: Callable[[str], str]) -> None:
    lay(user, "totp", {"secret": seal(SECRET)})
    migrate("seal")
    assert opens(user, code())


def test_migration_seals_what_is_there_and_can_be_taken_back(user: User) -> None:
    lay(user, "totp", {"secret": SECRET})
    lay(
        user,
        "recovery_codes",
        {"seed": SEED, "used_mask": 5, "migrated_codes": ["12345678"], "viewed_at": 1.5},
    )
    migrate("seal")
    assert not any(readable in stored() for readable in (SECRET, SEED, "12345678"))
    kept = Authenticator.objects.get(type="recovery_codes").data
    assert (kept["used_mask"], kept["viewed_at"]) == (5, 1.5)
    assert opens(user, code())
    once = stored()
    MIGRATIONS[-1].seal_for_rows(apps, connection.schema_editor())
    assert stored() == once, "what is sealed for its row stays as it is"
    migrate("open")
    assert [row.data for row in Authenticator.objects.order_by("pk")] == [
        {"secret": SECRET},
        {"seed": SEED, "used_mask": 5, "migrated_codes": ["12345678"], "viewed_at": 1.5},
    ]


# Another row ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def other() -> User:
    """Somebody with a second factor of her own, who knows its secret."""
    other = make_user("Bo", email="bo@example.org")
    TOTP.activate(other, SECRET)
    RecoveryCodes.activate(other)
    return other


def moved(kind: str, owner: User, to: User) -> None:
    """Copy what is sealed in one row into another's, within the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator WHERE type = %s ORDER BY id", [kind])
        assert len(cursor.fetchall()) == 2
    mine = Authenticator.objects.filter(user=owner, type=kind).values("data")
    Authenticator.objects.filter(user=to, type=kind).update(data=mine.get()["data"])


def test_secret_moved_into_anothers_row_opens_nothing(
    user: User, other: User, caplog: pytest.LogCaptureFixture
) -> None:
    TOTP.activate(user, "KRUGS4ZANFZSAYLOONSXEIDTMVRXEZLU")
    codes = RecoveryCodes.activate(user)
    known = RecoveryCodes(Authenticator.objects.get(user=other, type="recovery_codes")).get_unused_codes()[0]
    for kind in ("totp", "recovery_codes"):
        moved(kind, other, user)
    assert opens(other, code()), "the row that it was sealed for"
    assert not opens(user, code())
    assert not codes.validate_code(known)
    assert "not for its row" in caplog.text
    before = stored()
    assert reseal_second_factors(by=BY) == 0
    assert stored() == before


def test_moved_secret_would_open_without_the_check(user: User, other: User, monkeypatch: pytest.MonkeyPatch) -> None:
    TOTP.activate(user, "KRUGS4ZANFZSAYLOONSXEIDTMVRXEZLU")
    moved("totp", other, user)
    monkeypatch.setattr(receivers, "_is_of_another_row", lambda *_: False)
    assert opens(user, code())


def test_secret_moved_into_a_row_of_another_kind_opens_nothing(user: User) -> None:
    TOTP.activate(user, SECRET)
    sealed = Authenticator.objects.get(user=user).data["secret"]
    lay(user, "recovery_codes", {"seed": sealed, "used_mask": 0})
    assert Authenticator.objects.get(user=user, type="recovery_codes").data["seed"] == sealing.NOBODYS


@pytest.mark.parametrize("seal", [str, sealing.seal], ids=["readable", "sealed for no row"])
def test_secret_laid_into_a_row_past_the_program_opens_nothing(user: User, seal: Callable[[str], str]) -> None:
    TOTP.activate(user, "KRUGS4ZANFZSAYLOONSXEIDTMVRXEZLU")
    lay(user, "totp", {"secret": seal(SECRET)})
    assert not opens(user, code())
    # Neither does writing the row again make it the row's own.
    Authenticator.objects.get(user=user).save()
    run_due_periodic(AT)
    assert not opens(user, code())


def test_row_read_in_parts_is_checked_when_its_data_are_read(user: User, other: User) -> None:
    TOTP.activate(user, "KRUGS4ZANFZSAYLOONSXEIDTMVRXEZLU")
    moved("totp", other, user)
    late = Authenticator.objects.defer("data").get(user=user)
    assert late.data["secret"] == sealing.NOBODYS
    assert Authenticator.objects.only("data").get(user=user).data["secret"] == sealing.NOBODYS


# Another secret key -------------------------------------------------------------------------------------------------


def test_former_secret_key_still_opens(user: User, settings: Settings) -> None:
    TOTP.activate(user, SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [settings.SECRET_KEY]
    assert opens(user, code())


def test_worker_seals_anew_so_that_the_former_key_can_be_forgotten(user: User, settings: Settings) -> None:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [settings.SECRET_KEY]
    run_due_periodic(AT)
    settings.SECRET_KEY_FALLBACKS = []
    assert opens(user, code())
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    assert codes.validate_code(codes.get_unused_codes()[0])
    assert Entry.objects.filter(act="accounts.reseal_second_factor").count() == 2
    assert reseal_second_factors(by=BY) == 0


def test_lost_secret_key_fits_no_code_and_breaks_no_page(
    user: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user)
    typed = codes.get_unused_codes()[0]
    settings.SECRET_KEY = OTHER_KEY
    assert not opens(user, code())
    assert not Authenticator.objects.get(type="recovery_codes").wrap().validate_code(typed)
    assert "does not know" in caplog.text
    assert SECRET not in caplog.text
    before = stored()
    assert reseal_second_factors(by=BY) == 0
    assert stored() == before


def test_nobody_handles_the_second_factors_of_others_on_the_desk(user: User) -> None:
    by = make_staff(Role.ADMINISTRATOR, None)
    TOTP.activate(user, SECRET)
    with pytest.raises(NotAllowedError, match="her own second step"):
        reseal_second_factors(by=by)
    with pytest.raises(NotAllowedError, match="her own second step"):
        forget_second_factor(by=by, user=user)
    assert Authenticator.objects.filter(user=user).count() == 1


# Forgotten from the command line ------------------------------------------------------------------------------------


def test_forgotten_second_step_is_set_up_anew(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    other = make_user("Bo", email="bo@example.org")
    for one in (user, other):
        TOTP.activate(one, SECRET)
        RecoveryCodes.activate(one)
    call_command("give_role", email_of(user).upper(), forget_second_step=True)
    assert "anew at her next sign-in" in capsys.readouterr().out
    assert {row.user_id for row in Authenticator.objects.all()} == {other.pk}
    assert Entry.objects.get(act="accounts.forget_second_factor").object_id == str(user.pk)
    call_command("give_role", email_of(user), forget_second_step=True)
    assert Entry.objects.filter(act="accounts.end_sessions").count() == 2
    assert "has no second step" in capsys.readouterr().out


def test_forgetting_ends_all_her_sessions_and_nobody_elses(user: User) -> None:
    other = make_user("Bo", email="bo@example.org")
    on_lost_telephone, at_the_desk, others = Client(), Client(), Client()
    for client, one in ((on_lost_telephone, user), (at_the_desk, user), (others, other)):
        enter(client, one)
    call_command("give_role", email_of(user), forget_second_step=True)
    for client in (on_lost_telephone, at_the_desk):
        answer = client.get(reverse("mfa_activate_totp"))
        assert answer.headers["Location"].startswith(reverse("account_login"))
        assert client.session.get(SESSION_KEY) is None
    assert others.get(reverse("mfa_index")).status_code == 200
    # Those begun since are none of them: she comes in again.
    user.refresh_from_db()
    enter(at_the_desk, user)
    assert at_the_desk.get(reverse("mfa_index")).status_code == 200


def test_session_opened_while_the_second_step_is_forgotten_ends_too(user: User) -> None:
    before = User.objects.get(pk=user.pk)
    forget_second_factor(by=BY, user=user)
    late = enter(Client(), before)
    assert late.get(reverse("mfa_index")).headers["Location"].startswith(reverse("account_login"))


def test_ended_sessions_stay_ended_under_another_secret_key(user: User, settings: Settings) -> None:
    client, gone = Client(), Client()
    enter(gone, user)
    forget_second_factor(by=BY, user=user)
    enter(client, user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [settings.SECRET_KEY]
    assert client.get(reverse("mfa_index")).status_code == 200
    assert gone.get(reverse("mfa_index")).status_code == 302


def test_session_of_somebody_whose_sessions_were_never_ended_is_djangos_own(user: User) -> None:
    # So that nobody was signed out by the column alone.
    assert user.get_session_auth_hash() == AbstractBaseUser.get_session_auth_hash(user)


def test_forgetting_needs_somebody_and_a_role_needs_a_name() -> None:
    make_division()
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("give_role", "nobody@example.org", forget_second_step=True)
    with pytest.raises(CommandError, match="--name"):
        call_command("give_role", "nobody@example.org")
    assert not User.objects.exists()


def test_former_secret_keys_come_from_the_environment() -> None:
    keys = {"MENTORNET_SECRET_KEY": "new", "MENTORNET_FORMER_SECRET_KEYS": " old  older "}
    assert read_settings(keys).former_secret_keys == ("old", "older")
    assert read_settings({}).former_secret_keys == ()
