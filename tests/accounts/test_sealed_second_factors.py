"""Second factors lie sealed in the database: a copy of it gives nobody a code."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Final

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from factories.django_rows import AT, make_division, make_staff, make_user
from mentornet.accounts import sealing
from mentornet.accounts.models import User
from mentornet.accounts.services import forget_second_factor, reseal_second_factors
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.jobs import run_due_periodic
from mentornet.config.env import read_settings
from mentornet.divisions.models import Role
from mentornet.web import signin

pytestmark = pytest.mark.django_db

SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEED: Final = "5eed" * 20
OTHER_KEY: Final = "another-secret-" + "y" * 50
BY: Final = System("tests", AT)


@pytest.fixture
def user() -> User:
    return make_user()


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
    seed = sealing.opened(codes.instance.data["seed"])
    assert SECRET not in stored()
    assert seed not in stored()
    assert opens(user, code())
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_unsealed_rows_would_hold_the_secret(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: without the adapter's seal the secret lies there to be read.
    monkeypatch.setattr(signin, "seal", lambda text: text)
    TOTP.activate(user, SECRET)
    assert SECRET in stored()


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert sealing.seal(SECRET) != sealing.seal(SECRET)


def test_rows_from_before_the_seal_still_open(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": SECRET})
    assert opens(user, code())


def test_migration_seals_what_is_there_and_can_be_taken_back(user: User) -> None:
    migration = import_module("mentornet.accounts.migrations.0002_seal_second_factors")
    Authenticator.objects.create(user=user, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(
        user=user,
        type="recovery_codes",
        data={"seed": SEED, "used_mask": 5, "migrated_codes": ["12345678"], "viewed_at": 1.5},
    )
    migration.seal_all(apps, connection.schema_editor())
    assert not any(readable in stored() for readable in (SECRET, SEED, "12345678"))
    kept = Authenticator.objects.get(type="recovery_codes").data
    assert (kept["used_mask"], kept["viewed_at"]) == (5, 1.5)
    assert opens(user, code())
    migration.open_all(apps, connection.schema_editor())
    assert [row.data for row in Authenticator.objects.order_by("pk")] == [
        {"secret": SECRET},
        {"seed": SEED, "used_mask": 5, "migrated_codes": ["12345678"], "viewed_at": 1.5},
    ]


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
    call_command("give_role", user.email.upper(), forget_second_step=True)
    assert "anew at her next sign-in" in capsys.readouterr().out
    assert {row.user_id for row in Authenticator.objects.all()} == {other.pk}
    assert Entry.objects.get(act="accounts.forget_second_factor").object_id == str(user.pk)
    call_command("give_role", user.email, forget_second_step=True)
    assert "has no second step" in capsys.readouterr().out


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
